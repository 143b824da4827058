"""Incident records: started, read, listed, updated (`incident-manager.md`, 2.1 to 2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from warroom.engine.filters import INCIDENT_FILTERS, read_filters
from warroom.engine.interfaces import Document
from warroom.engine.lookup import incident_of
from warroom.engine.operation import Operations
from warroom.engine.pagination import DEFAULT_PAGE, Listing
from warroom.engine.paging.stop import stop_for_incident
from warroom.engine.rules import event_content
from warroom.engine.rules.incident_changes import update
from warroom.engine.start import StartRequest, start_incident
from warroom.engine.timeline_log import log_event
from warroom.model.incidents import EventReference
from warroom.store.incidents import list_incidents
from warroom.store.transaction import Transaction

__all__ = ["IncidentOperations"]


class IncidentOperations(Operations):
    async def start_incident(
        self,
        *,
        response_plan_arn: str,
        title: str | None = None,
        impact: int | None = None,
        related_items: Sequence[Mapping[str, Any]] = (),
        trigger_details: Mapping[str, Any] | None = None,
        client_token: str | None = None,
    ) -> Document:
        """`{"incident_record_arn"}`: the new incident, or the open one that the trigger belongs to.

        Raises `ResourceNotFoundException` for a plan that does not exist, `ValidationException`.
        """
        start = StartRequest.read(response_plan_arn, title, impact, related_items, trigger_details)

        def decide(transaction: Transaction) -> Document:
            return {"incident_record_arn": start_incident(transaction, self._house, self._caller, start).arn}

        return await self._write(decide, operation="StartIncident", token=client_token, request=asdict(start))

    async def get_incident_record(self, *, arn: str) -> Document:
        """`{"incident_record"}`. Raises `ResourceNotFoundException`."""
        return {"incident_record": await self._read(lambda reader: incident_of(reader, self._caller.account, arn))}

    async def list_incident_records(
        self,
        *,
        filters: Sequence[Mapping[str, Any]] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Document:
        """`{"incident_record_summaries", "next_token"}`, newest first. Raises `ValidationException`."""
        account, conditions = self._caller.account, read_filters(filters, INCIDENT_FILTERS)
        listing = Listing("ListIncidentRecords", (datetime, str), account, conditions)
        after, limit = listing.after(next_token), max_results or DEFAULT_PAGE
        found = await self._read(lambda reader: list_incidents(reader, account, conditions, after, limit + 1))
        summaries, following = listing.page(found, limit, lambda each: (each.creation_time, each.arn))
        return {"incident_record_summaries": summaries, "next_token": following}

    async def update_incident_record(
        self,
        *,
        arn: str,
        title: str | None = None,
        summary: str | None = None,
        impact: int | None = None,
        status: str | None = None,
        chat_channel: Mapping[str, Any] | None = None,
        notification_targets: Sequence[Mapping[str, Any]] | None = None,
        client_token: str | None = None,
    ) -> Document:
        """`{}`. Absent members stay as they are; resolving stops the incident's engagements.

        Raises `ResourceNotFoundException`.
        """
        given = {
            # First, because consumers of the timeline look for it in the first modified attribute (5.1).
            "status": status,
            "title": title,
            "summary": summary,
            "impact": impact,
            "chat_channel": chat_channel,
            "notification_targets": notification_targets,
        }
        requested = {member: value for member, value in given.items() if value is not None}

        def decide(transaction: Transaction) -> Document:
            incident = incident_of(transaction, self._caller.account, arn, lock=True)
            updated = update(incident, requested, self._caller.arn, transaction.now)
            if not updated.attributes:
                return {}
            log_event(
                transaction,
                self._house,
                updated.incident,
                event_content.RECORD_UPDATE,
                event_content.record_update(self._caller.arn, updated.attributes, updated.incident.title),
                references=[EventReference(resource=arn)],
            )
            if incident.status == "OPEN" and updated.incident.status == "RESOLVED":
                stop_for_incident(transaction, self._house, arn)
            return {}

        return await self._write(
            decide, operation="UpdateIncidentRecord", token=client_token, request={"arn": arn, **requested}
        )
