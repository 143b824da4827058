"""The news: one change is the whole record after it, or its tombstone (`design.md`, "Records and changes")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warroom.model.contacts import Contact, ContactChannel, Engagement, Page
from warroom.model.incidents import IncidentRecord, RelatedItem, ReplicationSet, ResponsePlan, TimelineEvent
from warroom.model.record import Record

__all__ = ["KINDS", "WATCHED_KINDS", "Change"]

KINDS: dict[str, type[Record]] = {
    record.kind: record
    for record in (
        ReplicationSet,
        ResponsePlan,
        IncidentRecord,
        TimelineEvent,
        RelatedItem,
        Contact,
        ContactChannel,
        Engagement,
        Page,
    )
}

WATCHED_KINDS = frozenset({TimelineEvent.kind, RelatedItem.kind})
"""Sent only to who watches the incident; all other kinds go to everybody of the account."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the world. Applying it twice is harmless.

    `seq` counts up without gaps in the order of commits; `record` is None when the thing is gone.
    """

    seq: int
    at: datetime
    kind: str
    key: str
    record: Record | None
