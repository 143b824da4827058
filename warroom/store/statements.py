"""Statements of single rows, compiled once and run often.

SQLAlchemy's `execute` takes ten times as long as SQLite does for a statement of one row (35 µs against 3), and an
incident is a dozen of them. So on SQLite the compiled text goes to the driver directly; on another database, where
the network is what takes long, SQLAlchemy executes as usual.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

__all__ = ["Statement", "driver_of"]

Parameters = Mapping[str, Any]


def driver_of(connection: sa.Connection) -> sqlite3.Connection | None:
    """The connection of SQLite's driver underneath; None on another database."""
    found = connection.connection.dbapi_connection
    return found if isinstance(found, sqlite3.Connection) else None


class _Compiled(NamedTuple):
    text: str
    binds: list[tuple[str, Callable[[Any], Any] | None]]
    """The parameters in the order of their places, with what turns each into what the driver takes."""
    constants: Mapping[str, Any]
    results: list[Callable[[Any], Any] | None]
    """What turns each column of a result into what Python takes."""

    def values(self, parameters: Parameters) -> list[Any]:
        given = {**self.constants, **parameters} if self.constants else parameters
        return [given[name] if convert is None else convert(given[name]) for name, convert in self.binds]


class Statement:
    """A Core statement whose variables are `bindparam`s or, for the values of INSERT and UPDATE, columns.

    Parameters are given by name, and must be all that the statement has.
    """

    def __init__(self, statement: sa.sql.expression.ReturnsRows) -> None:
        self._statement: Any = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def first(self, connection: sa.Connection, parameters: Parameters) -> tuple[Any, ...] | None:
        """The first row of the result, or None."""
        driver = driver_of(connection)
        if driver is None:
            row = connection.execute(self._statement, dict(parameters)).first()
            return None if row is None else tuple(row)
        compiled = self._compile(connection.dialect, parameters)
        found = self._run(compiled, lambda: driver.execute(compiled.text, compiled.values(parameters)).fetchone())
        if found is None:
            return None
        return tuple(
            value if convert is None else convert(value) for value, convert in zip(found, compiled.results, strict=True)
        )

    def run(self, connection: sa.Connection, parameters: Parameters) -> int:
        """Execute it, and return how many rows it wrote."""
        driver = driver_of(connection)
        if driver is None:
            return int(connection.execute(self._statement, dict(parameters)).rowcount)
        compiled = self._compile(connection.dialect, parameters)
        return int(self._run(compiled, lambda: driver.execute(compiled.text, compiled.values(parameters)).rowcount))

    def run_all(self, connection: sa.Connection, rows: Sequence[Parameters]) -> None:
        """Execute it for each of `rows`, which all have the same parameters."""
        if not rows:
            return
        driver = driver_of(connection)
        if driver is None:
            connection.execute(self._statement, [dict(row) for row in rows])
            return
        compiled = self._compile(connection.dialect, rows[0])
        self._run(compiled, lambda: driver.executemany(compiled.text, [compiled.values(row) for row in rows]))

    def _compile(self, dialect: sa.Dialect, parameters: Parameters) -> _Compiled:
        names = tuple(parameters)
        known = self._compiled.get(names)
        if known is None:
            known = self._compiled[names] = _compile(self._statement, dialect, names)
        return known

    @staticmethod
    def _run(compiled: _Compiled, execute: Callable[[], Any]) -> Any:
        try:
            return execute()
        except sqlite3.Error as error:
            # As SQLAlchemy would have it, so that a failure is understood in one place.
            raise sa.exc.DBAPIError.instance(compiled.text, None, error, sqlite3.Error, hide_parameters=True) from error


def _compile(statement: Any, dialect: sa.Dialect, names: Sequence[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    places: Sequence[str] = compiled.positiontup or ()
    types = {name: compiled.binds[name].type for name in places}
    return _Compiled(
        text=str(compiled),
        binds=[(name, types[name].dialect_impl(dialect).bind_processor(dialect)) for name in places],
        constants={name: value for name, value in compiled.params.items() if name not in names},
        results=[
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.exported_columns
        ],
    )
