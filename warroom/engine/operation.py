"""What every operation stands on: the house it works in, the caller it works for, and how it writes.

An operation is one async method of a class of `warroom/engine/operations/`. It gives `_write` a function that
decides and writes within a transaction; the base class sees to idempotency tokens, so that the same token with
the same request answers the first answer again and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from warroom.engine import idempotency
from warroom.engine.clock import Clock
from warroom.engine.identifiers import Identifiers
from warroom.engine.interfaces import Document
from warroom.model.identity import Caller
from warroom.store.store import Store
from warroom.store.transaction import Reader, Transaction

__all__ = ["House", "Operations"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class House:
    """What all operations share."""

    store: Store
    clock: Clock
    identifiers: Identifiers
    region: str
    """The Region that this backend is: part of the ARNs of ssm-contacts."""


class Operations:
    """The operations of one family, as one caller."""

    def __init__(self, house: House, caller: Caller) -> None:
        self._house = house
        self._caller = caller

    async def _read(self, look: Callable[[Reader], T]) -> T:
        return await self._house.store.read(look)

    async def _write(
        self,
        decide: Callable[[Transaction], Document],
        *,
        operation: str = "",
        token: str | None = None,
        request: Mapping[str, Any] | None = None,
    ) -> Document:
        """Run `decide` in one transaction. With a `token` (and the `operation` and `request` that it is for), a
        second call answers what the first did. Raises `ValidationException` when the request differs.
        """
        if token is None:
            return await self._house.store.write(decide)
        account, fingerprint = self._caller.account, idempotency.fingerprint(request or {})

        def once(transaction: Transaction) -> Document:
            known = idempotency.recall(transaction, account, operation, token, fingerprint)
            if known is not None:
                return known
            answer = decide(transaction)
            idempotency.remember(transaction, account, operation, token, fingerprint, answer)
            return answer

        return await self._house.store.write(once)
