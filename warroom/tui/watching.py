"""Which incident's timeline the backend sends: that of the selected one, once the selection rests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from warroom.tui.link import LinkLike
from warroom.tui.world import World

__all__ = ["Watching"]

REST = 0.12
"""Seconds that a selection must last before it is watched, when another was watched just before."""


class _Stoppable(Protocol):
    def stop(self) -> None: ...


class Watching:
    """Follows the selection; somebody who runs through a list watches the first and the last, not all between."""

    def __init__(self, world: World, link: LinkLike, later: Callable[[float, Callable[[], None]], _Stoppable]) -> None:
        self._world = world
        self._link = link
        self._later = later
        self._timer: _Stoppable | None = None
        self._wanted: str | None = None
        self._watched: str | None = None
        self._turned = 0.0

    def follow(self, selected: str | None) -> None:
        """The selection is this incident, or none."""
        if selected == self._wanted:
            return
        self._wanted = selected
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        rest = self._turned + REST - time.monotonic()
        if rest <= 0:
            self._turn()
        else:
            self._timer = self._later(rest, self._turn)

    def _turn(self) -> None:
        self._turned = time.monotonic()
        if self._wanted == self._watched:
            return
        if self._watched is not None:
            self._link.unwatch(self._watched)
            self._world.unwatch(self._watched)
        self._watched = self._wanted
        if self._watched is not None:
            self._world.watch(self._watched)
            self._link.watch(self._watched)
