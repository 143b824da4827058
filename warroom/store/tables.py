"""The tables, one set for SQLite and PostgreSQL.

A record is kept whole, as JSON text, beside the columns that it is looked up by and what no client may see of it
(generations, codes). Times are microseconds since 1970 in UTC. `migrations/` brings a database here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

__all__ = [
    "Moment",
    "access_keys",
    "changes",
    "contact_channels",
    "contacts",
    "counters",
    "deadlines",
    "engagements",
    "idempotency_tokens",
    "incident_records",
    "metadata",
    "outbox",
    "pages",
    "related_items",
    "replication_sets",
    "resource_tags",
    "response_plans",
    "store_identity",
    "timeline_events",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970: the same order and precision on every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = sa.MetaData()


def _records(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A table of records: its key, its account, the columns it is looked up by, and the record."""
    return sa.Table(
        name,
        metadata,
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        *columns,
        sa.Column("record", sa.Text, nullable=False),
    )


store_identity = sa.Table(
    "store_identity",
    metadata,
    sa.Column("epoch", sa.Text, primary_key=True),
    sa.Column("created_time", Moment, nullable=False),
)

counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("incident_arn", sa.Text),
    sa.Column("record", sa.Text),
)

access_keys = sa.Table(
    "access_keys",
    metadata,
    sa.Column("access_key_id", sa.Text, primary_key=True),
    sa.Column("secret_access_key", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("contact_arn", sa.Text),
    sa.Column("created_time", Moment, nullable=False),
    sa.Column("revoked_time", Moment),
)

idempotency_tokens = sa.Table(
    "idempotency_tokens",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("operation", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("created_time", Moment, nullable=False),
    sa.Index("idempotency_tokens_by_age", "created_time"),
)

resource_tags = sa.Table(
    "resource_tags",
    metadata,
    sa.Column("resource_arn", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

replication_sets = _records("replication_sets")

response_plans = _records("response_plans")

incident_records = _records(
    "incident_records",
    sa.Column("incident_id", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("response_plan_arn", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("impact", sa.Integer, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("dedupe_string", sa.Text, nullable=False),
    sa.Column("creation_time", Moment, nullable=False),
    sa.Index("incident_records_by_time", "account", "creation_time", "key"),
    sa.Index("incident_records_by_status", "account", "status", "creation_time", "key"),
    sa.Index("incident_records_by_number", "account", "number", unique=True),
    sa.Index("incident_records_by_id", "account", "incident_id"),
    sa.Index("incident_records_by_dedupe", "account", "status", "dedupe_string"),
)

timeline_events = _records(
    "timeline_events",
    sa.Column("incident_arn", sa.Text, nullable=False),
    sa.Column("event_type", sa.Text, nullable=False),
    sa.Column("event_time", Moment, nullable=False),
    sa.Index("timeline_events_by_time", "incident_arn", "event_time", "key"),
)

related_items = _records(
    "related_items",
    sa.Column("incident_arn", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Index("related_items_by_position", "incident_arn", "position"),
)

contacts = _records(
    "contacts",
    sa.Column("alias", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Index("contacts_by_alias", "account", "alias", unique=True),
)

contact_channels = _records(
    "contact_channels",
    sa.Column("contact_arn", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("activation_code", sa.Text),
    sa.Column("created_time", Moment, nullable=False),
    sa.Index("contact_channels_of_contact", "contact_arn", "created_time", "key"),
    sa.UniqueConstraint("contact_arn", "type", "address", name="contact_channels_by_address"),
)

engagements = _records(
    "engagements",
    sa.Column("contact_arn", sa.Text, nullable=False),
    sa.Column("incident_arn", sa.Text),
    sa.Column("start_time", Moment, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Index("engagements_by_time", "account", "start_time", "key"),
    sa.Index("engagements_of_incident", "incident_arn", "start_time", "key"),
)

pages = _records(
    "pages",
    sa.Column("engagement_arn", sa.Text, nullable=False),
    sa.Column("contact_arn", sa.Text, nullable=False),
    sa.Column("incident_arn", sa.Text),
    sa.Column("created_time", Moment, nullable=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("accept_code", sa.Text, nullable=False),
    sa.Index("pages_of_engagement", "engagement_arn", "created_time", "key"),
    sa.Index("pages_of_contact", "contact_arn", "created_time", "key"),
    sa.Index("pages_of_incident", "incident_arn", "created_time", "key"),
)

deadlines = sa.Table(
    "deadlines",
    metadata,
    sa.Column("deadline_id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("due_time", Moment, nullable=False),
    sa.Column("engagement_arn", sa.Text, nullable=False),
    sa.Column("page_arn", sa.Text),
    sa.Column("generation", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("deadlines_by_time", "due_time", "deadline_id"),
    sa.Index("deadlines_of_engagement", "engagement_arn"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("attempt_id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("engagement_arn", sa.Text),
    sa.Column("page_arn", sa.Text),
    sa.Column("contact_channel_arn", sa.Text, nullable=False),
    sa.Column("channel_type", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_time", Moment, nullable=False),
    sa.Column("created_time", Moment, nullable=False),
    sa.Column("settled_time", Moment),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("outbox_by_state", "state", "channel_type", "due_time", "attempt_id"),
    sa.Index("outbox_of_page", "page_arn"),
)
