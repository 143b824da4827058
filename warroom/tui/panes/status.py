"""The line of what I asked for: pending at once, then done, or failed with the reason, which may take more lines."""

from __future__ import annotations

from textual.geometry import Size

from warroom.tui.canvas import Canvas, Row
from warroom.tui.clock import age
from warroom.tui.connection import State
from warroom.tui.errands import Errand, Outcome
from warroom.tui.ink import Line, clip, measure, wrap

__all__ = ["StatusLine"]

MOST_LINES = 3
"""So many lines a reason may take from the panes."""


class StatusLine(Canvas):
    """Shows the newest pending errand, else the last outcome until it is dismissed. It is as high as that takes."""

    _high = 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._high = len(self.rows(width, MOST_LINES))
        return self._high

    def repaint(self) -> None:
        if self.size.width and len(self.rows(self.size.width, MOST_LINES)) != self._high:
            self.refresh(layout=True)
        super().repaint()

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def rows(self, width: int, height: int) -> list[Row]:
        errands = self.room.errands
        pending = errands.pending
        last = errands.last
        if last is not None and (not pending or last.since >= pending[-1].since):
            *above, line = _failed(last, width) if last.outcome is Outcome.FAILED else [_done(last)]
            return [*map(Row, above), Row(line + _more(len(pending)))]
        if pending:
            return [Row(self._pending(pending[-1]) + _more(len(pending) - 1))]
        return [Row([])]

    def _pending(self, errand: Errand) -> Line:
        waited = self.room.clock.monotonic() - errand.since
        line: Line = [(" … ", "accent"), (errand.title, "strong"), (f"  pending {age(waited)}", "dim")]
        if self.room.standing().state is not State.LIVE:
            line.append((", is sent when the backend is back", "warn"))
        return line


def _done(errand: Errand) -> Line:
    came = f"  confirmed: {errand.text}" if errand.text else "  confirmed"
    return [(" ✓ ", "good"), (errand.title, "text"), (came, "dim")]


def _failed(errand: Errand, width: int) -> list[Line]:
    """The whole reason in at most `MOST_LINES` lines; where it is long, the title gives way to it."""
    lines: list[Line] = []
    for cells in (width - 16, width // 2, width // 4, 0):
        lines = _reason(clip(errand.title, cells), errand.text, width)
        if len(lines) <= MOST_LINES:
            return lines
    kept = lines[:MOST_LINES]
    kept[-1] = [*kept[-1], *((f" {text}", ink) for text, ink in lines[MOST_LINES][1:])]
    return kept


def _reason(title: str, reason: str, width: int) -> list[Line]:
    """The reason in the cells that the title leaves, and below it."""
    failed = "  failed:" if title else "failed:"
    head = "." * (measure(title) + len(failed))
    first, *rest = wrap(f"{head} {reason}", width - 4)
    start: Line = [(" ✗ ", "bad"), (title, "strong"), (failed, "bad"), (first[len(head) :], "text")]
    return [start, *([("   ", "text"), (part, "text")] for part in rest)]


def _more(count: int) -> Line:
    return [(f"   {count} more pending", "dim")] if count else []
