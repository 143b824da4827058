"""Where access keys are kept. Signatures are checked with the secret itself, so it is kept as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warroom.store.tables import access_keys as table
from warroom.store.transaction import Reader, Transaction

__all__ = ["find_key", "insert_key", "keys_of", "revoke_key"]

Row = sa.RowMapping


def find_key(reader: Reader, access_key_id: str) -> Row | None:
    statement = sa.select(table).where(table.c.access_key_id == access_key_id)
    return reader.connection.execute(statement).mappings().one_or_none()


def keys_of(reader: Reader, account: str) -> list[Row]:
    """All keys of an account, revoked ones too, oldest first."""
    statement = sa.select(table).where(table.c.account == account).order_by(table.c.created_time, table.c.access_key_id)
    return list(reader.connection.execute(statement).mappings())


def insert_key(transaction: Transaction, row: dict[str, Any]) -> None:
    transaction.connection.execute(sa.insert(table).values(row))


def revoke_key(transaction: Transaction, access_key_id: str, at: datetime) -> None:
    """Revoke a key that is not revoked yet."""
    transaction.connection.execute(
        sa.update(table)
        .where(table.c.access_key_id == access_key_id, table.c.revoked_time.is_(None))
        .values(revoked_time=at)
    )
