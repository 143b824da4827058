"""The answers that idempotency tokens stand for."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from warroom.store.tables import idempotency_tokens as table
from warroom.store.transaction import Transaction

__all__ = ["KeptAnswer", "find", "put"]


class KeptAnswer(NamedTuple):
    fingerprint: str
    response: str
    """JSON text of the answer."""


def find(transaction: Transaction, account: str, operation: str, token: str, *, since: datetime) -> KeptAnswer | None:
    """The answer kept for the token since a moment, if any."""
    row = transaction.connection.execute(
        sa.select(table.c.fingerprint, table.c.response).where(
            table.c.account == account,
            table.c.operation == operation,
            table.c.token == token,
            table.c.created_time >= since,
        )
    ).one_or_none()
    return None if row is None else KeptAnswer(*row)


def put(
    transaction: Transaction,
    account: str,
    operation: str,
    token: str,
    fingerprint: str,
    response: str,
    *,
    forget_before: datetime,
) -> None:
    """Keep an answer, and forget those older than a moment (the index makes that nearly free)."""
    transaction.connection.execute(sa.delete(table).where(table.c.created_time < forget_before))
    transaction.connection.execute(
        sa.insert(table).values(
            account=account,
            operation=operation,
            token=token,
            fingerprint=fingerprint,
            response=response,
            created_time=transaction.now,
        )
    )
