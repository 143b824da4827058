"""Where the records of ssm-incidents are kept, and what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from warroom.model.incidents import IncidentRecord, RelatedItem, ReplicationSet, ResponsePlan, TimelineEvent
from warroom.model.record import Record
from warroom.store import tables
from warroom.store.conditions import Condition, beyond, clauses
from warroom.store.records import RecordTable
from warroom.store.transaction import Reader

__all__ = [
    "by_id_prefix",
    "by_number",
    "count_of_incident",
    "ever_had_replication_set",
    "has_replication_set",
    "incident_records",
    "last_position",
    "list_by_key",
    "list_events",
    "list_incidents",
    "list_related_items",
    "newest_event",
    "open_by_dedupe_string",
    "related_items",
    "replication_set_of",
    "replication_sets",
    "response_plans",
    "timeline_events",
]

R = TypeVar("R", bound=Record)


def _incident_columns(incident: IncidentRecord) -> dict[str, Any]:
    return {
        "incident_id": incident.arn.rsplit("/", 1)[-1],
        "number": incident.number,
        "response_plan_arn": incident.response_plan_arn,
        "status": incident.status,
        "impact": incident.impact,
        "created_by": incident.incident_record_source.created_by,
        "dedupe_string": incident.dedupe_string,
        "creation_time": incident.creation_time,
    }


def _event_columns(event: TimelineEvent) -> dict[str, Any]:
    return {
        "incident_arn": event.incident_record_arn,
        "event_type": event.event_type,
        "event_time": event.event_time,
    }


replication_sets = RecordTable(tables.replication_sets, ReplicationSet, lambda _: {})

response_plans = RecordTable(tables.response_plans, ResponsePlan, lambda _: {})

incident_records = RecordTable(
    tables.incident_records, IncidentRecord, _incident_columns, lambda incident: incident.arn
)

timeline_events = RecordTable(
    tables.timeline_events, TimelineEvent, _event_columns, lambda event: event.incident_record_arn
)

related_items = RecordTable(
    tables.related_items,
    RelatedItem,
    lambda item: {"incident_arn": item.incident_record_arn},
    lambda item: item.incident_record_arn,
)
"""`position`, the place in the order in which items were added, is given to `insert`."""


def replication_set_of(reader: Reader, account: str) -> ReplicationSet | None:
    """The account's one replication set."""
    return next(iter(replication_sets.select(reader, replication_sets.c.account == account, limit=1)), None)


def list_by_key(reader: Reader, records: RecordTable[R], account: str, after: tuple[str] | None, limit: int) -> list[R]:
    """Records of an account by their key, which is by name where an ARN holds one."""
    conditions = [records.c.account == account]
    if after is not None:
        conditions.append(records.c.key > after[0])
    return records.select(reader, *conditions, order=(records.c.key,), limit=limit)


def has_replication_set(reader: Reader, account: str) -> bool:
    statement = sa.select(replication_sets.c.key).where(replication_sets.c.account == account).limit(1)
    return reader.connection.execute(statement).first() is not None


def ever_had_replication_set(reader: Reader, account: str) -> bool:
    """Whether the account has a replication set, or had one that is deleted."""
    log = tables.changes.c
    statement = sa.select(log.seq).where(log.account == account, log.kind == ReplicationSet.kind).limit(1)
    return has_replication_set(reader, account) or reader.connection.execute(statement).first() is not None


def open_by_dedupe_string(reader: Reader, account: str, dedupe_string: str) -> IncidentRecord | None:
    """The oldest open incident of the account with this dedupe string."""
    c = incident_records.c
    conditions = (c.account == account, c.status == "OPEN", c.dedupe_string == dedupe_string)
    return next(iter(incident_records.select(reader, *conditions, order=(c.creation_time, c.key), limit=1)), None)


def by_number(reader: Reader, account: str, number: int) -> IncidentRecord | None:
    c = incident_records.c
    return next(iter(incident_records.select(reader, c.account == account, c.number == number)), None)


