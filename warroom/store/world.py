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
    the engagements (with pages) that still page somebody, whatever became of their incident; and those for no
    incident that began after `recent`.
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

    others = _beside_open_incidents(account, recent)
    for kind, table, of_those in (
        (Engagement.kind, engagements, engagements.c.key.in_(others)),
        (Page.kind, pages, pages.c.engagement_arn.in_(others)),
    ):
        # The id of an incident that an engagement is given may be any text.
        incident = sa.select(incidents.c.key).where(incidents.c.key == table.c.incident_arn).scalar_subquery()
        yield from _records(reader, kind, table, incident, of_those)


def _beside_open_incidents(account: str, recent: datetime) -> sa.Select[tuple[str]]:
    """The keys of engagements that are in the open world without an open incident.

    Found from what still pages and from the time, each by its index, as most engagements are long over.
    """
    incidents, engagements = tables.incident_records, tables.engagements
    deadlines, outbox = tables.deadlines, tables.outbox
    is_incident = incidents.c.key == engagements.c.incident_arn
    unsent = (outbox.c.account == account, outbox.c.kind == "page", outbox.c.state.in_(("pending", "sending")))
    lately = sa.select(engagements.c.key).where(
        engagements.c.account == account, engagements.c.start_time > recent, ~sa.exists().where(is_incident)
    )
    wanted = sa.union(
        sa.select(deadlines.c.engagement_arn).where(deadlines.c.account == account),
        sa.select(outbox.c.engagement_arn).where(*unsent),
        lately,
    )
    return sa.select(engagements.c.key).where(
        engagements.c.key.in_(wanted), ~sa.exists().where(is_incident, incidents.c.status == "OPEN")
    )


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
