"""The token of `hello`: proof of an access key that does not show it.

`v1.<access key id>.<unix seconds>.<hmac>`, the last an HMAC-SHA-256 (RFC 2104) over the part before it, keyed
with the secret access key, in hex. It is good for `VALIDITY` seconds either side of its time.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

__all__ = ["VALIDITY", "TokenClaim", "read_token", "sign_token", "verify_token"]

VALIDITY = 300
"""Seconds; the same as SigV4 allows clocks to differ."""


class TokenClaim(NamedTuple):
    access_key_id: str
    signed_at: int
    """Unix seconds."""
    signature: str


def _signature(access_key_id: str, secret: str, signed_at: int) -> str:
    message = f"v1.{access_key_id}.{signed_at}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def sign_token(access_key_id: str, secret: str, now: float) -> str:
    """A fresh token; `now` in unix seconds."""
    signed_at = int(now)
    return f"v1.{access_key_id}.{signed_at}.{_signature(access_key_id, secret, signed_at)}"


def read_token(token: str) -> TokenClaim:
    """What a token claims, unproven. Raises `ValueError` when it is none."""
    version, _, rest = token.partition(".")
    parts = rest.split(".")
    if version != "v1" or len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 12:
        raise ValueError("not a v1 token")
    return TokenClaim(parts[0], int(parts[1]), parts[2])


def verify_token(claim: TokenClaim, secret: str, now: float) -> bool:
    """Whether the claim was signed with `secret`, no more than `VALIDITY` seconds from `now` (unix seconds)."""
    proven = hmac.compare_digest(_signature(claim.access_key_id, secret, claim.signed_at), claim.signature)
    return proven and abs(now - claim.signed_at) <= VALIDITY
