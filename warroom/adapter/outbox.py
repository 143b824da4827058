"""What waits to be sent to one client: bounded, whatever the client does.

Batches wait in order, replies among them, so that a reply comes after the changes that it caused. When more
than `limit` changes wait, they are reduced to the latest of each key. When that is more than `most`, or the
client has taken nothing for `patience` seconds, the changes are dropped and `lost` says that the client needs
a fresh snapshot. Sharing batches costs nothing: a waiting batch is one object for all clients.

Replies are never dropped. Who makes them looks at `crowded` first, and makes no more while it is true.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from warroom.adapter.batch import Batch, Encoded, Watched, parts

__all__ = ["LIMIT", "MOST", "PATIENCE", "REPLIES", "REPLIES_LENGTH", "Outbox"]

LIMIT = 1_000
"""Changes that wait before they are coalesced."""
MOST = 5_000
"""Changes that wait, once coalesced, before they are dropped for a snapshot."""
PATIENCE = 30.0
"""Seconds without taking anything, after which what waits is dropped."""
REPLIES = 64
"""Replies that wait before it is crowded."""
REPLIES_LENGTH = 1_000_000
"""Characters of replies that wait before it is crowded."""


class _Reply(NamedTuple):
    text: str


class Outbox:
    """Give it what a client should get; take the frames from it one by one."""

    def __init__(self, *, limit: int = LIMIT, most: int = MOST, patience: float = PATIENCE) -> None:
        self._limit, self._most, self._patience = limit, most, patience
        self._waiting: deque[Batch | _Reply] = deque()
        self._coalesce_above = limit
        self._size = 0
        self._replies = self._replies_length = 0
        self._taken_at = 0.0
        self._skip_to = 0
        self.lost = False
        """Changes were dropped; until `renew`, further ones are not kept."""

    @property
    def size(self) -> int:
        """Changes that wait."""
        return self._size

    @property
    def crowded(self) -> bool:
        """Whether too many replies wait for another command to be done."""
        return self._replies >= REPLIES or self._replies_length >= REPLIES_LENGTH

    def offer(self, batch: Batch, now: float) -> None:
        """News for the client, each once; `now` in seconds of any clock that only goes forward."""
        if self.lost or batch.seq <= self._skip_to:
            return
        batch = _after(batch, self._skip_to)
        if not self._waiting:
            self._taken_at = now
        self._waiting.append(batch)
        self._skip_to = batch.seq
        self._size += len(batch)
        if now - self._taken_at > self._patience:
            self._drop()
        elif self._size > self._coalesce_above:
            self._coalesce()

    def reply(self, text: str) -> None:
        """A frame that is never dropped; it goes after all changes offered before it."""
        self._waiting.append(_Reply(text))
        self._replies += 1
        self._replies_length += len(text)

    def take(self, watched: Watched, now: float) -> str | None:
        """The next frame for a client that watches `watched`, or None when nothing waits for it."""
        self.taken(now)
        while self._waiting:
            item = self._waiting.popleft()
            if isinstance(item, _Reply):
                self._replies -= 1
                self._replies_length -= len(item.text)
                return item.text
            self._size -= len(item)
            frame = item.frame(watched)
            if frame is not None:
                return frame
        self._coalesce_above = self._limit
        return None

    def taken(self, now: float) -> None:
        """The client took something, of here or from elsewhere: it is alive, however slow."""
        self._taken_at = now

    def renew(self) -> None:
        """A snapshot is on its way: forget all changes, and keep those that are offered from now on."""
        self._drop()
        self.lost = False

    def skip(self, seq: int) -> None:
        """The client has had all up to `seq`: neither keep nor accept older changes."""
        self._skip_to = max(self._skip_to, seq)
        self._waiting = deque(
            item if isinstance(item, _Reply) else _after(item, seq)
            for item in self._waiting
            if isinstance(item, _Reply) or item.seq > seq
        )
        self._size = sum(len(batch) for batch in self._batches())

    def _batches(self) -> list[Batch]:
        return [item for item in self._waiting if isinstance(item, Batch)]

    def _coalesce(self) -> None:
        """Keep the latest change of each key. They stay in order of seq, so that after each frame the client
        has all whose latest change is not after the frame's seq: resuming from there misses nothing."""
        batches = self._batches()
        latest: dict[tuple[str, str], Encoded] = {}
        for batch in batches:
            for change in batch.changes:
                latest[change.identity] = change
        if len(latest) > self._most:
            self._drop()
            return
        kept = sorted(latest.values(), key=lambda change: change.seq)
        replies = [item for item in self._waiting if isinstance(item, _Reply)]
        self._waiting = deque([*parts(kept, batches[-1].seq), *replies])
        self._size = len(kept)
        self._coalesce_above = max(self._limit, 2 * len(kept))

    def _drop(self) -> None:
        self._waiting = deque(item for item in self._waiting if isinstance(item, _Reply))
        self._size = 0
        self._coalesce_above = self._limit
        self.lost = True


def _after(batch: Batch, seq: int) -> Batch:
    if not batch.changes or batch.changes[0].seq > seq:
        return batch
    return Batch([change for change in batch.changes if change.seq > seq], batch.seq)
