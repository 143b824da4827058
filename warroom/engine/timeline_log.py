"""Writing the timeline: an event, and the incident's last event with it (`incident-manager.md`, 2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from warroom.engine.operation import House
from warroom.engine.rules.timeline import moment_after, with_last_event
from warroom.model.incidents import EventReference, IncidentRecord, TimelineEvent
from warroom.store.incidents import incident_records, timeline_events
from warroom.store.transaction import Transaction

__all__ = ["compose_event", "log_event"]


def compose_event(
    house: House,
    incident: IncidentRecord,
    event_type: str,
    event_data: Mapping[str, Any],
    now: datetime,
    *,
    references: Sequence[EventReference] = (),
    event_time: datetime | None = None,
) -> TimelineEvent:
    """An event of the service itself, not yet written. Members of `event_data` that are None are left out.

    Without an `event_time` it happens at `now`, after the incident's last event.
    """
    when = event_time or moment_after(incident.last_event, now)
    return TimelineEvent(
        incident_record_arn=incident.arn,
        event_id=house.identifiers.uuid(),
        event_type=event_type,
        event_data=orjson.dumps({name: value for name, value in event_data.items() if value is not None}).decode(),
        event_time=when,
        event_updated_time=max(when, now),
        event_references=tuple(references) or None,
    )


def log_event(
    transaction: Transaction,
    house: House,
    incident: IncidentRecord,
    event_type: str,
    event_data: Mapping[str, Any],
    *,
    references: Sequence[EventReference] = (),
    event_time: datetime | None = None,
) -> TimelineEvent:
    """Write an event of the service itself, and the incident as given with it as its last event.

    `incident` must be as it is in this transaction by now, or as it shall be: the row is written from it.
    To log twice, get the incident again in between.
    """
    event = compose_event(
        house, incident, event_type, event_data, transaction.now, references=references, event_time=event_time
    )
    timeline_events.insert(transaction, event)
    incident_records.update(transaction, with_last_event(incident, event, transaction.now))
    return event
