"""The live timeline of the selected incident, oldest on top: it follows what is new until one scrolls back."""

from __future__ import annotations

from datetime import date
from typing import Any

from warroom.model.incidents import TimelineEvent
from warroom.model.narrative import paragraphs
from warroom.tui.canvas import Row
from warroom.tui.ink import Ink, Line, wrap
from warroom.tui.messages import OlderWanted
from warroom.tui.pane import Pane
from warroom.tui.records import Touched

__all__ = ["TimelinePane"]

TIME = "00:00:00 "
INKS: dict[str, Ink] = {
    "Note": "bright",
    "Custom Event": "bright",
    "SSM Contacts Page Acknowledgement for Incident": "good",
    "SSM Automation Execution Start Failure for Incident": "bad",
}
"""What people wrote and who answered stand out from what the service did."""

Anchor = tuple[str, int]
"""An event by its key, and which of its lines."""


class TimelinePane(Pane):
    """While it follows, the newest line is at the bottom. Scrolled back it stands still and counts what is new."""

    number = 3

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._incident: str | None = None
        self._following = True
        self._seen: set[str] = set()
        """Keys of the events that were there when it stopped following."""
        self._anchor: Anchor | None = None
        """The line on top while it does not follow."""
        self._asked: str | None = None
        """Where older history was asked for last."""
        self._wrapped: dict[str, tuple[TimelineEvent, int, list[str]]] = {}

    @property
    def following(self) -> bool:
        return self._following

    @property
    def new_count(self) -> int:
        """How many events came since it stopped following."""
        if self._following or self._incident is None:
            return 0
        return len(self.room.world.records.events.get(self._incident, {}).keys() - self._seen)

    def title(self) -> Line:
        held = len(self.room.world.records.events.get(self.room.selected or "", ()))
        goes_on = "+" if self.room.selected and self.room.world.older_history(self.room.selected) else ""
        return [("Timeline ", "title"), (f"{held:,}{goes_on}", "accent")] if held else [("Timeline", "title")]

    def remark(self) -> Line:
        if self._following:
            return []
        new = self.new_count
        return (
            [(f"▼ {new:,} new ", "warn"), ("G", "key"), (" follows", "dim")]
            if new
            else [
                ("not following, ", "dim"),
                ("G", "key"),
                (" follows", "dim"),
            ]
        )

    def concerns(self, touched: Touched) -> bool:
        return touched.whole or self.room.selected in touched.watched

    def window(self, width: int, room: int) -> tuple[list[Row], int, int]:
        self._turn_to_selected()
        incident = self._incident
        if incident is None or not self.room.world.has_timeline(incident):
            return ([Row([("Loading …", "dim")])] if incident else []), 0, 0
        rows, anchors = self._all(incident, width)
        last_top = max(0, len(rows) - room)
        if self._following:
            self.top = last_top
        elif self._anchor in anchors:
            self.top = min(anchors[self._anchor], last_top)
        else:
            self.top = max(0, min(self.top, last_top))
        return rows[self.top : self.top + room], self.top, len(rows)

    def _turn_to_selected(self) -> None:
        if self._incident == self.room.selected:
            return
        self._incident = self.room.selected
        self._following, self._anchor, self._asked = True, None, None
        self._seen.clear()
        self._wrapped.clear()

    def _all(self, incident: str, width: int) -> tuple[list[Row], dict[Anchor | None, int]]:
        """All lines, and where each event's lines are."""
        rows: list[Row] = []
        anchors: dict[Anchor | None, int] = {}
        day: date | None = None
        for event in self.room.world.timeline(incident):
            if event.event_time.date() != day:
                day = event.event_time.date()
                rows.append(Row([(f"{day:%a %d %b %Y} UTC", "faint")]))
            for part, text in enumerate(self._wrap(event, width)):
                anchors[(event.key, part)] = len(rows)
                rows.append(Row(_line(event, part, text)))
        if self.room.world.older_history(incident):
            rows.insert(0, Row([("older events follow when you scroll up", "faint")]))
            anchors = {anchor: position + 1 for anchor, position in anchors.items()}
        return rows, anchors

    def _wrap(self, event: TimelineEvent, width: int) -> list[str]:
        held = self._wrapped.get(event.key)
        if held is None or held[0] is not event or held[1] != width:
            room = max(10, width - len(TIME))
            lines = paragraphs(event.event_type, event.event_data)
            held = (event, width, [part for line in lines for part in wrap(line, room)])
            self._wrapped[event.key] = held
        return held[2]

    # --- scrolling

    def move(self, steps: int) -> None:
        incident = self._incident
        if incident is None or not self.room.world.has_timeline(incident):
            return
        rows, anchors = self._all(incident, self.size.width - 4)
        last_top = max(0, len(rows) - self.inside)
        top = max(0, min(self.top + steps, last_top))
        if self._following and top < last_top:
            self._following = False
            self._seen = set(self.room.world.records.events.get(incident, ()))
        elif top >= last_top and steps > 0:
            self.follow()
        self.top = top
        self._anchor = next((anchor for anchor, position in anchors.items() if position >= top), None)
        if top == 0 and steps < 0:
            self._ask_for_older(incident)
        self.repaint()

    def follow(self) -> None:
        """Show the newest from now on."""
        self._following, self._anchor = True, None
        self._seen.clear()

    def _ask_for_older(self, incident: str) -> None:
        before = self.room.world.older_history(incident)
        if before is not None and before != self._asked:
            self._asked = before
            self.post_message(OlderWanted(incident, before))


def _line(event: TimelineEvent, part: int, text: str) -> Line:
    time = f"{event.event_time:%H:%M:%S} " if part == 0 else " " * len(TIME)
    return [(time, "faint"), (text, INKS.get(event.event_type, "dim"))]
