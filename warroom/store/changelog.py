"""The change log: every committed change in order, and the open world at a place in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from warroom.store.statements import Statement
from warroom.store.tables import changes
from warroom.store.transaction import NewChange, Reader, Transaction

__all__ = ["COUNTER", "after", "append", "position"]

COUNTER = "change"


def append(transaction: Transaction, news: Sequence[NewChange]) -> None:
    """Write `news` with the next seqs, in their order."""
    if not news:
        return
    last = transaction.count_up(COUNTER, by=len(news))
    _APPEND.run_all(
        transaction.connection,
        [
            {
                "seq": seq,
                "at": change.at,
                "account": change.account,
                "kind": change.kind,
                "key": change.key,
                "incident_arn": change.incident_arn,
                "record": change.record,
            }
            for seq, change in enumerate(news, start=last - len(news) + 1)
        ],
    )


_APPEND = Statement(sa.insert(changes))


def position(reader: Reader) -> int:
    """The seq of the last change; 0 when there is none."""
    return reader.connection.execute(sa.select(sa.func.max(changes.c.seq))).scalar_one() or 0


def after(reader: Reader, seq: int, limit: int) -> Sequence[sa.Row[Any]]:
    """At most `limit` rows after `seq`, in order."""
    return reader.connection.execute(
        sa.select(changes).where(changes.c.seq > seq).order_by(changes.c.seq).limit(limit)
    ).all()
