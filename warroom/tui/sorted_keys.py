"""An index that stays sorted: one change costs a bisection, not a sort."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any

__all__ = ["SortedKeys"]

SortKey = tuple[Any, ...]


class SortedKeys:
    """Names in the order of a sort key that each was given; equal sort keys are ordered by name.

    While `bulk` is set, additions are only collected; setting it back to False sorts once.
    """

    def __init__(self) -> None:
        self._entries: list[SortKey] = []
        self._of: dict[str, SortKey] = {}
        self._bulk = False

    @property
    def bulk(self) -> bool:
        return self._bulk

    @bulk.setter
    def bulk(self, bulk: bool) -> None:
        if self._bulk and not bulk:
            self._entries = sorted(self._of.values())
        self._bulk = bulk

    def __len__(self) -> int:
        return len(self._of)

    def __contains__(self, name: object) -> bool:
        return name in self._of

    def __iter__(self) -> Iterator[str]:
        return (entry[-1] for entry in self._entries)

    def __getitem__(self, position: int) -> str:
        name: str = self._entries[position][-1]
        return name

    def put(self, name: str, sort_key: SortKey) -> None:
        """Add `name`, or move it to where `sort_key` belongs."""
        entry = (*sort_key, name)
        if self._of.get(name) == entry:
            return
        self.discard(name)
        self._of[name] = entry
        if not self._bulk:
            insort(self._entries, entry)

    def discard(self, name: str) -> None:
        entry = self._of.pop(name, None)
        if entry is not None and not self._bulk:
            del self._entries[bisect_left(self._entries, entry)]

    def index(self, name: str) -> int | None:
        """The position of `name`, or None when it is not here."""
        entry = self._of.get(name)
        return None if entry is None else bisect_left(self._entries, entry)

    def clear(self) -> None:
        self._entries.clear()
        self._of.clear()
