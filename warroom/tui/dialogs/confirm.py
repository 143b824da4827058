"""Questions before something that is not easily undone: only their own key says yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from warroom.tui.dialogs.dialog import Dialog, Keys
from warroom.tui.dialogs.fields import Field, Line, Words
from warroom.tui.dialogs.requests import ResolveRequest

__all__ = ["Confirm", "ConfirmResolve"]


class Confirm(Dialog[bool]):
    """A yes or no. Enter alone does neither: it says which key does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "cancel", "No", show=False),
        Binding("enter", "remind", "Remind", show=False),
    ]
    cancelled = False

    def __init__(
        self, heading: str, body: Sequence[str] = (), *, key: str = "y", yes: str = "yes", no: str = "no"
    ) -> None:
        """`key` says yes; `yes` and `no` are what the two answers are called in the box."""
        super().__init__(heading)
        self._body = body
        self._key, self._yes = key, yes
        self.keys = ((key, yes), ("n or esc", no))

    def body(self) -> ComposeResult:
        for line in self._body:
            yield Words(line, "said", lines=6)

    def on_key(self, event: events.Key) -> None:
        if self._key in (event.key, event.character):
            event.stop()
            self.answer(True)

    def action_remind(self) -> None:
        self.remark(f"Press {self._key} to {self._yes}.")


class ConfirmResolve(Dialog[ResolveRequest]):
    """Names the incident; `y` resolves it, with a note if there is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "resolve", "Resolve", show=False),
        Binding("f2,ctrl+s", "resolve", "Resolve", show=False),
        Binding("n", "cancel", "No", show=False),
        Binding("tab,shift+tab", "note", "Note", show=False),
        Binding("enter", "remind", "Remind", show=False),
    ]
    keys: Keys = (("y", "resolve"), ("tab", "add a note"), ("n or esc", "keep it open"))
    keys_in_note: ClassVar[Keys] = (("enter", "done"), ("f2", "resolve"), ("esc", "keep it open"))

    def __init__(self, name: str, title: str, waiting: int = 0, *, draft: str = "") -> None:
        """`name` is the short name (`INC-1042`), `waiting` how many of its pages nobody has read."""
        super().__init__(f"Resolve {name}?")
        self._name, self._title, self._waiting = name, title, waiting
        self._note = Line(draft, placeholder="for the timeline, optional")

    def body(self) -> ComposeResult:
        yield Words(self._title, "title", lines=4)
        if self._waiting:
            pages = "1 page has" if self._waiting == 1 else f"{self._waiting:,} pages have"
            yield Words(f"{pages} not been acknowledged.", "warning")
        yield Field("Note", self._note)

    def written(self) -> str:
        return self._note.value.strip()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_note()

    def on_descendant_focus(self) -> None:
        self.show_keys(self.keys_in_note)

    def action_note(self) -> None:
        if self.focused is None:
            self.set_focus(self._note)
        else:
            self.set_focus(None)
            self.show_keys(self.keys)

    def action_remind(self) -> None:
        self.remark(f"Press y to resolve {self._name}.")

    def action_resolve(self) -> None:
        self.answer(ResolveRequest(self.written() or None))
