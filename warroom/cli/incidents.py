"""The headless twin of the war room: one command per action, for scripts and for hands without a screen."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from warroom.cli.exits import UsageMistake
from warroom.cli.tables import Output, present, print_json

__all__ = ["register"]

Incident = Annotated[str, typer.Argument(metavar="INCIDENT", help="Its number, ARN, or the start of its id.")]
OutputOption = Annotated[Output, typer.Option("--output", "-o", help="How the result is written.")]
NoteOption = Annotated[str | None, typer.Option(help="A note to go with it.")]
Impact = Annotated[int | None, typer.Option(min=1, max=5, help="1 Critical, 2 High, 3 Medium, 4 Low, 5 No Impact.")]


def register(app: typer.Typer) -> None:
    for command in (declare, show, ack, resolve, escalate, note, timeline):
        app.command()(command)
    app.command("list")(list_incidents)


def declare(
    context: typer.Context,
    response_plan: Annotated[str, typer.Argument(metavar="PLAN", help="The name or ARN of a response plan.")],
    title: Annotated[str | None, typer.Option(help="Instead of the plan's.")] = None,
    impact: Impact = None,
    output: OutputOption = "table",
) -> None:
    """Start an incident from a response plan."""
    from warroom.cli.asking import arguments, ask
    from warroom.stream.actions import Declare

    result = ask(context.obj, arguments(Declare, response_plan=response_plan, title=title, impact=impact))
    if output == "json":
        print_json(result)
    else:
        print(f"INC-{result['number']}  {result['arn']}")


def list_incidents(
    context: typer.Context,
    resolved: Annotated[bool, typer.Option("--resolved", help="The resolved ones instead of the open.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Open and resolved.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, newest first.")] = 100,
    output: OutputOption = "table",
) -> None:
    """List incidents, newest first."""
    from warroom.cli.asking import ask
    from warroom.stream.actions import ListIncidents

    if resolved and everything:
        raise UsageMistake("--resolved and --all exclude each other: give one of them")
    status = None if everything else "RESOLVED" if resolved else "OPEN"
    result = ask(context.obj, ListIncidents(status=status, limit=limit))
    if output == "json":
        print_json(result)
        return
    from warroom.cli.incident_text import print_incidents

    print_incidents(result["incidents"], present())


def show(context: typer.Context, incident: Incident, output: OutputOption = "table") -> None:
    """Show an incident: who was paged, who answered, and its last events."""
    from warroom.cli.asking import ask
    from warroom.stream.actions import ShowIncident

    result = ask(context.obj, ShowIncident(incident=incident))
    if output == "json":
        print_json(result)
        return
    from warroom.cli.incident_text import print_dossier

    print_dossier(result, present())


def timeline(
    context: typer.Context,
    incident: Incident,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, the newest.")] = 100,
    output: OutputOption = "table",
) -> None:
    """Show an incident's timeline, oldest first."""
    from warroom.cli.asking import ask
    from warroom.stream.actions import ShowIncident

    events = ask(context.obj, ShowIncident(incident=incident, events=limit))["events"]
    if output == "json":
        print_json({"events": events})
        return
    from warroom.cli.incident_text import print_timeline

    print_timeline(events, present())


def ack(
    context: typer.Context,
    incident: Incident,
    on_behalf_of: Annotated[
        str | None, typer.Option("--for", metavar="ALIAS", help="Whose pages, when not your own.")
    ] = None,
    note: NoteOption = None,
    output: OutputOption = "table",
) -> None:
    """Acknowledge your unread pages of an incident."""
    from warroom.cli.asking import arguments, ask_as
    from warroom.stream.actions import Acknowledge

    me = context.obj.settings.me
    result = ask_as(
        context.obj,
        # The contact of the key is who one is; the settings only say it for a key that has none.
        lambda who: arguments(
            Acknowledge,
            incident=incident,
            contact=on_behalf_of or (me if who.contact_arn is None else None),
            note=note,
        ),
    )
    if output == "json":
        print_json(result)
    else:
        pages = len(result["pages"])
        print(f"acknowledged {pages} {'page' if pages == 1 else 'pages'}")


def resolve(
    context: typer.Context, incident: Incident, note: NoteOption = None, output: OutputOption = "table"
) -> None:
    """Resolve an incident."""
    from warroom.cli.asking import arguments, ask
    from warroom.stream.actions import Resolve

    result = ask(context.obj, arguments(Resolve, incident=incident, note=note))
    if output == "json":
        print_json(result)
    else:
        print(f"resolved {result['arn']}")


def escalate(
    context: typer.Context,
    incident: Incident,
    impact: Impact = None,
    contact: Annotated[
        str | None, typer.Option("--contact", metavar="ALIAS", help="Page this contact or escalation plan.")
    ] = None,
    note: NoteOption = None,
    output: OutputOption = "table",
) -> None:
    """Raise an incident's impact, by one unless told otherwise, or page a contact or escalation plan."""
    from warroom.cli.asking import arguments, ask
    from warroom.stream.actions import Escalate

    result = ask(context.obj, arguments(Escalate, incident=incident, impact=impact, contact=contact, note=note))
    if output == "json":
        print_json(result)
        return
    if result.get("impact") is not None:
        from warroom.model.narrative import IMPACT_NAMES

        print(f"impact {result['impact']} {IMPACT_NAMES[result['impact']]}")
    if result.get("engagement_arn"):
        print(f"engaged {result['engagement_arn']}")


def note(
    context: typer.Context,
    incident: Incident,
    text: Annotated[str | None, typer.Argument(help="What to write; `-`, or nothing, reads standard input.")] = None,
    output: OutputOption = "table",
) -> None:
    """Write a note into an incident's timeline."""
    from warroom.cli.asking import arguments, ask
    from warroom.stream.actions import LONGEST_TEXT, AddTimelineEvent

    if text is None and sys.stdin.isatty():
        raise UsageMistake('there is no text: write warroom note INCIDENT "text", or pipe it in')
    written = sys.stdin.read() if text in (None, "-") else text
    if not written or not written.strip():
        raise UsageMistake("the note is empty: nothing was written")
    if (excess := len(written.rstrip()) - LONGEST_TEXT) > 0:
        raise UsageMistake(
            f"the note is {excess:,} characters longer than the {LONGEST_TEXT:,} that fit, and nothing was written: "
            "write less of it, as with `| tail -n 50`"
        )
    result = ask(context.obj, arguments(AddTimelineEvent, incident=incident, text=written.rstrip()))
    if output == "json":
        print_json(result)
    else:
        print(f"noted {result['event_id']}")
