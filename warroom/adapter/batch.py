"""Changes on their way to many clients: each is put into JSON once, and each frame once per view.

What a client of an account sees of a batch depends only on which of the batch's incidents it watches, so
clients that watch the same ones share one text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import orjson

from warroom.engine.interfaces import LoggedChange
from warroom.model.changes import WATCHED_KINDS

__all__ = ["PART", "Batch", "Encoded", "Watched", "history_frame", "parts", "snapshot_frames"]

PART = 500
"""Changes in a frame, at most: a snapshot comes in parts, so that the first can be painted early."""

Watched = Mapping[str, float]
"""ARNs of the incidents that a client watches. Of each it has had the news up to the seq given here."""


class Encoded:
    """A change and its JSON text, made when first needed. The record's text is spliced in as it was stored."""

    __slots__ = ("_text", "change", "identity", "incident", "seq")

    def __init__(self, change: LoggedChange) -> None:
        self.change = change
        self.seq = change.seq
        self.identity = (change.kind, change.key)
        self.incident = change.incident_arn if change.kind in WATCHED_KINDS else None
        """The incident that one must watch to see it; None when everybody of the account does."""
        self._text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            change = self.change
            body = {
                "seq": change.seq,
                "at": change.at,
                "kind": change.kind,
                "key": change.key,
                "record": None if change.record is None else orjson.Fragment(change.record),
            }
            self._text = orjson.dumps(body, option=orjson.OPT_UTC_Z).decode()
        return self._text


class Batch:
    """Changes of one account in order; a client that has had it is at `seq`."""

    def __init__(self, changes: Sequence[Encoded], seq: int) -> None:
        self.changes = changes
        self.seq = seq
        self._frames: dict[frozenset[tuple[str, float]], str | None] = {}

    def __len__(self) -> int:
        return len(self.changes)

    @cached_property
    def _incidents(self) -> Mapping[str, int]:
        """The incidents that must be watched to see all of it, and the last seq of each."""
        return {each.incident: each.seq for each in self.changes if each.incident is not None}

    def frame(self, watched: Watched) -> str | None:
        """The `changes` frame for a client that watches `watched`; None when it sees nothing of this batch."""
        before = self.changes[0].seq - 1 if self.changes else 0
        view = frozenset(
            (incident, max(watched[incident], before))
            for incident, last in self._incidents.items()
            if watched.get(incident, math.inf) < last
        )
        if view not in self._frames:
            since = dict(view)
            seen = [
                each.text
                for each in self.changes
                if each.incident is None or since.get(each.incident, math.inf) < each.seq
            ]
            self._frames[view] = f'{{"kind":"changes","seq":{self.seq},"changes":[{",".join(seen)}]}}' if seen else None
        return self._frames[view]


def parts(changes: Sequence[Encoded], seq: int) -> Iterator[Batch]:
    """Batches of at most `PART` changes, in order; having had the last, a client is at `seq`."""
    for start in range(0, len(changes), PART):
        part = changes[start : start + PART]
        yield Batch(part, seq if start + PART >= len(changes) else part[-1].seq)


def snapshot_frames(changes: Iterable[LoggedChange], seq: int) -> Iterator[str]:
    """The `snapshot` frames of the world at `seq`: at least one, in parts, each made when it is asked for."""
    seen = [change for change in changes if change.kind not in WATCHED_KINDS]
    for start in range(0, max(len(seen), 1), PART):
        first = "true" if start == 0 else "false"
        last = "true" if start + PART >= len(seen) else "false"
        bodies = ",".join(Encoded(change).text for change in seen[start : start + PART])
        yield f'{{"kind":"snapshot","seq":{seq},"first":{first},"last":{last},"changes":[{bodies}]}}'


def history_frame(incident: str, changes: Iterable[LoggedChange], *, latest: bool, older: str | None) -> str:
    """The `history` frame: a part of the timeline of `incident`."""
    bodies = ",".join(Encoded(change).text for change in changes)
    head = orjson.dumps({"kind": "history", "incident": incident, "latest": latest, "older": older}).decode()
    return f'{head[:-1]},"changes":[{bodies}]}}'
