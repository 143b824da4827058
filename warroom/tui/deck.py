"""The main screen: its panes, the keys from the registry, and what is repainted when."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.timer import Timer

from warroom.tui import dialogs
from warroom.tui.actions import ACTIONS, BY_ID, sections, unavailable
from warroom.tui.canvas import INK_CLASSES, Canvas
from warroom.tui.dialogs.beneath import Beneath
from warroom.tui.messages import FilterClosed, FilterTyped, IncidentSelected
from warroom.tui.outlet import DirectDisplay, is_behind
from warroom.tui.pane import Pane
from warroom.tui.panes.details import DetailsPane
from warroom.tui.panes.enlarge import SMALLEST, Enlarge
from warroom.tui.panes.filter_line import FilterLine
from warroom.tui.panes.footer import Footer
from warroom.tui.panes.header import Header
from warroom.tui.panes.incidents import IncidentsPane
from warroom.tui.panes.paging import PagingPane
from warroom.tui.panes.timeline import TimelinePane
from warroom.tui.records import Touched
from warroom.tui.room import Room

__all__ = ["Deck"]

WIDE = 160
"""From so many columns on, the list shares its line with the details."""
FRAME = 1 / 30
"""Seconds between two repaints by news; the first after a pause is painted at once."""
WHILE_BEHIND = 0.05
"""Seconds until a terminal that has not taken the last frame yet is looked at again."""


class Deck(Beneath[None]):
    """All of the war room but its dialogs."""

    AUTO_FOCUS = ""
    COMPONENT_CLASSES: ClassVar[set[str]] = set(INK_CLASSES)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(action.keys), f"do('{action.id}')", action.title, show=False, id=action.id)
        for action in ACTIONS
    ]

    def __init__(self, room: Room, steer: Callable[[str], None]) -> None:
        super().__init__()
        self._room = room
        self._steer = steer
        self._panes: tuple[Pane, ...] = (
            IncidentsPane(room, id="incidents"),
            DetailsPane(room, id="details"),
            PagingPane(room, id="paging"),
            TimelinePane(room, id="timeline"),
        )
        self._filter = FilterLine(room)
        self._around: tuple[Canvas, ...] = (Header(room), self._filter, Footer(room), Enlarge(room))
        self._active: Pane = self._panes[0]
        self._active.active = True
        self.keys_on_their_way: list[events.Key] = []
        """Pressed over the panes, and not looked up yet."""
        self._owed = Touched()
        self._painted = 0.0
        self._later: Timer | None = None

    def compose(self) -> ComposeResult:
        header, *below = self._around
        yield header
        incidents, details, paging, timeline = self._panes
        with Container(id="panes"):
            yield from (incidents, details, timeline, paging)
        yield from below

    def on_mount(self) -> None:
        self._fit(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        width, height = size
        self.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-small")
        self.set_class(width >= WIDE, "-wide")

    # --- painting

    def show(self, touched: Touched) -> None:
        """The world changed: repaint what shows it, at most once a frame."""
        self._owed.add(touched)
        if self._later is None:
            self._paint_in(self._painted + FRAME - time.monotonic())

    def _paint_in(self, seconds: float) -> None:
        if seconds > 0:
            self._later = self.set_timer(seconds, self._paint)
        else:
            self._paint()

    def _paint(self) -> None:
        self._later = None
        if is_behind(self.app):
            self._paint_in(WHILE_BEHIND)
            return
        self._painted = time.monotonic()
        owed, self._owed = self._owed, Touched()
        for pane in self._panes:
            if pane.concerns(owed):
                pane.repaint()
        self.show_around()

    def show_around(self) -> None:
        """Repaint the lines above and below the panes."""
        for canvas in self._around:
            canvas.repaint()

    def show_all(self) -> None:
        """Repaint everything that differs: a second has passed, or the selection is another."""
        self.show(Touched(whole=True))

    # --- actions

    def on_key(self, event: events.Key) -> None:
        self.keys_on_their_way.append(event)

    def action_do(self, action_id: str) -> None:
        action = BY_ID[action_id]
        if action.command is not None:
            self._steer(action_id)
            return
        doing: Any = getattr(self, f"do_{action_id}")
        if unavailable(action, self._room) is None:
            doing()

    def do_down(self) -> None:
        self._active.move(1)

    def do_up(self) -> None:
        self._active.move(-1)

    def do_page_down(self) -> None:
        self._active.page(1)

    def do_page_up(self) -> None:
        self._active.page(-1)

    def do_home(self) -> None:
        self._active.home()

    def do_end(self) -> None:
        self._active.end()

    def _go(self, number: int) -> None:
        before, self._active = self._active, next(pane for pane in self._panes if pane.number == number)
        before.active, self._active.active = False, True
        if self.has_class("-zoomed"):
            self._zoom_to(self._active)
        before.repaint()
        self._active.repaint()

    def do_next_pane(self) -> None:
        self._go(self._active.number % len(self._panes) + 1)

    def do_previous_pane(self) -> None:
        self._go((self._active.number - 2) % len(self._panes) + 1)

    def do_pane_1(self) -> None:
        self._go(1)

    def do_pane_2(self) -> None:
        self._go(2)

    def do_pane_3(self) -> None:
        self._go(3)

    def do_pane_4(self) -> None:
        self._go(4)

    def do_zoom(self) -> None:
        self._zoom_to(None if self.has_class("-zoomed") else self._active)

    def _zoom_to(self, zoomed: Pane | None) -> None:
        self.set_class(zoomed is not None, "-zoomed")
        for pane in self._panes:
            pane.set_class(pane is zoomed, "-zoomed")

    def do_back(self) -> None:
        """Undo the newest of what stands in the way."""
        if self._room.errands.last is not None:
            self._room.errands.dismiss()
            self.show_around()
        elif self.has_class("-zoomed"):
            self._zoom_to(None)
        elif self._room.listing.filter:
            self._set_filter("")

    def do_redraw(self) -> None:
        if isinstance(self.app, DirectDisplay):
            self.app.redraw()

    def do_quit(self) -> None:
        self.app.exit()

    def do_help(self) -> None:
        self.app.push_screen(dialogs.Help(sections()))

    def do_palette(self) -> None:
        from warroom.tui import palette

        self.app.push_screen(dialogs.Palette(palette.choices(self._room)), self._chosen)

    def _chosen(self, key: str | None) -> None:
        """The answer of the palette: an action, or an incident to go to."""
        if key is None:
            return
        from warroom.tui import palette

        action_id, incident = palette.chosen(key)
        if action_id is not None:
            self.action_do(action_id)
        elif incident is not None and self._room.listing.select_incident(incident):
            self._go(1)
            self.post_message(IncidentSelected())

    # --- the filter

    def do_filter(self) -> None:
        self._filter.open(self._room.listing.filter)
        self.set_focus(self._filter)

    def on_filter_typed(self, message: FilterTyped) -> None:
        self._set_filter(message.text)

    def on_filter_closed(self, message: FilterClosed) -> None:
        if not message.kept:
            self._set_filter("")
        self.set_focus(None)
        self._go(1)

    def _set_filter(self, text: str) -> None:
        self._room.listing.set_filter(text)
        self.post_message(IncidentSelected())
        self.show_all()
