"""Where many lines are written: a timeline event, a summary."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from warroom.model.narrative import one_line
from warroom.tui.dialogs.dialog import Dialog, Keys

__all__ = ["Compose"]


class Page(TextArea):
    """Many lines of text to write; whatever is put into it, nothing in it acts on the terminal."""

    def __init__(self, text: str, *, placeholder: str) -> None:
        super().__init__(
            _printable(text),
            placeholder=one_line(placeholder),
            compact=True,
            highlight_cursor_line=False,
            show_line_numbers=False,
        )
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(_printable(event.text), *self.selection)


class Compose(Dialog[str]):
    """Text of at most `limit` characters; F2 or ctrl+s sends it, escape keeps it in `draft`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2,ctrl+s", "send", "Send", show=False)]
    keys: Keys = (("f2 or ctrl+s", "send"), ("esc", "cancel, keep the draft"))

    def __init__(
        self, heading: str, *, placeholder: str = "", draft: str = "", limit: int, empty: bool = False
    ) -> None:
        """`limit` is in characters; `empty` says whether nothing at all may be sent, to clear what was there."""
        super().__init__(heading)
        self._limit, self._empty = limit, empty
        self._area = Page(draft, placeholder=placeholder)

    def body(self) -> ComposeResult:
        yield self._area

    def first_focus(self) -> Widget:
        return self._area

    def written(self) -> str:
        return self._area.text.strip()

    def on_mount(self) -> None:
        self._count()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._count()

    def action_send(self) -> None:
        text = self.written()
        if not text and not self._empty:
            self.remark("Nothing is written yet.", wrong=True)
        elif len(text) > self._limit:
            self.remark(f"{len(text) - self._limit:,} characters too many: at most {self._limit:,}.", wrong=True)
        else:
            self.answer(text)

    def _count(self) -> None:
        left = self._limit - len(self.written())
        if left < 0:
            self.remark(f"{-left:,} characters too many", wrong=True)
        elif left <= max(20, self._limit // 10):
            self.remark(f"{left:,} characters left")
        else:
            self.remark("")


def _printable(text: str) -> str:
    """`text` in its lines, a space for each character that a terminal would obey."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return "\n".join("".join(letter if letter.isprintable() else " " for letter in line) for line in lines)
