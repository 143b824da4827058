"""What the panes look at: the world, the list, the clock, the connection and the errands, fed by the news."""

from __future__ import annotations

from collections.abc import Callable

from warroom.model.narrative import one_line
from warroom.stream.frames import Principal
from warroom.stream.news import Arrived, Connected, Disconnected, HistoryArrived, News, Refused, Replied
from warroom.tui.clock import BackendClock
from warroom.tui.connection import Connection, Standing
from warroom.tui.errands import Errands
from warroom.tui.listing import Listing
from warroom.tui.records import Touched
from warroom.tui.world import World

__all__ = ["Room"]


class Room:
    """The state of one war room, without its screen. All of it belongs to the thread of the screen."""

    def __init__(self, backend_name: str, clock: BackendClock, *, me: str | None = None) -> None:
        """`me` is the contact that I am, by alias or ARN, where my key is bound to none."""
        self._me = me
        self.backend_name = backend_name
        self.clock = clock
        self.world = World()
        self.listing = Listing(self.world)
        self.connection = Connection()
        self.errands = Errands()
        self.principal: Principal | None = None
        self.actions: frozenset[str] = frozenset()
        """What the backend lets me do."""
        self.last_heard: Callable[[], float] = clock.monotonic
        """When the backend gave the last sign of life, by the monotonic clock."""

    def take(self, news: News) -> Touched:
        """Follow one piece of news. Returns what looks different in the world."""
        match news:
            case Connected(welcome=welcome):
                self.clock.synchronise(welcome.time)
                self.principal = welcome.principal
                self.actions = frozenset(welcome.actions)
                self._recognise_me()
                self.connection.connected(resumed=welcome.resumed)
                return Touched()
            case Disconnected(reason=reason):
                self.connection.disconnected(one_line(reason))
                return Touched()
            case Refused(reason=reason):
                self.connection.refused(one_line(reason))
                return Touched()
            case Arrived():
                touched = self._arrived(news)
            case HistoryArrived():
                touched = self.world.history(news.incident, news.changes, latest=news.latest, older=news.older)
            case Replied():
                error = one_line(news.error.message) or news.error.code if news.error else None
                self.errands.finish(news.id, news.result, error, self.clock.monotonic())
                return Touched()
        if touched.names or touched.whole:
            self._recognise_me()
        self.listing.refresh(touched)
        return touched

    def _recognise_me(self) -> None:
        bound = self.principal.contact_arn if self.principal else None
        self.world.me = bound or (self.world.find_contact(self._me) if self._me else None)

    @property
    def acts_for_me(self) -> bool:
        """Whether the backend knows by my key that I am the contact that I am."""
        return self.principal is not None and self.principal.contact_arn == self.world.me

    @property
    def unknown_me(self) -> str | None:
        """Who I am said to be, when the backend has no such contact."""
        return self._me if self.world.whole and self.world.me is None else None

    def _arrived(self, news: Arrived) -> Touched:
        if not news.snapshot:
            return self.world.apply(news.changes)
        touched = self.world.snapshot_part(news.changes, first=news.first, last=news.last)
        if news.last:
            self.connection.loaded()
        return touched

    def standing(self) -> Standing:
        """Whether what is shown is true now."""
        return self.connection.standing(self.clock.monotonic(), self.last_heard())

    @property
    def selected(self) -> str | None:
        return self.listing.selected

    def may(self, action: str) -> bool:
        """Whether the backend lets me do an action of `warroom.stream.actions`."""
        return action in self.actions
