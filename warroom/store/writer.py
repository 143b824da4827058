"""The one writer: it commits all waiting units of work together, so that durability does not cost throughput.

Measured (`design.md`, "SQLite access"): 3,524 durable transactions a second one by one, 51,858 in groups of 64.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from warroom.model.errors import StoreError, StoreUnwritable
from warroom.store import changelog
from warroom.store.database import is_conflict
from warroom.store.statements import driver_of
from warroom.store.transaction import NewChange, Transaction

__all__ = ["GROUP", "Outcome", "Writer"]

GROUP = 64
"""At most so many units of work share a commit."""

_TRIES = 5
"""So often is a unit run that comes into conflict with somebody else's transaction on PostgreSQL."""

_log = logging.getLogger(__name__)

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
            try:
                if group:
                    self._commit(group)
            except BaseException as fault:
                # Whatever it is, nobody is left waiting for ever. Who was told already is not told again.
                _log.exception("the writer failed and goes on")
                failure = StoreError(f"the write failed: {type(fault).__name__}; the log has more")
                self._settled([Outcome(unit.future, None, failure) for unit in group], False)

    def _commit(self, group: list[_Unit[Any]], tries: int = _TRIES) -> None:
        try:
            outcomes, changed = self._attempt(group)
        except Exception as error:
            of_database = isinstance(error, sa.exc.DBAPIError | sqlite3.Error)
            failure = self._explain(error) if of_database else error
            alone = len(group) == 1
            if alone and tries > 1 and is_conflict(error):
                return self._commit(group, tries - 1)
            if not alone and not isinstance(failure, StoreUnwritable):
                # Some unit's fault: each alone finds out whether it is its own. A disk that is full or locked is so
                # for all of them, and each would wait for it anew.
                for unit in group:
                    self._commit([unit])
                return None
            outcomes, changed = [Outcome(unit.future, None, failure) for unit in group], False
        return self._settled(outcomes, changed)

    def _attempt(self, group: list[_Unit[Any]]) -> tuple[list[Outcome], bool]:
        """Run a group in one transaction, and return the outcomes and whether any record changed.

        Raises what the database raises; what the work raises is an outcome.
        """
        outcomes: list[Outcome] = []
        made_known: list[NewChange] = []
        remarks: list[Callable[[], None]] = []
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
                    remarks.extend(transaction.remarks)
                savepoint("RELEASE SAVEPOINT unit")
            changelog.append(Transaction(connection, self._now()), made_known)
        for remark in remarks:
            remark()
        return outcomes, bool(made_known)
