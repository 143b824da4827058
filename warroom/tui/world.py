"""The world as the backend told it: news in, answers out. Plain Python; the panes are views on it.

Changes are states, so applying one twice, or an older one after a newer one of the same key, changes nothing.
A snapshot is gathered beside the world that is shown and replaces it when its last part is in.
"""

from __future__ import annotations

from collections.abc import Sequence

from warroom.model.arn import Arn
from warroom.model.changes import Change
from warroom.model.contacts import Contact, Page
from warroom.model.incidents import IncidentRecord, RelatedItem, TimelineEvent
from warroom.model.narrative import one_line
from warroom.tui.records import Records, Touched

__all__ = ["RECENTLY_RESOLVED", "World"]

RECENTLY_RESOLVED = 20
"""So many resolved incidents stay in the list, so that what was just resolved can be read and reopened."""

Versions = dict[tuple[str, str], int]


class World:
    """Everything that this war room knows. `me` is the ARN of the contact that I am, if I am one."""

    def __init__(self) -> None:
        self.me: str | None = None
        self.whole = False
        """Whether a snapshot was received in full since the start."""
        self.records = Records()
        self._versions: Versions = {}
        self._gathering: tuple[Records, Versions] | None = None
        self._watched: dict[str, str | None] = {}
        """By watched incident: where its older history goes on, None when all is here; absent until it came."""
        self._watching: set[str] = set()

    # --- news

    def apply(self, changes: Sequence[Change]) -> Touched:
        """Take committed changes. Returns what looks different now."""
        touched = Touched()
        for change in changes:
            self._take(self.records, self._versions, change, touched)
        if self._gathering is not None:
            for change in changes:
                self._take(*self._gathering, change, Touched())
        return touched

    def snapshot_part(self, changes: Sequence[Change], *, first: bool, last: bool) -> Touched:
        """Take a part of a snapshot. Nothing looks different before the last part; then everything may."""
        if first or self._gathering is None:
            gathering = Records()
            gathering.bulk = True
            self._gathering = (gathering, {})
        records, versions = self._gathering
        for change in changes:
            self._take(records, versions, change, Touched())
        if not last:
            return Touched()
        records.bulk = False
        for incident in self._watching:
            records.keep_watched(self.records, incident)
        self.records, self._versions, self._gathering = records, versions, None
        self.whole = True
        return Touched(whole=True)

    def history(self, incident: str, changes: Sequence[Change], *, latest: bool, older: str | None) -> Touched:
        """Take a part of a watched incident's timeline; `latest` replaces what was held of it."""
        touched = Touched(watched={incident})
        if incident not in self._watching:
            return Touched()
        if latest:
            for kind, held in (("timeline_event", self.records.events), ("related_item", self.records.related)):
                for key in held.get(incident, ()):
                    self._versions.pop((kind, key), None)
            self.records.forget_watched(incident)
        for change in changes:
            self._take(self.records, self._versions, change, touched)
        self._watched[incident] = older
        return touched

    def _take(self, records: Records, versions: Versions, change: Change, touched: Touched) -> None:
        version = (change.kind, change.key)
        if change.seq <= versions.get(version, -1):
            return
        if change.kind in ("timeline_event", "related_item") and change.key.rpartition("#")[0] not in self._watching:
            return
        versions[version] = change.seq
        records.put(change.kind, change.key, change.record, touched)

    def watch(self, incident: str) -> None:
        """From now on keep the timeline and related items of the incident."""
        self._watching.add(incident)

    def unwatch(self, incident: str) -> None:
        self._watching.discard(incident)
        self._watched.pop(incident, None)
        for kind, held in (("timeline_event", self.records.events), ("related_item", self.records.related)):
            for key in held.get(incident, ()):
                self._versions.pop((kind, key), None)
        self.records.forget_watched(incident)

    # --- answers

    def incident(self, arn: str | None) -> IncidentRecord | None:
        return self.records.incidents.get(arn) if arn else None

    def timeline(self, incident: str) -> list[TimelineEvent]:
        """What is held of the watched incident's timeline, oldest first."""
        return self.records.timeline(incident)

    def related(self, incident: str) -> list[RelatedItem]:
        """What is held of the watched incident's related items, by type and title."""
        held = self.records.related.get(incident, {}).values()
        return sorted(held, key=lambda item: (item.identifier.type, item.title or "", item.key))

    def has_timeline(self, incident: str) -> bool:
        """Whether the answer to `watch` is here."""
        return incident in self._watched

    def older_history(self, incident: str) -> str | None:
        """Where the older part of its timeline goes on; None when there is nothing older, or nothing yet."""
        return self._watched.get(incident)

    def contact_name(self, arn: str) -> str:
        """A contact's alias: the word people type and say."""
        contact = self.records.contacts.get(arn)
        if contact is not None:
            return one_line(contact.alias)
        try:
            return one_line(Arn.parse(arn).name) or one_line(arn)
        except ValueError:
            return one_line(arn)

    def find_contact(self, reference: str) -> str | None:
        """The ARN of a contact by its alias or ARN."""
        if reference in self.records.contacts:
            return reference
        found = (arn for arn, contact in self.records.contacts.items() if contact.alias == reference)
        return next(found, None)

    def who_has(self, incident: str) -> list[str]:
        """The aliases of those who answered a page for it, the first to answer first."""
        return [self.contact_name(contact) for contact in self.records.paging.readers_of(incident)]

    def awaited(self, incident: str) -> list[str]:
        """ARNs of the contacts whose page for it is unread."""
        return self.records.paging.awaited_of(incident)

    def waiting_for_me(self) -> list[Page]:
        """Unread pages that are mine and whose incident is open."""
        return self._waiting_for(self.me) if self.me else []

    def _waiting_for(self, contact: str) -> list[Page]:
        paging = self.records.paging
        unread = ((page, self.incident(paging.incident_of(page))) for page in paging.unread_of(contact))
        return [page for page, incident in unread if incident is None or incident.status == "OPEN"]

    def waits_for_me(self, incident: str) -> bool:
        """Whether I have an unread page for it."""
        return self.me is not None and self.me in self.awaited(incident)

    def contacts(self) -> list[Contact]:
        """All contacts, by alias."""
        return sorted(self.records.contacts.values(), key=lambda contact: contact.alias)
