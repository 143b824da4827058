"""The list of open incidents: impact, number, age, status, title, who has it, and the last thing that happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual import events

from warroom.model.incidents import IncidentRecord
from warroom.model.narrative import IMPACT_NAMES, one_line
from warroom.tui.canvas import Row
from warroom.tui.clock import age
from warroom.tui.connection import State
from warroom.tui.ink import Line, Span, clip, fit, measure
from warroom.tui.messages import IncidentSelected
from warroom.tui.pane import Pane
from warroom.tui.records import Touched
from warroom.tui.theme import IMPACT_INKS

__all__ = ["IncidentsPane"]

ROOM_FOR_HEADINGS = 9
"""From so many lines inside the frame on, the columns have headings."""


LAST_URGENT = 3
"""Beyond this impact it can wait that nobody has it."""
ROOMY = 100
"""From so many cells on, the last event is told, not only its age."""
WHO_ROOMY = 140
WHO, WHO_WIDE = 10, 18
LONGEST_LAST = 64
AGE = len("999d")
MARKS = len("▌▸ ")


class Columns(NamedTuple):
    """Widths in cells; 0 leaves a column out."""

    impact: int
    number: int
    age: int
    status: int
    title: int
    who: int
    last_age: int
    last: int


class IncidentsPane(Pane):
    """The selection is the incident's ARN; the list follows the world around it."""

    number = 1

    def title(self) -> Line:
        listing = self.room.listing
        if not self.room.world.whole:
            return [("Open incidents", "title")]
        count = f"{listing.open_count:,}"
        if listing.filter:
            total = len(self.room.world.records.open)
            return [("Open incidents ", "title"), (f"{count} of {total:,}", "accent"), (f"  /{listing.filter}", "warn")]
        return [("Open incidents ", "title"), (count, "accent")]

    def remark(self) -> Line:
        listing = self.room.listing
        position = listing.index(listing.selected)
        if position is None or len(listing) <= 1:
            return []
        return [(f"{position + 1:,} of {len(listing):,}", "faint")]

    def concerns(self, touched: Touched) -> bool:
        return bool(touched)

    def window(self, width: int, room: int) -> tuple[list[Row], int, int]:
        listing = self.room.listing
        if not len(listing):
            return [Row([]), Row(self._nothing())], 0, 0
        columns = self._columns(width)
        headings = room >= ROOM_FOR_HEADINGS
        shown = room - headings
        self._scroll_to_selected(shown)
        rows = [Row(_headings(columns))] if headings else []
        for position in range(self.top, min(self.top + shown, len(listing))):
            arn = listing[position]
            incident = self.room.world.incident(arn)
            if incident is not None:
                rows.append(Row(self._row(incident, columns), "selected" if arn == listing.selected else ""))
        return rows, self.top, len(listing) + headings

    def _nothing(self) -> Line:
        if self.room.listing.filter:
            return [("  Nothing matches the filter. ", "dim"), ("esc", "key"), (" takes it off.", "dim")]
        if not self.room.world.whole:
            return [("  Waiting for the backend.", "dim")]
        if self.room.standing().state is not State.LIVE:
            return [("  No open incidents when the backend was last heard.", "dim")]
        return [("  No open incidents. ", "good"), ("d", "key"), (" declares one.", "dim")]

    def _scroll_to_selected(self, shown: int) -> None:
        listing = self.room.listing
        position = listing.index(listing.selected)
        if position is not None:
            self.top = max(min(self.top, position), position - shown + 1)
        self.top = max(0, min(self.top, len(listing) - shown))

    def _columns(self, width: int) -> Columns:
        number = len("INC-") + max(4, len(str(self._largest_number())))
        status = len("RESOLVED" if self.room.listing.has_resolved else "STATUS" if width >= ROOMY else "OPEN")
        impact = len("1 Critical") + 1
        fixed = MARKS + impact + number + AGE + status + 4
        left = width - fixed
        who = WHO_WIDE if width >= WHO_ROOMY else WHO
        last_age = AGE
        left -= who + last_age + 2
        last = min(LONGEST_LAST, left * 2 // 5) if width >= ROOMY else 0
        title = left - last - (1 if last else 0)
        return Columns(impact, number, AGE, status, title, who, last_age, last)

    def _largest_number(self) -> int:
        return max((incident.number for incident in self._first_incidents()), default=0)

    def _first_incidents(self) -> list[IncidentRecord]:
        """A few incidents, to see how long their numbers are."""
        listing = self.room.listing
        found = (self.room.world.incident(listing[position]) for position in range(min(3, len(listing))))
        return [incident for incident in found if incident is not None]

    def _row(self, incident: IncidentRecord, columns: Columns) -> Line:
        room = self.room
        now = room.clock.now()
        resolved = incident.status == "RESOLVED"
        impact_ink = "dim" if resolved else IMPACT_INKS[incident.impact]
        began = incident.resolved_time or incident.last_modified_time if resolved else incident.creation_time
        names = room.world.who_has(incident.arn)
        line: Line = [
            ("▌" if incident.arn == room.listing.selected else " ", "accent"),
            (f"{self._mark(incident)} ", "accent"),
            (fit(f"{incident.impact} {IMPACT_NAMES[incident.impact]}", columns.impact), impact_ink),
            (" ", "text"),
            (fit(incident.short_name, columns.number), "dim" if resolved else "strong"),
            (" ", "text"),
            (fit(age((now - began).total_seconds()), columns.age, right=True), "dim"),
            (" ", "text"),
            (fit(incident.status, columns.status), "good" if resolved else "dim"),
            (" ", "text"),
            (fit(one_line(incident.title), columns.title), "dim" if resolved else "text"),
            (" ", "text"),
            _who(names, columns.who, incident),
        ]
        return line + self._last(incident, columns)

    def _mark(self, incident: IncidentRecord) -> str:
        """`▸` where an unread page of mine waits, `…` while an action is pending."""
        if self.room.errands.is_pending(incident.arn):
            return "…"
        return "▸" if incident.status == "OPEN" and self.room.world.waits_for_me(incident.arn) else " "

    def _last(self, incident: IncidentRecord, columns: Columns) -> Line:
        event = incident.last_event
        if event is None:
            return []
        passed = age((self.room.clock.now() - event.event_time).total_seconds())
        line: Line = [(" ", "text"), (fit(passed, columns.last_age, right=True), "faint")]
        if columns.last:
            line += [(" ", "text"), (fit(one_line(event.text), columns.last), "dim")]
        return line

    # --- the selection

    def move(self, steps: int) -> None:
        self._select(lambda: self.room.listing.move(steps))

    def home(self) -> None:
        self._select(lambda: self.room.listing.select(0))

    def end(self) -> None:
        self._select(lambda: self.room.listing.select(len(self.room.listing) - 1))

    def _select(self, choose: Callable[[], None]) -> None:
        before = self.room.listing.selected
        choose()
        self.repaint()
        if self.room.listing.selected != before:
            self.post_message(IncidentSelected())

    def on_click(self, event: events.Click) -> None:
        headings = self.inside >= ROOM_FOR_HEADINGS
        position = self.top + event.y - 1 - headings
        if event.y > headings and position < len(self.room.listing):
            self._select(lambda: self.room.listing.select(position))


def _headings(columns: Columns) -> Line:
    """The names of the columns, over them."""
    words = [
        ("", MARKS),
        ("IMPACT", columns.impact),
        ("NUMBER", columns.number),
        ("AGE", -columns.age),
        ("STATUS", columns.status),
        ("TITLE", columns.title),
        ("WHO HAS IT", columns.who),
        ("LAST", -columns.last_age),
        ("EVENT", columns.last),
    ]
    fitted = [fit(word, abs(width), right=width < 0) for word, width in words if width]
    return [(fitted[0] + " ".join(fitted[1:]), "faint")]


def _who(names: list[str], width: int, incident: IncidentRecord) -> Span:
    """Who answered; as many names as there is room for. Nobody stands out where it matters."""
    resolved = incident.status == "RESOLVED"
    if not names:
        return (fit("" if resolved else "nobody", width), "warn" if incident.impact <= LAST_URGENT else "dim")
    shown = ", ".join(names)
    if measure(shown) > width and len(names) > 1:
        more = f" +{len(names) - 1}"
        shown = clip(names[0], width - len(more)) + more
    return (fit(shown, width), "dim" if resolved else "good")
