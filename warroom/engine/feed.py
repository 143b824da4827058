"""The news, in process: the change log, told as it grows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial

from warroom.engine.interfaces import LoggedChange, WorldSnapshot
from warroom.store import changelog
from warroom.store.store import Store
from warroom.store.transaction import Reader
from warroom.store.world import open_world

__all__ = ["Feed"]

_BATCH = 1000
"""At most so many changes are told at once."""

_LOOK = 1.0
"""Seconds after which the log is read though nothing was heard: another process may have written on PostgreSQL."""

_RECENT = timedelta(hours=24)
"""An engagement for no incident is part of the open world for so long."""


class Feed:
    """A `ChangeFeed` over the change log of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._news = asyncio.Event()
        store.on_commit(self._wake)

    @property
    def epoch(self) -> str:
        """Identity of the change log."""
        return self._store.epoch

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def position(self) -> int:
        """The seq of the last committed change."""
        return await self._store.read(changelog.position)

    async def snapshot(self, account: str) -> WorldSnapshot:
        """The open world of an account (`store.world.open_world`) and its place in the log. Raises `StoreError`."""

        def look(reader: Reader) -> WorldSnapshot:
            seq = changelog.position(reader)
            world = open_world(reader, account, recent=reader.now - _RECENT)
            return WorldSnapshot(
                seq,
                [
                    LoggedChange(seq, reader.now, account, each.kind, each.key, each.incident_arn, each.text)
                    for each in world
                ],
            )

        return await self._store.read(look)

    async def follow(self, cursor: int) -> AsyncIterator[Sequence[LoggedChange]]:
        """Batches of the changes of all accounts after `cursor`, in order, without gaps. Raises `StoreError`."""
        while True:
            # Taken before the log is read, so that a commit in between is not slept through.
            news = self._news
            batch = await self._store.read(partial(_after, cursor))
            if batch:
                cursor = batch[-1].seq
                yield batch
                continue
            # Not wait_for: before Python 3.12 it loses a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await news.wait()


def _after(cursor: int, reader: Reader) -> list[LoggedChange]:
    return [LoggedChange(*tuple(row)) for row in changelog.after(reader, cursor, _BATCH)]
