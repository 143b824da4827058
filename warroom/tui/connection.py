"""Whether what is shown is true now: live, stale, or old because the backend is away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["SILENCE", "Connection", "Standing", "State"]

SILENCE = 2.0
"""Seconds without a sign of life after which the screen counts as stale; the connection pings every second."""


class State(Enum):
    CONNECTING = "connecting"
    LOADING = "loading"
    LIVE = "live"
    STALE = "stale"
    RECONNECTING = "reconnecting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """`age` is how old what is shown is, in seconds; None when nothing is shown yet. `reason` says why it is away."""

    state: State
    age: float | None = None
    reason: str = ""


class Connection:
    """Follows what the connection reports; the sign of life is asked for at each look."""

    def __init__(self) -> None:
        self._state = State.CONNECTING
        self._reason = ""
        self._whole = False

    def connected(self, *, resumed: bool) -> None:
        self._state = State.LIVE if resumed else State.LOADING
        self._reason = ""

    def loaded(self) -> None:
        """The world that is shown is whole."""
        self._whole = True
        if self._state is State.LOADING:
            self._state = State.LIVE

    def disconnected(self, reason: str) -> None:
        self._state = State.RECONNECTING if self._whole else State.CONNECTING
        self._reason = reason

    def refused(self, reason: str) -> None:
        self._state = State.REFUSED
        self._reason = reason

    def standing(self, now: float, last_heard: float) -> Standing:
        """Where things stand; both times are of the monotonic clock, in seconds."""
        age = max(0.0, now - last_heard) if self._whole else None
        state = self._state
        if state in (State.LIVE, State.LOADING) and now - last_heard > SILENCE:
            state = State.STALE
        return Standing(state, age, self._reason)
