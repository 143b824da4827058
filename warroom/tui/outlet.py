"""The way out to the terminal: only cells that changed are written, and a slow terminal is noticed.

`App._display` and the two updates it is handed are private names of Textual 8; `DirectDisplay` is the only place
that knows them. Without the hook the war room runs as plain Textual.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from textual import on
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver

from warroom.tui.shadow import Piece, Shadow

__all__ = ["DirectDisplay", "is_behind"]

FEW_WRITES = 6
"""A frame is up to three writes; with more than two frames waiting, the terminal is behind."""


CLEAR = "\x1b[0m\x1b[2J"


class _Written(CompositorUpdate):
    """An update that is text already."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render_segments(self, console: Console) -> str:
        return self._text


class DirectDisplay(App[Any]):
    """An app whose frames are as small as its changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shadow = Shadow()
        self._disable_notifications = self._disable_tooltips = True

    @on(Driver.SignalResume)
    def redraw(self) -> None:
        """Write the whole screen, whatever the terminal is thought to show."""
        self._shadow.forget()
        self.screen.refresh()

    def on_unmount(self) -> None:
        """Leave an empty screen: a tmux window that was enlarged meanwhile would go on showing what is left on it."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(CLEAR)

    def _display(self, screen: Any, renderable: Any) -> None:
        if self._reaches_terminal(renderable):
            pieces = _pieces(renderable)
            if pieces is None:
                self._shadow.forget()
            else:
                text = self._shadow.write(pieces, (self.size.width, self.size.height), self.console._color_system)
                if not text and self.cursor_position == self._previous_cursor_position:
                    return
                renderable = _Written(text)
        super()._display(screen, renderable)

    def _reaches_terminal(self, renderable: Any) -> bool:
        """Whether `App._display` will write it at all."""
        return bool(
            renderable is not None
            and self._running
            and not (self._batch_count or self._closed or self.is_headless)
            and self._driver is not None
        )


def _pieces(renderable: Any) -> Iterator[Piece] | None:
    """The lines of an update, None when it is of another kind."""
    if isinstance(renderable, LayoutUpdate):
        return _pieces_of_layout(renderable)
    if isinstance(renderable, ChopsUpdate):
        return _pieces_of_chops(renderable)
    return None


def _pieces_of_layout(update: LayoutUpdate) -> Iterator[Piece]:
    for y, strips in enumerate(update.strips, update.region.y):
        yield y, update.region.x, [segment for strip in strips for segment in strip]


def _pieces_of_chops(update: ChopsUpdate) -> Iterator[Piece]:
    for y, first, past in update.spans:
        for end, (start, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            left, right = max(start, first), min(end, past)
            if strip is not None and left < right:
                yield y, left, list(strip.crop(left - start, right - start))


def is_behind(app: App[Any]) -> bool:
    """Whether the terminal has not taken the last frames yet: then a frame is skipped, not queued."""
    writer = getattr(app._driver, "_writer_thread", None)
    queue = getattr(writer, "_queue", None)
    return queue is not None and queue.qsize() > FEW_WRITES
