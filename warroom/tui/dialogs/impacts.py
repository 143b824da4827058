"""The five impacts, as words."""

from __future__ import annotations

from warroom.model.narrative import IMPACT_NAMES

__all__ = ["IMPACT_WIDTH", "impact_text"]

IMPACT_WIDTH = len("5 No Impact")


def impact_text(impact: int) -> str:
    """`1 Critical`: the digit and the word, so that no colour is needed to tell them apart."""
    return f"{impact} {IMPACT_NAMES.get(impact, '')}".rstrip()
