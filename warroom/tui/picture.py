"""Lines of the screen as cells, and where two of them differ."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from warroom.tui.ink import measure

__all__ = ["NEAR", "Cell", "cells_of", "differing", "runs"]

NEAR = 8
"""Changed runs no farther apart than this many cells are painted as one: moving the cursor costs as much."""

Cell = tuple[str, Style | None]
"""A character with all that combines with it; the second half of a wide one is an empty string."""


def cells_of(segments: Sequence[Segment]) -> list[Cell]:
    """The cells that a line of segments fills."""
    cells: list[Cell] = []
    for text, style, _ in segments:
        if text.isascii():
            cells += [(character, style) for character in text]
            continue
        for character in text:
            width = measure(character)
            if width:
                cells += [(character, style), *([("", style)] * (width - 1))]
            elif cells:
                cells[-1] = (cells[-1][0] + character, cells[-1][1])
    return cells


def runs(before: Sequence[Cell], after: Sequence[Cell]) -> list[tuple[int, int]]:
    """The runs of cells, as (first, one past the last), in which two lines of equal width differ."""
    found: list[tuple[int, int]] = []
    for column, (old, new) in enumerate(zip(before, after, strict=False)):
        if old != new:
            if found and column - found[-1][1] <= NEAR:
                found[-1] = (found[-1][0], column + 1)
            else:
                found.append((column, column + 1))
    return found


def differing(before: Sequence[Segment], after: Sequence[Segment]) -> list[tuple[int, int]]:
    """The runs of cells in which two lines of equal width differ."""
    return [] if before == after else runs(cells_of(before), cells_of(after))
