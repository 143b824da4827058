"""Pages of lists: tokens that say after which entry to go on, so that entries added meanwhile shift nothing.

A token is opaque to clients, and good only for the list that it came from: the same operation, account and
filters. Its letters are those that both services allow (`incident-manager.md`, 1.5).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson

from warroom.model.errors import ValidationException

__all__ = ["DEFAULT_PAGE", "Listing"]

DEFAULT_PAGE = 100
"""Entries of a page for a client of ssm-incidents that does not say; the service does not document its own."""

_NUMBERS = range(-(2**63), 2**63)
"""The integers that every database can compare."""

R = TypeVar("R")


class Listing:
    """One list as one caller asks for it.

    `place` gives the types of a place in the list (`datetime`, `int` or `str`), in the order of sorting;
    `narrowed_by` is all that its entries depend on: the account, the filters, the order.
    """

    def __init__(self, operation: str, place: tuple[type, ...], *narrowed_by: Any) -> None:
        self._types = place
        self._digest = hashlib.sha256(orjson.dumps([operation, *narrowed_by])).hexdigest()[:16]

    def after(self, token: str | None) -> tuple[Any, ...] | None:
        """The place after which the page begins; None at the start of the list.

        Raises `ValidationException` when the token is not one of this list.
        """
        if not token:
            return None
        try:
            digest, *parts = orjson.loads(base64.urlsafe_b64decode(token.encode()))
            if digest != self._digest or len(parts) != len(self._types):
                raise ValueError
            return tuple(_read(part, kind) for part, kind in zip(parts, self._types, strict=True))
        except (ValueError, TypeError, OverflowError):
            raise ValidationException(
                "The next token is not valid for this list: start again without it",
                reason="FIELD_VALIDATION_FAILED",
                fields=[("nextToken", "not a token of this list with these filters")],
            ) from None

    def page(
        self, found: Sequence[R], limit: int, place: Callable[[R], tuple[Any, ...]]
    ) -> tuple[Sequence[R], str | None]:
        """The entries of the page, and the token of the next one.

        `found` is at most `limit` + 1 entries: the one too many tells that there is a next page.
        """
        if len(found) <= limit:
            return found, None
        shown = found[:limit]
        return shown, self._token(place(shown[-1])) if shown else None

    def _token(self, place: tuple[Any, ...]) -> str:
        return base64.urlsafe_b64encode(orjson.dumps([self._digest, *place])).decode()


def _read(part: Any, kind: type[Any]) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError("without a time zone")
        return moment.astimezone(UTC)
    if type(part) is not kind:
        raise TypeError("of another type")
    if part not in _NUMBERS if kind is int else "\0" in part:
        raise ValueError("no database can compare with it")
    return part
