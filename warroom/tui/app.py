"""The war room as an application: it joins the room, the connection and the screen, and does nothing else."""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from warroom.stream.news import Arrived, News
from warroom.tui.clock import BackendClock
from warroom.tui.deck import Deck
from warroom.tui.leaving import TerminalGuard
from warroom.tui.link import LinkFactory
from warroom.tui.messages import NewsWaiting, OlderWanted
from warroom.tui.outlet import DirectDisplay
from warroom.tui.records import Touched
from warroom.tui.room import Room
from warroom.tui.styles import stylesheet
from warroom.tui.theme import WARROOM_DARK
from warroom.tui.watching import Watching

if TYPE_CHECKING:
    from warroom.tui.steering import Steering

__all__ = ["WarRoom", "run"]

SETTLED_AFTER = 5.0
"""Seconds after which the start is over even when no snapshot came."""
SWITCH = 0.001
"""Seconds that one thread may keep the interpreter from another (Python's own: 5 ms): a key waits for the news
that are being read no longer than that."""
CHANGES_AT_ONCE = 2000
"""So many changes are taken before keys get their turn again."""


class WarRoom(DirectDisplay):
    """`link_factory` makes the connection; it hands its news from a thread of its own."""

    CSS_PATH = stylesheet("warroom")
    TITLE = "warroom"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        link_factory: LinkFactory,
        *,
        backend_name: str,
        me: str | None = None,
        clock: BackendClock | None = None,
        guard: TerminalGuard | None = None,
        settle: Callable[[], object] | None = None,
    ) -> None:
        """`me` is the contact that I am, by alias or ARN, where my key is bound to none.

        `settle` is called whenever a snapshot is in, with all that it holds in memory.
        """
        super().__init__()
        self.animation_level = "none"
        self.register_theme(WARROOM_DARK)
        # Assigning it would parse all styles a second time, with the variables of the theme.
        self.set_reactive(App.theme, WARROOM_DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.failure: Exception | None = None
        """What ended it unexpectedly."""
        self._guard = guard
        self._settle = settle or (lambda: None)
        self._inbox: deque[News] = deque()
        self._room = Room(backend_name, clock or BackendClock(), me=me)
        self._link = link_factory(self._deliver)
        self._room.last_heard = lambda: self._link.last_heard
        self._watching = Watching(self._room.world, self._link, self.set_timer)
        self._deck = Deck(self._room, self._begin)
        self._take_news()  # What came already is on the first frame.

    def _begin(self, action_id: str) -> None:
        """Begin an action that changes something."""
        self._steering.do(action_id)

    @cached_property
    def _steering(self) -> Steering:
        # With the first action, not with the start: its dialogs and commands are 12 ms of imports.
        from warroom.tui.steering import Steering

        return Steering(self._room, self._link, self._ask, self._errand_changed)

    def get_default_screen(self) -> Screen[Any]:
        return self._deck

    def on_mount(self) -> None:
        if self._guard is not None:
            self._guard.watch(self.exit)
        self._link.start()
        self.on_news_waiting()
        self._tick_later()
        self.set_timer(SETTLED_AFTER, self._settle)

    def hang_up(self) -> None:
        """End the connection; after the screen is gone, for a farewell may take a moment."""
        self._link.stop()

    # --- news

    def _deliver(self, news: News) -> None:
        """Called in the thread of the connection."""
        self._inbox.append(news)
        if self.is_running:
            self.post_message(NewsWaiting())

    def on_news_waiting(self) -> None:
        standing = self._room.standing().state
        touched = self._take_news()
        if self._inbox:
            self.post_message(NewsWaiting())
        if self._room.standing().state is not standing:
            touched.whole = True
        self._deck.show(touched)

    def _take_news(self) -> Touched:
        """Follow the news that wait, as many as may be taken at once. Returns what looks different."""
        touched = Touched()
        taken = 0
        while self._inbox and taken < CHANGES_AT_ONCE:
            news = self._inbox.popleft()
            taken += len(getattr(news, "changes", ())) + 1
            touched.add(self._room.take(news))
            if self.is_running and isinstance(news, Arrived) and news.snapshot and news.last:
                self._settle()
        self._watching.follow(self._room.selected)
        return touched

    # --- the screen

    def on_incident_selected(self) -> None:
        self._watching.follow(self._room.selected)
        self._deck.show_all()

    def on_older_wanted(self, message: OlderWanted) -> None:
        self._link.page(message.incident, message.before)

    def _ask(self, dialog: Screen[Any], answered: Callable[[Any], None]) -> None:
        self.push_screen(dialog, answered)

    def _errand_changed(self) -> None:
        self._deck.show_all()

    def _tick_later(self) -> None:
        """On the next whole second of the clock that is shown."""
        into = self._room.clock.now().microsecond / 1_000_000
        self.set_timer(1.005 - into, self._tick)

    def _tick(self) -> None:
        self._room.errands.expire(self._room.clock.monotonic())
        self._deck.show_all()
        self._tick_later()

    def on_key(self, event: events.Key) -> None:
        """Keys typed in one go after the one that opens a dialog are on their way to the panes: it gets them."""
        if event not in self._deck.keys_on_their_way:
            return
        self._deck.keys_on_their_way.remove(event)
        if self.screen is not self._deck:
            event.stop().prevent_default()
            (self.focused or self.screen).post_message(events.Key(event.key, event.character))

    # --- the way out

    def action_help_quit(self) -> None:
        """ctrl+c in a dialog."""
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _print_error_renderables(self) -> None:
        """Nothing: `run` raises what went wrong, and its caller says it in one line."""
        self._exit_renderables.clear()


def run(
    link_factory: LinkFactory,
    *,
    backend_name: str,
    me: str | None = None,
    mouse: bool = False,
    clock: BackendClock | None = None,
) -> int:
    """Show the war room until the user leaves. Returns the exit code: 0, or 128 + the signal that ended it.

    `me` is the contact that I am, by alias or ARN, where my key is bound to none. Raises what went wrong
    unexpectedly, with the terminal restored.
    """
    gc.disable()
    sys.setswitchinterval(SWITCH)
    guard = TerminalGuard()
    guard.remember()
    app = WarRoom(link_factory, backend_name=backend_name, me=me, clock=clock, guard=guard, settle=_settle_memory)
    app.run(mouse=mouse)
    gc.enable()
    guard.let_go()
    app.hang_up()
    if guard.exit_code is None and app.failure is not None:
        raise app.failure
    return guard.exit_code or 0


def _settle_memory() -> None:
    """Begin to collect garbage, but not what is held now: that is no garbage, and there is no end of it.

    Walking 10,000 incidents stops the screen for 100 ms each time; walking modules and records while the war room
    starts makes it 50 ms slower.
    """
    gc.freeze()
    gc.enable()
