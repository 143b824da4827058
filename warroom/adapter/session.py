"""One client's connection after its key was accepted: what it is sent, and what it asks for.

Three things run side by side. The reader takes frames. The writer alone sends, one thing after another: the
world, histories, changes, replies; so no change can overtake the history or snapshot that it belongs after.
The doer does commands in their order. A session knows no socket: it is given `receive` and `send`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from warroom import __version__
from warroom.adapter.actions import permitted
from warroom.adapter.backend import AccessKey
from warroom.adapter.batch import Batch, Encoded, history_frame
from warroom.adapter.doer import ASKED, Doer
from warroom.adapter.exchange import Exchange
from warroom.adapter.hub import following
from warroom.adapter.outbox import Outbox
from warroom.adapter.protocol import Fault, read_frame
from warroom.engine.interfaces import LoggedChange
from warroom.model.arn import Arn
from warroom.model.errors import ValidationException
from warroom.stream.frames import (
    Close,
    Command,
    Cursor,
    Hello,
    PageRequest,
    Principal,
    Unwatch,
    Watch,
    Welcome,
)

__all__ = ["HISTORY", "MISSED", "STALL", "Session"]

MISSED = 5_000
"""Changes that a client may have missed and still resume; after more a snapshot is less."""
HISTORY = 200
"""Timeline events in a `history`."""
WATCHES = 100
"""Incidents that one client may watch at a time."""
STALL = 60.0
"""Seconds after which a client that takes not one frame is let go."""


class Session:
    """`receive` gives the next message and raises when there are no more; `send` waits while the client is slow."""

    def __init__(
        self,
        exchange: Exchange,
        key: AccessKey,
        *,
        receive: Callable[[], Awaitable[str | bytes]],
        send: Callable[[str], Awaitable[None]],
        outbox: Outbox | None = None,
        stall: float = STALL,
    ) -> None:
        self._exchange = exchange
        self._key = key
        self._receive, self._send = receive, send
        self._outbox = Outbox() if outbox is None else outbox
        self._stall = stall
        self._loop = asyncio.get_running_loop()
        self._watched: dict[str, float] = {}
        self._requests: deque[Watch | Unwatch | PageRequest] = deque()
        self._room = asyncio.Semaphore(ASKED)
        self._work = asyncio.Event()
        self._taken = asyncio.Event()
        self._gone = False
        self._end: asyncio.Future[None] = self._loop.create_future()
        self._doer = Doer(exchange, key.access_key_id, room=self._room_for_a_reply, reply=self._reply, end=self.end)
        self._doing: asyncio.Task[None] | None = None

    @property
    def account(self) -> str:
        return self._key.account

    @property
    def access_key_id(self) -> str:
        return self._key.access_key_id

    def offer(self, batch: Batch) -> None:
        """Called by the hub."""
        self._outbox.offer(batch, self._loop.time())
        self._work.set()

    def end(self, fault: Fault) -> None:
        """Make `run` raise `fault`."""
        if not self._end.done():
            self._end.set_exception(fault)

    async def _room_for_a_reply(self) -> None:
        while self._outbox.crowded and not self._gone:
            self._taken.clear()
            await self._taken.wait()

    def _reply(self, text: str) -> None:
        if self._gone:
            return  # what it asked for is done all the same; it asks again for the answer when it is back
        self._outbox.reply(text)
        self._work.set()

    async def run(self, hello: Hello) -> None:
        """Serve the client until it goes, or raise the `Fault` that ends it."""
        self._doing = asyncio.create_task(self._doer.run())
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write(hello))]
        try:
            done, _ = await asyncio.wait([*tasks, self._doing, self._end], return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            self._exchange.hub.leave(self)
            self._end.cancel()
            self._gone = True
            self._taken.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def settle(self, timeout: float) -> None:
        """After `run`: let the commands that were received be done, for at most `timeout` seconds."""
        if self._doing is not None:
            await self._doer.settle(self._doing, timeout)

    # --- the reader

    async def _read(self) -> None:
        while True:
            frame = read_frame(await self._receive())
            match frame:
                case Hello():
                    raise Fault(Close.BAD_FRAME, "kind: hello comes once")
                case Command():
                    await self._doer.ask(frame)
                case Watch() | Unwatch() | PageRequest():
                    await self._room.acquire()
                    self._requests.append(frame)
                    self._work.set()

    # --- the writer

    async def _write(self, hello: Hello) -> None:
        resumed = hello.follow and await self._resume(hello.resume)
        await self._deliver(self._welcome(resumed))
        if hello.follow and not resumed:
            await self._send_world()
        while True:
            await self._work.wait()
            self._work.clear()
            while await self._step():
                pass

    async def _step(self) -> bool:
        """Send one thing; whether there was one."""
        if self._outbox.lost:
            await self._send_world()
            return True
        request = self._requests.popleft() if self._requests else None
        if request is not None:
            self._room.release()
            await self._answer(request)
        frame = self._outbox.take(self._watched, self._loop.time())
        if frame is not None:
            self._taken.set()
            await self._deliver(frame)
        return request is not None or frame is not None

    async def _deliver(self, frame: str) -> None:
        async with asyncio.timeout(self._stall):
            await self._send(frame)
        self._outbox.taken(self._loop.time())

    def _welcome(self, resumed: bool) -> str:
        caller = self._key.caller
        return Welcome(
            epoch=self._exchange.hub.feed.epoch,
            server=__version__,
            time=self._exchange.now(),
            principal=Principal(
                account=caller.account,
                name=caller.name,
                arn=caller.arn,
                role=caller.role,
                contact_arn=caller.contact_arn,
            ),
            actions=permitted(caller.role),
            resumed=resumed,
        ).model_dump_json()

    async def _resume(self, cursor: Cursor | None) -> bool:
        """Put what was missed since `cursor` into the outbox and join the hub there; False when that cannot be."""
        hub = self._exchange.hub
        if cursor is None or cursor.epoch != hub.feed.epoch or not 0 <= hub.position - cursor.seq <= MISSED:
            return False
        seq = cursor.seq
        self._outbox.skip(seq)
        async with following(hub.feed, seq) as batches:
            while seq < hub.position:
                changes = await anext(batches)
                if changes[0].seq != seq + 1:
                    return False
                seq = changes[-1].seq
                self.offer(Batch([Encoded(change) for change in changes if change.account == self.account], seq))
        hub.join(self)
        return not self._outbox.lost

    async def _send_world(self) -> None:
        """A snapshot, and the histories of what is watched: all that came before is void."""
        self._outbox.renew()
        self._exchange.hub.join(self)
        world = await self._exchange.worlds.of(self.account)
        self._outbox.skip(world.seq)
        for frame in world.frames:
            await self._deliver(frame)
        for incident in self._watched:
            await self._send_history(incident)
        self._work.set()

    async def _answer(self, request: Watch | Unwatch | PageRequest) -> None:
        match request:
            case Watch(incident=incident):
                if len(self._watched) >= WATCHES and incident not in self._watched:
                    raise Fault(Close.BAD_FRAME, f"watch.incident: more than {WATCHES}; unwatch some first")
                await self._send_history(incident)
            case Unwatch(incident=incident):
                self._watched.pop(incident, None)
            case PageRequest(incident=incident, before=before):
                await self._send_history(incident, before)

    async def _send_history(self, incident: str, before: str | None = None) -> None:
        """The newest part of a timeline, which from then on is followed, or an older part."""
        latest = before is None
        published = self._exchange.hub.position
        changes, older = await self._history(incident, before)
        if latest:
            # What was published is in what was read, and so is all up to the newest change there.
            self._watched[incident] = max([published, *(change.seq for change in changes)])
        await self._deliver(history_frame(incident, changes, latest=latest, older=older))

    async def _history(self, incident: str, before: str | None) -> tuple[Sequence[LoggedChange], str | None]:
        """What is not there, or of another account, has no history."""
        try:
            if Arn.parse(incident).account != self.account:
                return (), None
        except ValueError:
            raise Fault(Close.BAD_FRAME, "incident: not an ARN") from None
        try:
            found, older = await self._exchange.backend.timeline_changes(incident, before, HISTORY)
        except ValidationException as error:
            raise Fault(Close.BAD_FRAME, f"page.before: {error.message}") from None
        return [change for change in found if change.account == self.account], older
