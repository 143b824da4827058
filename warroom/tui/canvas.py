"""A widget that is painted line by line and repaints only the cells that changed (Textual's Line API).

A subclass says what each of its lines is; `repaint` compares that with what is on the screen and asks for a
refresh of exactly the runs of cells that differ. So a tick that changes nothing writes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from warroom.tui.ink import Ink, Line, clip, measure
from warroom.tui.picture import differing
from warroom.tui.room import Room
from warroom.tui.theme import IMPACT_INKS

__all__ = ["INK_CLASSES", "Canvas", "Row"]

INKS = (
    *(
        "text",
        "strong",
        "bright",
        "dim",
        "faint",
        "accent",
        "title",
        "good",
        "bad",
        "warn",
        "key",
        "live",
        "prompt",
        "cursor",
    ),
    *("frame", "focus", "thumb"),
    *IMPACT_INKS.values(),
)
FRAME_INKS = frozenset({"frame", "focus", "thumb"})
"""Inks of the frame, which the ground of a row inside it does not reach."""
GROUNDS = ("selected", "bar", "stale-bar", "lost-bar")
LOUD_GROUNDS = frozenset({"stale-bar", "lost-bar"})
"""Grounds on which all text has one colour."""

INK_CLASSES = frozenset(f"ink--{name}" for name in (*INKS, *GROUNDS))
"""Component classes of the screen, shared by all that is drawn on it."""


class Row(NamedTuple):
    """A line and the background that it stands on: one of `GROUNDS`, or the widget's own."""

    line: Line
    ground: str = ""


class Canvas(Widget):
    """Knows the room, draws lines from it, and paints what differs."""

    ALLOW_SELECT = False

    def __init__(self, room: Room, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.room = room
        self._rows: list[Row] = []
        self._strips: list[Strip] = []
        """How the rows look; made anew only for rows that are not as they were."""
        self._painted_size = Size(0, 0)
        self._rich_styles: dict[tuple[str, str], Style] = {}

    def rows(self, width: int, height: int) -> list[Row]:
        """The lines, at most `height` of them, each at most `width` cells. To be given by the subclass."""
        raise NotImplementedError

    # --- painting

    def repaint(self) -> None:
        """Look at the room again and paint what differs."""
        size = self.size
        if not size.width or not size.height:
            return
        if size != self._painted_size or not self.is_mounted:
            self._painted_size = Size(0, 0)
            self.refresh()
            return
        before, after = self._strips, self._drawn(size)
        self._strips = after
        changed = [
            Region(first, y, past - first, 1)
            for y, (old, new) in enumerate(zip(before, after, strict=True))
            if old is not new
            for first, past in differing(old._segments, new._segments)
        ]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        if self.size != self._painted_size:
            self._strips = self._drawn(self.size)
            self._painted_size = self.size
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._rich_styles.clear()
        self._rows, self._painted_size = [], Size(0, 0)

    def _drawn(self, size: Size) -> list[Strip]:
        width, height = size
        rows = self.rows(width, height)[:height]
        rows += [Row([])] * (height - len(rows))
        before, strips = self._rows, self._strips
        if len(before) != height or (strips and strips[0].cell_length != width):
            before = []
        self._rows = rows
        return [
            strips[y] if y < len(before) and before[y] == row else self._strip(row, width) for y, row in enumerate(rows)
        ]

    def _strip(self, row: Row, width: int) -> Strip:
        segments: list[Segment] = []
        room = width
        for text, ink in row.line:
            cells = measure(text)
            shown = text if cells <= room else clip(text, room)
            if shown:
                segments.append(Segment(shown, self._style(ink, row.ground)))
                room -= cells if shown is text else measure(shown)
        if room:
            segments.append(Segment(" " * room, self._style("text", row.ground)))
        return Strip(segments, width)

    def _style(self, ink: Ink, ground: str) -> Style:
        style = self._rich_styles.get((ink, ground))
        if style is None:
            style = self.screen.get_component_rich_style(f"ink--{ink}")
            if ground and ink not in FRAME_INKS and ink != "cursor":
                behind = self.screen.get_component_rich_style(f"ink--{ground}")
                style += Style(bgcolor=behind.bgcolor)
                if ground in LOUD_GROUNDS:
                    style += Style(color=behind.color, bold=True)
            self._rich_styles[(ink, ground)] = style
        return style
