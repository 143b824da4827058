"""The one registry of actions: keys, footer, help and palette are all made from it.

An action is what a person can do; `steering.py` holds how each is done. An action that the backend must allow
names the `command` of `warroom.stream.actions` that it sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from warroom.tui.room import Room

__all__ = ["ACTIONS", "BY_ID", "Action", "Needs", "key_label", "sections", "unavailable"]


class Needs(Enum):
    """What an action acts on."""

    NOTHING = "nothing"
    INCIDENT = "an incident"
    OPEN = "an open incident"
    RESOLVED = "a resolved incident"


@dataclass(frozen=True, slots=True)
class Action:
    """`keys` in Textual's spelling, the first is the one that is shown; `footer` is the short word in the footer."""

    id: str
    title: str
    keys: tuple[str, ...]
    group: str
    needs: Needs = Needs.NOTHING
    command: str | None = None
    changes: bool = False
    """Whether it changes something for others."""
    footer: str = ""
    in_palette: bool = True


INCIDENT, MOVING, SHOWING, GENERAL = "Incident", "Moving about", "What is shown", "General"

ACTIONS: tuple[Action, ...] = (
    Action(
        "acknowledge", "Acknowledge the page", ("a",), INCIDENT, Needs.OPEN, "acknowledge", changes=True, footer="ack"
    ),
    Action(
        "acknowledge_with_note",
        "Acknowledge with a note",
        ("A",),
        INCIDENT,
        Needs.OPEN,
        "acknowledge",
        changes=True,
    ),
    Action("resolve", "Resolve the incident", ("r",), INCIDENT, Needs.OPEN, "resolve", changes=True, footer="resolve"),
    Action(
        "escalate",
        "Escalate: raise the impact or page somebody",
        ("e",),
        INCIDENT,
        Needs.OPEN,
        "escalate",
        changes=True,
        footer="escalate",
    ),
    Action(
        "note",
        "Write a timeline event",
        ("n",),
        INCIDENT,
        Needs.INCIDENT,
        "add_timeline_event",
        changes=True,
        footer="note",
    ),
    Action(
        "declare", "Declare an incident", ("d",), INCIDENT, Needs.NOTHING, "declare", changes=True, footer="declare"
    ),
    Action("reopen", "Reopen the incident", ("o",), INCIDENT, Needs.RESOLVED, "reopen", changes=True),
    Action("change_impact", "Change the impact", ("i",), INCIDENT, Needs.INCIDENT, "change_impact", changes=True),
    Action("change_title", "Change the title", ("t",), INCIDENT, Needs.INCIDENT, "change_title", changes=True),
    Action("change_summary", "Change the summary", ("s",), INCIDENT, Needs.INCIDENT, "change_summary", changes=True),
    Action(
        "stop_engagement",
        "Stop paging: end an engagement",
        ("x",),
        INCIDENT,
        Needs.INCIDENT,
        "stop_engagement",
        changes=True,
    ),
    Action("down", "Down", ("j", "down"), MOVING, in_palette=False),
    Action("up", "Up", ("k", "up"), MOVING, in_palette=False),
    Action("page_down", "A page down", ("pagedown", "ctrl+f", "space"), MOVING, in_palette=False),
    Action("page_up", "A page up", ("pageup", "ctrl+b"), MOVING, in_palette=False),
    Action("home", "To the top", ("g", "home"), MOVING, in_palette=False),
    Action("end", "To the bottom; the timeline follows again", ("G", "end"), MOVING, in_palette=False),
    Action("next_pane", "Next pane", ("tab", "l", "right"), MOVING, footer="pane", in_palette=False),
    Action("previous_pane", "Previous pane", ("shift+tab", "h", "left"), MOVING, in_palette=False),
    Action("pane_1", "Open incidents", ("1",), MOVING),
    Action("pane_2", "Details", ("2",), MOVING),
    Action("pane_3", "Timeline", ("3",), MOVING),
    Action("pane_4", "Pages", ("4",), MOVING),
    Action("filter", "Filter the incidents; !word leaves out", ("slash",), SHOWING, footer="filter"),
    Action("zoom", "One pane on the whole screen, and back", ("z", "enter"), SHOWING, footer="zoom"),
    Action("redraw", "Draw the whole screen anew", ("ctrl+l",), SHOWING),
    Action("back", "Back: zoom, filter, last message", ("escape",), SHOWING, in_palette=False),
    Action("palette", "Command palette", ("colon", "ctrl+p"), GENERAL, footer="palette", in_palette=False),
    Action("help", "All keys", ("question_mark", "f1"), GENERAL, footer="help"),
    Action("quit", "Quit; paging goes on", ("q", "ctrl+c"), GENERAL, footer="quit"),
)

BY_ID = {action.id: action for action in ACTIONS}

KEY_LABELS = {
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def key_label(key: str) -> str:
    """A key as it is written for people: `slash` is `/`."""
    return KEY_LABELS.get(key, key)


def unavailable(action: Action, room: Room) -> str | None:
    """Why an action cannot be done now, as one line that says what to do; None when it can."""
    incident = room.world.incident(room.selected)
    if action.command is not None:
        if room.principal is None:
            return "The backend is not reached yet; try again when the screen is live."
        if not room.may(action.command):
            return f"Your key is {room.principal.role} and may not do that; use a key of a role that may."
    if action.needs is Needs.NOTHING:
        return None
    if incident is None:
        return "No incident is selected; choose one with j and k."
    if action.needs is Needs.OPEN and incident.status != "OPEN":
        return f"{incident.short_name} is resolved; o reopens it."
    if action.needs is Needs.RESOLVED and incident.status != "RESOLVED":
        return f"{incident.short_name} is open."
    return None


def sections() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """All keys for the help: (heading, ((keys, what they do), ...))."""
    headings = list(dict.fromkeys(action.group for action in ACTIONS))
    return [
        (
            heading,
            [
                (" ".join(key_label(key) for key in action.keys), action.title)
                for action in ACTIONS
                if action.group == heading
            ],
        )
        for heading in headings
    ]
