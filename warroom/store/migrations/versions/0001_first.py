"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_keys",
        sa.Column("access_key_id", sa.Text(), nullable=False),
        sa.Column("secret_access_key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("contact_arn", sa.Text(), nullable=True),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.Column("revoked_time", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("access_key_id"),
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("incident_arn", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "contact_channels",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("contact_arn", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("activation_code", sa.Text(), nullable=True),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("contact_arn", "type", "address", name="contact_channels_by_address"),
    )
    op.create_index(
        "contact_channels_of_contact", "contact_channels", ["contact_arn", "created_time", "key"], unique=False
    )
    op.create_table(
        "contacts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("contacts_by_alias", "contacts", ["account", "alias"], unique=True)
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "deadlines",
        sa.Column("deadline_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("due_time", sa.BigInteger(), nullable=False),
        sa.Column("engagement_arn", sa.Text(), nullable=False),
        sa.Column("page_arn", sa.Text(), nullable=True),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("deadline_id"),
    )
    op.create_index("deadlines_by_time", "deadlines", ["due_time", "deadline_id"], unique=False)
    op.create_index("deadlines_of_engagement", "deadlines", ["engagement_arn"], unique=False)
    op.create_table(
        "engagements",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("contact_arn", sa.Text(), nullable=False),
        sa.Column("incident_arn", sa.Text(), nullable=True),
        sa.Column("start_time", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("engagements_by_time", "engagements", ["account", "start_time", "key"], unique=False)
    op.create_index("engagements_of_incident", "engagements", ["incident_arn", "start_time", "key"], unique=False)
    op.create_table(
        "idempotency_tokens",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "operation", "token"),
    )
    op.create_index("idempotency_tokens_by_age", "idempotency_tokens", ["created_time"], unique=False)
    op.create_table(
        "incident_records",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("response_plan_arn", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("dedupe_string", sa.Text(), nullable=False),
        sa.Column("creation_time", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "incident_records_by_dedupe", "incident_records", ["account", "status", "dedupe_string"], unique=False
    )
    op.create_index("incident_records_by_id", "incident_records", ["account", "incident_id"], unique=False)
    op.create_index("incident_records_by_number", "incident_records", ["account", "number"], unique=True)
    op.create_index(
        "incident_records_by_status", "incident_records", ["account", "status", "creation_time", "key"], unique=False
    )
    op.create_index("incident_records_by_time", "incident_records", ["account", "creation_time", "key"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("engagement_arn", sa.Text(), nullable=True),
        sa.Column("page_arn", sa.Text(), nullable=True),
        sa.Column("contact_channel_arn", sa.Text(), nullable=False),
        sa.Column("channel_type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_time", sa.BigInteger(), nullable=False),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.Column("settled_time", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id"),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "channel_type", "due_time", "attempt_id"], unique=False)
    op.create_index("outbox_of_page", "outbox", ["page_arn"], unique=False)
    op.create_table(
        "pages",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("engagement_arn", sa.Text(), nullable=False),
        sa.Column("contact_arn", sa.Text(), nullable=False),
        sa.Column("incident_arn", sa.Text(), nullable=True),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("accept_code", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("pages_of_contact", "pages", ["contact_arn", "created_time", "key"], unique=False)
    op.create_index("pages_of_engagement", "pages", ["engagement_arn", "created_time", "key"], unique=False)
    op.create_index("pages_of_incident", "pages", ["incident_arn", "created_time", "key"], unique=False)
    op.create_table(
        "related_items",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("incident_arn", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("related_items_by_position", "related_items", ["incident_arn", "position"], unique=False)
    op.create_table(
        "replication_sets",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "resource_tags",
        sa.Column("resource_arn", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("resource_arn", "key"),
    )
    op.create_table(
        "response_plans",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "store_identity",
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("created_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch"),
    )
    op.create_table(
        "timeline_events",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("incident_arn", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("event_time", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("timeline_events_by_time", "timeline_events", ["incident_arn", "event_time", "key"], unique=False)


def downgrade() -> None:
    op.drop_index("timeline_events_by_time", table_name="timeline_events")
    op.drop_table("timeline_events")
    op.drop_table("store_identity")
    op.drop_table("response_plans")
    op.drop_table("resource_tags")
    op.drop_table("replication_sets")
    op.drop_index("related_items_by_position", table_name="related_items")
    op.drop_table("related_items")
    op.drop_index("pages_of_incident", table_name="pages")
    op.drop_index("pages_of_engagement", table_name="pages")
    op.drop_index("pages_of_contact", table_name="pages")
    op.drop_table("pages")
    op.drop_index("outbox_of_page", table_name="outbox")
    op.drop_index("outbox_by_state", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("incident_records_by_time", table_name="incident_records")
    op.drop_index("incident_records_by_status", table_name="incident_records")
    op.drop_index("incident_records_by_number", table_name="incident_records")
    op.drop_index("incident_records_by_id", table_name="incident_records")
    op.drop_index("incident_records_by_dedupe", table_name="incident_records")
    op.drop_table("incident_records")
    op.drop_index("idempotency_tokens_by_age", table_name="idempotency_tokens")
    op.drop_table("idempotency_tokens")
    op.drop_index("engagements_of_incident", table_name="engagements")
    op.drop_index("engagements_by_time", table_name="engagements")
    op.drop_table("engagements")
    op.drop_index("deadlines_of_engagement", table_name="deadlines")
    op.drop_index("deadlines_by_time", table_name="deadlines")
    op.drop_table("deadlines")
    op.drop_table("counters")
    op.drop_index("contacts_by_alias", table_name="contacts")
    op.drop_table("contacts")
    op.drop_index("contact_channels_of_contact", table_name="contact_channels")
    op.drop_table("contact_channels")
    op.drop_table("changes")
    op.drop_table("access_keys")
