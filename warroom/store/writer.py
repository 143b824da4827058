"""The one writer: it commits all waiting units of work together, so that durability does not cost throughput.

Measured (`design.md`, "SQLite access"): 3,524 durable transactions a second one by one, 51,858 in groups of 64.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from warroom.model.errors import StoreError
from warroom.store import changelog
from warroom.store.statements import driver_of
from warroom.store.transaction import NewChange, Transaction

__all__ = ["GROUP", "Outcome", "Writer"]

GROUP = 64
"""At most so many units of work share a commit."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Unit(Generic[T]):
    work: Callable[[Transaction], T]
    future: asyncio.Future[T]


class Outcome(NamedTuple):
    """What became of a unit of work: its result or, if there is one, its failure."""

    future: asyncio.Future[Any]
    result: Any
    failure: Exception | None


class Writer:
    """A thread that owns the writing connection.

    `explain` turns a failure of the database into a `StoreError`. `settled` is called on the thread, once for all
    units that shared a commit, with what became of each and whether any record changed.
    """

    def __init__(
        self,
        engine: sa.Engine,
        now: Callable[[], datetime],
        explain: Callable[[BaseException], StoreError],
        settled: Callable[[Sequence[Outcome], bool], None],
    ) -> None:
        self._engine = engine
        self._now = now
        self._explain = explain
        self._settled = settled
        self._waiting: queue.SimpleQueue[_Unit[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="warroom-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Transaction], T], future: asyncio.Future[T]) -> None:
        """Queue `work`. Its outcome, with `future`, is told after the commit: the result, or what `work` raised
        (its own writes undone), or a `StoreError`. Work whose future is cancelled by then is not begun."""
        self._waiting.put(_Unit(work, future))

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            group: list[_Unit[Any]] = []
            unit = self._waiting.get()
            while unit is not None:
                if not unit.future.cancelled():
                    group.append(unit)
                if len(group) >= GROUP or self._waiting.empty():
                    break
                unit = self._waiting.get()
            open_ = unit is not None
            if group:
                self._commit(group)

    def _commit(self, group: list[_Unit[Any]]) -> None:
        try:
            outcomes, changed = self._attempt(group)
        except Exception as error:
            if len(group) > 1:
                # One unit's fault, or the disk's: each alone finds out whether it is its own.
                for unit in group:
                    self._commit([unit])
                return
            of_database = isinstance(error, sa.exc.DBAPIError | sqlite3.Error)
            failure = self._explain(error) if of_database else error
            outcomes, changed = [Outcome(group[0].future, None, failure)], False
        self._settled(outcomes, changed)

    def _attempt(self, group: list[_Unit[Any]]) -> tuple[list[Outcome], bool]:
        """Run a group in one transaction, and return the outcomes and whether any record changed.

        Raises what the database raises; what the work raises is an outcome.
        """
        outcomes: list[Outcome] = []
        made_known: list[NewChange] = []
        with self._engine.begin() as connection:
            driver = driver_of(connection)
            savepoint: Callable[[str], Any] = connection.exec_driver_sql if driver is None else driver.execute
            for unit in group:
                transaction = Transaction(connection, self._now())
                savepoint("SAVEPOINT unit")
                try:
                    outcomes.append(Outcome(unit.future, unit.work(transaction), None))
                except sa.exc.DBAPIError:
                    raise
                except Exception as failure:
                    savepoint("ROLLBACK TO SAVEPOINT unit")
                    outcomes.append(Outcome(unit.future, None, failure))
                else:
                    made_known.extend(transaction.changes)
                savepoint("RELEASE SAVEPOINT unit")
            changelog.append(Transaction(connection, self._now()), made_known)
        return outcomes, bool(made_known)
