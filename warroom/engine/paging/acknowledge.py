"""The acknowledgement fence: after it commits, no new attempt is decided (`design.md`, "The paging contract").

It raises the generation of what it stops, so that a deadline written before cannot act, and forgets those deadlines
and the attempts that no provider was handed yet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from warroom.engine.operation import House
from warroom.engine.paging import timeline
from warroom.engine.paging.escalation import acknowledgement_stops
from warroom.engine.paging.plans import halted
from warroom.engine.paging.receipts import with_receipt
from warroom.model.contacts import Page, Receipt
from warroom.store import deadlines, outbox
from warroom.store.contacts import engagements, pages
from warroom.store.transaction import Transaction

__all__ = ["acknowledge", "delivered"]


def acknowledge(transaction: Transaction, house: House, page: Page, channel_arn: str | None, note: str | None) -> Page:
    """Accept a page as READ: its retries and stages end, and with them the plan that it was essential to.

    Doing it again changes nothing.
    """
    if page.read_time is not None:
        return page
    now = transaction.now
    receipt = _receipt("READ", channel_arn, note, now)
    read = with_receipt(page, receipt, read_time=now, progress=halted(page.progress))
    pages.update(transaction, read, generation=pages.c.generation + 1)
    deadlines.drop_of_page(transaction, page.engagement_arn, page.page_arn)
    outbox.drop_pending(transaction, page.page_arn, "the page was acknowledged")
    engagement = engagements.get(transaction, page.engagement_arn, lock=True)
    if engagement is not None and acknowledgement_stops(transaction, engagement, page.contact_arn):
        engagements.update(
            transaction,
            engagement.model_copy(update={"progress": halted(engagement.progress)}),
            generation=engagements.c.generation + 1,
        )
        deadlines.drop_of_engagement(transaction, engagement.engagement_arn, with_pages=False)
    timeline.acknowledged(transaction, house, read)
    return read


def delivered(transaction: Transaction, page: Page, channel_arn: str | None, note: str | None) -> Page:
    """Accept a page as DELIVERED. Doing it again for the same channel changes nothing."""
    if any(each.receipt_type == "DELIVERED" and each.contact_channel_arn == channel_arn for each in page.receipts):
        return page
    receipt = _receipt("DELIVERED", channel_arn, note, transaction.now)
    return pages.update(transaction, with_receipt(page, receipt, delivery_time=page.delivery_time or transaction.now))


def _receipt(
    receipt_type: Literal["DELIVERED", "READ"], channel_arn: str | None, note: str | None, now: datetime
) -> Receipt:
    return Receipt(contact_channel_arn=channel_arn, receipt_type=receipt_type, receipt_info=note, receipt_time=now)
