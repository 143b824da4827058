"""Who was paged for which incident, who answered, and who has not yet: indexes over engagements and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from warroom.model.contacts import Engagement, Page

__all__ = ["PagingIndex"]

_LATER = datetime.max.replace(tzinfo=UTC)


class PagingIndex:
    """Engagements and pages by incident. An engagement and its pages may come in any order."""

    def __init__(self) -> None:
        self.engagements: dict[str, Engagement] = {}
        self.pages: dict[str, Page] = {}
        self._engagements_of: defaultdict[str, set[str]] = defaultdict(set)
        self._pages_of_engagement: defaultdict[str, set[str]] = defaultdict(set)
        self._pages_named: defaultdict[str, set[str]] = defaultdict(set)
        """Pages by the incident that they name themselves."""
        self._unread_of_contact: defaultdict[str, set[str]] = defaultdict(set)

    def put_engagement(self, key: str, engagement: Engagement | None) -> str | None:
        """Take the engagement's state, None when it is gone. Returns the incident that it belongs to."""
        before = self.engagements.pop(key, None)
        if before is not None and before.incident_id:
            _drop(self._engagements_of, before.incident_id, key)
        if engagement is None:
            return before.incident_id if before else None
        self.engagements[key] = engagement
        if engagement.incident_id:
            self._engagements_of[engagement.incident_id].add(key)
        return engagement.incident_id

    def put_page(self, key: str, page: Page | None) -> str | None:
        """Take the page's state, None when it is gone. Returns the incident that it belongs to."""
        before = self.pages.pop(key, None)
        if before is not None:
            _drop(self._pages_of_engagement, before.engagement_arn, key)
            _drop(self._unread_of_contact, before.contact_arn, key)
            if before.incident_id:
                _drop(self._pages_named, before.incident_id, key)
        if page is None:
            return self.incident_of(before) if before else None
        self.pages[key] = page
        self._pages_of_engagement[page.engagement_arn].add(key)
        if page.read_time is None:
            self._unread_of_contact[page.contact_arn].add(key)
        if page.incident_id:
            self._pages_named[page.incident_id].add(key)
        return self.incident_of(page)

    def incident_of(self, page: Page) -> str | None:
        """The ARN of the incident that somebody was paged for."""
        if page.incident_id:
            return page.incident_id
        engagement = self.engagements.get(page.engagement_arn)
        return engagement.incident_id if engagement else None

    def engagements_of(self, incident: str) -> list[Engagement]:
        """Oldest first."""
        found = (self.engagements[key] for key in self._engagements_of.get(incident, ()))
        return sorted(found, key=lambda engagement: (engagement.start_time, engagement.engagement_arn))

    def pages_of(self, incident: str) -> list[Page]:
        """All pages of an incident, in the order in which they were first sent."""
        keys = set(self._pages_named.get(incident, ()))
        for engagement in self._engagements_of.get(incident, ()):
            keys |= self._pages_of_engagement.get(engagement, set())
        return self._ordered(keys)

    def pages_of_engagement(self, engagement: str) -> list[Page]:
        return self._ordered(self._pages_of_engagement.get(engagement, ()))

    def _ordered(self, keys: Iterable[str]) -> list[Page]:
        def began(page: Page) -> tuple[datetime, str]:
            first = page.receipts[0].receipt_time if page.receipts else page.sent_time
            return first or _LATER, page.page_arn

        return sorted((self.pages[key] for key in keys), key=began)

    def readers_of(self, incident: str) -> list[str]:
        """The contacts who have it: those with a READ page, in the order in which they answered."""
        read = [(page.read_time, page.contact_arn) for page in self.pages_of(incident) if page.read_time]
        return list(dict.fromkeys(contact for _, contact in sorted(read)))

    def awaited_of(self, incident: str) -> list[str]:
        """The contacts whose page for it is unread, in the order in which they were paged."""
        return list(dict.fromkeys(page.contact_arn for page in self.pages_of(incident) if self.is_waiting(page)))

    def unread_of(self, contact: str) -> list[Page]:
        """The pages of a contact that wait for an answer; a stopped engagement waits no more."""
        return [page for key in self._unread_of_contact.get(contact, ()) if self.is_waiting(page := self.pages[key])]

    def is_waiting(self, page: Page) -> bool:
        """Whether the page is unread and its engagement runs."""
        engagement = self.engagements.get(page.engagement_arn)
        return page.read_time is None and (engagement is None or engagement.stop_time is None)


def _drop(index: defaultdict[str, set[str]], name: str, key: str) -> None:
    keys = index[name]
    keys.discard(key)
    if not keys:
        del index[name]
