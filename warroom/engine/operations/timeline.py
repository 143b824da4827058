"""Timeline events of users: created, read, listed, updated, deleted (`incident-manager.md`, 2.4).

Users write `Custom Event` and `Note`; the service's own record of what happened is not theirs to change or delete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from warroom.engine.filters import EVENT_FILTERS, read_filters
from warroom.engine.interfaces import Document
from warroom.engine.lookup import belongs, event_of, find, find_event, incident_of
from warroom.engine.operation import Operations
from warroom.engine.pagination import DEFAULT_PAGE, Listing
from warroom.engine.quotas import require_room_for_event
from warroom.engine.rules.timeline import as_last_event, require_document, require_user_event, with_last_event
from warroom.model.incidents import EventReference, IncidentRecord, TimelineEvent
from warroom.store import incidents as store
from warroom.store.transaction import Reader, Transaction

__all__ = ["TimelineOperations"]


class TimelineOperations(Operations):
    async def create_timeline_event(
        self,
        *,
        incident_record_arn: str,
        event_time: datetime,
        event_type: str,
        event_data: str,
        event_references: Sequence[Mapping[str, Any]] | None = None,
        client_token: str | None = None,
    ) -> Document:
        """`{"event_id", "incident_record_arn"}`.

        Raises `ResourceNotFoundException`; `ValidationException` for a type of the service's own, data that is not
        JSON, and an incident that is full.
        """
        require_user_event(event_type)
        require_document(event_data)

        def decide(transaction: Transaction) -> Document:
            incident = incident_of(transaction, self._caller.account, incident_record_arn, lock=True)
            require_room_for_event(store.count_of_incident(transaction, store.timeline_events, incident.arn))
            event = store.timeline_events.insert(
                transaction,
                TimelineEvent(
                    incident_record_arn=incident.arn,
                    event_id=self._house.identifiers.uuid(),
                    event_type=event_type,
                    event_data=event_data,
                    event_time=event_time.astimezone(UTC),
                    event_updated_time=transaction.now,
                    event_references=_references(event_references),
                ),
            )
            told = with_last_event(incident, event, transaction.now)
            if told is not incident:
                store.incident_records.update(transaction, told)
            return {"event_id": event.event_id, "incident_record_arn": incident.arn}

        return await self._write(
            decide,
            operation="CreateTimelineEvent",
            token=client_token,
            request={
                "incident_record_arn": incident_record_arn,
                "event_time": event_time,
                "event_type": event_type,
                "event_data": event_data,
                "event_references": event_references,
            },
        )

    async def get_timeline_event(self, *, incident_record_arn: str, event_id: str) -> Document:
        """`{"event"}`. Raises `ResourceNotFoundException`."""
        account = self._caller.account
        return {"event": await self._read(lambda reader: event_of(reader, account, incident_record_arn, event_id))}

    async def list_timeline_events(
        self,
        *,
        incident_record_arn: str,
        filters: Sequence[Mapping[str, Any]] | None = None,
        sort_by: str | None = None,
        sort_order: str | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Document:
        """`{"event_summaries", "next_token"}`, newest first unless asked otherwise; none of an unknown incident.

        `EVENT_TIME` is the one thing to sort by. Raises `ValidationException`.
        """
        account, conditions = self._caller.account, read_filters(filters, EVENT_FILTERS)
        descending = sort_order != "ASCENDING"
        listing = Listing(
            "ListTimelineEvents", (datetime, str), account, incident_record_arn, conditions, sort_by, descending
        )
        after, limit = listing.after(next_token), max_results or DEFAULT_PAGE

        def look(reader: Reader) -> list[TimelineEvent]:
            if not belongs(incident_record_arn, account):
                return []
            return store.list_events(reader, incident_record_arn, conditions, after, limit + 1, descending=descending)

        events, following = listing.page(await self._read(look), limit, lambda each: (each.event_time, each.key))
        return {"event_summaries": events, "next_token": following}

    async def update_timeline_event(
        self,
        *,
        incident_record_arn: str,
        event_id: str,
        event_time: datetime | None = None,
        event_type: str | None = None,
        event_data: str | None = None,
        event_references: Sequence[Mapping[str, Any]] | None = None,
        client_token: str | None = None,
    ) -> Document:
        """`{}`. Absent members stay as they are; the references are replaced as a whole.

        Raises `ResourceNotFoundException`, `ValidationException`.
        """
        require_user_event(event_type)
        require_document(event_data)
        given = {
            "event_time": event_time and event_time.astimezone(UTC),
            "event_type": event_type,
            "event_data": event_data,
        }
        requested: dict[str, Any] = {member: value for member, value in given.items() if value is not None}
        if event_references is not None:
            requested["event_references"] = _references(event_references)

        def decide(transaction: Transaction) -> Document:
            incident = incident_of(transaction, self._caller.account, incident_record_arn, lock=True)
            event = event_of(transaction, self._caller.account, incident_record_arn, event_id)
            require_user_event(event.event_type)
            changed = event.model_copy(update={**requested, "event_updated_time": transaction.now})
            store.timeline_events.update(transaction, changed)
            _tell_last_event(transaction, incident)
            return {}

        return await self._write(
            decide,
            operation="UpdateTimelineEvent",
            token=client_token,
            request={"incident_record_arn": incident_record_arn, "event_id": event_id, **requested},
        )

    async def delete_timeline_event(self, *, incident_record_arn: str, event_id: str) -> Document:
        """`{}`, also when there is no such event or incident. Raises `ValidationException`."""

        def decide(transaction: Transaction) -> Document:
            incident = find(transaction, store.incident_records, self._caller.account, incident_record_arn, lock=True)
            event = incident and find_event(transaction, incident_record_arn, event_id)
            if incident and event:
                require_user_event(event.event_type)
                store.timeline_events.delete(transaction, event)
                _tell_last_event(transaction, incident)
            return {}

        return await self._write(decide)


def _references(given: Sequence[Mapping[str, Any]] | None) -> tuple[EventReference, ...] | None:
    return None if not given else tuple(EventReference.model_validate(reference) for reference in given)


def _tell_last_event(transaction: Transaction, incident: IncidentRecord) -> None:
    """Let the incident show the event that is the newest now."""
    newest = store.newest_event(transaction, incident.arn, transaction.now)
    last = None if newest is None else as_last_event(newest)
    if last != incident.last_event:
        store.incident_records.update(transaction, incident.model_copy(update={"last_event": last}))
