"""What the adapter asks of an Incident Manager, besides the two interfaces: who holds a key, and looking things up.

The engine is one. All lookups are within an account, and those of one thing raise `ResourceNotFoundException`
when it is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from warroom.engine.interfaces import ChangeFeed, IncidentManager, LoggedChange
from warroom.model.contacts import Contact, Engagement, Page
from warroom.model.identity import Caller, Role
from warroom.model.incidents import IncidentRecord, RelatedItem, TimelineEvent

__all__ = ["AccessKey", "AccessKeys", "Backend", "Dossier"]


class AccessKey(Protocol):
    """A credential and the principal that it stands for."""

    @property
    def access_key_id(self) -> str: ...
    @property
    def secret_access_key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def account(self) -> str: ...
    @property
    def contact_arn(self) -> str | None: ...
    @property
    def created_time(self) -> datetime: ...
    @property
    def revoked_time(self) -> datetime | None: ...
    @property
    def caller(self) -> Caller: ...


class AccessKeys(Protocol):
    async def find(self, access_key_id: str) -> AccessKey | None:
        """The key, unless there is none or it is revoked; cached, so that asking often costs nothing."""
        ...

    async def create(
        self, account: str, name: str, role: Role, contact_arn: str | None = None, *, token: str | None = None
    ) -> AccessKey:
        """A new key; the same one again for the same `token`, also after a restart."""
        ...

    async def all(self, account: str) -> Sequence[AccessKey]: ...

    async def revoke(self, account: str, access_key_id: str) -> AccessKey: ...


class Dossier(Protocol):
    """All of one incident."""

    @property
    def incident(self) -> IncidentRecord: ...
    @property
    def engagements(self) -> Sequence[Engagement]: ...
    @property
    def pages(self) -> Sequence[Page]: ...
    @property
    def related_items(self) -> Sequence[RelatedItem]: ...
    @property
    def events(self) -> Sequence[TimelineEvent]:
        """Newest first."""
        ...


class Backend(Protocol):
    @property
    def feed(self) -> ChangeFeed: ...
    @property
    def keys(self) -> AccessKeys: ...

    def acting_as(self, caller: Caller) -> IncidentManager: ...

    async def find_incident(self, account: str, reference: str) -> IncidentRecord:
        """By number, ARN, or unambiguous prefix of the id; `ValidationException` when ambiguous."""
        ...

    async def find_contact(self, account: str, reference: str) -> Contact:
        """By ARN or alias."""
        ...

    async def incidents(self, account: str, status: str | None, limit: int) -> Sequence[IncidentRecord]:
        """Newest first."""
        ...

    async def incident_dossier(self, account: str, arn: str, events: int) -> Dossier:
        """With at most `events` timeline events."""
        ...

    async def timeline_changes(
        self, incident_arn: str, before: str | None, limit: int
    ) -> tuple[Sequence[LoggedChange], str | None]:
        """A part of the timeline, newest first, and the `before` of the next older part, if there is one.

        What is not there has an empty one.

        The part without `before` is the newest, and has all related items as well. No change has a seq that is
        newer than what was read. Raises `ValidationException` when `before` is not from here.
        """
        ...
