"""Commands that were answered lately: the same token again gets the same answer, and does nothing.

A client that lost its connection sends what was not answered again. The verbs are safe against that by their
own tokens, also after a restart; this spares a repetition the detour, and lets it wait for the first one when
that still runs.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from warroom.engine.interfaces import Document
from warroom.stream.frames import Command, CommandError

__all__ = ["MOST", "Repetitions"]

MOST = 1_000
"""Commands that are remembered; the oldest is forgotten first."""

Outcome = Document | CommandError


class _Known(NamedTuple):
    action: str
    arguments: Document
    doing: asyncio.Task[Outcome]


class Repetitions:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    async def once(self, principal: str, command: Command, do: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """The outcome of `do`, which runs to its end even if whoever waits for it goes away.

        What failed is not remembered: it may work the next time.
        """
        place = principal, command.token
        known = self._known.get(place)
        if known is None:
            known = _Known(command.action, command.arguments, asyncio.create_task(self._run(place, do)))
            self._known[place] = known
            self._forget()
        elif (known.action, known.arguments) != (command.action, command.arguments):
            return CommandError(
                code="ValidationException", message="token: it was used for another command; send a new one"
            )
        return await asyncio.shield(known.doing)

    async def _run(self, place: tuple[str, str], do: Callable[[], Awaitable[Outcome]]) -> Outcome:
        outcome: Outcome | None = None
        try:
            outcome = await do()
        finally:
            if outcome is None or isinstance(outcome, CommandError):
                self._known.pop(place, None)
        return outcome

    def _forget(self) -> None:
        for place in [place for place, known in self._known.items() if known.doing.done()]:
            if len(self._known) <= self._most:
                break
            del self._known[place]
