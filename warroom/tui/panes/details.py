"""Everything about the selected incident that is not its timeline and not its pages."""

from __future__ import annotations

from datetime import datetime

from warroom.model.incidents import IncidentRecord, RelatedItem
from warroom.model.narrative import IMPACT_NAMES, alias, one_line
from warroom.tui.canvas import Row
from warroom.tui.clock import age
from warroom.tui.ink import Ink, Line, wrap
from warroom.tui.pane import Pane
from warroom.tui.records import Touched
from warroom.tui.theme import IMPACT_INKS

__all__ = ["DetailsPane"]

ROOMY = 44
"""From so many cells on, it is also told how long a resolved incident took."""
LABEL = 10
"""Cells of the column of labels."""


class DetailsPane(Pane):
    """What matters most comes first, so that a small pane shows it without scrolling."""

    number = 2

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._incident: str | None = None

    def title(self) -> Line:
        incident = self.room.world.incident(self.room.selected)
        return [("Details ", "title"), (incident.short_name, "accent")] if incident else [("Details", "title")]

    def concerns(self, touched: Touched) -> bool:
        selected = self.room.selected
        return bool(
            touched.whole or touched.names or {selected} & (touched.incidents | touched.paging | touched.watched)
        )

    def lines(self, width: int) -> list[Row]:
        if self._incident != self.room.selected:
            self._incident = self.room.selected
            self.top = 0
        incident = self.room.world.incident(self.room.selected)
        if incident is None:
            return [Row([("Nothing is selected.", "dim")])] if len(self.room.listing) else []
        return [
            *_wrapped("", one_line(incident.title), width, "strong"),
            Row(self._state(incident, width)),
            *self._people(incident, width),
            *self._last_event(incident, width),
            *self._facts(incident, width),
            *self._related(incident, width),
        ]

    def _state(self, incident: IncidentRecord, width: int) -> Line:
        now = self.room.clock.now()
        name = f"{incident.impact} {IMPACT_NAMES[incident.impact]}"
        line: Line = [(name, IMPACT_INKS[incident.impact]), (" · ", "faint")]
        opened = age((now - incident.creation_time).total_seconds())
        if incident.status == "OPEN":
            return [*line, ("OPEN", "strong"), (f" for {opened}", "dim")]
        resolved = incident.resolved_time or incident.last_modified_time
        ago = f" {age((now - resolved).total_seconds())} ago"
        after = f", after {age((resolved - incident.creation_time).total_seconds())}"
        return [*line, ("RESOLVED", "good"), (ago + after if width >= ROOMY else ago, "dim")]

    def _people(self, incident: IncidentRecord, width: int) -> list[Row]:
        world = self.room.world
        names = world.who_has(incident.arn)
        awaited = [world.contact_name(contact) for contact in world.awaited(incident.arn)]
        if names:
            rows = _wrapped("has it", ", ".join(names), width, "good")
        else:
            rows = _wrapped("has it", "nobody yet", width, "warn") if incident.status == "OPEN" else []
        return rows + (_wrapped("paged", ", ".join(awaited), width, "text") if awaited else [])

    def _last_event(self, incident: IncidentRecord, width: int) -> list[Row]:
        event = incident.last_event
        if event is None:
            return []
        passed = age((self.room.clock.now() - event.event_time).total_seconds())
        return _wrapped("last", f"{passed} ago: {one_line(event.text)}", width, "text")

    def _facts(self, incident: IncidentRecord, width: int) -> list[Row]:
        source = incident.incident_record_source
        facts = [
            ("summary", one_line(incident.summary or "")),
            ("opened", f"{_instant(incident.creation_time)} by {alias(source.created_by)}"),
            ("plan", self._plan(incident)),
            ("source", one_line(source.source)),
            ("resource", alias(source.resource_arn or "")),
            ("changed", f"{_instant(incident.last_modified_time)} by {alias(incident.last_modified_by)}"),
            ("chat", _chat(incident)),
            ("runbooks", ", ".join(alias(run.ssm_execution_arn or "") for run in incident.automation_executions)),
            ("dedupe", one_line(incident.dedupe_string)),
            ("arn", incident.arn),
        ]
        return [row for label, value in facts if value for row in _wrapped(label, value, width, "text")]

    def _plan(self, incident: IncidentRecord) -> str:
        plan = self.room.world.records.plans.get(incident.response_plan_arn)
        return one_line(plan.display_name or plan.name) if plan else alias(incident.response_plan_arn)

    def _related(self, incident: IncidentRecord, width: int) -> list[Row]:
        items = self.room.world.related(incident.arn)
        rows: list[Row] = []
        for position, item in enumerate(items):
            rows += _wrapped("related" if position == 0 else " ", _item(item), width, "text")
        return rows


def _item(item: RelatedItem) -> str:
    value = item.identifier.value
    detail = value.pager_duty_incident_detail
    where = value.url or value.arn or value.metric_definition or (detail.id if detail else "")
    title = one_line(item.title or "")
    kind = item.identifier.type.replace("_", " ").lower()
    return f"{kind}: {title} {one_line(where)}" if title else f"{kind}: {one_line(where)}"


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}Z"


def _chat(incident: IncidentRecord) -> str:
    topics = incident.chat_channel.chatbot_sns if incident.chat_channel else None
    return ", ".join(alias(topic) for topic in topics or ())


def _wrapped(label: str, text: str, width: int, ink: Ink) -> list[Row]:
    """A value in as many lines as it takes, after its label where it has one."""
    indent = LABEL if label else 0
    rows = []
    for position, part in enumerate(wrap(text, max(8, width - indent))):
        start = (label if position == 0 else "").ljust(indent)
        rows.append(Row([(start, "dim"), (part, ink)]))
    return rows
