"""Idempotency tokens: the same token and request get the first answer again (`incident-manager.md`, 1.5).

A token is remembered for `WINDOW`; the service does not document its own window. The same token with another
request is refused: it is a slip of the client that must not act.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from pydantic import BaseModel

from warroom.engine.interfaces import Document
from warroom.model.errors import ValidationException
from warroom.store import idempotency as kept
from warroom.store.transaction import Transaction

__all__ = ["WINDOW", "fingerprint", "recall", "remember"]

WINDOW = timedelta(hours=24)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    raise TypeError(f"{type(value).__name__} has no fingerprint")


def fingerprint(request: Mapping[str, Any]) -> str:
    """The same for the same members, whatever their order."""
    text = orjson.dumps(dict(request), default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hashlib.sha256(text).hexdigest()


def recall(
    transaction: Transaction, account: str, operation: str, token: str, request_fingerprint: str
) -> Document | None:
    """What was answered before, or None. Raises `ValidationException` when the request was another."""
    found = kept.find(transaction, account, operation, token, since=transaction.now - WINDOW)
    if found is None:
        return None
    if found.fingerprint != request_fingerprint:
        raise ValidationException(
            "The idempotency token was already used with other parameters: send a new token with a new request"
        )
    answer: Document = orjson.loads(found.response)
    return answer


def remember(
    transaction: Transaction, account: str, operation: str, token: str, request_fingerprint: str, answer: Document
) -> None:
    """Keep the answer with its token, and let go of tokens that are past the window."""
    kept.put(
        transaction,
        account,
        operation,
        token,
        request_fingerprint,
        orjson.dumps(answer, default=_plain).decode(),
        forget_before=transaction.now - WINDOW,
    )
