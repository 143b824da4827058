"""Contacts, their channels, engagements and pages: the records of ssm-contacts, and how they are found."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from warroom.model.contacts import Contact, ContactChannel, ContactType, Engagement, Page
from warroom.store import tables
from warroom.store.conditions import beyond
from warroom.store.records import RecordTable
from warroom.store.transaction import Reader

__all__ = [
    "channels",
    "channels_of",
    "contacts",
    "engagements",
    "engagements_of_incident",
    "find_alias",
    "list_channels",
    "list_contacts",
    "list_engagements",
    "list_pages",
    "page_of",
    "pages",
    "pages_of_engagement",
    "pages_of_incident",
]

contacts = RecordTable(tables.contacts, Contact, lambda contact: {"alias": contact.alias, "type": contact.type})

channels = RecordTable(
    tables.contact_channels,
    ContactChannel,
    lambda channel: {
        "contact_arn": channel.contact_arn,
        "type": channel.type,
        "address": channel.delivery_address.simple_address or "",
    },
)
"""Beside the record: `activation_code` (None before one was made) and `created_time`."""

engagements = RecordTable(
    tables.engagements,
    Engagement,
    lambda engagement: {
        "contact_arn": engagement.contact_arn,
        "incident_arn": engagement.incident_id,
        "start_time": engagement.start_time,
    },
    incident=lambda engagement: engagement.incident_id,
)
"""Beside the record: `generation`, that a deadline of an escalation plan must still have to act."""

pages = RecordTable(
    tables.pages,
    Page,
    lambda page: {
        "engagement_arn": page.engagement_arn,
        "contact_arn": page.contact_arn,
        "incident_arn": page.incident_id,
    },
    incident=lambda page: page.incident_id,
)
"""Beside the record: `generation`, that a deadline of the person's plan must still have to act, `accept_code`
and `created_time`."""


def find_alias(reader: Reader, account: str, alias: str) -> Contact | None:
    """The contact of an account with an alias."""
    found = contacts.select(reader, contacts.c.account == account, contacts.c.alias == alias)
    return found[0] if found else None


def channels_of(reader: Reader, contact_arn: str) -> list[ContactChannel]:
    """All channels of a contact, in the order in which they were made."""
    c = channels.c
    return channels.select(reader, c.contact_arn == contact_arn, order=(c.created_time, c.key))


def pages_of_engagement(reader: Reader, engagement_arn: str) -> list[Page]:
    """All pages of an engagement, oldest first."""
    c = pages.c
    return pages.select(reader, c.engagement_arn == engagement_arn, order=(c.created_time, c.key))


def pages_of_incident(reader: Reader, incident_arn: str) -> list[Page]:
    """All pages of an incident, oldest first."""
    c = pages.c
    return pages.select(reader, c.incident_arn == incident_arn, order=(c.created_time, c.key))


def engagements_of_incident(reader: Reader, incident_arn: str) -> list[Engagement]:
    """All engagements of an incident, oldest first."""
    c = engagements.c
    return engagements.select(reader, c.incident_arn == incident_arn, order=(c.start_time, c.key))


def page_of(reader: Reader, engagement_arn: str, contact_arn: str) -> Page | None:
    """The one page of a contact in an engagement."""
    c = pages.c
    found = pages.select(reader, c.engagement_arn == engagement_arn, c.contact_arn == contact_arn)
    return found[0] if found else None


def list_contacts(
    reader: Reader,
    account: str,
    *,
    alias_prefix: str | None,
    contact_type: ContactType | None,
    after: str | None,
    limit: int,
) -> list[Contact]:
    """Contacts by alias, after the alias `after`."""
    c = contacts.c
    conditions: list[sa.ColumnElement[bool]] = [c.account == account]
    if alias_prefix:
        conditions.append(c.alias.startswith(alias_prefix, autoescape=True))
    if contact_type is not None:
        conditions.append(c.type == contact_type)
    if after is not None:
        conditions.append(c.alias > after)
    return contacts.select(reader, *conditions, order=(c.alias,), limit=limit)


def list_channels(
    reader: Reader, contact_arn: str, *, after: tuple[datetime, str] | None, limit: int
) -> list[tuple[datetime, ContactChannel]]:
    """Channels of a contact, oldest first, with their place: when each was made."""
    c = channels.c
    conditions: list[sa.ColumnElement[bool]] = [c.contact_arn == contact_arn]
    if after is not None:
        conditions.append(beyond((c.created_time, c.key), after, descending=False))
    statement = sa.select(c.created_time, c.record).where(*conditions).order_by(c.created_time, c.key).limit(limit)
    return [(made, channels.read(text)) for made, text in reader.connection.execute(statement)]


def list_engagements(
    reader: Reader,
    account: str,
    *,
    incident_arn: str | None,
    start: datetime | None,
    end: datetime | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Engagement]:
    """Engagements, newest first, that started within [start, end]; `after` is the place of the last one seen."""
    c = engagements.c
    conditions: list[sa.ColumnElement[bool]] = [c.account == account]
    if incident_arn is not None:
        conditions.append(c.incident_arn == incident_arn)
    if start is not None:
        conditions.append(c.start_time >= start)
    if end is not None:
        conditions.append(c.start_time <= end)
    if after is not None:
        conditions.append(beyond((c.start_time, c.key), after, descending=True))
    return engagements.select(reader, *conditions, order=(c.start_time.desc(), c.key.desc()), limit=limit)


def list_pages(
    reader: Reader,
    *,
    engagement_arn: str | None = None,
    contact_arn: str | None = None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[tuple[datetime, Page]]:
    """Pages of an engagement or of a contact, newest first, with their place: when each was made."""
    c = pages.c
    conditions: list[sa.ColumnElement[bool]] = []
    if engagement_arn is not None:
        conditions.append(c.engagement_arn == engagement_arn)
    if contact_arn is not None:
        conditions.append(c.contact_arn == contact_arn)
    if after is not None:
        conditions.append(beyond((c.created_time, c.key), after, descending=True))
    statement = (
        sa.select(c.created_time, c.record)
        .where(*conditions)
        .order_by(c.created_time.desc(), c.key.desc())
        .limit(limit)
    )
    return [(made, pages.read(text)) for made, text in reader.connection.execute(statement)]
