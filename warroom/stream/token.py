"""The token of `hello`: proof of an access key that does not show it.

`v1.<access key id>.<unix seconds>.<nonce>.<hmac>`, the last an HMAC-SHA-256 (RFC 2104) over the part before it,
keyed with the secret access key, in hex. It is good for `VALIDITY` seconds either side of its time, and for one
connection: the nonce, 128 random bits in hex, tells it from every other, and a backend takes none twice.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

__all__ = ["VALIDITY", "TokenClaim", "read_token", "sign_token", "verify_token"]

VALIDITY = 300
"""Seconds; the same as SigV4 allows clocks to differ."""

_FORM = re.compile(r"v1\.([!-\-/-~]{1,128})\.([0-9]{1,12})\.([0-9a-f]{32})\.([0-9a-f]{64})")


class TokenClaim(NamedTuple):
    access_key_id: str
    signed_at: int
    """Unix seconds."""
    nonce: str
    signature: str


def _signature(access_key_id: str, secret: str, signed_at: int, nonce: str) -> str:
    message = f"v1.{access_key_id}.{signed_at}.{nonce}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def sign_token(access_key_id: str, secret: str, now: float) -> str:
    """A fresh token, for one connection; `now` in unix seconds."""
    signed_at, nonce = int(now), secrets.token_hex(16)
    return f"v1.{access_key_id}.{signed_at}.{nonce}.{_signature(access_key_id, secret, signed_at, nonce)}"


def read_token(token: str) -> TokenClaim:
    """What a token claims, unproven. Raises `ValueError` when it is none."""
    found = _FORM.fullmatch(token)
    if found is None:
        raise ValueError("not a v1 token")
    access_key_id, signed_at, nonce, signature = found.groups()
    return TokenClaim(access_key_id, int(signed_at), nonce, signature)


def verify_token(claim: TokenClaim, secret: str, now: float) -> bool:
    """Whether the claim was signed with `secret`, no more than `VALIDITY` seconds from `now` (unix seconds)."""
    expected = _signature(claim.access_key_id, secret, claim.signed_at, claim.nonce)
    # As bytes: compare_digest takes no text beyond ASCII.
    proven = hmac.compare_digest(expected.encode(), claim.signature.encode())
    return proven and abs(now - claim.signed_at) <= VALIDITY
