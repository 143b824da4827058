"""The timeline's rules: what users may write, when an event is, which one is the last (`incident-manager.md`, 2.4)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from warroom.model.errors import ValidationException
from warroom.model.incidents import IncidentRecord, LastEvent, TimelineEvent
from warroom.model.narrative import sentence

__all__ = [
    "USER_EVENT_TYPES",
    "as_last_event",
    "moment_after",
    "require_document",
    "require_user_event",
    "with_last_event",
]

USER_EVENT_TYPES = frozenset({"Custom Event", "Note"})
"""What users may write; everything else is the service's own record of what happened."""

_TICK = timedelta(microseconds=1)
_BURST = timedelta(seconds=1)


def moment_after(last: LastEvent | None, now: datetime) -> datetime:
    """The time of an event that happens now: after the last one, also when both happen within one transaction.

    An event that somebody dated into the future does not push it there.
    """
    if last is None or last.event_time < now or last.event_time - now > _BURST:
        return now
    return last.event_time + _TICK


def as_last_event(event: TimelineEvent) -> LastEvent:
    """The event as the one line that lists show."""
    return LastEvent(
        event_type=event.event_type,
        event_time=event.event_time,
        text=sentence(event.event_type, event.event_data),
    )


def with_last_event(incident: IncidentRecord, event: TimelineEvent, now: datetime) -> IncidentRecord:
    """The incident once it has `event`: the newest event is its last, not the one that was written last.

    A last event dated into the future gives way to anything that happened by now.
    """
    last = incident.last_event
    if last is not None and event.event_time < min(last.event_time, now):
        return incident
    return incident.model_copy(update={"last_event": as_last_event(event)})


def require_user_event(event_type: str | None) -> None:
    """Raises `ValidationException` unless users may write events of this type; None is no event."""
    if event_type is not None and event_type not in USER_EVENT_TYPES:
        message = f"Events of type {event_type!r} are the service's own: use one of {sorted(USER_EVENT_TYPES)}"
        raise ValidationException(message, reason="FIELD_VALIDATION_FAILED", fields=[("eventType", message)])


def require_document(event_data: str | None) -> None:
    """Raises `ValidationException` unless the data is a JSON document, as it is for every reader; None is none."""
    if event_data is None:
        return
    try:
        json.loads(event_data)
    except (ValueError, RecursionError):
        message = 'eventData must be a JSON document: write a plain text in double quotes, "like this"'
        raise ValidationException(message, reason="FIELD_VALIDATION_FAILED", fields=[("eventData", message)]) from None
