"""The store: open it, read it, write it, and hear of what was committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import NamedTuple, TypeVar

import sqlalchemy as sa

from warroom.model.errors import StoreError
from warroom.store import database, lock, schema
from warroom.store.transaction import Reader, Transaction
from warroom.store.writer import Outcome, Writer

__all__ = ["Store"]

T = TypeVar("T")


class _Opened(NamedTuple):
    epoch: str
    writing: sa.Engine
    let_go: ExitStack
    """Ends the writing and, after it, the hold on the database."""


_READERS = 4
"""Threads that read beside the writer."""


class Store:
    """One database. Made by `Store.open`; its methods belong to the event loop that opened it."""

    def __init__(self, url: str, opened: _Opened, now: Callable[[], datetime]) -> None:
        self.epoch = opened.epoch
        self._url = url
        self._let_go = opened.let_go
        self._closed = False
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._listeners: list[Callable[[], None]] = []
        self._writing = opened.writing
        self._reading = database.connect_reader(url)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="warroom-reader")
        self._writer = Writer(self._writing, now, lambda error: database.explain(error, url), self._settled)

    @classmethod
    async def open(cls, url: str, now: Callable[[], datetime]) -> Store:
        """Hold the database at `url` against other backends, and bring it to this version's tables.

        Raises `StoreError`: a bad URL, another backend that holds it, a file that cannot be written, a database that
        is damaged or too new.
        """
        return cls(url, await asyncio.to_thread(_open, url, now()), now)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction of its own and return its result once it is durable.

        What `work` raises undoes its writes and comes out here. Raises `StoreError` when it could not be kept.
        `work` may be run more than once, so it must have no effects but its writes.
        """
        self._require_open()
        outcome: asyncio.Future[T] = self._loop.create_future()
        self._writer.submit(work, outcome)
        return await outcome

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Run `work` on one consistent state, beside the writer. Raises `StoreError`."""
        self._require_open()
        return await self._loop.run_in_executor(self._readers, self._read, work)

    def _require_open(self) -> None:
        if self._closed:
            raise StoreError("the database is closed: the backend is ending")

    def _read(self, work: Callable[[Reader], T]) -> T:
        try:
            with self._reading.begin() as connection:
                return work(Reader(connection, self._now()))
        except sa.exc.DBAPIError as error:
            raise database.explain(error, self._url) from error

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the event loop after each commit that changed records."""
        self._listeners.append(listener)

    def _settled(self, outcomes: Sequence[Outcome], changed: bool) -> None:
        # A loop that has ended has nobody left to tell; the commit stands all the same.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._tell, outcomes, changed)

    def _tell(self, outcomes: Sequence[Outcome], changed: bool) -> None:
        for future, result, failure in outcomes:
            if future.done():  # cancelled, or told already: see `Writer._run`
                continue
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)
        if changed:
            for listener in self._listeners:
                listener()

    async def close(self) -> None:
        """Commit what waits and let go of the database. Reading and writing raise `StoreError` from now on."""
        self._closed = True
        await self._loop.run_in_executor(self._readers, self._writer.close)
        self._readers.shutdown()
        self._reading.dispose()
        self._let_go.close()


def _open(url: str, now: datetime) -> _Opened:
    with ExitStack() as undo:
        undo.enter_context(lock.held(url))
        writing = database.connect_writer(url)
        undo.callback(writing.dispose)
        try:
            epoch = schema.prepare(writing, now)
        except sa.exc.DBAPIError as error:
            raise database.explain(error, url) from error
        return _Opened(epoch, writing, undo.pop_all())
