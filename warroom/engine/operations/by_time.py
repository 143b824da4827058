"""The lists of ssm-contacts that go by the time at which each entry was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from warroom.engine.onboarding import require_onboarded
from warroom.engine.operation import Operations
from warroom.engine.operations.contacts import CONTACTS_PAGE
from warroom.engine.pagination import Listing
from warroom.model.record import Record
from warroom.store.transaction import Reader

__all__ = ["ListsByTime", "Place"]

R = TypeVar("R", bound=Record)

Place = tuple[datetime, str]
"""When a record was made, and its key."""


class ListsByTime(Operations):
    async def _list_by_time(
        self,
        operation: str,
        narrowed_by: Sequence[Any],
        look: Callable[[Reader, Place | None, int], list[tuple[datetime, R]]],
        max_results: int | None,
        next_token: str | None,
    ) -> tuple[list[R], str | None]:
        """The records of one page, and the token of the next.

        `look` reads at most so many records after a place (None: from the start), each with its time;
        `narrowed_by` is all that they depend on besides the account. Raises `ValidationException` and what `look`
        raises.
        """
        account = self._caller.account
        listing = Listing(operation, (datetime, str), account, *narrowed_by)
        after, limit = listing.after(next_token), max_results or CONTACTS_PAGE
        place = (after[0], after[1]) if after else None

        def found(reader: Reader) -> list[tuple[datetime, R]]:
            require_onboarded(reader, account)
            return look(reader, place, limit + 1)

        shown, following = listing.page(await self._read(found), limit, lambda entry: (entry[0], entry[1].key))
        return [record for _, record in shown], following
