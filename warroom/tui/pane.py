"""A framed part of the screen: a number and a title with counts in its border, and lines that scroll."""

from __future__ import annotations

from textual import events

from warroom.tui.canvas import Canvas, Row
from warroom.tui.ink import Line, clip, measure
from warroom.tui.records import Touched

__all__ = ["Pane"]


class Pane(Canvas):
    """A canvas in a frame. The subclass gives title, notes and lines; scrolling is by `top`, its first shown line.

    One pane is active: it gets the keys that move. That is no focus of Textual's, whose change repaints all of it.
    """

    number = 0
    """The digit that makes it the active one."""

    top = 0
    active = False

    def title(self) -> Line:
        """What stands in the upper border after the number."""
        raise NotImplementedError

    def remark(self) -> Line:
        """What stands at the right of the lower border."""
        return []

    def lines(self, width: int) -> list[Row]:
        """All lines, as wide as the frame leaves room."""
        raise NotImplementedError

    def concerns(self, touched: Touched) -> bool:
        """Whether a change of the world can change what is shown."""
        raise NotImplementedError

    @property
    def inside(self) -> int:
        """How many lines the frame leaves room for."""
        return max(1, self.size.height - 2)

    # --- drawing

    def rows(self, width: int, height: int) -> list[Row]:
        inner, room = width - 4, height - 2
        if inner < 1 or room < 1:
            return []
        body, first, total = self.window(inner, room)
        thumb = _thumb(first, room, total)
        ink = "focus" if self.active else "frame"
        framed = [self._border("╭", "╮", width, [(f" {self.number} ", "key"), *self.title()], [])]
        for y in range(room):
            line, ground = body[y] if y < len(body) else Row([])
            line, left = _cut(line, inner)
            inside: Line = [(" ", "text"), *line, (" " * (left + 1), "text")]
            right = ("┃", "thumb") if y in thumb else ("│", ink)
            framed.append(Row([("│", ink), *inside, right], ground))
        framed.append(self._border("╰", "╯", width, [], self.remark()))
        return framed

    def window(self, width: int, room: int) -> tuple[list[Row], int, int]:
        """The lines that are shown, the position of the first, and how many there are."""
        lines = self.lines(width)
        self.top = max(0, min(self.top, len(lines) - room))
        return lines[self.top : self.top + room], self.top, len(lines)

    def _border(self, left: str, right: str, width: int, start: Line, end: Line) -> Row:
        ink = "focus" if self.active else "frame"
        end, room = _cut(end, width - 6)
        start, room = _cut(start, room)
        if start:
            start = [*start, (" ", ink)]
        if end:
            end = [(" ", ink), *end, (" ", ink)]
        room += 2 - bool(start) - 2 * bool(end)
        return Row([(f"{left}─", ink), *start, ("─" * max(0, room), ink), *end, (f"─{right}", ink)])

    # --- moving about

    def move(self, steps: int) -> None:
        """Go down by so many lines; up when negative."""
        self.top = max(0, self.top + steps)
        self.repaint()

    def page(self, pages: int) -> None:
        self.move(pages * max(1, self.inside - 1))

    def home(self) -> None:
        self.move(-(10**9))

    def end(self) -> None:
        self.move(10**9)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-3)


def _cut(line: Line, width: int) -> tuple[Line, int]:
    """The line in at most `width` cells, and how many cells it leaves."""
    kept: Line = []
    for text, ink in line:
        if width <= 0:
            break
        shown = clip(text, width)
        kept.append((shown, ink))
        width -= measure(shown)
    return kept, max(0, width)


def _thumb(first: int, room: int, total: int) -> range:
    """The lines of the right border that show which part is seen; none when all of it is."""
    if total <= room:
        return range(0)
    size = max(1, room * room // total)
    start = round(first * (room - size) / (total - room))
    return range(start, start + size)
