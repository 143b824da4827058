"""The answers that idempotency tokens stand for."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from warroom.store.statements import Statement
from warroom.store.tables import idempotency_tokens as table
from warroom.store.transaction import Transaction

__all__ = ["KeptAnswer", "find", "put"]


class KeptAnswer(NamedTuple):
    fingerprint: str
    response: str
    """JSON text of the answer."""


def find(transaction: Transaction, account: str, operation: str, token: str, *, since: datetime) -> KeptAnswer | None:
    """The answer kept for the token since a moment, if any. When it is older, all older ones are forgotten."""
    row = _FIND.first(transaction.connection, {"account": account, "operation": operation, "token": token})
    if row is None:
        return None
    fingerprint, response, created_time = row
    if created_time < since:
        _FORGET.run(transaction.connection, {"before": since})
        return None
    return KeptAnswer(fingerprint, response)


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
    """Keep an answer, and once in some 256 times forget all those older than a moment."""
    if fingerprint.startswith("00"):
        _FORGET.run(transaction.connection, {"before": forget_before})
    _PUT.run(
        transaction.connection,
        {
            "account": account,
            "operation": operation,
            "token": token,
            "fingerprint": fingerprint,
            "response": response,
            "created_time": transaction.now,
        },
    )


_FIND = Statement(
    sa.select(table.c.fingerprint, table.c.response, table.c.created_time).where(
        table.c.account == sa.bindparam("account"),
        table.c.operation == sa.bindparam("operation"),
        table.c.token == sa.bindparam("token"),
    )
)
_FORGET = Statement(sa.delete(table).where(table.c.created_time < sa.bindparam("before")))
_PUT = Statement(sa.insert(table))
