"""What all sessions of a backend share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from warroom.adapter.backend import Backend
from warroom.adapter.hub import Hub
from warroom.adapter.repetitions import Repetitions
from warroom.adapter.worlds import Worlds

__all__ = ["Exchange"]


@dataclass(frozen=True, slots=True)
class Exchange:
    backend: Backend
    hub: Hub
    worlds: Worlds
    repetitions: Repetitions
    now: Callable[[], datetime]
    revoked: Callable[[str], None]
    """Called with the id of an access key that a client revoked."""
