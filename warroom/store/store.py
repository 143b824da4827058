"""The store: open it, read it, write it, and hear of what was committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from warroom.model.errors import StoreError
from warroom.store import database, schema
from warroom.store.transaction import Reader, Transaction
from warroom.store.writer import Outcome, Writer

__all__ = ["Store"]

T = TypeVar("T")

_READERS = 4
"""Threads that read beside the writer."""


class Store:
    """One database. Made by `Store.open`; its methods belong to the event loop that opened it."""

    def __init__(self, url: str, epoch: str, now: Callable[[], datetime], writing: sa.Engine) -> None:
        self.epoch = epoch
        self._url = url
        self._closed = False
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._listeners: list[Callable[[], None]] = []
        self._writing = writing
        self._reading = database.connect_reader(url)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="warroom-reader")
        self._writer = Writer(writing, now, lambda error: database.explain(error, url), self._settled)

    @classmethod
    async def open(cls, url: str, now: Callable[[], datetime]) -> Store:
        """Open the database at `url` and bring it to this version's tables.

        Raises `StoreError`: a bad URL, a file that cannot be written, a database that is damaged or too new.
        """
        database.sqlite_path(url)
        writing = database.connect_writer(url)
        try:
            epoch = await asyncio.to_thread(schema.prepare, writing, now())
        except sa.exc.DBAPIError as error:
            writing.dispose()
            raise database.explain(error, url) from error
        except BaseException:
            writing.dispose()
            raise
        return cls(url, epoch, now, writing)

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
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, outcomes, changed)

    def _tell(self, outcomes: Sequence[Outcome], changed: bool) -> None:
        for future, result, failure in outcomes:
            if future.cancelled():
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
        await asyncio.to_thread(self._writer.close)
        self._readers.shutdown()
        self._reading.dispose()
        self._writing.dispose()
