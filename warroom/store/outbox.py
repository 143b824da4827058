"""The outbox: each attempt to reach somebody, from the decision to what a provider answered.

pending -> sending -> sent | failed; pending -> dropped, when an acknowledgement or a stop came first. A row is
`sending` from before the provider is called until its answer is kept; one that a crash left so is taken up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import sqlalchemy as sa

from warroom.model.contacts import ChannelType
from warroom.store.tables import contact_channels as channels
from warroom.store.tables import outbox as table
from warroom.store.transaction import Reader, Transaction

__all__ = [
    "Attempt",
    "AttemptKind",
    "AttemptState",
    "Unsent",
    "add",
    "drop_pending",
    "get",
    "interrupted",
    "mark_sending",
    "next_time",
    "pending",
    "postpone",
    "settle",
    "unsent_pages_exist",
]

AttemptKind = Literal["page", "activation"]
AttemptState = Literal["pending", "sending", "sent", "failed", "dropped"]

_CHANNEL_TYPES: tuple[ChannelType, ...] = get_args(ChannelType)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt on one channel. Its id is the provider's idempotency key."""

    attempt_id: str
    account: str
    kind: AttemptKind
    engagement_arn: str | None
    page_arn: str | None
    contact_channel_arn: str
    channel_type: ChannelType
    state: AttemptState
    due_time: datetime
    created_time: datetime
    settled_time: datetime | None
    detail: str
    """What the provider answered; empty before it did."""


class Unsent(NamedTuple):
    """An attempt to hand over, and the type of its channel."""

    attempt_id: str
    channel_type: ChannelType


def add(
    transaction: Transaction,
    *,
    attempt_id: str,
    account: str,
    kind: AttemptKind,
    contact_channel_arn: str,
    due_time: datetime,
    engagement_arn: str | None = None,
    page_arn: str | None = None,
) -> None:
    """Decide an attempt on a channel that exists."""
    transaction.connection.execute(
        sa.insert(table).values(
            attempt_id=attempt_id,
            account=account,
            kind=kind,
            engagement_arn=engagement_arn,
            page_arn=page_arn,
            contact_channel_arn=contact_channel_arn,
            channel_type=sa.select(channels.c.type).where(channels.c.key == contact_channel_arn).scalar_subquery(),
            state="pending",
            due_time=due_time,
            created_time=transaction.now,
            detail="",
        )
    )


def get(transaction: Transaction, attempt_id: str) -> Attempt | None:
    """The attempt, its row held until the commit."""
    row = transaction.connection.execute(
        sa.select(table).where(table.c.attempt_id == attempt_id).with_for_update()
    ).one_or_none()
    return None if row is None else Attempt(**row._mapping)


def pending(reader: Reader, limit: int) -> list[Unsent]:
    """At most `limit` attempts of each type of channel that are due, the longest due of a type first."""
    c = table.c
    found: list[Unsent] = []
    for channel_type in _CHANNEL_TYPES:
        statement = (
            sa.select(c.attempt_id, c.channel_type)
            .where(c.state == "pending", c.channel_type == channel_type, c.due_time <= reader.now)
            .order_by(c.due_time, c.attempt_id)
            .limit(limit)
        )
        found.extend(Unsent(*row) for row in reader.connection.execute(statement))
    return found


def interrupted(reader: Reader) -> list[Unsent]:
    """The attempts whose answer was never kept, the oldest first."""
    c = table.c
    statement = sa.select(c.attempt_id, c.channel_type).where(c.state == "sending").order_by(c.due_time, c.attempt_id)
    return [Unsent(*row) for row in reader.connection.execute(statement)]


def mark_sending(transaction: Transaction, attempt_id: str) -> None:
    """From here on a crash makes it a duplicate with the same id, not a loss."""
    transaction.connection.execute(sa.update(table).where(table.c.attempt_id == attempt_id).values(state="sending"))


def settle(transaction: Transaction, attempt_id: str, state: Literal["sent", "failed", "dropped"], detail: str) -> None:
    """Keep how it ended; `detail` is the provider's message id, or the reason."""
    transaction.connection.execute(
        sa.update(table)
        .where(table.c.attempt_id == attempt_id)
        .values(state=state, detail=detail, settled_time=transaction.now)
    )


def postpone(transaction: Transaction, attempt_id: str, due_time: datetime) -> None:
    """Let an attempt be due later than it was."""
    transaction.connection.execute(sa.update(table).where(table.c.attempt_id == attempt_id).values(due_time=due_time))


def drop_pending(transaction: Transaction, page_arn: str, reason: str) -> None:
    """Give up the attempts of a page that no provider was handed yet."""
    transaction.connection.execute(
        sa.update(table)
        .where(table.c.page_arn == page_arn, table.c.state == "pending")
        .values(state="dropped", detail=reason, settled_time=transaction.now)
    )


def next_time(reader: Reader) -> datetime | None:
    """When the next attempt that is not due yet will be; None when there is none."""
    c = table.c
    first = sa.select(sa.func.min(c.due_time)).where(c.state == "pending", c.due_time > reader.now)
    times = (
        reader.connection.execute(first.where(c.channel_type == channel_type)).scalar_one()
        for channel_type in _CHANNEL_TYPES
    )
    return min(filter(None, times), default=None)


def unsent_pages_exist(reader: Reader) -> bool:
    """Whether a page is still on its way out."""
    statement = (
        sa.select(table.c.attempt_id).where(table.c.state.in_(("pending", "sending")), table.c.kind == "page").limit(1)
    )
    return reader.connection.execute(statement).first() is not None
