"""The outbox: each attempt to reach somebody, from the decision to what a provider answered.

pending -> sending -> sent | failed; pending -> dropped, when an acknowledgement or a stop came first. A row is
`sending` from before the provider is called until its answer is kept; one that a crash left so is taken up again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warroom.store.tables import outbox as table
from warroom.store.transaction import Reader, Transaction

__all__ = [
    "Attempt",
    "AttemptKind",
    "AttemptState",
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


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt on one channel. Its id is the provider's idempotency key."""

    attempt_id: str
    account: str
    kind: AttemptKind
    engagement_arn: str | None
    page_arn: str | None
    contact_channel_arn: str
    state: AttemptState
    due_time: datetime
    created_time: datetime
    settled_time: datetime | None
    detail: str
    """What the provider answered; empty before it did."""


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
    """Decide an attempt."""
    transaction.connection.execute(
        sa.insert(table).values(
            attempt_id=attempt_id,
            account=account,
            kind=kind,
            engagement_arn=engagement_arn,
            page_arn=page_arn,
            contact_channel_arn=contact_channel_arn,
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


def pending(reader: Reader, limit: int) -> list[str]:
    """The ids of at most `limit` attempts that are due, the longest due first."""
    statement = (
        sa.select(table.c.attempt_id)
        .where(table.c.state == "pending", table.c.due_time <= reader.now)
        .order_by(table.c.due_time, table.c.attempt_id)
        .limit(limit)
    )
    return list(reader.connection.execute(statement).scalars())


def interrupted(reader: Reader) -> list[str]:
    """The ids of attempts whose answer was never kept, the oldest first."""
    statement = (
        sa.select(table.c.attempt_id).where(table.c.state == "sending").order_by(table.c.due_time, table.c.attempt_id)
    )
    return list(reader.connection.execute(statement).scalars())


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
    statement = sa.select(sa.func.min(table.c.due_time)).where(
        table.c.state == "pending", table.c.due_time > reader.now
    )
    return reader.connection.execute(statement).scalar_one_or_none()


def unsent_pages_exist(reader: Reader) -> bool:
    """Whether a page is still on its way out."""
    statement = (
        sa.select(table.c.attempt_id).where(table.c.state.in_(("pending", "sending")), table.c.kind == "page").limit(1)
    )
    return reader.connection.execute(statement).first() is not None
