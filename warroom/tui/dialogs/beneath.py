"""What lies under a dialog stays on the screen, true and cheap.

Textual draws the screens under a modal one as a picture of the whole, and again for every changed cell (200x50: 10 ms
and, without an outlet that compares, 19 KB). Here a change below repaints its own cells, through the dialog on top,
whose ground is the lines of the screen below.

This is the only place of the dialogs that knows Textual's private names.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.strip import Strip

__all__ = ["Above", "Beneath"]

Answer = TypeVar("Answer")


class Beneath(Screen[Answer], Generic[Answer]):
    """A screen over which dialogs are opened."""

    def pass_on(self) -> None:
        """Have what changed here painted through the screen above, as soon as that is there."""
        stack = self.app.screen_stack
        if self not in stack[:-1]:
            return
        above = stack[stack.index(self) + 1]
        if not above.is_mounted:
            return
        dirty = list(self._compositor._dirty_regions)
        self._compositor._dirty_regions.clear()
        if dirty:
            above.refresh(*dirty)

    def _compositor_refresh(self) -> None:
        if self.app.screen is self or self.app.is_inline:
            super()._compositor_refresh()
        else:
            self.pass_on()


class Above(Beneath[Answer], ModalScreen[Answer], Generic[Answer]):
    """A modal screen through which the one below shows, wherever it has no widgets."""

    def on_mount(self) -> None:
        below = self._below()
        if isinstance(below, Beneath):
            self.call_later(below.pass_on)

    def render_line(self, y: int) -> Strip:
        below = self._below()
        return super().render_line(y) if below is None else _line(below, y)

    def _below(self) -> Screen[Any] | None:
        stack = self.app.screen_stack
        at = stack.index(self) if self in stack else 0
        return stack[at - 1] if at > 0 else None


def _line(screen: Screen[Any], y: int) -> Strip:
    """Line `y` of all that `screen` shows."""
    width, _ = screen.size
    chops = screen._compositor._render_chops(Region(0, y, width, 1), lambda line: line == y)
    if y >= len(chops):
        return Strip.blank(width)
    return Strip.join([strip for strip in chops[y].values() if strip is not None])
