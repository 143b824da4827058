"""Related items of an incident (`incident-manager.md`, 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warroom.engine.interfaces import Document
from warroom.engine.lookup import belongs, incident_of
from warroom.engine.operation import Operations
from warroom.engine.pagination import DEFAULT_PAGE, Listing
from warroom.engine.quotas import require_room_for_items
from warroom.engine.rules import event_content
from warroom.engine.rules.incident_changes import related_item_change
from warroom.engine.rules.related_items import item_of, same_item
from warroom.engine.timeline_log import log_event
from warroom.model.incidents import EventReference, IncidentRecord, RelatedItem
from warroom.store import incidents as store
from warroom.store.transaction import Reader, Transaction

__all__ = ["RelatedItemOperations"]


class RelatedItemOperations(Operations):
    async def update_related_items(
        self,
        *,
        incident_record_arn: str,
        related_items_update: Mapping[str, Any],
        client_token: str | None = None,
    ) -> Document:
        """`{}`. An item is known by its type and value: adding one again changes its title, and removing one that
        is not there does nothing. Each change is on the timeline, and counts as a modification of the incident.

        Raises `ResourceNotFoundException`; `ValidationException` when the incident is full.
        """
        added, removed = related_items_update.get("item_to_add"), related_items_update.get("item_to_remove")

        def decide(transaction: Transaction) -> Document:
            incident = incident_of(transaction, self._caller.account, incident_record_arn, lock=True)
            if added is not None:
                self._add(transaction, incident, item_of(incident.arn, added))
            elif removed is not None:
                self._remove(transaction, incident, same_item(incident.arn, removed))
            return {}

        return await self._write(
            decide,
            operation="UpdateRelatedItems",
            token=client_token,
            request={"incident_record_arn": incident_record_arn, "related_items_update": related_items_update},
        )

    def _add(self, transaction: Transaction, incident: IncidentRecord, item: RelatedItem) -> None:
        present = store.related_items.get(transaction, item.key)
        if present == item:
            return
        if present is not None:
            store.related_items.update(transaction, item)
        else:
            require_room_for_items(store.count_of_incident(transaction, store.related_items, incident.arn))
            position = store.last_position(transaction, incident.arn) + 1
            store.related_items.insert(transaction, item, position=position)
        self._tell(transaction, incident, related_item_change(added=item))

    def _remove(self, transaction: Transaction, incident: IncidentRecord, item: RelatedItem) -> None:
        present = store.related_items.get(transaction, item.key)
        if present is not None:
            store.related_items.delete(transaction, present)
            self._tell(transaction, incident, related_item_change(removed=present))

    def _tell(self, transaction: Transaction, incident: IncidentRecord, attribute: tuple[str, str]) -> None:
        modified = incident.model_copy(
            update={"last_modified_time": transaction.now, "last_modified_by": self._caller.arn}
        )
        log_event(
            transaction,
            self._house,
            modified,
            event_content.RECORD_UPDATE,
            event_content.record_update(self._caller.arn, [attribute], incident.title),
            references=[EventReference(resource=incident.arn)],
        )

    async def list_related_items(
        self, *, incident_record_arn: str, max_results: int | None = None, next_token: str | None = None
    ) -> Document:
        """`{"related_items", "next_token"}`, in the order in which they were added; none of an unknown incident."""
        account = self._caller.account
        listing = Listing("ListRelatedItems", (int,), account, incident_record_arn)
        after, limit = listing.after(next_token), max_results or DEFAULT_PAGE

        def look(reader: Reader) -> list[tuple[int, RelatedItem]]:
            if not belongs(incident_record_arn, account):
                return []
            return store.list_related_items(reader, incident_record_arn, after, limit + 1)

        placed, following = listing.page(await self._read(look), limit, lambda each: (each[0],))
        return {"related_items": [item for _, item in placed], "next_token": following}
