"""The dialogs of the war room: each is pushed over the panes, asks one thing, and answers with a request or None.

A dialog is imported when it is first named, so that starting the war room does not pay for them:
`from warroom.tui import dialogs; app.push_screen(dialogs.Compose(...), callback)`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warroom.tui.dialogs.acknowledge import AcknowledgeFor
    from warroom.tui.dialogs.compose import Compose
    from warroom.tui.dialogs.confirm import Confirm, ConfirmResolve
    from warroom.tui.dialogs.declare import Declare
    from warroom.tui.dialogs.escalate import Escalate
    from warroom.tui.dialogs.help import Help
    from warroom.tui.dialogs.pick import Palette, Pick
    from warroom.tui.dialogs.requests import (
        AcknowledgeRequest,
        Choice,
        DeclareRequest,
        EscalateRequest,
        ResolveRequest,
    )

__all__ = [
    "AcknowledgeFor",
    "AcknowledgeRequest",
    "Choice",
    "Compose",
    "Confirm",
    "ConfirmResolve",
    "Declare",
    "DeclareRequest",
    "Escalate",
    "EscalateRequest",
    "Help",
    "Palette",
    "Pick",
    "ResolveRequest",
]

ROOMS = {
    "AcknowledgeFor": "acknowledge",
    "AcknowledgeRequest": "requests",
    "Choice": "requests",
    "Compose": "compose",
    "Confirm": "confirm",
    "ConfirmResolve": "confirm",
    "Declare": "declare",
    "DeclareRequest": "requests",
    "Escalate": "escalate",
    "EscalateRequest": "requests",
    "Help": "help",
    "Palette": "pick",
    "Pick": "pick",
    "ResolveRequest": "requests",
}


def __getattr__(name: str) -> Any:
    if name not in ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{ROOMS[name]}"), name)
