"""The dialogs as they are met in an incident, over panes that are full of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from warroom.model.contacts import Contact, ContactType, Plan
from warroom.model.incidents import IncidentTemplate, ResponsePlan
from warroom.tui import dialogs
from warroom.tui.dialogs import Choice
from warroom.tui.theme import WARROOM_DARK

__all__ = ["EXAMPLES", "Over", "contact", "plan"]

TITLE = "Checkout: p99 latency above 2 s in eu-west-1 since the 14:02 deploy"


class Panes(Widget, can_focus=True):
    """Something to see around a dialog, and to count what reaches it."""

    DEFAULT_CSS = "Panes { background: $background; color: $dim; }"

    def render_line(self, y: int) -> Strip:
        text = f"INC-{1100 - y}  2 High      {y + 1:>3}m  OPEN  " + "payments: card authorisations are timing out  " * 5
        return Strip.from_lines([]) if not text else Strip([self._segment(text)]).crop(0, self.size.width)

    def _segment(self, text: str) -> Any:
        from rich.segment import Segment

        return Segment(text, self.rich_style)


class Over(App[None]):
    """One dialog over the panes; what it answers is kept in `answers`."""

    CSS = "Panes { width: 1fr; height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[Any] = []
        self.register_theme(WARROOM_DARK)
        self.theme = WARROOM_DARK.name

    def compose(self) -> ComposeResult:
        yield Panes()

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)


def contact(alias: str, name: str, kind: ContactType = "PERSONAL") -> Contact:
    arn = f"arn:aws:ssm-contacts:eu-west-1:111122223333:contact/{alias}"
    return Contact(contact_arn=arn, alias=alias, display_name=name, type=kind, plan=Plan())


def plan(name: str, display_name: str, title: str, impact: int) -> ResponsePlan:
    return ResponsePlan(
        arn=f"arn:aws:ssm-incidents::111122223333:response-plan/{name}",
        name=name,
        display_name=display_name,
        incident_template=IncidentTemplate(title=title, impact=impact),
    )


CONTACTS = [
    contact("amara", "Amara Okafor"),
    contact("bjorn", "Björn Lindqvist"),
    contact("chen", "陈晓明 Chen Xiaoming"),
    contact("dana", "Dana Levi"),
    contact("platform-escalation", "Platform escalation", "ESCALATION"),
    contact("payments-escalation", "Payments escalation", "ESCALATION"),
    contact("primary", "Primary on call", "ONCALL_SCHEDULE"),
]

PLANS = [
    plan("payments", "Payments outage", "Payments: card authorisations are failing", 1),
    plan("checkout", "Checkout degraded", "Checkout is slow or failing for customers", 2),
    plan("data-pipeline", "Data pipeline late", "Nightly load has not finished", 4),
    plan("security", "Security finding", "Suspicious access to a production account", 2),
]

WAITING = [
    Choice("arn:amara", "Amara Okafor", "paged 4m ago"),
    Choice("arn:bjorn", "Björn Lindqvist", "paged 2m ago"),
    Choice("arn:chen", "陈晓明 Chen Xiaoming", "paged 1m ago"),
]

ACTIONS = [
    Choice("acknowledge", "Acknowledge", "a", "Actions"),
    Choice("resolve", "Resolve", "r", "Actions"),
    Choice("escalate", "Escalate: raise the impact, or engage somebody", "e", "Actions"),
    Choice("note", "Add a timeline event", "n", "Actions"),
    Choice("declare", "Declare an incident from a response plan", "d", "Actions"),
    Choice("filter", "Filter incidents", "/", "Actions"),
    Choice("help", "Help", "?", "Actions"),
    Choice("quit", "Quit", "q", "Actions"),
]

INCIDENTS = [
    Choice("arn:1042", f"INC-1042  {TITLE}", "18m", "Open incidents", impact=2),
    Choice(
        "arn:1041",
        "INC-1041  Payments: card authorisations are failing [bold]everywhere[/bold]",
        "1h",
        "Open incidents",
        impact=1,
    ),
    Choice("arn:1039", "INC-1039  東京リージョンの検索が遅い", "3h", "Open incidents", impact=3),
    Choice("arn:1036", "INC-1036  Nightly load has not finished", "9h", "Open incidents", impact=4),
    Choice("arn:1030", "INC-1030  Game day: nobody is affected", "2d", "Open incidents", impact=5),
]

SECTIONS = [
    (
        "Incident",
        [
            ("a", "acknowledge"),
            ("r", "resolve"),
            ("e", "escalate"),
            ("n", "add a timeline event"),
            ("d", "declare an incident"),
            ("o", "reopen"),
            ("t", "change the title"),
            ("s", "change the summary"),
        ],
    ),
    (
        "Moving",
        [
            ("tab", "next pane"),
            ("shift+tab", "previous pane"),
            ("1 2 3 4", "go to a pane"),
            ("↑ ↓ or j k", "up and down"),
            ("pgup pgdn", "by a page"),
            ("home end", "first and last"),
            ("f", "follow the timeline again"),
        ],
    ),
    ("Seeing", [("/", "filter the incidents"), ("z", "one pane on the full screen"), ("y", "copy")]),
    ("warroom", [("ctrl+p or :", "command palette"), ("?", "this help"), ("q", "quit")]),
]

EXAMPLES: dict[str, Callable[[], Screen[Any]]] = {
    "confirm": lambda: dialogs.Confirm(
        "Stop the engagement?", ["Björn Lindqvist is not paged again for INC-1042."], yes="stop it", no="keep it"
    ),
    "resolve": lambda: dialogs.ConfirmResolve("INC-1042", TITLE, 2),
    "compose": lambda: dialogs.Compose(
        "Timeline event, INC-1042", placeholder="What happened, what was seen, what was decided.", limit=11000
    ),
    "compose_long": lambda: dialogs.Compose(
        "Timeline event, INC-1042",
        draft="Rolled back the 14:02 deploy in eu-west-1.\n\nError rate falls since 14:31: 12 % to 0.4 %.\n" * 3,
        limit=280,
    ),
    "pick": lambda: dialogs.Pick(
        "Engage for INC-1042", [Choice(c.contact_arn, c.display_name or "", c.alias) for c in CONTACTS]
    ),
    "palette": lambda: dialogs.Palette(ACTIONS + INCIDENTS),
    "declare": lambda: dialogs.Declare(PLANS),
    "escalate": lambda: dialogs.Escalate("INC-1042", TITLE, 3, CONTACTS, engaged=frozenset({CONTACTS[0].contact_arn})),
    "acknowledge_for": lambda: dialogs.AcknowledgeFor("INC-1042", TITLE, WAITING, mine=False),
    "acknowledge": lambda: dialogs.AcknowledgeFor("INC-1042", TITLE, (), mine=True),
    "help": lambda: dialogs.Help(SECTIONS),
}
