"""A table of records: read, write, and make the change known, all in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from warroom.model.arn import Arn
from warroom.model.record import Record
from warroom.store.statements import Statement
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
        is_key = self.c.key == sa.bindparam("row_key")
        one = sa.select(self.c.record).where(is_key)
        self._get = Statement(one)
        self._get_locked = Statement(one.with_for_update())
        self._reading: dict[str, Statement] = {}
        self._insert = Statement(sa.insert(table))
        self._update = sa.update(table).where(is_key)
        self._update_values = Statement(self._update)
        self._delete = Statement(sa.delete(table).where(is_key))

    def get(self, reader: Reader, key: str, *, lock: bool = False) -> R | None:
        """The record, or None. `lock` holds the row until the commit (no-op where one writer holds all)."""
        statement = self._get_locked if lock else self._get
        found = statement.first(reader.connection, {"row_key": key})
        return None if found is None else self.read(found[0])

    def column(self, reader: Reader, key: str, name: str) -> Any:
        """One column of one row; None when there is no row."""
        statement = self._reading.get(name)
        if statement is None:
            statement = Statement(sa.select(self.c[name]).where(self.c.key == sa.bindparam("row_key")))
            self._reading[name] = statement
        found = statement.first(reader.connection, {"row_key": key})
        return None if found is None else found[0]

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
        self._insert.run_all(transaction.connection, rows)

    def update(self, transaction: Transaction, record: R, **more: Any) -> R:
        """Write the new state of a record that exists. `more` may hold SQL expressions of its columns."""
        text = self._text(record)
        values = {"row_key": record.key, "record": text, **self._columns(record)}
        expressions = {name: value for name, value in more.items() if isinstance(value, sa.ColumnElement)}
        values |= {name: value for name, value in more.items() if name not in expressions}
        if expressions:
            written = int(transaction.connection.execute(self._update.values(expressions), values).rowcount)
        else:
            written = self._update_values.run(transaction.connection, values)
        if written != 1:
            raise LookupError(f"{record.kind} {record.key} is not in the store")
        transaction.record_change(self._account(record), record, text, self._incident(record))
        return record

    def delete(self, transaction: Transaction, record: R) -> None:
        """Remove a record and leave its tombstone in the change log."""
        self._delete.run(transaction.connection, {"row_key": record.key})
        transaction.record_removal(self._account(record), record, self._incident(record))

    def read(self, text: str) -> R:
        return self.model.model_validate_json(text)

    def _text(self, record: R) -> str:
        return record.model_dump_json(exclude_none=True)

    def _account(self, record: R) -> str:
        return Arn.parse(record.key).account
