"""Who may come in: a key proven by a token that was not used before."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from warroom.adapter.backend import AccessKey
from warroom.adapter.protocol import Fault
from warroom.stream.frames import Close
from warroom.stream.token import VALIDITY, TokenClaim, verify_token

__all__ = ["Admission"]

KEPT = 2 * VALIDITY
"""Seconds for which a token is remembered: signed as far ahead as is allowed, it would be good for no longer."""


class Admission:
    """Remembers the tokens that it let in, for as long as they would be good, so that each opens one connection.

    Only proven tokens are remembered: who has no key cannot fill the memory. It is that of one process: a token
    that is overheard can be used on another backend of the same database, or after a restart, while it is good.
    """

    def __init__(self) -> None:
        self._used: set[tuple[str, str]] = set()
        self._order: deque[tuple[float, tuple[str, str]]] = deque()

    def __len__(self) -> int:
        """How many tokens are remembered."""
        return len(self._used)

    def admit(self, claim: TokenClaim, key: AccessKey | None, now: datetime) -> AccessKey:
        """The key, if the claim is proven by it at `now` for the first time. Raises `Fault` with what to do next."""
        unix = now.timestamp()
        if key is None or not verify_token(claim, key.secret_access_key, claim.signed_at):
            raise Fault(
                Close.BAD_TOKEN,
                "the access key is unknown, revoked, or its secret is wrong: get one with `warroom key create`",
            )
        if not verify_token(claim, key.secret_access_key, unix):
            off = claim.signed_at - unix
            told = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'}"
            raise Fault(Close.BAD_TOKEN, f"your clock is {told} the backend's, {VALIDITY} s are allowed: set the clock")
        self._forget(unix)
        token = claim.access_key_id, claim.nonce
        if token in self._used:
            raise Fault(Close.BAD_TOKEN, "hello.token: it was used before; sign a new one for each connection")
        self._used.add(token)
        self._order.append((unix, token))
        return key

    def _forget(self, unix: float) -> None:
        while self._order and self._order[0][0] < unix - KEPT:
            self._used.discard(self._order.popleft()[1])
