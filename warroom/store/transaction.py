"""What a unit of work holds: a connection, the moment, and the changes that it makes known."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warroom.model.record import Record
from warroom.store.statements import Statement
from warroom.store.tables import counters

__all__ = ["NewChange", "Reader", "Transaction"]


@dataclass(frozen=True, slots=True)
class NewChange:
    """A row of the change log before it has its seq; `record` is JSON text, None for a tombstone."""

    at: datetime
    account: str
    kind: str
    key: str
    incident_arn: str | None
    record: str | None


class Reader:
    """A consistent view of the store. `now` is the one moment at which everything in it happens."""

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now


class Transaction(Reader):
    """Work that writes. It may be run again when the commit it shared with others failed: no effects outside."""

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        super().__init__(connection, now)
        self._changes: dict[tuple[str, str], NewChange] = {}
        self.remarks: list[Callable[[], None]] = []
        """Lines for the log, said once the work is committed."""

    @property
    def changes(self) -> list[NewChange]:
        """What became different, once per record: the state at the end of the work."""
        return list(self._changes.values())

    def record_change(self, account: str, record: Record, text: str, incident_arn: str | None) -> None:
        """Make known that `record` is now as `text` (its JSON) says."""
        self._note(NewChange(self.now, account, record.kind, record.key, incident_arn, text))

    def record_removal(self, account: str, record: Record, incident_arn: str | None) -> None:
        """Make known that `record` is gone."""
        self._note(NewChange(self.now, account, record.kind, record.key, incident_arn, None))

    def _note(self, change: NewChange) -> None:
        # A later state of the same record takes the earlier one's place at the end: order is that of the last write.
        self._changes.pop((change.kind, change.key), None)
        self._changes[change.kind, change.key] = change

    def remark(self, log: logging.Logger, message: str, *arguments: object) -> None:
        """Warn in `log` once this is committed: not at all when it fails, and once when it is run again."""
        self.remarks.append(lambda: log.warning(message, *arguments))

    def count_up(self, name: str, by: int = 1, start: int = 0) -> int:
        """Add `by` to a counter, made at `start` when it is new, and return its new value.

        The row stays locked until the commit, so on every database the values are in the order of commits.
        """
        raised = _COUNT_UP.first(self.connection, {"counter": name, "step": by})
        if raised is not None:
            return int(raised[0])
        self.connection.execute(sa.insert(counters).values(name=name, value=start + by))
        return start + by


_COUNT_UP = Statement(
    sa.update(counters)
    .where(counters.c.name == sa.bindparam("counter"))
    .values(value=counters.c.value + sa.bindparam("step"))
    .returning(counters.c.value)
)
