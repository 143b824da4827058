"""The two lines on top: whether what is shown is true now, who I am, where, when, and how bad it is."""

from __future__ import annotations

from warroom.model.narrative import IMPACT_NAMES, alias, one_line
from warroom.stream.frames import Principal
from warroom.tui.canvas import Canvas, Row
from warroom.tui.clock import age
from warroom.tui.connection import Standing, State
from warroom.tui.ink import Line, clip, measure
from warroom.tui.theme import IMPACT_INKS

__all__ = ["Header"]

LONGEST_NAME = 24
"""Cells of a contact's name that is not one."""

AGREED = frozenset({State.LIVE, State.LOADING, State.CONNECTING})
"""The states in which the first line is calm."""


class Header(Canvas):
    """When the screen is not live, the whole first line says so in a colour of its own and with the age."""

    def rows(self, width: int, height: int) -> list[Row]:
        standing = self.room.standing()
        return [self._first(standing, width), self._second(width)]

    def _first(self, standing: Standing, width: int) -> Row:
        clock = f"{self.room.clock.now():%H:%M:%S} UTC "
        if standing.state in AGREED:
            left: Line = [(" WARROOM ", "title"), (" ", "text"), *_calm(standing), *self._who()]
            return Row(_between(left, [(clock, "dim")], width), "bar")
        ground = "stale-bar" if standing.state is State.STALE else "lost-bar"
        return Row(_between([(f" {_alarm(standing)}", "text")], [(clock, "text")], width), ground)

    def _who(self) -> Line:
        principal = self.room.principal
        line: Line = []
        if principal is not None:
            line += [("   ", "text"), *self._me(principal)]
        backend = one_line(self.room.backend_name)
        account = f" {principal.account}" if principal is not None and self._roomy else ""
        return [*line, ("   ", "text"), (backend, "dim"), (account, "faint")]

    def _me(self, principal: Principal) -> Line:
        """The contact that I am, the key where that is bound to none, and whether the contact does not exist."""
        room = self.room
        if room.unknown_me is not None:
            name, ink = f"no contact '{clip(one_line(room.unknown_me), LONGEST_NAME)}'", "warn"
        else:
            name, ink = alias(principal.contact_arn or room.world.me or principal.name), "strong"
        about = [] if principal.contact_arn or name == principal.name else [f"key {one_line(principal.name)}"]
        if self._roomy:
            about.append(principal.role)
        return [(name, ink), (f" ({', '.join(about)})" if about else "", "dim")]

    @property
    def _roomy(self) -> bool:
        return self.size.width >= 100

    def _second(self, width: int) -> Row:
        world = self.room.world
        total = len(world.records.open)
        left: Line = [(f" {total:,} open ", "strong" if total else "dim")]
        for impact, name in IMPACT_NAMES.items():
            count = world.records.impacts[impact]
            if count:
                left += [("  " if self._roomy else " ", "text"), (f"{count:,} {name}", IMPACT_INKS[impact])]
        if not world.whole:
            left = []
        waiting = len(world.waiting_for_me())
        right: Line = []
        if waiting:
            pages = "1 page" if waiting == 1 else f"{waiting:,} pages"
            verb = (" waits" if waiting == 1 else " wait") if self._roomy else ""
            right = [(f"▸ {pages}{verb} for you ", "key")]
        elif world.whole and world.me is not None:
            right = [("no page waits for you ", "faint")]
        return Row(_between(left, right, width), "bar")


def _calm(standing: Standing) -> Line:
    if standing.state is State.LIVE:
        return [("● live", "live")]
    word = "connecting …" if standing.state is State.CONNECTING else "loading …"
    reason = f" ({standing.reason})" if standing.reason else ""
    return [(f"○ {word}{reason}", "warn")]


def _alarm(standing: Standing) -> str:
    old = f"what you see is {age(standing.age)} old" if standing.age is not None else "nothing is shown yet"
    if standing.state is State.STALE:
        silence = f" for {age(standing.age)}" if standing.age is not None else ""
        return f"◌ STALE{silence}: the backend does not answer, what you see may have changed"
    if standing.state is State.REFUSED:
        return f"✗ REFUSED: {standing.reason}  ({old})"
    return f"○ RECONNECTING: {old}   {standing.reason}".rstrip()


def _between(left: Line, right: Line, width: int) -> Line:
    """Two parts at the two ends of the line; the left one gives way."""
    used = sum(measure(text) for text, _ in right)
    room = width - used - 1
    fitted: Line = []
    for text, ink in left:
        shown = clip(text, max(0, room))
        fitted.append((shown, ink))
        room -= measure(shown)
    return [*fitted, (" " * (max(0, room) + 1), "text"), *right]
