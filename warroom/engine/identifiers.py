"""Names and codes that are drawn, not derived: injected, so that a simulation draws the same ones again."""

from __future__ import annotations

import random
import string
import uuid

__all__ = ["Identifiers"]


class Identifiers:
    """Draws from `source`; by default from the operating system's, which nobody can guess."""

    def __init__(self, source: random.Random | None = None) -> None:
        self._source = source or random.SystemRandom()

    def uuid(self) -> str:
        """A random UUID (RFC 9562, version 4) in its text form."""
        return str(uuid.UUID(int=self._source.getrandbits(128), version=4))

    def code(self) -> str:
        """Six decimal digits: an accept or activation code."""
        return f"{self._source.randrange(1_000_000):06d}"

    def access_key_id(self) -> str:
        """Twenty letters and digits that cannot be mistaken for a key of AWS (those begin with AKIA or ASIA)."""
        return "WARR" + self._text(string.ascii_uppercase + "234567", 16)

    def secret(self) -> str:
        """Forty letters and digits: a secret access key."""
        return self._text(string.ascii_letters + string.digits, 40)

    def _text(self, alphabet: str, length: int) -> str:
        return "".join(self._source.choice(alphabet) for _ in range(length))
