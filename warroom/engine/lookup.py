"""Finding what a request names. What belongs to another account is not found: its existence is not told."""

from __future__ import annotations

from typing import TypeVar

from warroom.model.arn import Arn
from warroom.model.errors import ResourceNotFoundException, ValidationException
from warroom.model.incidents import IncidentRecord, ReplicationSet, ResponsePlan, TimelineEvent
from warroom.model.record import Record
from warroom.store.incidents import incident_records, replication_sets, response_plans, timeline_events
from warroom.store.records import RecordTable
from warroom.store.transaction import Reader

__all__ = [
    "belongs",
    "event_of",
    "find",
    "find_event",
    "incident_of",
    "replication_set_of",
    "require_text",
    "response_plan_of",
]

R = TypeVar("R", bound=Record)


def require_text(member: str, text: str) -> None:
    """Raises `ValidationException` for text with the null character: PostgreSQL cannot even compare with it."""
    if "\0" in text:
        reason = "must not contain the null character"
        raise ValidationException(
            f"Invalid value provided - {member}: {reason}", reason="FIELD_VALIDATION_FAILED", fields=[(member, reason)]
        )


def belongs(arn: str, account: str) -> bool:
    """Whether `arn` is one of the account's. Raises `ValidationException` when it is no ARN at all."""
    require_text("Arn", arn)
    try:
        return Arn.parse(arn).account == account
    except ValueError:
        raise ValidationException(f"{arn!r} is not an ARN", reason="FIELD_VALIDATION_FAILED") from None


def find(reader: Reader, records: RecordTable[R], account: str, arn: str, *, lock: bool = False) -> R | None:
    """The record of the account, or None."""
    return records.get(reader, arn, lock=lock) if belongs(arn, account) else None


def _required(reader: Reader, records: RecordTable[R], account: str, arn: str, name: str, lock: bool) -> R:
    found = find(reader, records, account, arn, lock=lock)
    if found is None:
        raise ResourceNotFoundException(
            f"{name} {arn} does not exist", resource_id=arn, resource_type=name.upper().replace(" ", "_")
        )
    return found


def incident_of(reader: Reader, account: str, arn: str, *, lock: bool = False) -> IncidentRecord:
    """Raises `ResourceNotFoundException`."""
    return _required(reader, incident_records, account, arn, "Incident record", lock)


def response_plan_of(reader: Reader, account: str, arn: str) -> ResponsePlan:
    """Raises `ResourceNotFoundException`."""
    return _required(reader, response_plans, account, arn, "Response plan", False)


def replication_set_of(reader: Reader, account: str, arn: str) -> ReplicationSet:
    """Raises `ResourceNotFoundException`."""
    return _required(reader, replication_sets, account, arn, "Replication set", False)


def find_event(reader: Reader, incident_arn: str, event_id: str) -> TimelineEvent | None:
    """The event of an incident that is known to be the account's. Raises `ValidationException`."""
    require_text("eventId", event_id)
    return timeline_events.get(reader, f"{incident_arn}#{event_id}")


def event_of(reader: Reader, account: str, incident_arn: str, event_id: str) -> TimelineEvent:
    """Raises `ResourceNotFoundException`."""
    incident = incident_of(reader, account, incident_arn)
    event = find_event(reader, incident.arn, event_id)
    if event is None:
        raise ResourceNotFoundException(
            f"Timeline event {event_id} of {incident_arn} does not exist",
            resource_id=event_id,
            resource_type="TIMELINE_EVENT",
        )
    return event
