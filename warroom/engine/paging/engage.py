"""The beginning of an engagement: its record, and the deadline that sets it going."""

from __future__ import annotations

from warroom.engine.lookup import find
from warroom.engine.operation import House
from warroom.engine.paging import timeline
from warroom.model.arn import engagement_arn
from warroom.model.contacts import Engagement
from warroom.store import deadlines
from warroom.store.contacts import contacts, engagements
from warroom.store.transaction import Transaction

__all__ = ["ENGAGE", "begin"]

ENGAGE = "engage"
"""The kind of the deadline at which the contact of an engagement is engaged; its detail is empty."""


def begin(
    transaction: Transaction,
    house: House,
    *,
    account: str,
    contact_arn: str,
    sender: str,
    subject: str,
    content: str,
    public_subject: str | None = None,
    public_content: str | None = None,
    incident_arn: str | None = None,
) -> Engagement | None:
    """Engage a person, an escalation plan or a schedule, now.

    A contact that does not exist (any more) is skipped: the timeline of the incident says so, and the answer is
    None. The incident must have been written before, and be read again afterwards.
    """
    contact = find(transaction, contacts, account, contact_arn)
    if contact is None:
        timeline.contact_skipped(
            transaction,
            house,
            account=account,
            contact_arn=contact_arn,
            engagement_arn=None,
            incident_arn=incident_arn,
            reason="the contact no longer exists",
        )
        return None
    engagement = engagements.insert(
        transaction,
        Engagement(
            engagement_arn=engagement_arn(house.region, account, contact.alias, house.identifiers.uuid()),
            contact_arn=contact.contact_arn,
            sender=sender,
            subject=subject,
            content=content,
            public_subject=public_subject,
            public_content=public_content,
            incident_id=incident_arn,
            start_time=transaction.now,
        ),
        generation=0,
    )
    deadlines.add(
        transaction,
        account=account,
        due_time=transaction.now,
        engagement_arn=engagement.engagement_arn,
        page_arn=None,
        generation=0,
        kind=ENGAGE,
        detail="",
    )
    return engagement
