"""What happens: the rules of Incident Manager. Knows a store and a clock; no sockets, no SQL text."""

from __future__ import annotations

from warroom.engine.engine import Engine

__all__ = ["Engine"]
