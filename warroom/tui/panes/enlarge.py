"""What a window shows that is too small for the war room."""

from __future__ import annotations

from warroom.tui.canvas import Canvas, Row

__all__ = ["SMALLEST", "Enlarge"]

SMALLEST = (80, 20)
"""Columns and lines in which every pane still says something useful; a multiplexer takes lines of an 80x24 window."""


class Enlarge(Canvas):
    """Says how large the window must be, in a few words that fit anywhere."""

    def rows(self, width: int, height: int) -> list[Row]:
        columns, lines = SMALLEST
        here = self.screen.size
        words = [f"enlarge to {columns}x{lines}", f"(now {here.width}x{here.height})"]
        above = max(0, (height - len(words)) // 2)
        return [Row([])] * above + [Row([(word.center(width)[:width], "warn")]) for word in words]
