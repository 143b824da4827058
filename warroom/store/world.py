"""The open world of an account: what a screen holds before it follows the changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from warroom.model.contacts import Contact, ContactChannel, Engagement, Page
from warroom.model.incidents import IncidentRecord, ReplicationSet, ResponsePlan
from warroom.store import tables
from warroom.store.transaction import Reader

__all__ = ["StoredRecord", "open_world"]


class StoredRecord(NamedTuple):
    kind: str
    key: str
    incident_arn: str | None
    text: str
    """JSON."""


def open_world(reader: Reader, account: str, *, recent: datetime) -> Iterator[StoredRecord]:
    """Replication sets, response plans, contacts and channels; all open incidents with their engagements and pages;
    and the engagements (with pages) for no incident that began after `recent` or still have a deadline.
    """
    for kind, table in (
        (ReplicationSet.kind, tables.replication_sets),
        (ResponsePlan.kind, tables.response_plans),
        (Contact.kind, tables.contacts),
        (ContactChannel.kind, tables.contact_channels),
    ):
        yield from _records(reader, kind, table, _NO_INCIDENT, table.c.account == account)

    incidents, engagements, pages = tables.incident_records, tables.engagements, tables.pages
    is_open = sa.and_(incidents.c.account == account, incidents.c.status == "OPEN")
    yield from _records(reader, IncidentRecord.kind, incidents, incidents.c.key, is_open)

    open_incidents = sa.select(incidents.c.key).where(is_open)
    for kind, table in ((Engagement.kind, engagements), (Page.kind, pages)):
        yield from _records(reader, kind, table, table.c.incident_arn, table.c.incident_arn.in_(open_incidents))

    pending = sa.select(tables.deadlines.c.engagement_arn)
    alone = sa.and_(
        engagements.c.account == account,
        ~sa.exists().where(incidents.c.key == engagements.c.incident_arn),
        sa.or_(engagements.c.start_time > recent, engagements.c.key.in_(pending)),
    )
    yield from _records(reader, Engagement.kind, engagements, _NO_INCIDENT, alone)
    of_those = pages.c.engagement_arn.in_(sa.select(engagements.c.key).where(alone))
    yield from _records(reader, Page.kind, pages, _NO_INCIDENT, of_those)


_NO_INCIDENT = sa.null()


def _records(
    reader: Reader,
    kind: str,
    table: sa.Table,
    incident_arn: sa.ColumnElement[Any],
    condition: sa.ColumnElement[bool],
) -> Iterator[StoredRecord]:
    statement = sa.select(table.c.key, incident_arn, table.c.record).where(condition)
    for key, incident, text in reader.connection.execute(statement):
        yield StoredRecord(kind, key, incident, text)
