"""What the terminal shows, cell by cell, so that only the cells that differ from the next frame are written.

Textual repaints whole widgets, and on a layout the whole screen; over ssh that is what makes a screen slow. A frame
goes through here as lines of segments; what comes out moves the cursor to each run of changed cells and names each
colour once. Whatever else writes to the terminal, or changes its size, must be followed by `forget`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from warroom.tui.picture import Cell, cells_of, runs

__all__ = ["Shadow"]

Piece = tuple[int, int, Sequence[Segment]]
"""A line, the column at which it begins, and its text."""

UNKNOWN: Cell = ("\0", None)
"""Differs from every cell that can be drawn."""


class Shadow:
    """Remembers a screen of `width` by `height` cells."""

    def __init__(self) -> None:
        self._size = (0, 0)
        self._lines: list[list[Cell]] = []

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next frame is written whole."""
        self._size = (0, 0)

    def write(self, pieces: Iterable[Piece], size: tuple[int, int], colours: ColorSystem | None) -> str:
        """What makes the terminal show the pieces; empty when it does already. `size` is columns and lines."""
        if size != self._size:
            self._size = size
            width, height = size
            self._lines = [[UNKNOWN] * width for _ in range(height)]
        pen = _Pen(colours)
        for y, x, segments in pieces:
            if 0 <= y < len(self._lines):
                self._write_piece(pen, y, x, segments)
        return pen.finished()

    def _write_piece(self, pen: _Pen, y: int, x: int, segments: Sequence[Segment]) -> None:
        line = self._lines[y]
        after = cells_of(segments)[: len(line) - x]
        before = line[x : x + len(after)]
        if before == after:
            return
        for first, past in runs(before, after):
            pen.move(x + first, y)
            for text, style in after[first:past]:
                pen.draw(text, style)
        line[x : x + len(after)] = after


class _Pen:
    """Collects what is written; it knows which style the terminal draws with."""

    def __init__(self, colours: ColorSystem | None) -> None:
        self._colours = colours
        self._written: list[str] = []
        self._style: Style | None = None
        self._begun = False
        self._finish = ""

    def move(self, x: int, y: int) -> None:
        self._written.append(f"\x1b[{y + 1};{x + 1}H")

    def draw(self, text: str, style: Style | None) -> None:
        if not self._begun or (style is not self._style and style != self._style):
            begin, finish = _around(style or Style.null(), self._colours)
            self._written += (self._finish, "\x1b[0" + (";" + begin[2:] if begin[:2] == "\x1b[" else "m" + begin))
            self._style, self._finish, self._begun = style, finish, True
        self._written.append(text)

    def finished(self) -> str:
        if self._begun:
            self._written += (self._finish, "\x1b[0m")
        return "".join(self._written)


@lru_cache(maxsize=4096)
def _around(style: Style, colours: ColorSystem | None) -> tuple[str, str]:
    """What is written before and after text of a style; after it only what is more than a reset: the end of a link."""
    before, _, after = style.render("x", color_system=colours).partition("x")
    return before, after.removeprefix("\x1b[0m")
