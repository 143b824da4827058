"""The two interfaces that hold the house together.

`IncidentManager` is the verbs, `ChangeFeed` the news. The engine is both, in process.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

__all__ = ["ChangeFeed", "Document", "IncidentManager", "LoggedChange", "WorldSnapshot"]

Document = dict[str, Any]
"""The members of an operation's output, in snake_case; records and parts of `warroom.model` as they are."""


class IncidentManager(Protocol):
    """The verbs, as one caller. One async method per operation of the service, named in snake_case.

    A method takes the members of the operation's input as keyword arguments, in snake_case: structures as
    dicts, timestamps as aware datetimes, absent members left out. It returns the output members. It raises
    `warroom.model.errors.ServiceError`. Input is checked against the service model before it gets here.
    """

    def __getattr__(self, operation: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A row of the change log; the record stays the JSON text that it was stored as."""

    seq: int
    at: datetime
    account: str
    kind: str
    key: str
    incident_arn: str | None
    """The incident that the record belongs to, if any."""
    record: str | None
    """JSON text of the whole record after the change; None is a tombstone."""


@dataclass(frozen=True, slots=True)
class WorldSnapshot:
    seq: int
    changes: Sequence[LoggedChange]


class ChangeFeed(Protocol):
    """The news: the open world of an account at a cursor, and what came after it to all accounts, without gaps."""

    @property
    def epoch(self) -> str:
        """Identity of the change log; a cursor is worth nothing in another epoch."""
        ...

    async def snapshot(self, account: str) -> WorldSnapshot:
        """The open world: open incidents, all engagements and pages that matter yet, plans, contacts, channels."""
        ...

    async def position(self) -> int:
        """The seq of the last committed change."""
        ...

    def follow(self, cursor: int) -> AsyncIterator[Sequence[LoggedChange]]:
        """Batches of the changes of all accounts after `cursor`, as they are committed; never ends by itself."""
        ...
