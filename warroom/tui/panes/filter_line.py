"""Where the filter is typed: the line of the errands, which holds the keys while it has the focus."""

from __future__ import annotations

from textual import events

from warroom.model.narrative import one_line
from warroom.tui.canvas import Row
from warroom.tui.ink import Line
from warroom.tui.messages import FilterClosed, FilterTyped
from warroom.tui.panes.status import StatusLine

__all__ = ["FilterLine"]

LONGEST = 200


class FilterLine(StatusLine, can_focus=True):
    """Enter keeps the filter and goes back to the list, escape takes it off; the arrows move in the list meanwhile."""

    text = ""

    def rows(self, width: int, height: int) -> list[Row]:
        if not self.has_focus:
            return super().rows(width, height)
        listing = self.room.listing
        found = f"  {len(listing):,} of {len(self.room.world.records.open):,}"
        line: Line = [(" /", "prompt"), (self.text, "strong"), (" ", "cursor"), (found, "dim")]
        return [
            Row(
                [
                    *line,
                    ("   enter", "key"),
                    (" keep  ", "dim"),
                    ("esc", "key"),
                    (" all  ", "dim"),
                    ("!word", "key"),
                    (" leaves out", "dim"),
                ]
            )
        ]

    def open(self, text: str) -> None:
        """Begin with the filter as it is."""
        self.text = text

    def on_key(self, event: events.Key) -> None:
        match event.key:
            case "enter" | "tab" | "shift+tab":
                self.post_message(FilterClosed(kept=True))
            case "escape" | "ctrl+c":
                self.post_message(FilterClosed(kept=False))
            case "backspace" | "ctrl+h":
                if not self.text:
                    self.post_message(FilterClosed(kept=False))
                self._type(self.text[:-1])
            case "ctrl+u":
                self._type("")
            case "ctrl+w":
                self._type(self.text.rstrip().rpartition(" ")[0])
            case "up" | "down" | "pageup" | "pagedown":
                return
            case _ if event.is_printable and event.character:
                self._type(self.text + event.character)
        event.prevent_default()
        event.stop()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._type(self.text + one_line(event.text))

    def _type(self, text: str) -> None:
        if text != self.text:
            self.text = text[:LONGEST]
            self.post_message(FilterTyped(self.text))
            self.repaint()
