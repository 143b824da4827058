"""Acknowledging with a note, or on behalf of somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from warroom.tui.dialogs.fields import Field, Line, Words
from warroom.tui.dialogs.pick import Picking
from warroom.tui.dialogs.requests import AcknowledgeRequest, Choice

__all__ = ["AcknowledgeFor"]


class AcknowledgeFor(Picking[AcknowledgeRequest]):
    """Whose unread pages to accept, when none of them is mine; with `mine` only a note is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s", "take", "Acknowledge", show=False)]

    def __init__(self, name: str, title: str, waiting: Sequence[Choice], *, mine: bool, draft: str = "") -> None:
        """`waiting` are the contacts (key: their ARN) with an unread page of the incident `name` (`INC-1042`)."""
        super().__init__(
            f"Acknowledge {name}" if mine else f"Acknowledge {name} on behalf of",
            waiting,
            nothing="Nobody has an unread page.",
        )
        self._title, self._mine = title, mine
        self._note = Line(draft, placeholder="for the timeline, optional")
        if mine:
            self.keys = (("enter", "acknowledge"), ("esc", "cancel"))
        else:
            self.keys = (("enter", "acknowledge"), ("↑ ↓", "move"), ("tab", "note"), ("esc", "cancel"))

    def body(self) -> ComposeResult:
        yield Words(self._title, "title", lines=2)
        if self._mine:
            yield Field("Note", self._note)
        else:
            yield from super().body()
            yield Field("Note", self._note, "apart")

    def first_focus(self) -> Widget:
        return self._note if self._mine else self.filter

    def written(self) -> str:
        return self._note.value.strip()

    def choose(self, choice: Choice) -> None:
        self.answer(AcknowledgeRequest(choice.key, self.written() or None))

    def action_take(self) -> None:
        self.take()

    def take(self) -> None:
        if self._mine:
            self.answer(AcknowledgeRequest(None, self.written() or None))
        else:
            super().take()
