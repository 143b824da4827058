"""The line of what I asked for: pending at once, then done, or failed with the reason."""

from __future__ import annotations

from warroom.tui.canvas import Canvas, Row
from warroom.tui.clock import age
from warroom.tui.connection import State
from warroom.tui.errands import Errand, Outcome
from warroom.tui.ink import Line

__all__ = ["StatusLine"]


class StatusLine(Canvas):
    """Shows the newest pending errand, else the last outcome until it is dismissed."""

    def rows(self, width: int, height: int) -> list[Row]:
        errands = self.room.errands
        pending = errands.pending
        last = errands.last
        if last is not None and (not pending or last.since >= pending[-1].since):
            return [Row(_outcome(last) + _more(len(pending)))]
        if pending:
            return [Row(self._pending(pending[-1]) + _more(len(pending) - 1))]
        return [Row([])]

    def _pending(self, errand: Errand) -> Line:
        waited = self.room.clock.monotonic() - errand.since
        line: Line = [(" … ", "accent"), (errand.title, "strong"), (f"  pending {age(waited)}", "dim")]
        if self.room.standing().state is not State.LIVE:
            line.append((", is sent when the backend is back", "warn"))
        return line


def _outcome(errand: Errand) -> Line:
    if errand.outcome is Outcome.DONE:
        came = f"  confirmed: {errand.text}" if errand.text else "  confirmed"
        return [(" ✓ ", "good"), (errand.title, "text"), (came, "dim")]
    return [(" ✗ ", "bad"), (errand.title, "strong"), ("  failed: ", "bad"), (errand.text, "text")]


def _more(count: int) -> Line:
    return [(f"   {count} more pending", "dim")] if count else []
