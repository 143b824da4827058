"""Deadlines: all that waits, as rows. A row is written in the transaction of its cause and taken when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warroom.store.statements import Statement
from warroom.store.tables import deadlines as table
from warroom.store.transaction import Reader, Transaction

__all__ = [
    "COUNTER",
    "Deadline",
    "add",
    "drop_of_engagement",
    "drop_of_page",
    "due",
    "exist",
    "next_time",
    "of_plan",
    "postpone",
    "take",
]

COUNTER = "deadline"
"""Ids count up, so that rows due at the same moment are taken in the order in which they were written."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due, for which engagement, and for which page if it is of a person's own plan.

    It may act only while the page (or, without one, the engagement) still has its `generation`.
    """

    deadline_id: str
    account: str
    due_time: datetime
    engagement_arn: str
    page_arn: str | None
    generation: int
    kind: str
    detail: str
    """JSON text; its form follows from `kind`."""


def add(
    transaction: Transaction,
    *,
    account: str,
    due_time: datetime,
    engagement_arn: str,
    page_arn: str | None,
    generation: int,
    kind: str,
    detail: str,
) -> None:
    """Write a deadline."""
    _ADD.run(
        transaction.connection,
        {
            "deadline_id": f"{transaction.count_up(COUNTER):020d}",
            "account": account,
            "due_time": due_time,
            "engagement_arn": engagement_arn,
            "page_arn": page_arn,
            "generation": generation,
            "kind": kind,
            "detail": detail,
        },
    )


_ADD = Statement(sa.insert(table))


def due(reader: Reader, limit: int) -> list[str]:
    """The ids of at most `limit` deadlines that are due, the longest due first."""
    statement = (
        sa.select(table.c.deadline_id)
        .where(table.c.due_time <= reader.now)
        .order_by(table.c.due_time, table.c.deadline_id)
        .limit(limit)
    )
    return list(reader.connection.execute(statement).scalars())


def take(transaction: Transaction, deadline_id: str) -> Deadline | None:
    """Remove a deadline and return it; None when it is gone. Taken back when the transaction fails."""
    row = transaction.connection.execute(
        sa.delete(table).where(table.c.deadline_id == deadline_id).returning(*table.c)
    ).one_or_none()
    return None if row is None else Deadline(**row._mapping)


def postpone(transaction: Transaction, deadline_id: str, due_time: datetime) -> None:
    """Let a deadline be due later than it was."""
    transaction.connection.execute(sa.update(table).where(table.c.deadline_id == deadline_id).values(due_time=due_time))


def next_time(reader: Reader) -> datetime | None:
    """When the next deadline is due; None when nothing waits."""
    return reader.connection.execute(sa.select(sa.func.min(table.c.due_time))).scalar_one_or_none()


def exist(reader: Reader) -> bool:
    """Whether anything waits."""
    return next_time(reader) is not None


def of_plan(reader: Reader, engagement_arn: str) -> list[Deadline]:
    """The deadlines of the engagement's own plan: not those of its pages."""
    rows = reader.connection.execute(
        sa.select(table)
        .where(table.c.engagement_arn == engagement_arn, table.c.page_arn.is_(None))
        .order_by(table.c.due_time, table.c.deadline_id)
    )
    return [Deadline(**row._mapping) for row in rows]


def drop_of_page(transaction: Transaction, engagement_arn: str, page_arn: str) -> None:
    """Forget what waits for one page of an engagement."""
    transaction.connection.execute(
        sa.delete(table).where(table.c.engagement_arn == engagement_arn, table.c.page_arn == page_arn)
    )


def drop_of_engagement(transaction: Transaction, engagement_arn: str, *, with_pages: bool) -> None:
    """Forget what waits for the engagement's own plan and, `with_pages`, for all of its pages."""
    doomed = sa.delete(table).where(table.c.engagement_arn == engagement_arn)
    transaction.connection.execute(doomed if with_pages else doomed.where(table.c.page_arn.is_(None)))