def by_id_prefix(reader: Reader, account: str, prefix: str, limit: int) -> list[IncidentRecord]:
    """At most `limit` incidents whose id begins with `prefix`, newest first."""
    c = incident_records.c
    # A range of the index, where LIKE would compare without regard to case on one database and with it on another.
    in_range = (c.incident_id >= prefix, c.incident_id < prefix + "\U0010ffff") if prefix else ()
    return incident_records.select(
        reader, c.account == account, *in_range, order=(c.creation_time.desc(), c.key), limit=limit
    )


def list_incidents(
    reader: Reader, account: str, conditions: Sequence[Condition], after: tuple[datetime, str] | None, limit: int
) -> list[IncidentRecord]:
    """Incidents of an account that meet the conditions, newest first, after the place of the last one seen."""
    c = incident_records.c
    columns = {"creationTime": c.creation_time, "impact": c.impact, "status": c.status, "createdBy": c.created_by}
    where = [c.account == account, *clauses(conditions, columns)]
    if after is not None:
        where.append(beyond((c.creation_time, c.key), after, descending=True))
    return incident_records.select(reader, *where, order=(c.creation_time.desc(), c.key.desc()), limit=limit)


def list_events(
    reader: Reader,
    incident_arn: str,
    conditions: Sequence[Condition] = (),
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
    *,
    descending: bool = True,
) -> list[TimelineEvent]:
    """Events of an incident that meet the conditions, by their time."""
    c = timeline_events.c
    referring = [_refers(each.one_of or ()) for each in conditions if each.member == "eventReference"]
    others = [each for each in conditions if each.member != "eventReference"]
    columns = {"eventTime": c.event_time, "eventType": c.event_type}
    where = [c.incident_arn == incident_arn, *clauses(others, columns), *referring]
    if after is not None:
        where.append(beyond((c.event_time, c.key), after, descending=descending))
    order = (c.event_time.desc(), c.key.desc()) if descending else (c.event_time, c.key)
    return timeline_events.select(reader, *where, order=order, limit=limit)


def _refers(references: Sequence[str | int]) -> sa.ColumnElement[bool]:
    """Whether an event bears one of the references (ARNs or ids of related items).

    An incident has at most some thousand events, so their JSON is searched instead of keeping a table of
    references: for the reference as pydantic writes it, which no text within the event can look like, because its
    quotes would be escaped. REPLACE compares exactly on every database, LIKE does not.
    """
    record = timeline_events.c.record
    needles = [
        f'"{member}":{json.dumps(reference, ensure_ascii=False)}'
        for reference in references
        for member in ("resource", "related_item_id")
    ]
    return sa.or_(sa.false(), *(sa.func.replace(record, needle, "") != record for needle in needles))


def list_related_items(
    reader: Reader, incident_arn: str, after: tuple[int] | None = None, limit: int | None = None
) -> list[tuple[int, RelatedItem]]:
    """Related items of an incident with their positions, in the order in which they were added."""
    c = related_items.c
    where = [c.incident_arn == incident_arn]
    if after is not None:
        where.append(c.position > after[0])
    statement = sa.select(c.position, c.record).where(*where).order_by(c.position).limit(limit)
    return [(position, related_items.read(text)) for position, text in reader.connection.execute(statement)]


def newest_event(reader: Reader, incident_arn: str, until: datetime) -> TimelineEvent | None:
    """The event with the latest time that is not after `until`."""
    c = timeline_events.c
    conditions = (c.incident_arn == incident_arn, c.event_time <= until)
    newest = (c.event_time.desc(), c.key.desc())
    return next(iter(timeline_events.select(reader, *conditions, order=newest, limit=1)), None)


def count_of_incident(reader: Reader, records: RecordTable[Any], incident_arn: str) -> int:
    """How many events or related items an incident has."""
    statement = sa.select(sa.func.count()).where(records.c.incident_arn == incident_arn)
    return int(reader.connection.execute(statement).scalar_one())


def last_position(reader: Reader, incident_arn: str) -> int:
    """The position of the last related item; 0 when there is none."""
    statement = sa.select(sa.func.max(related_items.c.position)).where(related_items.c.incident_arn == incident_arn)
    return reader.connection.execute(statement).scalar_one() or 0
