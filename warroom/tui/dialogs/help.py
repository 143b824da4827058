"""All keys, in sections, side by side where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from warroom.model.narrative import one_line
from warroom.tui.dialogs.dialog import Dialog, Keys
from warroom.tui.ink import fit, measure

__all__ = ["Help", "Sections"]

Sections = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""(heading, ((keys, what they do), ...)) from top to bottom."""

GAP = 4
"""Cells between two columns."""
MOST_COLUMNS = 4
AROUND = 6
"""Lines of the screen that the table leaves to the box."""


@dataclass(frozen=True, slots=True)
class Column:
    """Lines of (keys, title); a heading is a title without keys; an empty line has neither."""

    lines: Sequence[tuple[str, str]]

    @property
    def key_width(self) -> int:
        return max((measure(keys) for keys, _ in self.lines), default=0) + 2

    @property
    def width(self) -> int:
        return max((measure(title) + (self.key_width if keys else 0) for keys, title in self.lines), default=0)


class KeyTable(ScrollView, can_focus=True):
    """The sections in as many columns as fit, about equally long; a section is never torn apart."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--heading", "help--key"}

    def __init__(self, sections: Sections) -> None:
        super().__init__()
        self._blocks = [
            [("", one_line(heading)), *((one_line(keys), one_line(title)) for keys, title in rows)]
            for heading, rows in sections
        ]
        self._columns: list[Column] = []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(_height(self._laid_out(width)), max(3, viewport.height - AROUND))

    def on_resize(self) -> None:
        self._columns = self._laid_out(self.size.width)
        self.virtual_size = Size(0, _height(self._columns))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        ground = self.rich_style
        at = y + self.scroll_offset.y
        segments: list[Segment] = []
        for column in self._columns:
            keys, title = column.lines[at] if at < len(column.lines) else ("", "")
            width = min(column.width, self.size.width)
            if keys:
                style = ground + self.get_component_rich_style("help--key", partial=True)
                segments.append(Segment(fit(keys, column.key_width), style))
                segments.append(Segment(fit(title, width - column.key_width), ground))
            else:
                style = ground + self.get_component_rich_style("help--heading", partial=True)
                segments.append(Segment(fit(title, width), style))
            segments.append(Segment(" " * GAP, ground))
        return Strip(segments).adjust_cell_length(self.size.width, ground)

    def _laid_out(self, width: int) -> list[Column]:
        for count in range(min(MOST_COLUMNS, len(self._blocks)), 1, -1):
            columns = self._in_columns(count)
            if sum(column.width for column in columns) + GAP * (len(columns) - 1) <= width:
                return columns
        return self._in_columns(1)

    def _in_columns(self, count: int) -> list[Column]:
        """The blocks in order, in at most `count` columns, as low as that can be."""
        height = max((len(block) for block in self._blocks), default=0)
        while True:
            columns: list[list[tuple[str, str]]] = [[]]
            for block in self._blocks:
                if columns[-1] and len(columns[-1]) + 1 + len(block) > height:
                    columns.append([])
                if columns[-1]:
                    columns[-1].append(("", ""))
                columns[-1] += block
            if len(columns) <= count:
                return [Column(lines) for lines in columns]
            height += 1


class Help(Dialog[None]):
    """Is only read; escape, enter, `q` and `?` close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,enter,f1", "cancel", "Close", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
        Binding("space", "scroll(10)", "Page down", show=False),
    ]
    keys: Keys = (("↑ ↓", "scroll"), ("esc", "close"))

    def __init__(self, sections: Sections) -> None:
        super().__init__("Keys")
        self._table = KeyTable(sections)

    def body(self) -> ComposeResult:
        yield self._table

    def first_focus(self) -> Widget:
        return self._table

    def action_scroll(self, by: int) -> None:
        self._table.scroll_relative(y=by, animate=False)


def _height(columns: Sequence[Column]) -> int:
    return max((len(column.lines) for column in columns), default=1)
