"""Receipts of a page: what became of it, in the order in which it became known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from warroom.model.contacts import Page, Receipt

__all__ = ["MAX_RECEIPT_TEXT", "error_receipt", "with_receipt"]

MAX_RECEIPT_TEXT = 2048
"""Characters of a ReceiptInfo, by the service model."""


def with_receipt(page: Page, receipt: Receipt, **changed: Any) -> Page:
    """The page with one more receipt, and other members `changed`."""
    return page.model_copy(update={"receipts": (*page.receipts, receipt), **changed})


def error_receipt(page: Page, now: datetime, reason: str, channel_arn: str | None = None) -> Page:
    """The page with an ERROR receipt: why nothing was sent, or not on this channel."""
    receipt = Receipt(
        contact_channel_arn=channel_arn,
        receipt_type="ERROR",
        receipt_info=reason[:MAX_RECEIPT_TEXT],
        receipt_time=now,
    )
    return with_receipt(page, receipt)
