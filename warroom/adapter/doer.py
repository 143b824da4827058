"""The commands of one client: done in their order, each answered once, also for a client that has gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import orjson
from pydantic import BaseModel

from warroom.adapter.actions import perform
from warroom.adapter.exchange import Exchange
from warroom.adapter.protocol import Fault, revoked
from warroom.engine.interfaces import Document
from warroom.model.errors import StoreError
from warroom.stream.actions import ACTIONS, RevokeAccessKey
from warroom.stream.frames import Command, CommandError

__all__ = ["ASKED", "Doer"]

log = logging.getLogger(__name__)

ASKED = 64
"""Commands or requests of one client that wait; then no more is read from it until some are done."""
CATCH_UP = 1.0
"""Seconds that a reply waits, at most, for the changes that its command made to go before it."""


class Doer:
    """Does what `ask` is given, as the principal of an access key; `run` it in a task.

    `room` waits until there is room for another reply, before each command: a client that takes no replies waits
    with its commands. `reply` is given the text of each `reply` frame, `end` the fault of a key that is revoked
    meanwhile.
    """

    def __init__(
        self,
        exchange: Exchange,
        access_key_id: str,
        *,
        room: Callable[[], Awaitable[None]],
        reply: Callable[[str], None],
        end: Callable[[Fault], None],
    ) -> None:
        self._exchange = exchange
        self._access_key_id = access_key_id
        self._room, self._reply, self._end = room, reply, end
        self._commands: asyncio.Queue[Command | None] = asyncio.Queue(ASKED)

    async def ask(self, command: Command) -> None:
        """Take a command; waits while too many wait already."""
        await self._commands.put(command)

    async def run(self) -> None:
        """Do commands until `settle`."""
        while (command := await self._commands.get()) is not None:
            await self._room()
            self._reply(_reply_frame(command.id, await self._do(command)))

    async def settle(self, running: asyncio.Task[None], timeout: float) -> None:
        """Let the commands that were received be done, for at most `timeout` seconds, and end the task of `run`."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._commands.put(None)
                    await asyncio.wait([running])
        finally:
            running.cancel()
            await asyncio.wait([running])

    async def _do(self, command: Command) -> Document | CommandError:
        exchange = self._exchange
        try:
            key = await exchange.backend.keys.find(self._access_key_id)
        except StoreError as error:
            return CommandError(code="InternalServerException", message=str(error))
        if key is None:
            fault = revoked()
            self._end(fault)
            return CommandError(code="AccessDeniedException", message=fault.reason)
        caller = key.caller
        kind = ACTIONS.get(command.action)

        async def do() -> Document | CommandError:
            return await perform(exchange.backend, caller, command, exchange.now())

        if kind is None or kind.role == "observer":
            return await do()
        outcome = await exchange.repetitions.once(self._access_key_id, command, do)
        if kind is RevokeAccessKey and not isinstance(outcome, CommandError):
            exchange.revoked(outcome["access_key_id"])
        await self._news_first()
        return outcome

    async def _news_first(self) -> None:
        """Wait until what the command changed is on its way, so that the reply comes after it."""
        try:
            await self._exchange.hub.reached(await self._exchange.hub.feed.position(), CATCH_UP)
        except StoreError as error:
            log.warning("a reply may come before its changes: %s", error)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    raise TypeError(f"{type(value).__name__} is not put into JSON")


def _reply_frame(command_id: str, outcome: Document | CommandError) -> str:
    part = "error" if isinstance(outcome, CommandError) else "result"
    body = {"kind": "reply", "id": command_id, part: outcome}
    return orjson.dumps(body, default=_plain, option=orjson.OPT_UTC_Z).decode()
