"""What all dialogs share: a box over the panes with its heading above and its keys below, and one answer."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from warroom.model.narrative import one_line
from warroom.tui.dialogs.beneath import Above
from warroom.tui.dialogs.fields import Words
from warroom.tui.ink import clip
from warroom.tui.styles import stylesheet

__all__ = ["Dialog", "Keys"]

Answer = TypeVar("Answer")

Keys = tuple[tuple[str, str], ...]
"""Keys and what they do: `(("enter", "choose"), ("esc", "cancel"))`."""

LONGEST_HEADING = 160


class Frame(Vertical):
    """The box."""


class Dialog(Above[Answer], Generic[Answer]):
    """Asks one thing and answers once. Escape cancels: the answer is then `cancelled`.

    What was typed stays in `draft` when it closes, so that the caller can offer it again.
    """

    CSS_PATH = stylesheet("dialogs")
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False)]

    cancelled: Answer | None = None
    keys: Keys = (("esc", "close"),)

    def __init__(self, heading: str) -> None:
        self._typed_ahead: list[Message] | None = []
        self._answered = False
        super().__init__()
        self.heading = heading
        self.draft = ""

    def body(self) -> ComposeResult:
        """The widgets in the box, from top to bottom."""
        raise NotImplementedError

    def first_focus(self) -> Widget | None:
        """What has the focus when the dialog opens."""
        return None

    def written(self) -> str:
        """The text typed so far that would be a loss."""
        return ""

    def compose(self) -> ComposeResult:
        with Frame() as frame:
            frame.border_title = Content(clip(one_line(self.heading), LONGEST_HEADING))
            yield from self.body()
            yield Words("", "remark")

    def on_mount(self) -> None:
        self.show_keys(self.keys)
        focus = self.first_focus()
        if focus is not None:
            self.set_focus(focus)
        typed_ahead, self._typed_ahead = self._typed_ahead or [], None
        for event in typed_ahead:
            (focus or self).post_message(event)

    def post_message(self, message: Message) -> bool:
        """Keep what is typed before the box is there for its first field.

        On a slow link a key and the text after it come in one packet; not one letter is lost.
        """
        if self._typed_ahead is not None and isinstance(message, (events.Key, events.Paste)):
            self._typed_ahead.append(message)
            return True
        return super().post_message(message)

    def show_keys(self, keys: Keys) -> None:
        """Write the keys that work now into the lower border."""
        bright = self.app.theme_variables.get("bright", "")
        parts = [part for key, title in keys for part in ("  ", (key, f"bold {bright}"), f" {title}")]
        self.query_one(Frame).border_subtitle = Content.assemble(*parts[1:])

    def remark(self, text: str, *, wrong: bool = False) -> None:
        """Say something in the last line of the box; what is `wrong` stands out."""
        remark = self.query_one(".remark", Words)
        remark.set_class(wrong, "wrong")
        remark.say(text)

    def answer(self, answer: Answer | None) -> None:
        """Close, and hand `answer` to who asked. Keys that arrive after the first answer change nothing."""
        if not self._answered:
            self._answered = True
            self.draft = self.written()
            self.dismiss(answer)

    def action_cancel(self) -> None:
        self.answer(self.cancelled)
