"""Between a dialog and its command: the drafts of what was cancelled, and what becomes of an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import ValidationError

from warroom.model.incidents import IncidentRecord
from warroom.stream.actions import Arguments
from warroom.tui.link import LinkLike
from warroom.tui.room import Room

if TYPE_CHECKING:
    from warroom.tui.dialogs.dialog import Dialog

__all__ = ["Asking"]


class Ask(Protocol):
    """Opens a dialog; the callable gets its answer, None when it was cancelled."""

    def __call__(self, dialog: Dialog[Any], answered: Callable[[Any], None]) -> object: ...


class Asking:
    """Asks and sends. `changed` is called whenever an errand begins or is refused."""

    def __init__(self, room: Room, link: LinkLike, ask: Ask, changed: Callable[[], None]) -> None:
        self._room = room
        self._link = link
        self._ask = ask
        self._changed = changed
        self._drafts: dict[tuple[str, str], str] = {}
        """What was typed into a dialog that was cancelled, by action and incident."""

    def _open(
        self, action_id: str, incident: str, make: Callable[[str], Dialog[Any]], answered: Callable[[Any], None]
    ) -> None:
        """Ask with the draft of last time, if any; a cancelled dialog leaves its own."""
        dialog = make(self._drafts.pop((action_id, incident), ""))

        def closed(answer: Any) -> None:
            if answer is None:
                if dialog.draft:
                    self._drafts[(action_id, incident)] = dialog.draft
            else:
                answered(answer)

        self._ask(dialog, closed)

    def _send(
        self,
        title: str,
        incident: IncidentRecord | None,
        command: type[Arguments],
        arguments: dict[str, Any],
    ) -> None:
        try:
            checked = command(**arguments)
        except ValidationError as error:
            first = error.errors()[0]
            self._refuse(title, incident, f"{first['loc'][-1] if first['loc'] else command.action}: {first['msg']}")
            return
        id = self._link.command(checked)
        self._room.errands.begin(id, title, incident.arn if incident else None, self._room.clock.monotonic())
        self._changed()

    def _refuse(self, title: str, incident: IncidentRecord | None, reason: str) -> None:
        self._room.errands.refuse(title, incident.arn if incident else None, reason, self._room.clock.monotonic())
        self._changed()
