"""Engagements: paging a contact, by hand or for an incident (`incident-manager.md`, 3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from warroom.engine.contact_lookup import contact_of, engagement_of
from warroom.engine.interfaces import Document
from warroom.engine.lookup import require_text
from warroom.engine.onboarding import require_onboarded
from warroom.engine.operations.by_time import ListsByTime, Place
from warroom.engine.paging.engage import begin
from warroom.engine.paging.plan_limits import refuse
from warroom.engine.paging.stop import stop
from warroom.model.arn import Arn
from warroom.model.contacts import Engagement
from warroom.model.errors import ResourceNotFoundException
from warroom.store import contacts as store
from warroom.store.transaction import Reader, Transaction

__all__ = ["EngagementOperations"]

_DESCRIBED = (
    "contact_arn",
    "engagement_arn",
    "sender",
    "subject",
    "content",
    "public_subject",
    "public_content",
    "incident_id",
    "start_time",
    "stop_time",
)
_LISTED = ("engagement_arn", "contact_arn", "sender", "incident_id", "start_time", "stop_time")


class EngagementOperations(ListsByTime):
    async def start_engagement(
        self,
        *,
        contact_id: str,
        sender: str,
        subject: str,
        content: str,
        public_subject: str | None = None,
        public_content: str | None = None,
        incident_id: str | None = None,
        idempotency_token: str | None = None,
    ) -> Document:
        """`{"engagement_arn"}`. The contact is engaged at once.

        `incident_id` is free text, by the service model. When it is the ARN of an incident of the account, the
        engagement is part of that incident and of its timeline. Raises `ResourceNotFoundException` for the
        contact, `ValidationException` for an incident of another account.
        """
        account = self._caller.account
        request = {
            "contact_id": contact_id,
            "sender": sender,
            "subject": subject,
            "content": content,
            "public_subject": public_subject,
            "public_content": public_content,
            "incident_id": incident_id,
        }

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, account)
            contact = contact_of(transaction, account, contact_id)
            if incident_id is not None and _is_foreign(incident_id, account):
                refuse("IncidentId", "is an incident of another account")
            engagement = begin(
                transaction,
                self._house,
                account=account,
                contact_arn=contact.contact_arn,
                sender=sender,
                subject=subject,
                content=content,
                public_subject=public_subject,
                public_content=public_content,
                incident_arn=incident_id,
            )
            if engagement is None:
                raise ResourceNotFoundException(
                    f"Contact {contact_id} does not exist", resource_id=contact_id, resource_type="CONTACT"
                )
            return {"engagement_arn": engagement.engagement_arn}

        return await self._write(decide, operation="StartEngagement", token=idempotency_token, request=request)

    async def stop_engagement(self, *, engagement_id: str, reason: str | None = None) -> Document:
        """`{}`. Stopping twice is fine. Raises `ResourceNotFoundException`."""

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, self._caller.account)
            engagement = engagement_of(transaction, self._caller.account, engagement_id, lock=True)
            stop(transaction, self._house, engagement, reason)
            return {}

        return await self._write(decide)

    async def describe_engagement(self, *, engagement_id: str) -> Document:
        """The members of the engagement. Raises `ResourceNotFoundException`."""

        def look(reader: Reader) -> Engagement:
            require_onboarded(reader, self._caller.account)
            return engagement_of(reader, self._caller.account, engagement_id)

        engagement = await self._read(look)
        return {member: getattr(engagement, member) for member in _DESCRIBED}

    async def list_engagements(
        self,
        *,
        incident_id: str | None = None,
        time_range_value: Mapping[str, datetime] | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Document:
        """`{"engagements", "next_token"}`, newest first. The time range is of their start, both ends included."""
        within = time_range_value or {}
        start, end = within.get("start_time"), within.get("end_time")
        require_text("IncidentId", incident_id or "")

        def look(reader: Reader, after: Place | None, limit: int) -> list[tuple[datetime, Engagement]]:
            found = store.list_engagements(
                reader, self._caller.account, incident_arn=incident_id, start=start, end=end, after=after, limit=limit
            )
            return [(each.start_time, each) for each in found]

        found, following = await self._list_by_time(
            "ListEngagements", [incident_id, start, end], look, max_results, next_token
        )
        return {
            "engagements": [{member: getattr(each, member) for member in _LISTED} for each in found],
            "next_token": following,
        }


def _is_foreign(incident_id: str, account: str) -> bool:
    try:
        arn = Arn.parse(incident_id)
    except ValueError:
        return False
    return arn.service == "ssm-incidents" and arn.account != account
