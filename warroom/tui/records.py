"""What the war room holds: every record by kind and key, and the orders and counts that the panes ask for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from warroom.model.contacts import Contact, ContactChannel, Engagement, Page
from warroom.model.incidents import IncidentRecord, RelatedItem, ResponsePlan, TimelineEvent
from warroom.tui.paging_index import PagingIndex
from warroom.tui.sorted_keys import SortedKeys

__all__ = ["Records", "Touched"]


@dataclass(slots=True)
class Touched:
    """What a batch of news changed; a pane repaints only when something that it shows is in here."""

    incidents: set[str] = field(default_factory=set)
    """ARNs of incidents whose own record changed, came or went."""
    paging: set[str] = field(default_factory=set)
    """ARNs of incidents whose engagements or pages changed."""
    watched: set[str] = field(default_factory=set)
    """ARNs of incidents whose timeline or related items changed."""
    names: bool = False
    """Contacts, channels or plans changed: anything that names one may look different."""
    whole: bool = False
    """Everything may have changed."""

    def __bool__(self) -> bool:
        return bool(self.incidents or self.paging or self.watched or self.names or self.whole)

    def add(self, other: Touched) -> None:
        self.incidents |= other.incidents
        self.paging |= other.paging
        self.watched |= other.watched
        self.names |= other.names
        self.whole |= other.whole


class Records:
    """Records by key with their indexes; every change updates the indexes in place.

    While `bulk` is set the orders are not kept; setting it back to False sorts them once.
    """

    def __init__(self) -> None:
        self.incidents: dict[str, IncidentRecord] = {}
        self.plans: dict[str, ResponsePlan] = {}
        self.contacts: dict[str, Contact] = {}
        self.channels: dict[str, ContactChannel] = {}
        self.paging = PagingIndex()
        self.events: dict[str, dict[str, TimelineEvent]] = {}
        self.related: dict[str, dict[str, RelatedItem]] = {}
        self._named: dict[str, dict[str, Any]] = {
            ResponsePlan.kind: self.plans,
            Contact.kind: self.contacts,
            ContactChannel.kind: self.channels,
        }
        self._watched: dict[str, dict[str, dict[str, Any]]] = {
            TimelineEvent.kind: self.events,
            RelatedItem.kind: self.related,
        }
        self.open = SortedKeys()
        """Open incidents: the worst impact first, then the newest."""
        self.resolved = SortedKeys()
        """Resolved incidents that were heard of: the last resolved first."""
        self.impacts: Counter[int] = Counter()
        """How many incidents are open, by impact."""

    @property
    def bulk(self) -> bool:
        return self.open.bulk

    @bulk.setter
    def bulk(self, bulk: bool) -> None:
        self.open.bulk = self.resolved.bulk = bulk

    def put(self, kind: str, key: str, record: Any, touched: Touched) -> None:
        """Take the state of one thing: a record of `kind`, or None when it is gone.

        `touched` collects what it changes. Kinds that no pane shows are let go.
        """
        match kind:
            case IncidentRecord.kind:
                self._put_incident(key, record)
                touched.incidents.add(key)
            case Engagement.kind | Page.kind:
                put = self.paging.put_page if kind == Page.kind else self.paging.put_engagement
                if incident := put(key, record):
                    touched.paging.add(incident)
            case TimelineEvent.kind | RelatedItem.kind:
                incident = key.rpartition("#")[0]
                _replace(self._watched[kind].setdefault(incident, {}), key, record)
                touched.watched.add(incident)
            case ResponsePlan.kind | Contact.kind | ContactChannel.kind:
                _replace(self._named[kind], key, record)
                touched.names = True

    def _put_incident(self, key: str, incident: IncidentRecord | None) -> None:
        before = self.incidents.pop(key, None)
        if before is not None and before.status == "OPEN":
            self.impacts[before.impact] -= 1
        if incident is None:
            self.open.discard(key)
            self.resolved.discard(key)
            return
        self.incidents[key] = incident
        if incident.status == "OPEN":
            self.impacts[incident.impact] += 1
            self.resolved.discard(key)
            self.open.put(key, (incident.impact, -incident.creation_time.timestamp()))
        else:
            self.open.discard(key)
            self.resolved.put(key, (-(incident.resolved_time or incident.last_modified_time).timestamp(),))

    def forget_watched(self, incident: str) -> None:
        """Let go of the timeline and the related items of an incident."""
        self.events.pop(incident, None)
        self.related.pop(incident, None)

    def keep_watched(self, before: Records, incident: str) -> None:
        """Take over what was held of a watched incident, until its history is sent anew."""
        for kind, held in self._watched.items():
            earlier = before._watched[kind].get(incident, {})
            held[incident] = earlier | held.get(incident, {})

    def timeline(self, incident: str) -> list[TimelineEvent]:
        """What is held of its timeline, oldest first."""
        held = self.events.get(incident, {}).values()
        return sorted(held, key=lambda event: (event.event_time, event.event_updated_time, event.event_id))


def _replace(held: dict[str, Any], key: str, record: Any) -> None:
    if record is None:
        held.pop(key, None)
    else:
        held[key] = record
