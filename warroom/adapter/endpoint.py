"""The websocket route `/stream` (`design.md`, "The stream protocol"): sockets in, sessions out.

Whatever one client does ends its own connection at most: with the close codes of `warroom.stream.frames`,
1009 for a frame that is too large, 1011 for a fault of ours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from warroom.adapter.admission import Admission
from warroom.adapter.backend import AccessKey, Backend
from warroom.adapter.exchange import Exchange
from warroom.adapter.hub import Hub
from warroom.adapter.protocol import Fault, claim_of, first_frame, revoked
from warroom.adapter.repetitions import Repetitions
from warroom.adapter.session import Session
from warroom.adapter.worlds import Worlds
from warroom.model.errors import StoreError
from warroom.stream.frames import Close, Hello

__all__ = ["StreamEndpoint"]

log = logging.getLogger(__name__)

HELLO_WITHIN = 10.0
"""Seconds that a client has to say hello."""
KEYS_EVERY = 5.0
"""Seconds between looks at whether the keys of the connected clients still hold (another process may revoke)."""
SETTLE = 5.0
"""Seconds that commands have to be done after their client went."""
CLOSE_WITHIN = 1.0
"""Seconds that a close frame may take to a client that takes nothing."""
FAULT_OF_OURS = 1011
"""RFC 6455, 7.4.1."""


class StreamEndpoint:
    """Serves `/stream` over `backend`. It follows the change feed while `running`.

    `now` is the backend's clock. `on_clients` is told how many clients are connected whenever that changes.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        now: Callable[[], datetime],
        on_clients: Callable[[int], None] | None = None,
        hello_within: float = HELLO_WITHIN,
    ) -> None:
        hub = Hub(backend.feed)
        self._exchange = Exchange(backend, hub, Worlds(hub), Repetitions(), now, self._end_sessions_of)
        self._admission = Admission()
        self._on_clients = on_clients
        self._hello_within = hello_within
        self._sessions: set[Session] = set()
        self.routes = [WebSocketRoute("/stream", self.serve)]

    @property
    def clients(self) -> int:
        """How many are connected and known."""
        return len(self._sessions)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the feed, and watch over the keys, for as long as the block lasts. Raises `StoreError`."""
        await self._exchange.hub.start()
        watching = asyncio.create_task(self._watch_keys(), name="stream keys")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait([watching])
            await self._exchange.hub.stop()

    async def serve(self, websocket: WebSocket) -> None:
        """One connection from its handshake to its end."""
        await websocket.accept()
        try:
            hello, key = await self._greet(websocket)
            await self._attend(websocket, hello, key)
        except WebSocketDisconnect:
            return
        except Fault as fault:
            await _close(websocket, fault.code, fault.reason)
        except TimeoutError:
            log.info("a client took nothing for too long and was let go")
        except asyncio.CancelledError:
            # The server ends and waits no longer. It would log that as a fault of the application if we passed it on.
            log.info("a stream connection was cut off: the backend ends")
        except Exception:
            log.exception("a stream connection failed")
            await _close(websocket, FAULT_OF_OURS, "a fault of the backend; its log says why. Connect again")

    async def _greet(self, websocket: WebSocket) -> tuple[Hello, AccessKey]:
        try:
            async with asyncio.timeout(self._hello_within):
                hello = first_frame(await _receive(websocket))
        except TimeoutError:
            raise Fault(Close.HELLO_TIMEOUT, f"no hello within {self._hello_within:g} s") from None
        claim = claim_of(hello)
        key = await self._exchange.backend.keys.find(claim.access_key_id)
        return hello, self._admission.admit(claim, key, self._exchange.now())

    async def _attend(self, websocket: WebSocket, hello: Hello, key: AccessKey) -> None:
        session = Session(self._exchange, key, receive=lambda: _receive(websocket), send=websocket.send_text)
        self._sessions.add(session)
        self._tell()
        try:
            await session.run(hello)
        except Fault as fault:
            await _close(websocket, fault.code, fault.reason)
        finally:
            self._sessions.discard(session)
            self._tell()
            await session.settle(SETTLE)

    def _tell(self) -> None:
        if self._on_clients is not None:
            self._on_clients(len(self._sessions))

    def _end_sessions_of(self, access_key_id: str) -> None:
        for session in self._sessions:
            if session.access_key_id == access_key_id:
                session.end(revoked())

    async def _watch_keys(self) -> None:
        while True:
            await asyncio.sleep(KEYS_EVERY)
            for access_key_id in {session.access_key_id for session in self._sessions}:
                try:
                    key = await self._exchange.backend.keys.find(access_key_id)
                except StoreError as error:
                    log.warning("the access keys could not be read: %s", error)
                    continue
                if key is None:
                    self._end_sessions_of(access_key_id)


async def _receive(websocket: WebSocket) -> str | bytes:
    """The next message. Raises `WebSocketDisconnect`."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"], message.get("reason"))
    text: str | None = message.get("text")
    return message["bytes"] if text is None else text


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):  # it is gone already, or takes nothing
        async with asyncio.timeout(CLOSE_WITHIN):
            await websocket.close(code, reason)
