"""The list of incidents as it is shown: filtered, in order, and with one of them selected by its ARN.

The selection is an ARN and never a position: rows come, go and move, and what a key acts on stays the same.
When the selected incident vanishes nothing is selected until a key says so; the next step starts from its place.
"""

from __future__ import annotations

from warroom.model.incidents import IncidentRecord
from warroom.model.narrative import IMPACT_NAMES, alias
from warroom.tui.records import Touched
from warroom.tui.sorted_keys import SortedKeys
from warroom.tui.world import RECENTLY_RESOLVED, World

__all__ = ["Listing"]


class Listing:
    """Open incidents, the worst first, then those resolved a short while ago; the ones that the filter lets through."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._filter = ""
        self._wanted: list[str] = []
        self._unwanted: list[str] = []
        self._matching = SortedKeys()
        """Open incidents that pass the filter; unused while there is none."""
        self._resolved: list[str] = []
        self._was_empty = True
        self._place = 0
        """Where the selected one was when it was last seen."""
        self.selected: str | None = None

    # --- the rows

    @property
    def _open(self) -> SortedKeys:
        return self._matching if self._filter else self._world.records.open

    def __len__(self) -> int:
        return len(self._open) + len(self._resolved)

    def __getitem__(self, position: int) -> str:
        opened = len(self._open)
        return self._open[position] if position < opened else self._resolved[position - opened]

    @property
    def open_count(self) -> int:
        """How many of the rows are open incidents."""
        return len(self._open)

    @property
    def has_resolved(self) -> bool:
        return bool(self._resolved)

    def index(self, arn: str | None) -> int | None:
        """The position of an incident, None when it is not in the list."""
        if arn is None:
            return None
        position = self._open.index(arn)
        if position is None and arn in self._resolved:
            position = len(self._open) + self._resolved.index(arn)
        return position

    # --- changes of the world

    def refresh(self, touched: Touched) -> None:
        """Follow a change of the world."""
        if touched.whole or (touched.names and self._filter):
            self._rebuild()
        elif touched.incidents or (touched.paging and self._filter):
            if self._filter:
                for arn in touched.incidents | touched.paging:
                    self._place_matching(arn)
            self._collect_resolved()
        self._follow_selected()

    def _follow_selected(self) -> None:
        position = self.index(self.selected)
        if position is not None:
            self._place = position
        elif self.selected is not None and self._world.incident(self.selected) is None:
            self.selected = None
        if self.selected is None and self._was_empty and len(self):
            self.select(0)
        self._was_empty = not len(self)

    def _rebuild(self) -> None:
        self._matching = SortedKeys()
        if self._filter:
            self._matching.bulk = True
            for arn in self._world.records.open:
                self._place_matching(arn)
            self._matching.bulk = False
        self._collect_resolved()

    def _place_matching(self, arn: str) -> None:
        incident = self._world.incident(arn)
        if incident is None or incident.status != "OPEN" or not (self._passes(incident) or arn == self.selected):
            self._matching.discard(arn)
        else:
            self._matching.put(arn, (incident.impact, -incident.creation_time.timestamp()))

    def _collect_resolved(self) -> None:
        resolved = self._world.records.resolved
        newest = [resolved[position] for position in range(min(RECENTLY_RESOLVED, len(resolved)))]
        selected = self._world.incident(self.selected)
        if selected is not None and selected.status == "RESOLVED" and selected.arn not in newest:
            newest.append(selected.arn)
        if self._filter:
            found = ((arn, self._world.incident(arn)) for arn in newest)
            newest = [arn for arn, incident in found if incident and (arn == self.selected or self._passes(incident))]
        self._resolved = newest

    # --- the filter

    @property
    def filter(self) -> str:
        return self._filter

    def set_filter(self, text: str) -> None:
        """Show only incidents with every word of `text`, and none of the words after a `!`."""
        self._filter = text.strip()
        words = self._filter.lower().split()
        self._wanted = [word for word in words if not word.startswith("!")]
        self._unwanted = [word[1:] for word in words if word.startswith("!") and len(word) > 1]
        kept, self.selected = self.selected, None
        self._rebuild()
        self.selected = kept
        position = self.index(kept)
        if position is None:
            self.selected = None
            self.select(0)
        else:
            self._place = position

    def _passes(self, incident: IncidentRecord) -> bool:
        if not self._wanted and not self._unwanted:
            return True
        said = " ".join(
            (
                incident.short_name,
                IMPACT_NAMES[incident.impact],
                incident.status,
                incident.title,
                alias(incident.response_plan_arn),
                *self._world.who_has(incident.arn),
            )
        ).lower()
        return all(word in said for word in self._wanted) and not any(word in said for word in self._unwanted)

    # --- the selection

    def select(self, position: int) -> None:
        """Select the incident at a position, the nearest one when there is none."""
        if not len(self):
            self.selected = None
            return
        self._place = max(0, min(position, len(self) - 1))
        before, self.selected = self.selected, self[self._place]
        if before != self.selected and before is not None:
            self._let_go(before)

    def _let_go(self, arn: str) -> None:
        """What was kept in the list only because it was selected leaves it."""
        if self._filter:
            self._place_matching(arn)
        self._collect_resolved()
        self._place = self.index(self.selected) or 0

    def select_incident(self, arn: str) -> bool:
        """Select an incident wherever it is; a filter that hides it is taken off. False when there is no such one."""
        if self.index(arn) is None and self._filter and self._world.incident(arn) is not None:
            self.set_filter("")
        position = self.index(arn)
        if position is None:
            return False
        self.select(position)
        return True

    def move(self, steps: int) -> None:
        """Move the selection; from where the last one was when it vanished."""
        position = self.index(self.selected)
        self.select(self._place if position is None else position + steps)
