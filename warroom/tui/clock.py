"""Time as the backend tells it, and how an age is written."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

__all__ = ["BackendClock", "age", "countdown"]


class BackendClock:
    """The backend's clock, reckoned here: its last word plus what passed since by a clock that never jumps.

    Before the backend spoke it is this machine's clock. Tests give a subclass that stands still.
    """

    def __init__(self) -> None:
        self._anchor = (datetime.now(UTC), time.monotonic())

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps; for spans only."""
        return time.monotonic()

    def synchronise(self, backend_time: datetime) -> None:
        """Take over what the backend says the time is, now."""
        self._anchor = (backend_time, self.monotonic())

    def now(self) -> datetime:
        """The backend's time, UTC."""
        instant, at = self._anchor
        return (instant + timedelta(seconds=self.monotonic() - at)).astimezone(UTC)


_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))


def age(seconds: float) -> str:
    """A span in its largest whole unit, at most four characters: `12s`, `4m`, `2h`, `3d`. Below 0 it is `0s`."""
    whole = max(0, int(seconds))
    for unit, letter in _UNITS:
        if whole >= unit:
            return f"{min(whole // unit, 999)}{letter}"
    return f"{whole}s"


def countdown(seconds: float) -> str:
    """A span to wait, to the second: `0:09`, `4:12`, `1:02:03`."""
    whole = max(0, int(seconds + 0.999))
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
