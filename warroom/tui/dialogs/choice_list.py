"""The list of choices: any number of lines, of which only those on the screen are ever drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from warroom.model.narrative import one_line
from warroom.tui.dialogs.impacts import IMPACT_WIDTH, impact_text
from warroom.tui.dialogs.requests import Choice
from warroom.tui.dialogs.search import extends, positions, rank
from warroom.tui.ink import clip

__all__ = ["ChoiceList"]

SEARCHED = 240
"""Characters of a label that the filter looks at; more would match everything."""

LEAST_HEIGHT, MOST_HEIGHT = 3, 28
"""Lines of the list on the smallest and on the largest screen."""
AROUND = 11
"""Lines of a screen that the rest of the fullest dialog takes."""


class ChoiceList(ScrollView, can_focus=False):
    """Choices under the headings of their groups; one of them is the chosen one.

    The filter above it has the focus; the dialog moves the choice with `move`.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice--chosen",
        "choice--detail",
        "choice--group",
        "choice--match",
        "impact--1",
        "impact--2",
        "impact--3",
        "impact--4",
        "impact--5",
    }

    class Chosen(Message):
        """Another choice is the chosen one now, or none is (nothing matches)."""

    class Clicked(Message):
        """A choice was taken with the mouse; it is the chosen one."""

    def __init__(self, choices: Sequence[Choice], *, nothing: str = "Nothing to choose from.") -> None:
        """`nothing` is shown when there are no choices at all."""
        super().__init__()
        self._choices = choices
        self._nothing = nothing
        self._texts: list[str] | None = None
        self._query = ""
        self._found: list[int] = list(range(len(choices)))
        self._lines: list[int | str] = self._grouped()
        self._full_height = max(1, len(self._lines))
        self._line = self._next(0, 1)

    @property
    def chosen(self) -> Choice | None:
        """The choice that enter takes; None when nothing matches."""
        if self._line is None:
            return None
        line = self._lines[self._line]
        return self._choices[line] if isinstance(line, int) else None

    @property
    def found(self) -> int:
        """How many choices match."""
        return len(self._found)

    def narrow(self, query: str) -> None:
        """Show only what matches `query`, best first; with an empty query everything, in its groups."""
        query = query.strip()
        if query == self._query:
            return
        if self._texts is None:
            self._texts = [_searched(choice) for choice in self._choices]
        among = self._found if extends(query, self._query) else range(len(self._choices))
        self._found = rank(query, self._texts, among)
        self._query = query
        self._lines = list(self._found) if query else self._grouped()
        self._line = self._next(0, 1)
        self.virtual_size = Size(0, max(1, len(self._lines)))
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()
        self.post_message(self.Chosen())

    def move(self, by: int) -> None:
        """Choose the line `by` lines further down, or the nearest choice to it."""
        if self._line is None:
            return
        line = min(max(self._line + by, 0), len(self._lines) - 1)
        step = 1 if by > 0 else -1
        further = self._next(line, step)
        self.choose_line(self._next(line, -step) if further is None else further)

    def choose(self, key: str) -> None:
        """Choose the choice with this key, if it is shown."""
        for at, line in enumerate(self._lines):
            if isinstance(line, int) and self._choices[line].key == key:
                self.choose_line(at)
                return

    def choose_line(self, line: int | None) -> None:
        """Choose the choice on this line (counted over all lines, headings too)."""
        if line is None or line == self._line:
            return
        before, self._line = self._line, line
        if before is not None:
            self._refresh_line(before)
        self._refresh_line(line)
        self._show_chosen()
        self.post_message(self.Chosen())

    @property
    def page(self) -> int:
        """Lines to move for a page."""
        return max(1, self.size.height - 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as all choices, whatever the filter leaves: the dialog does not jump while one types."""
        return min(self._full_height, max(LEAST_HEIGHT, min(viewport.height - AROUND, MOST_HEIGHT)))

    def on_mount(self) -> None:
        self.virtual_size = Size(0, max(1, len(self._lines)))

    def on_resize(self) -> None:
        self._show_chosen()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if line < len(self._lines) and isinstance(self._lines[line], int):
            self.choose_line(line)
            self.post_message(self.Clicked())

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        at = y + self.scroll_offset.y
        ground = self.rich_style
        if at >= len(self._lines):
            text = (f"No match for “{one_line(self._query)}”." if self._query else self._nothing) if at == 0 else ""
            return self._strip([("  " + text, "choice--detail")], width, ground)
        line = self._lines[at]
        if isinstance(line, str):
            return self._strip([(clip(one_line(line), width), "choice--group")], width, ground)
        return self._choice_line(self._choices[line], at == self._line, width, ground)

    def _choice_line(self, choice: Choice, chosen: bool, width: int, ground: Style) -> Strip:
        parts: list[tuple[str, str]] = [("▸ " if chosen else "  ", "")]
        room = width - 3
        if choice.impact is not None:
            parts.append((impact_text(choice.impact).ljust(IMPACT_WIDTH) + " ", f"impact--{choice.impact}"))
            room -= IMPACT_WIDTH + 1
        detail = clip(one_line(choice.detail), max(0, room // 2))
        label = clip(one_line(choice.label[:SEARCHED]), room - cell_len(detail) - (2 if detail else 0))
        gap = room - cell_len(label) - cell_len(detail)
        marked = positions(self._query, label) if self._query else set()
        start = 0
        for end in range(1, len(label) + 1):
            if end == len(label) or (end in marked) != (start in marked):
                parts.append((label[start:end], "choice--match" if start in marked else ""))
                start = end
        parts.append((" " * gap, ""))
        parts.append((detail, "choice--detail"))
        if chosen:
            ground += self.get_component_rich_style("choice--chosen")
        return self._strip(parts, width, ground)

    def _strip(self, parts: Sequence[tuple[str, str]], width: int, ground: Style) -> Strip:
        def style(name: str) -> Style:
            return ground + self.get_component_rich_style(name, partial=True) if name else ground

        return Strip([Segment(text, style(name)) for text, name in parts if text]).adjust_cell_length(width, ground)

    def _grouped(self) -> list[int | str]:
        lines: list[int | str] = []
        group = ""
        for index, choice in enumerate(self._choices):
            if choice.group != group:
                group = choice.group
                lines.append(group)
            lines.append(index)
        return lines

    def _next(self, line: int, step: int) -> int | None:
        while 0 <= line < len(self._lines):
            if isinstance(self._lines[line], int):
                return line
            line += step
        return None

    def _refresh_line(self, line: int) -> None:
        y = line - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _show_chosen(self) -> None:
        if self._line is None or not self.size.height:
            return
        top = self.scroll_offset.y
        heading = self._line > 0 and isinstance(self._lines[self._line - 1], str)
        first = self._line - 1 if heading else self._line
        if first < top:
            self.scroll_to(y=first, animate=False, force=True)
        elif self._line >= top + self.size.height:
            self.scroll_to(y=self._line - self.size.height + 1, animate=False, force=True)


def _searched(choice: Choice) -> str:
    impact = f" {impact_text(choice.impact)}" if choice.impact is not None else ""
    return f"{choice.label[:SEARCHED]} {choice.detail}{impact}".lower()
