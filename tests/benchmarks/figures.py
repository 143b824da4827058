"""How a figure is printed: what was measured, beside what was asked."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Figure", "percentile", "table"]


@dataclass(frozen=True)
class Figure:
    what: str
    measured: str
    asked: str
    met: bool | None
    """None: a figure for comparison, nothing was asked of it."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the `values` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def spread(values: Sequence[float], unit: str = "ms") -> str:
    """`median (min to max)`, of values in that unit."""
    return f"{statistics.median(values):.0f} {unit} ({min(values):.0f} to {max(values):.0f})"


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, one each."""
    width = max(len(figure.what) for figure in figures)
    middle = max(len(figure.measured) for figure in figures)
    verdict = {True: "met", False: "NOT MET", None: ""}
    return "\n".join(
        f"{figure.what:<{width}}  {figure.measured:<{middle}}  {figure.asked}  {verdict[figure.met]}".rstrip()
        for figure in figures
    )
