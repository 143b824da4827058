"""Incidents, pages and timelines as plain text of at most a terminal's width. `now` is what ages are reckoned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from warroom.cli.tables import age, clock_time, moment, print_table
from warroom.model.narrative import IMPACT_NAMES, alias, one_line, paragraphs

__all__ = ["print_dossier", "print_incidents", "print_timeline"]

Members = Mapping[str, Any]

_EVENTS_SHOWN = 10
"""Events under `show`; `timeline` has them all."""


def print_incidents(incidents: Sequence[Members], now: datetime) -> None:
    if not incidents:
        print("no incidents")
        return
    rows = [
        [
            f"INC-{incident['number']}",
            _impact(incident),
            age(moment(incident["creation_time"]), now),
            incident["status"],
            incident["title"],
            (incident.get("last_event") or {}).get("text", ""),
        ]
        for incident in incidents
    ]
    print_table(["NUMBER", "IMPACT", "AGE", "STATUS", "TITLE", "LAST EVENT"], rows, give_way=(5, 4))


def print_dossier(dossier: Members, now: datetime) -> None:
    incident = dossier["incident"]
    print(f"INC-{incident['number']}  {one_line(incident['title'])}")
    lasted = moment(incident["resolved_time"]) if incident.get("resolved_time") else now
    for label, text in (
        ("impact", _impact(incident)),
        ("status", f"{incident['status']}, {_lasting(incident, lasted)}"),
        ("opened", f"{clock_time(incident['creation_time'], now)} by {_opener(incident)}"),
        ("plan", alias(incident["response_plan_arn"])),
        ("arn", incident["arn"]),
    ):
        print(f"{label:<9}{one_line(text)}")
    for line in (incident.get("summary") or "").splitlines():
        print(f"{'':<9}{one_line(line)}")
    _print_pages(dossier, now)
    if items := dossier["related_items"]:
        print("\nRelated items")
        print_table(["TYPE", "TITLE", "VALUE"], [_related(item) for item in items], give_way=(2, 1))
    if events := dossier["events"]:
        print("\nTimeline")
        print_timeline(events[:_EVENTS_SHOWN], now)


def print_timeline(events: Sequence[Members], now: datetime) -> None:
    """`events` newest first, as the service lists them; printed oldest first, as they happened."""
    rows = [
        ["" if place else clock_time(event["event_time"], now), line]
        for event in reversed(events)
        for place, line in enumerate(paragraphs(event["event_type"], event["event_data"]))
    ]
    if rows:
        print_table(["TIME", "EVENT"], rows, give_way=(1,))
    else:
        print("no events")


def _print_pages(dossier: Members, now: datetime) -> None:
    if not dossier["engagements"]:
        return
    print("\nEngagements")
    rows = [
        [alias(each["contact_arn"]), clock_time(each["start_time"], now), _course(each, now)]
        for each in dossier["engagements"]
    ]
    print_table(["ENGAGED", "SINCE", "STATE"], rows, give_way=(2,))
    if not dossier["pages"]:
        return
    print("\nPages")
    print_table(
        ["CONTACT", "STATE", "LAST RECEIPT"],
        [_page(page, now) for page in dossier["pages"]],
        give_way=(2,),
    )


def _impact(incident: Members) -> str:
    return f"{incident['impact']} {IMPACT_NAMES[incident['impact']]}"


def _lasting(incident: Members, until: datetime) -> str:
    words = "took" if incident.get("resolved_time") else "for"
    return f"{words} {age(moment(incident['creation_time']), until)}"


def _opener(incident: Members) -> str:
    source = incident["incident_record_source"]
    return alias(source.get("resource_arn") or source["created_by"])


def _course(engagement: Members, now: datetime) -> str:
    if engagement.get("stop_time"):
        return f"stopped {clock_time(engagement['stop_time'], now)}"
    return _next_stage(engagement, now) or "engaged"


def _next_stage(paged: Members, now: datetime) -> str:
    progress = paged.get("progress")
    if not progress or not progress.get("next_stage_time"):
        return ""
    wait = moment(progress["next_stage_time"]) - now
    stage = progress["stage_index"] + 1
    what = "next" if stage < progress["stage_count"] else "ends"
    return f"stage {stage} of {progress['stage_count']}, {what} in {max(0, int(wait.total_seconds()))}s"


def _page(page: Members, now: datetime) -> list[str]:
    receipts = page.get("receipts") or []
    last = receipts[-1] if receipts else None
    state = "READ" if page.get("read_time") else _next_stage(page, now) or "unread"
    if last is None:
        return [alias(page["contact_arn"]), state, "-"]
    told = f"{last['receipt_type']} {clock_time(last['receipt_time'], now)}"
    # Of a SENT it is the provider's id of the message, which says nothing to a person.
    if last.get("receipt_info") and last["receipt_type"] != "SENT":
        told += f" {last['receipt_info']}"
    return [alias(page["contact_arn"]), state, told]


def _related(item: Members) -> list[str]:
    value = next((text for text in item["identifier"]["value"].values() if text is not None), "")
    return [item["identifier"]["type"], item.get("title") or "-", value if isinstance(value, str) else str(value)]
