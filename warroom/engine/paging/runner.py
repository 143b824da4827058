"""The runner: takes what is due, hands over what is decided, and sleeps until the next moment or the next commit.

All that it knows is in the store, so that it may end at any point and another goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom.engine.operation import House
from warroom.engine.paging.advance import fire
from warroom.engine.paging.provider import Providers
from warroom.engine.paging.sending import Outcome, hand_over, mark, settle
from warroom.model.contacts import ChannelType
from warroom.model.errors import StoreError
from warroom.store import deadlines, outbox
from warroom.store.transaction import Reader, Transaction

__all__ = ["Runner", "is_paging"]

BATCH = 64
"""Deadlines taken at a time: as many as share a commit."""

CONCURRENT_SENDS = 64
"""Attempts handed over at a time on each type of channel: a provider that hangs holds up no other's."""

SEND_TIMEOUT = 30.0
"""Seconds that a provider has to answer."""

_LOOK_AT_CLOCK = 0.5
"""Seconds between looks at the clock while waiting: it may be set, or have stood while the machine slept."""

_BREATH = 0.005
"""Seconds from a commit to the look at what it brought, so that a burst of commits is looked at together."""

_PAUSE = 1.0
"""Seconds before the store is tried again after it failed."""

_HOLD = timedelta(minutes=1)
"""How long a row waits that could not be acted on, so that it does not keep the others waiting."""

_GRACE = 1.0
"""Seconds that attempts in flight have at the end; one that is cut off is repeated at the next start."""

_log = logging.getLogger(__name__)


def is_paging(reader: Reader) -> bool:
    """Whether any engagement still waits for a deadline or has an unsent page."""
    return deadlines.exist(reader) or outbox.unsent_pages_exist(reader)


class Runner:
    """The one runner of a store.

    `send_timeout` is in seconds. `run` is the runner in real time; `step` is the same work for a clock that a
    test moves.
    """

    def __init__(self, house: House, providers: Providers, *, send_timeout: float = SEND_TIMEOUT) -> None:
        self._house = house
        self._providers = providers
        self._send_timeout = send_timeout
        self._sends: dict[str, asyncio.Task[None]] = {}
        self._busy: Counter[ChannelType] = Counter()
        self._resumed = False
        self._wake = asyncio.Event()

    async def step(self) -> datetime | None:
        """Do all that is due, to the last receipt, and return when there is more to do; None: nothing waits.

        Raises `StoreError`.
        """
        while True:
            following = await self._turn()
            if not self._sends:
                return following
            await asyncio.wait(list(self._sends.values()))

    async def run(self) -> None:
        """Work until cancelled. A store that fails is tried again until it answers."""
        self._house.store.on_commit(self._wake.set)
        try:
            while True:
                self._wake.clear()
                try:
                    following = await self._turn()
                except StoreError as error:
                    _log.error("paging waits for the store: %s", error)
                    await asyncio.sleep(_PAUSE)
                    continue
                except Exception:
                    # A fault of ours; but who waits to be paged is not to pay for it with silence.
                    _log.exception("paging failed and goes on")
                    await asyncio.sleep(_PAUSE)
                    continue
                await self._sleep_until(following)
                await asyncio.sleep(_BREATH)
        finally:
            if self._sends:
                await asyncio.wait(list(self._sends.values()), timeout=_GRACE)
            for send in list(self._sends.values()):
                send.cancel()

    async def _sleep_until(self, moment: datetime | None) -> None:
        while not self._wake.is_set():
            left = None if moment is None else (moment - self._house.clock.now()).total_seconds()
            if left is not None and left <= 0:
                return
            # Not wait_for: before Python 3.12 it loses a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if left is None else min(left, _LOOK_AT_CLOCK)):
                    await self._wake.wait()

    async def _turn(self) -> datetime | None:
        """Take all deadlines that are due, hand over attempts, and return when there is more to do."""
        store = self._house.store
        if not self._resumed:
            for unsent in await store.read(outbox.interrupted):
                self._start(unsent)
            self._resumed = True
        while True:
            work = await store.read(_look)
            await self._fire(work.due)
            for unsent in work.attempts:
                # Those being marked just now are pending still.
                if self._busy[unsent.channel_type] < CONCURRENT_SENDS and unsent.attempt_id not in self._sends:
                    self._start(unsent)
            if not work.due:
                return work.following

    async def _fire(self, ids: list[str]) -> None:
        """One unit of work each, queued in order: they share commits, but not each other's faults."""
        house = self._house

        def firing(deadline_id: str) -> Callable[[Transaction], None]:
            return lambda transaction: fire(transaction, house, deadline_id)

        outcomes = await asyncio.gather(*(house.store.write(firing(each)) for each in ids), return_exceptions=True)
        for each, failure in zip(ids, outcomes, strict=True):
            if isinstance(failure, Exception) and not isinstance(failure, StoreError):
                _log.error("deadline %s could not be acted on and is tried again in a minute", each, exc_info=failure)
                await house.store.write(_postponed_deadline(each))
            elif isinstance(failure, BaseException):
                raise failure

    def _start(self, unsent: outbox.Unsent) -> None:
        attempt_id = unsent.attempt_id
        send = asyncio.get_running_loop().create_task(self._send(attempt_id), name=f"send {attempt_id}")
        self._sends[attempt_id] = send
        self._busy[unsent.channel_type] += 1
        send.add_done_callback(lambda _: self._finished(unsent))

    def _finished(self, unsent: outbox.Unsent) -> None:
        del self._sends[unsent.attempt_id]
        self._busy[unsent.channel_type] -= 1
        self._wake.set()

    async def _send(self, attempt_id: str) -> None:
        store = self._house.store
        try:
            message = await store.write(lambda transaction: mark(transaction, self._house, attempt_id))
        except StoreError as error:
            _log.error("attempt %s waits for the store: %s", attempt_id, error)
            await asyncio.sleep(_PAUSE)
            return
        except Exception:
            _log.exception("attempt %s could not be prepared and is tried again in a minute", attempt_id)
            await store.write(_postponed_attempt(attempt_id))
            return
        if message is None:
            return
        outcome = await hand_over(self._providers, message, self._send_timeout)
        if outcome.reason is not None:
            _log.warning("attempt %s by %s was not sent: %s", attempt_id, message.channel_type, outcome.reason)
        await self._settle(attempt_id, outcome)

    async def _settle(self, attempt_id: str, outcome: Outcome) -> None:
        """Keep the answer; it is worth waiting for the store, as forgetting it would send the page once more."""
        while True:
            try:
                return await self._house.store.write(lambda transaction: settle(transaction, attempt_id, outcome))
            except StoreError as error:
                _log.error("the answer to attempt %s waits for the store: %s", attempt_id, error)
                await asyncio.sleep(_PAUSE)


class _Work(NamedTuple):
    due: list[str]
    attempts: list[outbox.Unsent]
    following: datetime | None


def _look(reader: Reader) -> _Work:
    """What there is to do now, and when there is more."""
    times = filter(None, (deadlines.next_time(reader), outbox.next_time(reader)))
    return _Work(deadlines.due(reader, BATCH), outbox.pending(reader, CONCURRENT_SENDS), min(times, default=None))


def _postponed_deadline(deadline_id: str) -> Callable[[Transaction], None]:
    return lambda transaction: deadlines.postpone(transaction, deadline_id, transaction.now + _HOLD)


def _postponed_attempt(attempt_id: str) -> Callable[[Transaction], None]:
    return lambda transaction: outbox.postpone(transaction, attempt_id, transaction.now + _HOLD)
