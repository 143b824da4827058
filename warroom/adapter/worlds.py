"""Snapshots on their way to many clients: the world of an account is read and put into JSON once for all who
ask while nothing happens (as when all of them come back after a restart).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from warroom.adapter.batch import snapshot_frames
from warroom.adapter.hub import Hub

__all__ = ["KEPT", "World", "Worlds"]

KEPT = 5.0
"""Seconds for which a world is kept for the next who asks."""
RETRY = 0.05
"""Seconds until a world is read again that is older than the news (a database replica may lag)."""


class World(NamedTuple):
    seq: int
    frames: Sequence[str]


class Worlds:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._kept: dict[str, World] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, account: str) -> World:
        """The open world of the account, at least as new as all that the hub has published by now."""
        wanted = self._hub.position
        async with self._reading[account]:
            world = self._kept.get(account)
            while world is None or world.seq < wanted:
                world = await self._read(account)
                if world.seq < wanted:
                    await asyncio.sleep(RETRY)
            return world

    async def _read(self, account: str) -> World:
        snapshot = await self._hub.feed.snapshot(account)
        frames: list[str] = []
        for frame in snapshot_frames(snapshot.changes, snapshot.seq):
            frames.append(frame)
            await asyncio.sleep(0)  # others get their turn between the parts of a large world
        world = World(snapshot.seq, frames)
        self._kept[account] = world
        asyncio.get_running_loop().call_later(KEPT, self._forget, account, world)
        return world

    def _forget(self, account: str, world: World) -> None:
        if self._kept.get(account) is world:
            del self._kept[account]
