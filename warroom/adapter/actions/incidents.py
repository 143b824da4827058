"""Actions on an incident as a whole: declare, resolve, reopen, change, write on its timeline, look at it."""

from __future__ import annotations

import json
from typing import Any

from warroom.adapter.actions.request import Request
from warroom.engine.interfaces import Document
from warroom.model.arn import response_plan_arn
from warroom.model.incidents import IncidentRecord
from warroom.stream.actions import (
    AddTimelineEvent,
    ChangeImpact,
    ChangeSummary,
    ChangeTitle,
    Declare,
    ListIncidents,
    Reopen,
    Resolve,
    ShowIncident,
)

__all__ = [
    "add_timeline_event",
    "change_impact",
    "change_summary",
    "change_title",
    "declare",
    "list_incidents",
    "reopen",
    "resolve",
    "show_incident",
    "update",
    "write_note",
]


async def write_note(request: Request, incident_arn: str, text: str, event_type: str = "Note") -> str:
    """A timeline event at the moment of the request; refers to the incident, as the notes panel of the service
    wants it (`incident-manager.md`, 2.4). Returns the event's id."""
    answer: Document = await request.verbs.create_timeline_event(
        client_token=request.token_for("note"),
        incident_record_arn=incident_arn,
        event_time=request.at,
        event_type=event_type,
        event_data=json.dumps(text, ensure_ascii=False),
        event_references=[{"resource": incident_arn}],
    )
    return str(answer["event_id"])


async def update(request: Request, incident: IncidentRecord, **members: Any) -> Document:
    """UpdateIncidentRecord (2.5)."""
    await request.verbs.update_incident_record(client_token=request.token_for("update"), arn=incident.arn, **members)
    return {"arn": incident.arn}


async def _find(request: Request, reference: str) -> IncidentRecord:
    return await request.backend.find_incident(request.caller.account, reference)


async def resolve(request: Request, arguments: Resolve) -> Document:
    incident = await _find(request, arguments.incident)
    if arguments.note is not None:
        await write_note(request, incident.arn, arguments.note)
    return await update(request, incident, status="RESOLVED")


async def reopen(request: Request, arguments: Reopen) -> Document:
    return await update(request, await _find(request, arguments.incident), status="OPEN")


async def change_impact(request: Request, arguments: ChangeImpact) -> Document:
    return await update(request, await _find(request, arguments.incident), impact=arguments.impact)


async def change_title(request: Request, arguments: ChangeTitle) -> Document:
    return await update(request, await _find(request, arguments.incident), title=arguments.title)


async def change_summary(request: Request, arguments: ChangeSummary) -> Document:
    return await update(request, await _find(request, arguments.incident), summary=arguments.summary)


async def add_timeline_event(request: Request, arguments: AddTimelineEvent) -> Document:
    incident = await _find(request, arguments.incident)
    return {"event_id": await write_note(request, incident.arn, arguments.text, arguments.event_type)}


async def declare(request: Request, arguments: Declare) -> Document:
    """StartIncident (2.3). A plan may be named in short."""
    plan = arguments.response_plan
    members: dict[str, Any] = {"title": arguments.title, "impact": arguments.impact}
    answer = await request.verbs.start_incident(
        client_token=request.token_for("start"),
        response_plan_arn=plan if plan.startswith("arn:") else response_plan_arn(request.caller.account, plan),
        **{member: value for member, value in members.items() if value is not None},
    )
    incident = await _find(request, answer["incident_record_arn"])
    return {"arn": incident.arn, "number": incident.number}


async def list_incidents(request: Request, arguments: ListIncidents) -> Document:
    found = await request.backend.incidents(request.caller.account, arguments.status, arguments.limit)
    return {"incidents": list(found)}


async def show_incident(request: Request, arguments: ShowIncident) -> Document:
    incident = await _find(request, arguments.incident)
    dossier = await request.backend.incident_dossier(request.caller.account, incident.arn, arguments.events)
    return {
        "incident": dossier.incident,
        "engagements": list(dossier.engagements),
        "pages": list(dossier.pages),
        "related_items": list(dossier.related_items),
        "events": list(dossier.events),
    }
