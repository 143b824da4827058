"""What the command palette offers: every action, and every incident of the list."""

from __future__ import annotations

from warroom.model.narrative import one_line
from warroom.tui.actions import ACTIONS, key_label, unavailable
from warroom.tui.dialogs.requests import Choice
from warroom.tui.room import Room

__all__ = ["choices", "chosen"]

ACTION, INCIDENT = "action:", "incident:"


def choices(room: Room) -> list[Choice]:
    """The actions that can be done now, on the incident that is selected now; then the incidents, the worst first."""
    selected = room.world.incident(room.selected)
    on = f"On {selected.short_name}" if selected else "Incident"
    offered = [
        Choice(
            ACTION + action.id,
            action.title,
            key_label(action.keys[0]),
            group=on if action.group == "Incident" else action.group,
        )
        for action in ACTIONS
        if action.in_palette and unavailable(action, room) is None
    ]
    listing = room.listing
    incidents = (room.world.incident(listing[position]) for position in range(len(listing)))
    return offered + [
        Choice(
            INCIDENT + incident.arn,
            f"{incident.short_name} {one_line(incident.title)}",
            incident.status,
            group="Go to an incident",
            impact=incident.impact,
        )
        for incident in incidents
        if incident is not None
    ]


def chosen(key: str) -> tuple[str | None, str | None]:
    """What a choice means: (the id of an action, None) or (None, the ARN of an incident)."""
    if key.startswith(ACTION):
        return key.removeprefix(ACTION), None
    return None, key.removeprefix(INCIDENT)
