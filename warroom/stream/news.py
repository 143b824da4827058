"""What a war room hears from its connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warroom.model.changes import Change
from warroom.stream.frames import CommandError, Welcome

__all__ = ["Arrived", "Connected", "Disconnected", "HistoryArrived", "News", "Refused", "Replied"]


@dataclass(frozen=True, slots=True)
class Connected:
    """The backend let us in. What follows is what was missed (`welcome.resumed`), or a snapshot."""

    endpoint_url: str
    welcome: Welcome


@dataclass(frozen=True, slots=True)
class Disconnected:
    """There is no connection; it is tried again at once and then every second."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The backend does not let us in, or the settings are not usable: the reason says what to do.

    It is tried again every few seconds.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Changes in order. Of a `snapshot`, `first` means that all that was held before is void."""

    seq: int
    changes: Sequence[Change]
    snapshot: bool
    first: bool
    last: bool
    """The world is whole. Always true when it is no snapshot."""


@dataclass(frozen=True, slots=True)
class HistoryArrived:
    """A part of an incident's timeline, newest first; `latest` replaces all that was held of it."""

    incident: str
    changes: Sequence[Change]
    latest: bool
    older: str | None


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of a command: exactly one of `result` and `error` is set."""

    id: str
    action: str
    result: dict[str, Any] | None
    error: CommandError | None


News = Connected | Disconnected | Refused | Arrived | HistoryArrived | Replied
