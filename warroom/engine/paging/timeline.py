"""What paging writes into the timeline of its incident (`incident-manager.md`, 2.4).

The service's own events, and warroom's under the prefix `WarRoom`, for what its documents leave without a name.
An engagement without an incident has no timeline; then the log of the backend holds what no page can hold.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from warroom.engine.lookup import find
from warroom.engine.operation import House
from warroom.engine.timeline_log import log_event
from warroom.model.arn import Arn
from warroom.model.contacts import Engagement, Page
from warroom.store.incidents import incident_records
from warroom.store.transaction import Transaction

__all__ = ["acknowledged", "channel_skipped", "contact_skipped", "nobody_on_call", "paged", "stopped"]

_log = logging.getLogger(__name__)


def _write(
    transaction: Transaction,
    house: House,
    account: str,
    incident_arn: str | None,
    event_type: str,
    told: Mapping[str, str | None],
) -> bool:
    """Write the event; False when there is no such incident. (The IncidentId of an engagement is free text.)"""
    if incident_arn is None or not incident_arn.startswith("arn:aws:ssm-incidents:"):
        return False
    incident = find(transaction, incident_records, account, incident_arn, lock=True)
    if incident is None:
        return False
    log_event(transaction, house, incident, event_type, told)
    return True


def paged(transaction: Transaction, house: House, page: Page) -> None:
    """The contact has a page."""
    told = {"contactArn": page.contact_arn, "engagementArn": page.engagement_arn}
    _write(transaction, house, _account(page), page.incident_id, "SSM Contacts Page for Incident", told)


def acknowledged(transaction: Transaction, house: House, page: Page) -> None:
    """The contact has read its page."""
    event_type = "SSM Contacts Page Acknowledgement for Incident"
    told = {"contactArn": page.contact_arn, "engagementArn": page.engagement_arn}
    _write(transaction, house, _account(page), page.incident_id, event_type, told)


def channel_skipped(transaction: Transaction, house: House, page: Page, channel_arn: str, reason: str) -> None:
    """Nothing was sent on a channel. The page has an ERROR receipt with the same reason."""
    told = {"contactArn": page.contact_arn, "contactChannelArn": channel_arn, "reason": reason}
    _write(transaction, house, _account(page), page.incident_id, "WarRoom Channel Skipped", told)


def contact_skipped(
    transaction: Transaction,
    house: House,
    *,
    account: str,
    contact_arn: str,
    engagement_arn: str | None,
    incident_arn: str | None,
    reason: str,
) -> None:
    """A contact was not engaged, or nothing can be sent to it."""
    told = {"contactArn": contact_arn, "engagementArn": engagement_arn, "reason": reason}
    if not _write(transaction, house, account, incident_arn, "WarRoom Contact Skipped", told):
        transaction.remark(_log, "%s was skipped in %s: %s", contact_arn, engagement_arn or "an incident", reason)


def nobody_on_call(transaction: Transaction, house: House, engagement: Engagement, schedule_arn: str) -> None:
    """A schedule was engaged while nobody is on call in it."""
    reason = "nobody is on call in this schedule, so nobody was paged"
    told = {"contactArn": schedule_arn, "engagementArn": engagement.engagement_arn, "reason": reason}
    if not _write(transaction, house, _account(engagement), engagement.incident_id, "WarRoom Nobody On Call", told):
        transaction.remark(_log, "%s in %s: %s", schedule_arn, engagement.engagement_arn, reason)


def stopped(transaction: Transaction, house: House, engagement: Engagement, reason: str | None) -> None:
    """Somebody stopped an engagement."""
    told = {"contactArn": engagement.contact_arn, "engagementArn": engagement.engagement_arn, "reason": reason}
    _write(transaction, house, _account(engagement), engagement.incident_id, "WarRoom Engagement Stopped", told)


def _account(record: Page | Engagement) -> str:
    return Arn.parse(record.key).account
