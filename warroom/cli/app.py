"""The command line as Typer sees it. Nothing heavy is imported before the command that needs it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from warroom import __version__
from warroom.cli import access, demo, incidents, serve
from warroom.cli.exits import OK, USAGE, UsageMistake
from warroom.cli.invocation import Invocation

__all__ = ["invoke"]

_GLOBAL_OPTIONS = {"--url": True, "--context": True, "--debug": False}
"""Whether it takes a value."""

app = typer.Typer(
    help="The war room for the people on call, and the incident service behind it. Without a command: the war room.",
    epilog="--url, --context and --debug go before or after the command.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
access.register(app)
serve.register(app)
demo.register(app)
incidents.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"warroom {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    typer_context: typer.Context,
    url: Annotated[str | None, typer.Option(help="The backend at http(s)://host:port.", metavar="URL")] = None,
    context: Annotated[str | None, typer.Option(help="A context of the settings.", metavar="NAME")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    typer_context.obj = Invocation(url, context, debug)
    if typer_context.invoked_subcommand is None:
        from warroom.cli.room import open_war_room

        raise typer.Exit(open_war_room(typer_context.obj))


def invoke(arguments: Sequence[str]) -> int:
    """Run a command line; returns its exit code. Raises `UsageMistake` and whatever the command raises."""
    try:
        result = app(args=_hoisted(arguments), prog_name="warroom", standalone_mode=False)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return USAGE
    except typer.TyperException as error:
        at = getattr(error, "ctx", None)
        where = at.command_path if at else "warroom"
        raise UsageMistake(f"{error.format_message()} (see `{where} --help`)") from error
    return result if isinstance(result, int) else OK


def _hoisted(arguments: Sequence[str]) -> list[str]:
    """The global options in front of the command, wherever they stood; what follows `--` stays."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif (name := word.partition("=")[0]) in _GLOBAL_OPTIONS:
            front.append(word)
            if _GLOBAL_OPTIONS[name] and "=" not in word:
                front += [value for value in (next(words, None),) if value is not None]
        else:
            rest.append(word)
    return front + rest
