"""The end of an engagement by hand, or with its incident (`incident-manager.md`, 3)."""

from __future__ import annotations

from warroom.engine.operation import House
from warroom.engine.paging import timeline
from warroom.engine.paging.plans import halted
from warroom.engine.paging.receipts import with_receipt
from warroom.model.contacts import Engagement, Receipt
from warroom.store import deadlines, outbox
from warroom.store.contacts import engagements, engagements_of_incident, pages, pages_of_engagement
from warroom.store.transaction import Transaction

__all__ = ["stop", "stop_for_incident"]


def stop(transaction: Transaction, house: House, engagement: Engagement, reason: str | None) -> None:
    """Nobody is engaged by it any more, and nothing more is sent: its unread pages get a STOP receipt.

    What was handed to a provider before may still arrive, and is listed. Stopping it again changes nothing.
    """
    if engagement.stop_time is None:
        _stop(transaction, engagement, reason)
        timeline.stopped(transaction, house, engagement, reason)


def stop_for_incident(transaction: Transaction, house: House, incident_arn: str) -> None:
    """Stop all engagements of an incident that is resolved; that it is resolved is on its timeline already."""
    for engagement in engagements_of_incident(transaction, incident_arn):
        if engagement.stop_time is None:
            _stop(transaction, engagement, "The incident was resolved")


def _stop(transaction: Transaction, engagement: Engagement, reason: str | None) -> None:
    deadlines.drop_of_engagement(transaction, engagement.engagement_arn, with_pages=True)
    receipt = Receipt(receipt_type="STOP", receipt_info=reason or None, receipt_time=transaction.now)
    for page in pages_of_engagement(transaction, engagement.engagement_arn):
        outbox.drop_pending(transaction, page.page_arn, "the engagement was stopped")
        if page.read_time is None:
            stopped = with_receipt(page, receipt, progress=halted(page.progress))
            pages.update(transaction, stopped, generation=pages.c.generation + 1)
    engagements.update(
        transaction,
        engagement.model_copy(update={"stop_time": transaction.now, "progress": halted(engagement.progress)}),
        generation=engagements.c.generation + 1,
    )
