"""One attempt, from the outbox to its receipt: marked, handed over, settled.

Marking commits before the provider is called, and settling after it answered. In between, a crash leaves the row
`sending`; it is then marked anew and handed over with the same id. Marking re-checks the fence: an acknowledgement
or a stop that was committed before wins.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from warroom.engine.operation import House
from warroom.engine.paging import timeline
from warroom.engine.paging.messages import activation_message, page_message
from warroom.engine.paging.provider import Message, Providers, Refused
from warroom.engine.paging.receipts import error_receipt, with_receipt
from warroom.model.contacts import ContactChannel, Page, Receipt
from warroom.model.narrative import one_line
from warroom.store import outbox
from warroom.store.contacts import channels, engagements, pages
from warroom.store.outbox import Attempt
from warroom.store.transaction import Transaction

__all__ = ["Outcome", "hand_over", "mark", "settle"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of handing over: exactly one of the two is set."""

    provider_message_id: str | None = None
    reason: str | None = None


def mark(transaction: Transaction, house: House, attempt_id: str) -> Message | None:
    """What to hand over; None when there is nothing to send any more, which is settled here."""
    attempt = outbox.get(transaction, attempt_id)
    if attempt is None or attempt.state not in ("pending", "sending"):
        return None
    channel = channels.get(transaction, attempt.contact_channel_arn)
    if attempt.page_arn is None:
        message = _activation(transaction, attempt, channel)
    else:
        message = _page(transaction, house, attempt, attempt.page_arn, channel)
    if message is not None:
        outbox.mark_sending(transaction, attempt_id)
    return message


def _activation(transaction: Transaction, attempt: Attempt, channel: ContactChannel | None) -> Message | None:
    code = None if channel is None else channels.column(transaction, channel.key, "activation_code")
    if channel is None or code is None or channel.activation_status == "ACTIVATED":
        outbox.settle(transaction, attempt.attempt_id, "dropped", "the channel needs no activation code any more")
        return None
    return activation_message(attempt.attempt_id, channel, code)


def _page(
    transaction: Transaction, house: House, attempt: Attempt, page_arn: str, channel: ContactChannel | None
) -> Message | None:
    page = pages.get(transaction, page_arn, lock=True)
    if page is None:
        outbox.settle(transaction, attempt.attempt_id, "dropped", "the page no longer exists")
        return None
    if fenced := _fenced(transaction, page):
        outbox.settle(transaction, attempt.attempt_id, "dropped", fenced)
        if attempt.state == "sending":
            reason = f"the backend ended during this attempt, which may have arrived; not repeated, as {fenced}"
            pages.update(transaction, error_receipt(page, transaction.now, reason, attempt.contact_channel_arn))
        return None
    if channel is None or channel.activation_status != "ACTIVATED":
        reason = "not sent: the channel was deactivated or deleted in the meantime"
        outbox.settle(transaction, attempt.attempt_id, "failed", reason)
        timeline.channel_skipped(transaction, house, page, attempt.contact_channel_arn, reason)
        pages.update(transaction, error_receipt(page, transaction.now, reason, attempt.contact_channel_arn))
        return None
    return page_message(attempt.attempt_id, page, channel, pages.column(transaction, page_arn, "accept_code"))


def _fenced(transaction: Transaction, page: Page) -> str | None:
    if page.read_time is not None:
        return "the page was acknowledged"
    engagement = engagements.get(transaction, page.engagement_arn, lock=True)
    return "the engagement was stopped" if engagement is None or engagement.stop_time is not None else None


async def hand_over(providers: Providers, message: Message, timeout: float) -> Outcome:
    """Give the message to the provider of its channel; `timeout` is in seconds. Raises nothing of the provider's."""
    provider = providers.get(message.channel_type)
    if provider is None:
        return Outcome(reason=f"no provider is set up for {message.channel_type}")
    try:
        async with asyncio.timeout(timeout) as limit:
            accepted = await provider.send(message)
            return Outcome(provider_message_id=accepted.provider_message_id)
    except Refused as refused:
        reason = f"{provider.name} refused: {refused.reason}"
    except Exception as failure:
        if limit.expired():
            reason = f"{provider.name} did not answer within {timeout:g} s; it may still arrive"
        else:
            reason = f"{provider.name} failed: {type(failure).__name__} {failure}"
    # Whatever a provider says may repeat what it was given: the code is nobody's to read here.
    return Outcome(reason=one_line(reason.replace(message.code, "******")))


def settle(transaction: Transaction, attempt_id: str, outcome: Outcome) -> None:
    """Keep what a provider answered: SENT when it accepted, otherwise ERROR with the reason."""
    attempt = outbox.get(transaction, attempt_id)
    if attempt is None or attempt.state != "sending":
        return
    if outcome.reason is None:
        outbox.settle(transaction, attempt_id, "sent", outcome.provider_message_id or "")
    else:
        outbox.settle(transaction, attempt_id, "failed", outcome.reason)
    page = None if attempt.page_arn is None else pages.get(transaction, attempt.page_arn, lock=True)
    if page is None:
        return
    if outcome.reason is None:
        receipt = Receipt(
            contact_channel_arn=attempt.contact_channel_arn,
            receipt_type="SENT",
            receipt_info=outcome.provider_message_id or None,
            receipt_time=transaction.now,
        )
        pages.update(transaction, with_receipt(page, receipt, sent_time=transaction.now))
    else:
        pages.update(transaction, error_receipt(page, transaction.now, outcome.reason, attempt.contact_channel_arn))
