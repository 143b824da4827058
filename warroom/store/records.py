"""A table of records: read, write, and make the change known, all in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from warroom.model.arn import Arn
from warroom.model.record import Record
from warroom.store.transaction import Reader, Transaction

__all__ = ["RecordTable"]

R = TypeVar("R", bound=Record)


class RecordTable(Generic[R]):
    """Records of one kind in their table.

    `columns` gives, from a record, the columns that follow from it. Columns that do not (a generation, a code)
    are given to `insert` and `update` by name. `incident` gives the incident that a record belongs to, if any.
    """

    def __init__(
        self,
        table: sa.Table,
        model: type[R],
        columns: Callable[[R], dict[str, Any]],
        incident: Callable[[R], str | None] = lambda _: None,
    ) -> None:
        self.table = table
        self.c = table.c
        self.model = model
        self._columns = columns
        self._incident = incident

    def get(self, reader: Reader, key: str, *, lock: bool = False) -> R | None:
        """The record, or None. `lock` holds the row until the commit (no-op where one writer holds all)."""
        statement = sa.select(self.c.record).where(self.c.key == key)
        text = reader.connection.execute(statement.with_for_update() if lock else statement).scalar_one_or_none()
        return None if text is None else self.read(text)

    def column(self, reader: Reader, key: str, name: str) -> Any:
        """One column of one row; None when there is no row."""
        return reader.connection.execute(sa.select(self.c[name]).where(self.c.key == key)).scalar_one_or_none()

    def select(
        self,
        reader: Reader,
        *conditions: sa.ColumnElement[bool],
        order: Iterable[sa.ColumnElement[Any]] = (),
        limit: int | None = None,
    ) -> list[R]:
        """The records that meet all `conditions`."""
        statement = sa.select(self.c.record).where(*conditions).order_by(*order).limit(limit)
        return [self.read(text) for text in reader.connection.execute(statement).scalars()]

    def texts(self, reader: Reader, *conditions: sa.ColumnElement[bool]) -> Sequence[tuple[str, str]]:
        """(key, JSON text) of the records that meet all `conditions`, unparsed: for snapshots."""
        return reader.connection.execute(sa.select(self.c.key, self.c.record).where(*conditions)).tuples().all()

    def insert(self, transaction: Transaction, record: R, **more: Any) -> R:
        """Write a new record."""
        self.insert_all(transaction, [record], more)
        return record

    def insert_all(self, transaction: Transaction, records: Sequence[R], more: dict[str, Any] | None = None) -> None:
        """Write new records with one statement."""
        rows = []
        for record in records:
            account, text = self._account(record), self._text(record)
            rows.append(
                {"key": record.key, "account": account, "record": text, **self._columns(record), **(more or {})}
            )
            transaction.record_change(account, record, text, self._incident(record))
        if rows:
            transaction.connection.execute(sa.insert(self.table), rows)

    def update(self, transaction: Transaction, record: R, **more: Any) -> R:
        """Write the new state of a record that exists."""
        text = self._text(record)
        written = transaction.connection.execute(
            sa.update(self.table)
            .where(self.c.key == record.key)
            .values(record=text, **self._columns(record), **more)
        )
        if written.rowcount != 1:
            raise LookupError(f"{record.kind} {record.key} is not in the store")
        transaction.record_change(self._account(record), record, text, self._incident(record))
        return record

    def delete(self, transaction: Transaction, record: R) -> None:
        """Remove a record and leave its tombstone in the change log."""
        transaction.connection.execute(sa.delete(self.table).where(self.c.key == record.key))
        transaction.record_removal(self._account(record), record, self._incident(record))

    def read(self, text: str) -> R:
        return self.model.model_validate_json(text)

    def _text(self, record: R) -> str:
        return record.model_dump_json(exclude_none=True)

    def _account(self, record: R) -> str:
        return Arn.parse(record.key).account
