"""A short conversation with a backend, for programs: commands and their answers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from warroom.model.errors import BackendUnavailable, WarroomError
from warroom.stream.actions import Arguments
from warroom.stream.dialogue import Dialogue
from warroom.stream.endpoint import Endpoint
from warroom.stream.frames import Welcome
from warroom.stream.line import Line
from warroom.stream.news import Connected, Disconnected, News, Refused, Replied

__all__ = ["CommandFailed", "Refusal", "Session"]

AWAY = 10.0
"""Seconds that a command waits for a connection that was lost; it is sent again when it is back."""


class CommandFailed(WarroomError):
    """The backend refused the command. `code` is the service's error code, `message` one clear line."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Refusal(WarroomError):
    """The backend is there and does not let us in: a wrong or revoked key, a clock that is off, another protocol."""


class Session:
    """`async with Session.open(endpoint) as session: await session.command(Resolve(incident="INC-7"))`.

    `deliver` is given all news, as that of a war room: with it the session gets the world and its changes,
    without it only the answers to its commands.
    """

    welcome: Welcome

    def __init__(self, endpoint: Endpoint, deliver: Callable[[News], None] | None = None) -> None:
        self._deliver = deliver
        self._dialogue = Dialogue(follow=deliver is not None)
        self._line = Line(self._dialogue, lambda: endpoint, self._hear)
        self._loop = asyncio.get_running_loop()
        self._running: asyncio.Task[None] | None = None
        self._let_in: asyncio.Future[None] = self._loop.create_future()
        self._answers: dict[str, asyncio.Future[Replied]] = {}
        self._away: asyncio.TimerHandle | None = None
        self._given_up: tuple[type[WarroomError], str] | None = None
        """Why, when there was no connection for too long."""

    @classmethod
    def open(cls, endpoint: Endpoint, *, deliver: Callable[[News], None] | None = None) -> Self:
        """A session that connects when it is entered, once: that raises `BackendUnavailable` or `Refusal`."""
        return cls(endpoint, deliver)

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._line.run())
        try:
            await self._let_in
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the conversation."""
        if self._away is not None:
            self._away.cancel()
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def command(self, arguments: Arguments, token: str | None = None) -> dict[str, Any]:
        """Do an action and return its result. `token` names the deed: the same one never acts twice.

        Raises `CommandFailed`, and `BackendUnavailable` when the connection is lost and does not come back
        within `AWAY` seconds, or `Refusal` when the key is refused meanwhile; the command may have been done then.
        """
        if self._given_up is not None:
            kind, reason = self._given_up
            raise kind(reason)
        command_id = uuid.uuid4().hex
        answer: asyncio.Future[Replied] = self._loop.create_future()
        self._answers[command_id] = answer
        self._dialogue.command(command_id, arguments, token or uuid.uuid4().hex, self._dialogue.asked_at())
        self._line.flush()
        try:
            replied = await answer
        finally:
            del self._answers[command_id]
        if replied.error is not None:
            raise CommandFailed(replied.error.code, replied.error.message)
        assert replied.result is not None
        return replied.result

    def _hear(self, news: News) -> None:
        match news:
            case Connected(welcome=welcome):
                self._back(welcome)
            case Disconnected(reason=reason) if self._let_in.done():
                if self._away is None:
                    self._away = self._loop.call_later(AWAY, self._give_up, BackendUnavailable, reason)
            case Disconnected(reason=reason):
                self._give_up(BackendUnavailable, reason)
            case Refused(reason=reason):
                self._give_up(Refusal, reason)
            case Replied(id=command_id) if command_id in self._answers and not self._answers[command_id].done():
                self._answers[command_id].set_result(news)
        if self._deliver is not None:
            self._deliver(news)

    def _back(self, welcome: Welcome) -> None:
        self.welcome = welcome
        self._given_up = None
        if self._away is not None:
            self._away.cancel()
            self._away = None
        if not self._let_in.done():
            self._let_in.set_result(None)

    def _give_up(self, kind: type[WarroomError], reason: str) -> None:
        self._given_up = kind, reason
        if not self._let_in.done():
            self._let_in.set_exception(kind(reason))
        unknown = f"{reason}; the command may have been done: look before you repeat it"
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(kind(unknown))
