"""Names and codes that are drawn, not derived: injected, so that a simulation draws the same ones again."""

from __future__ import annotations

import random
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
