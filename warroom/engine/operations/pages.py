"""Pages: what a person was sent, what became of it, and their answer (`incident-manager.md`, 3)."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Literal

from warroom.engine.contact_lookup import channel_of, contact_of, engagement_of, page_of
from warroom.engine.interfaces import Document
from warroom.engine.onboarding import require_onboarded
from warroom.engine.operations.by_time import ListsByTime, Place
from warroom.engine.operations.contacts import CONTACTS_PAGE
from warroom.engine.pagination import Listing
from warroom.engine.paging.acknowledge import acknowledge, delivered
from warroom.engine.paging.plan_limits import refuse
from warroom.model.contacts import Page, Receipt
from warroom.store import contacts as store
from warroom.store.transaction import Reader, Transaction

__all__ = ["PageOperations"]

_DESCRIBED = (
    "page_arn",
    "engagement_arn",
    "contact_arn",
    "sender",
    "subject",
    "content",
    "public_subject",
    "public_content",
    "incident_id",
    "sent_time",
    "read_time",
    "delivery_time",
)
_LISTED = (
    "page_arn",
    "engagement_arn",
    "contact_arn",
    "sender",
    "incident_id",
    "sent_time",
    "delivery_time",
    "read_time",
)


class PageOperations(ListsByTime):
    async def accept_page(
        self,
        *,
        page_id: str,
        accept_type: Literal["DELIVERED", "READ"],
        accept_code: str,
        contact_channel_id: str | None = None,
        note: str | None = None,
        accept_code_validation: Literal["IGNORE", "ENFORCE"] | None = None,
    ) -> Document:
        """`{}`. READ acknowledges: the contact is sent nothing more, and an escalation that they are essential to
        engages nobody more. It may come after the plan ended, and a second time, which changes nothing.

        The service does not say what it does without `accept_code_validation`; here the code is enforced, and
        `IGNORE` takes any. Raises `ValidationException` for a wrong code, `ResourceNotFoundException`.
        """
        account = self._caller.account

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, account)
            page = page_of(transaction, account, page_id, lock=True)
            if contact_channel_id is not None:
                channel = channel_of(transaction, account, contact_channel_id)
                if channel.contact_arn != page.contact_arn:
                    refuse("ContactChannelId", "is a channel of another contact than the one that was paged")
            expected = store.pages.column(transaction, page.key, "accept_code")
            if accept_code_validation != "IGNORE" and not hmac.compare_digest(expected.encode(), accept_code.encode()):
                refuse("AcceptCode", "is not the code of this page")
            if accept_type == "READ":
                acknowledge(transaction, self._house, page, contact_channel_id, note)
            else:
                delivered(transaction, page, contact_channel_id, note)
            return {}

        return await self._write(decide)

    async def describe_page(self, *, page_id: str) -> Document:
        """The members of the page. Raises `ResourceNotFoundException`."""
        page = await self._page(page_id)
        return {member: getattr(page, member) for member in _DESCRIBED}

    async def list_page_receipts(
        self, *, page_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Document:
        """`{"receipts", "next_token"}`, grouped by type as the service does, in the order of time within a type."""
        listing = Listing("ListPageReceipts", (str, int), self._caller.account, page_id)
        after, limit = listing.after(next_token), max_results or CONTACTS_PAGE
        page = await self._page(page_id)
        # A receipt is never taken away, so its place among those of its type is for good.
        placed: list[tuple[str, int, Receipt]] = []
        for number, receipt in enumerate(page.receipts):
            placed.append((receipt.receipt_type, number, receipt))
        placed.sort(key=lambda entry: entry[:2])
        beyond = [entry for entry in placed if after is None or entry[:2] > after]
        found, following = listing.page(beyond[: limit + 1], limit, lambda entry: entry[:2])
        return {"receipts": [receipt for _, _, receipt in found], "next_token": following}

    async def _page(self, page_id: str) -> Page:
        def look(reader: Reader) -> Page:
            require_onboarded(reader, self._caller.account)
            return page_of(reader, self._caller.account, page_id)

        return await self._read(look)

    async def list_pages_by_engagement(
        self, *, engagement_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Document:
        """`{"pages", "next_token"}`, newest first. Raises `ResourceNotFoundException`."""

        def look(reader: Reader, after: Place | None, limit: int) -> list[tuple[datetime, Page]]:
            engagement = engagement_of(reader, self._caller.account, engagement_id)
            return store.list_pages(reader, engagement_arn=engagement.key, after=after, limit=limit)

        pages, following = await self._list_by_time(
            "ListPagesByEngagement", [engagement_id], look, max_results, next_token
        )
        return {"pages": [_listed(page) for page in pages], "next_token": following}

    async def list_pages_by_contact(
        self, *, contact_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Document:
        """`{"pages", "next_token"}`, newest first. Raises `ResourceNotFoundException`."""

        def look(reader: Reader, after: Place | None, limit: int) -> list[tuple[datetime, Page]]:
            contact = contact_of(reader, self._caller.account, contact_id)
            return store.list_pages(reader, contact_arn=contact.key, after=after, limit=limit)

        pages, following = await self._list_by_time("ListPagesByContact", [contact_id], look, max_results, next_token)
        return {"pages": [_listed(page) for page in pages], "next_token": following}


def _listed(page: Page) -> Document:
    return {member: getattr(page, member) for member in _LISTED}
