"""The keys, from the registry; those that cannot be used now are faint."""

from __future__ import annotations

from warroom.tui.actions import ACTIONS, Action, key_label, unavailable
from warroom.tui.canvas import Canvas, Row
from warroom.tui.ink import Line

__all__ = ["Footer"]


DROPPED_FIRST = ("zoom", "next_pane", "palette")
"""Left out, in this order, where there is no room for all; the help has them."""


class Footer(Canvas):
    """As many keys as fit, in the registry's order; the way to help and out is always there."""

    def rows(self, width: int, height: int) -> list[Row]:
        shown = [action for action in ACTIONS if action.footer]
        for dropped in DROPPED_FIRST:
            if sum(map(_cells, shown)) + 1 > width:
                shown = [action for action in shown if action.id != dropped]
        line: Line = [(" ", "text")]
        for action in shown:
            usable = unavailable(action, self.room) is None
            line += [
                (key_label(action.keys[0]), "key" if usable else "faint"),
                (f" {action.footer}  ", "dim" if usable else "faint"),
            ]
        return [Row(line, "bar")]


def _cells(action: Action) -> int:
    return len(key_label(action.keys[0])) + len(action.footer) + 3
