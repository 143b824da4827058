"""Choosing one of many by typing a few of its letters; the command palette is such a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from warroom.tui.dialogs.choice_list import ChoiceList
from warroom.tui.dialogs.dialog import Answer, Dialog, Keys
from warroom.tui.dialogs.fields import Line, Words
from warroom.tui.dialogs.requests import Choice

__all__ = ["Palette", "Pick", "Picking"]


class Picking(Dialog[Answer]):
    """A filter and the list under it. What is typed narrows the list; the arrows choose in it all the while."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,ctrl+p", "move(-1)", "Up", show=False),
        Binding("down,ctrl+n", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]
    keys: Keys = (("enter", "choose"), ("↑ ↓", "move"), ("esc", "cancel"))

    def __init__(self, heading: str, choices: Sequence[Choice], *, nothing: str = "Nothing to choose from.") -> None:
        """Choices of one group follow each other. `nothing` is said when there are none at all."""
        super().__init__(heading)
        self._total = len(choices)
        self.filter = Line(placeholder="type to filter")
        self.choices = ChoiceList(choices, nothing=nothing)

    def body(self) -> ComposeResult:
        with Horizontal(classes="filter"):
            yield self.filter
            yield Words(self._count(), "count")
        yield self.choices

    def first_focus(self) -> Widget:
        return self.filter

    def choose(self, choice: Choice) -> None:
        """Enter was pressed on `choice`."""
        raise NotImplementedError

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self.filter:
            event.stop()
            self.choices.narrow(event.value)
            self.query_one(".count", Words).say(self._count())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.take()

    def on_choice_list_clicked(self) -> None:
        self.take()

    def action_move(self, by: int) -> None:
        self.choices.move(by)

    def action_page(self, by: int) -> None:
        self.choices.move(by * self.choices.page)

    def take(self) -> None:
        """Enter, or a click on a line."""
        if (choice := self.choices.chosen) is not None:
            self.choose(choice)

    def _count(self) -> str:
        found = self.choices.found
        return f"{found:,}" if found == self._total else f"{found:,} of {self._total:,}"


class Pick(Picking[str]):
    """Answers the key of the choice."""

    def choose(self, choice: Choice) -> None:
        self.answer(choice.key)


class Palette(Pick):
    """Every action with its key, and every open incident."""

    keys: Keys = (("enter", "do it"), ("↑ ↓", "move"), ("esc", "cancel"))

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__("Command palette", choices)
        self.filter.placeholder = "an action or an incident"
