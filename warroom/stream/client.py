"""The war room's connection to its backend, in a thread of its own: a stalled terminal does not stall it."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from warroom.stream.dialogue import Dialogue
from warroom.stream.endpoint import Endpoint
from warroom.stream.line import Line
from warroom.stream.news import News

if TYPE_CHECKING:  # A war room needs them at its first key, not at its start.
    from warroom.stream.actions import Arguments

__all__ = ["Endpoint", "Link"]

STOP_WITHIN = 2.0
"""Seconds that `stop` waits for the thread."""


class Link:
    """Connects, resumes and reconnects until stopped. None of its methods waits for the network.

    `resolve` is called in the thread of the link before every attempt to connect, and may block; it raises
    `BackendUnavailable` or `ConfigError`. `deliver` is called in that thread too.
    """

    def __init__(self, resolve: Callable[[], Endpoint], deliver: Callable[[News], None]) -> None:
        self._dialogue = Dialogue()
        self._line = Line(self._dialogue, resolve, deliver)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="link", daemon=True)
        self._stopping = False

    @property
    def last_heard(self) -> float:
        """`time.monotonic()` of the last byte heard from the backend, be it the answer to a ping."""
        return self._line.last_heard

    @property
    def skipped(self) -> int:
        """Changes that were left out because their record was not readable."""
        return self._dialogue.skipped

    def start(self) -> None:
        """Begin to connect; a second call does nothing."""
        if not self._thread.is_alive() and not self._stopping:
            self._thread.start()

    def stop(self) -> None:
        """Say farewell and end; `deliver` is not called any more once it returned, except by a stuck thread."""
        if self._stopping:
            return
        self._stopping = True
        if not self._thread.is_alive():
            self._loop.close()
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_WITHIN)

    def watch(self, incident_arn: str) -> None:
        """Follow the whole timeline of an incident; stays in force over reconnections."""
        self._wish(self._dialogue.watch, incident_arn)

    def unwatch(self, incident_arn: str) -> None:
        self._wish(self._dialogue.unwatch, incident_arn)

    def page(self, incident_arn: str, before: str) -> None:
        """Ask for the history before `before`, the `older` of the last `HistoryArrived`."""
        self._wish(self._dialogue.page, incident_arn, before)

    def command(self, arguments: Arguments, token: str | None = None) -> str:
        """Do an action. Returns the id that its `Replied` will bear.

        It is sent until it is answered, also over reconnections, and acts once. `token` names the deed; one is
        drawn when none is given.
        """
        command_id = uuid.uuid4().hex
        self._wish(self._dialogue.command, command_id, arguments, token or uuid.uuid4().hex, self._dialogue.asked_at())
        return command_id

    def _wish(self, do: Callable[..., None], *arguments: object) -> None:
        def there() -> None:
            do(*arguments)
            self._line.flush()

        if not self._stopping:
            self._loop.call_soon_threadsafe(there)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(self._line.run())
        try:
            self._loop.run_forever()
            task.cancel()
            self._loop.run_until_complete(asyncio.wait([task], timeout=STOP_WITHIN))
        finally:
            self._loop.close()
