"""The socket around a `Dialogue`: connects, keeps the connection alive, and connects again when it is lost.

It survives whatever happens to the backend and the network: refused, reset, silence, a restart elsewhere. The
backend is pinged every second; after `SILENCE` seconds without one byte from it, the connection counts as dead.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from warroom.model.errors import BackendUnavailable, WarroomError
from warroom.stream.dialogue import Dialogue, Unreadable
from warroom.stream.endpoint import Endpoint
from warroom.stream.frames import Close
from warroom.stream.news import Disconnected, News, Refused

__all__ = ["SILENCE", "Line"]

log = logging.getLogger(__name__)

PING_EVERY = 1.0
SILENCE = 4.0
"""Seconds without a sign of life after which the connection is given up."""
OPEN_WITHIN = 5.0
"""Seconds for the TCP, TLS and websocket handshakes together."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
"""Seconds between attempts to connect."""
REFUSED_PAUSE = 5.0
"""Seconds until it is tried again after a refusal, which seldom changes by itself."""
CLOSE_WITHIN = 0.3
"""Seconds that a farewell may take."""
SERVICE_RESTART, TOO_BIG = 1012, 1009
"""Close codes of the registry of RFC 6455: the backend ends in an orderly way; a frame was over its limit."""


class _Heard(ClientConnection):
    """A connection that knows when it last heard anything, be it a part of a frame."""

    heard = 0.0

    def data_received(self, data: bytes) -> None:
        self.heard = time.monotonic()
        super().data_received(data)


class Line:
    """`resolve` says where the backend is, before each attempt; `deliver` is given the news.

    All methods belong to the thread of the event loop that `run` runs in.
    """

    def __init__(self, dialogue: Dialogue, resolve: Callable[[], Endpoint], deliver: Callable[[News], None]) -> None:
        self.dialogue = dialogue
        self._resolve = resolve
        self._deliver = deliver
        self._told: News | None = None
        self._more = asyncio.Event()
        self._connection: _Heard | None = None
        self._last_heard = time.monotonic()

    @property
    def last_heard(self) -> float:
        """`time.monotonic()` of the last byte from the backend. Safe to call from any thread."""
        connection = self._connection
        return self._last_heard if connection is None else max(self._last_heard, connection.heard)

    def flush(self) -> None:
        """Send what the dialogue has to say."""
        self._more.set()

    async def run(self) -> None:
        """Be connected, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            news = await self._attempt()
            if self.dialogue.welcomed:
                pause = FIRST_PAUSE
            self.dialogue.lost()
            self._tell(news)
            if isinstance(news, Refused):
                await asyncio.sleep(REFUSED_PAUSE)
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _attempt(self) -> Disconnected | Refused:
        """One connection from its beginning to its end, and why it ended."""
        url = "the backend"
        try:
            endpoint = self._resolve()
            url = endpoint.url
            await self._attend(endpoint)
        except (BackendUnavailable, Unreadable) as error:
            return Disconnected(str(error))
        except WarroomError as error:
            return Refused(str(error))
        except ConnectionClosed as closed:
            if closed.rcvd is not None and closed.rcvd.code in (Close.BAD_FRAME, TOO_BIG):
                for given_up in self.dialogue.give_up(closed.rcvd.reason):
                    self._tell(given_up)
            return _farewell(closed, url)
        except (OSError, WebSocketException) as error:
            return Disconnected(_why(error, url))
        except Exception as error:
            log.exception("the connection to %s failed", url)
            return Disconnected(f"the connection to {url} failed: {type(error).__name__}")
        return Disconnected(f"{url} has been silent for {SILENCE:g} s")

    async def _attend(self, endpoint: Endpoint) -> None:
        """Converse until the connection breaks (raises) or is silent for too long (returns)."""
        connection = await connect(
            endpoint.stream_url,
            create_connection=_Heard,
            open_timeout=OPEN_WITHIN,
            close_timeout=CLOSE_WITHIN,
            ping_interval=None,
            max_size=None,
            proxy=None if endpoint.is_local else True,
        )
        assert isinstance(connection, _Heard)
        self._connection = connection
        self.dialogue.open(endpoint)
        self.flush()
        tasks = [asyncio.create_task(each) for each in (self._listen(), self._speak(), self._pulse())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            self._last_heard = self.last_heard
            self._connection = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _hang_up(connection)

    async def _listen(self) -> None:
        connection = self._connection
        assert connection is not None
        while True:
            news = self.dialogue.receive(await connection.recv(decode=False))
            self.flush()
            if news is not None:
                self._tell(news)

    async def _speak(self) -> None:
        connection = self._connection
        assert connection is not None
        while True:
            await self._more.wait()
            self._more.clear()
            for frame in self.dialogue.outgoing():
                await connection.send(frame)

    async def _pulse(self) -> None:
        """Ping, and return when nothing came for too long.

        The silence is counted in whole turns of this loop, not by the clock, so that a process that was itself
        stopped for a while does not take its own absence for the backend's.
        """
        connection = self._connection
        assert connection is not None
        silent, heard = 0.0, connection.heard
        while silent < SILENCE:
            # A link that is full takes no ping; what comes in on it is a sign of life as well.
            pinging = asyncio.ensure_future(connection.ping())
            await asyncio.wait([pinging], timeout=PING_EVERY)
            if pinging.done():
                pinging.result()
                await asyncio.sleep(PING_EVERY)
            else:
                pinging.cancel()
            silent = silent + PING_EVERY if connection.heard == heard else 0.0
            heard = connection.heard

    def _tell(self, news: News) -> None:
        """Deliver, but say why there is no connection only once as long as it stays the same."""
        if isinstance(news, Disconnected | Refused) and news == self._told:
            return
        self._told = news
        try:
            self._deliver(news)
        except Exception:
            log.exception("news of the backend could not be handed on")


async def _hang_up(connection: ClientConnection) -> None:
    try:
        async with asyncio.timeout(CLOSE_WITHIN):
            await connection.close()
    except TimeoutError:
        connection.transport.abort()


def _farewell(closed: ConnectionClosed, url: str) -> Disconnected | Refused:
    frame = closed.rcvd
    if frame is None:
        return Disconnected(f"the connection to {url} was lost")
    if frame.code in (Close.BAD_TOKEN, Close.PROTOCOL_UNKNOWN):
        return Refused(frame.reason or f"{url} refuses this access key")
    if frame.code == SERVICE_RESTART:
        return Disconnected(f"the backend at {url} ended")
    return Disconnected(f"{url} closed the connection: {frame.reason or frame.code}")


def _why(error: Exception, url: str) -> str:
    match error:
        case InvalidStatus(response=response):
            return f"{url} answered HTTP {response.status_code}: is it a warroom backend?"
        case WebSocketException():
            return f"{url} does not speak websocket: is it a warroom backend?"
        case ConnectionRefusedError():
            return f"nothing listens at {url}: is the backend running?"
        case TimeoutError():
            return f"{url} did not answer within {OPEN_WITHIN:g} s"
        case socket.gaierror():
            return f"the host of {url} is not known"
        case ssl.SSLError():
            return f"TLS to {url} failed: {error.reason or error}"
        case _:
            return f"{url} is not reachable: {error}"
