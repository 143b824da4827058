"""The parts of a dialog that are filled in or read: words, a line with its name, the choice of an impact."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from warroom.model.narrative import IMPACT_NAMES, one_line
from warroom.tui.dialogs.impacts import impact_text
from warroom.tui.ink import clip, fit, measure, wrap

__all__ = ["Field", "ImpactBar", "Line", "Words"]


class Words(Widget):
    """Text that is shown as it is, in at most `lines` lines: nothing in it is markup."""

    def __init__(self, text: str, classes: str = "", *, lines: int = 1) -> None:
        super().__init__(classes=classes)
        self._text, self._most = one_line(text), lines

    def say(self, text: str) -> None:
        """Show another text in the same place."""
        if one_line(text) != self._text:
            self._text = one_line(text)
            self.refresh()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return measure(self._text)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        width, ground = self.size.width, self.rich_style
        lines = self._lines(width)
        line = lines[y] if y < len(lines) else ""
        if self.styles.text_align == "right":
            line = fit(line, width, right=True)
        return Strip([Segment(line, ground)]).adjust_cell_length(width, ground)

    def _lines(self, width: int) -> list[str]:
        lines = wrap(self._text, max(1, width))
        if len(lines) > self._most:
            lines[self._most - 1 :] = [clip(" ".join(lines[self._most - 1 :]), width)]
        return lines


class Line(Input):
    """One line of text to fill in."""

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(placeholder=one_line(placeholder), compact=True, select_on_focus=False)
        self._first = one_line(value)
        self.cursor_blink = False

    def on_mount(self) -> None:
        self.value = self._first

    def on_paste(self, event: events.Paste) -> None:
        """Pasted lines become one: nothing of them is dropped."""
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)


class Field(Horizontal):
    """Something to fill in, with its name before it."""

    def __init__(self, label: str, content: Widget, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._label = label
        self._content = content

    def compose(self) -> ComposeResult:
        yield Words(self._label, "label")
        yield self._content

    def on_descendant_focus(self) -> None:
        self.add_class("current")

    def on_descendant_blur(self) -> None:
        self.remove_class("current")


class ImpactBar(Widget, can_focus=True):
    """The five impacts side by side, one of them taken: the arrows or its digit take another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "take(-1)", "Higher", show=False),
        Binding("right,l", "take(1)", "Lower", show=False),
        Binding("enter", "submit", "Done", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"impact--{impact}" for impact in IMPACT_NAMES} | {"impact--taken"}

    class Changed(Message):
        """Another impact is taken."""

    class Submitted(Message):
        """Enter was pressed on it."""

    def __init__(self, impact: int) -> None:
        super().__init__()
        self._impact = impact

    @property
    def impact(self) -> int:
        """1 to 5."""
        return self._impact

    @impact.setter
    def impact(self, impact: int) -> None:
        if impact != self._impact:
            self._impact = impact
            self.refresh()
            self.post_message(self.Changed())

    def on_key(self, event: events.Key) -> None:
        if event.character is not None and event.character in "12345":
            event.stop()
            self.impact = int(event.character)

    def on_click(self, event: events.Click) -> None:
        start = 0
        for impact in IMPACT_NAMES:
            start += len(impact_text(impact)) + 2
            if event.x < start:
                self.impact = impact
                return

    def action_take(self, by: int) -> None:
        self.impact = min(max(self._impact + by, 1), 5)

    def action_submit(self) -> None:
        self.post_message(self.Submitted())

    def render_line(self, y: int) -> Strip:
        ground = self.rich_style
        if y:
            return Strip.blank(self.size.width, ground)
        segments: list[Segment] = []
        for impact in IMPACT_NAMES:
            taken = impact == self._impact
            style = ground + self.get_component_rich_style(f"impact--{impact}", partial=True)
            if taken:
                style += self.get_component_rich_style("impact--taken", partial=True)
            before, after = ("[", "]") if taken else (" ", " ")
            segments.append(Segment(f"{before}{impact_text(impact)}{after}", style))
        return Strip(segments).adjust_cell_length(self.size.width, ground)
