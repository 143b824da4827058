"""The engine: the service in process. It composes the store, the operations, the feed, the keys and the paging."""

from __future__ import annotations

from typing import cast

from warroom.engine.access_keys import AccessKeys
from warroom.engine.clock import Clock
from warroom.engine.feed import Feed
from warroom.engine.identifiers import Identifiers
from warroom.engine.interfaces import ChangeFeed, IncidentManager, LoggedChange
from warroom.engine.lookup import incident_of
from warroom.engine.onboarding import onboard
from warroom.engine.operation import House
from warroom.engine.operations import Verbs
from warroom.engine.paging.provider import Providers
from warroom.engine.paging.runner import Runner, is_paging
from warroom.engine.reading import Dossier, contact_named, dossier, history, incident_named
from warroom.model.contacts import Contact
from warroom.model.identity import Caller
from warroom.model.incidents import IncidentRecord
from warroom.store.conditions import Condition
from warroom.store.incidents import list_incidents
from warroom.store.store import Store

__all__ = ["Engine"]


class Engine:
    """One backend's engine. Made by `Engine.open`; belongs to the event loop that opened it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.feed: ChangeFeed = Feed(house.store)
        self.keys = AccessKeys(house)

    @classmethod
    async def open(
        cls,
        database_url: str,
        *,
        clock: Clock,
        account: str,
        region: str,
        bare: bool = False,
        identifiers: Identifiers | None = None,
    ) -> Engine:
        """Open the database, migrating it to this version's tables.

        Unless `bare`, an account that has never had one gets a replication set of `region`, so that its first
        command works. Raises `StoreError`.
        """
        store = await Store.open(database_url, clock.now)
        house = House(store, clock, identifiers or Identifiers(), region)
        try:
            if not bare:
                await onboard(house, account)
        except BaseException:
            await store.close()
            raise
        return cls(house)

    def acting_as(self, caller: Caller) -> IncidentManager:
        """The verbs, as `caller`."""
        # A checker cannot see that the methods of `Verbs` are what `__getattr__` of the interface stands for.
        return cast(IncidentManager, Verbs(self._house, caller))

    async def find_incident(self, account: str, reference: str) -> IncidentRecord:
        """The incident that people mean by a number, `INC-<number>`, an ARN, or a prefix of its id.

        Raises `ResourceNotFoundException`; `ValidationException`, with the candidates, when several are meant.
        """
        return await self._house.store.read(lambda reader: incident_named(reader, account, reference))

    async def find_contact(self, account: str, reference: str) -> Contact:
        """The contact that people mean by an ARN or an alias. Raises `ResourceNotFoundException`."""
        return await self._house.store.read(lambda reader: contact_named(reader, account, reference))

    async def incidents(self, account: str, status: str | None, limit: int) -> list[IncidentRecord]:
        """At most `limit` incidents, newest first: those OPEN, those RESOLVED, or both with None."""
        conditions = [] if status is None else [Condition("status", one_of=(status,))]
        return await self._house.store.read(lambda reader: list_incidents(reader, account, conditions, None, limit))

    async def incident_dossier(self, account: str, arn: str, events: int) -> Dossier:
        """An incident with all that belongs to it, and its newest `events`. Raises `ResourceNotFoundException`."""
        return await self._house.store.read(lambda reader: dossier(reader, incident_of(reader, account, arn), events))

    async def timeline_changes(
        self, incident_arn: str, before: str | None, limit: int
    ) -> tuple[list[LoggedChange], str | None]:
        """At most `limit` events of an incident, newest first, as changes; and what to give as `before` to read on.

        Without `before` its related items come first. Raises `ValidationException` when `before` is not from here.
        """
        return await self._house.store.read(lambda reader: history(reader, incident_arn, before, limit))

    async def paging(self) -> bool:
        """Whether an engagement still has a deadline, or a page is not sent yet."""
        return await self._house.store.read(is_paging)

    async def run(self, providers: Providers) -> None:
        """Run the deadlines and send what they decide, until cancelled."""
        await Runner(self._house, providers).run()

    async def close(self) -> None:
        """Commit what waits, and let go of the database."""
        await self._house.store.close()
