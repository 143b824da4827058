"""One follower of the change feed for all clients, and the fan-out to those of each account.

Publishing never waits for a client: a change goes into each client's outbox, and the client's own writer
takes it from there. Nothing of an account is ever offered to a client of another.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from warroom.adapter.batch import Batch, Encoded
from warroom.engine.interfaces import ChangeFeed, LoggedChange

__all__ = ["Hub", "Subscriber", "following"]

log = logging.getLogger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between attempts to follow a feed that fails (a database outage)."""


@asynccontextmanager
async def following(feed: ChangeFeed, cursor: int) -> AsyncIterator[AsyncIterator[Sequence[LoggedChange]]]:
    """`feed.follow(cursor)`, ended for certain when the block is left."""
    batches = feed.follow(cursor)
    try:
        yield batches
    finally:
        if isinstance(batches, AsyncGenerator):
            await batches.aclose()


class Subscriber(Protocol):
    """Who gets the news of an account."""

    @property
    def account(self) -> str: ...

    def offer(self, batch: Batch) -> None:
        """Take note of it; must not wait."""
        ...


class Hub:
    """Follows `feed` from where it stands at `start` until `stop`."""

    def __init__(self, feed: ChangeFeed) -> None:
        self.feed = feed
        self.position = 0
        """The seq up to which everything was published: who joins now is offered all that is after it."""
        self._subscribers: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._waiters: set[tuple[int, asyncio.Future[None]]] = set()
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to follow. Raises `StoreError` when the feed cannot be read."""
        self.position = await self.feed.position()
        self._following = asyncio.create_task(self._follow(), name="hub")

    async def stop(self) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])

    def join(self, subscriber: Subscriber) -> int:
        """Offer it all changes of its account after the seq that is returned."""
        self._subscribers[subscriber.account].add(subscriber)
        return self.position

    def leave(self, subscriber: Subscriber) -> None:
        subscribers = self._subscribers.get(subscriber.account, set())
        subscribers.discard(subscriber)
        if not subscribers:
            self._subscribers.pop(subscriber.account, None)

    def publish(self, changes: Sequence[LoggedChange]) -> None:
        """Offer the next changes of the log to the clients of their accounts."""
        by_account: defaultdict[str, list[Encoded]] = defaultdict(list)
        for change in changes:
            if change.seq > self.position and change.account in self._subscribers:
                by_account[change.account].append(Encoded(change))
        if changes:
            self.position = max(self.position, changes[-1].seq)
        for account, encoded in by_account.items():
            batch = Batch(encoded, self.position)
            for subscriber in self._subscribers[account]:
                subscriber.offer(batch)
        for waiter in [each for each in self._waiters if each[0] <= self.position]:
            self._waiters.discard(waiter)
            if not waiter[1].done():
                waiter[1].set_result(None)

    async def reached(self, seq: int, timeout: float) -> bool:
        """Wait until everything up to `seq` was published, at most `timeout` seconds; whether it was."""
        if seq > self.position:
            waiter = (seq, asyncio.get_running_loop().create_future())
            self._waiters.add(waiter)
            try:
                async with asyncio.timeout(timeout):
                    await waiter[1]
            except TimeoutError:
                return False
            finally:
                self._waiters.discard(waiter)
        return True

    async def _follow(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            try:
                async with following(self.feed, self.position) as batches:
                    async for changes in batches:
                        self.publish(changes)
                        pause = SHORTEST_PAUSE
                raise RuntimeError("the change feed ended")
            except Exception:
                log.exception("the change feed failed; following it again from %d in %g s", self.position, pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
