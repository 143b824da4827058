"""Text by the cell: spans of text with the name of a colour, fitted into columns of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size

__all__ = ["Ink", "Line", "Span", "clip", "fit", "measure", "wrap"]

Ink = str
"""The name of a colour and weight: a component class of the screen, `ink--<name>` in the stylesheets."""

Span = tuple[str, Ink]
Line = list[Span]
"""A line of a pane. Its text is printable, and each of its characters is as wide as `measure` says."""


def measure(text: str) -> int:
    """How many cells the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def clip(text: str, width: int) -> str:
    """The text in at most `width` cells; a cut shows as `…`."""
    if 2 * len(text) <= width or measure(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    kept = text[: width - 1] if text.isascii() else set_cell_size(text, width - 1)
    return kept.rstrip() + "…"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` cells, cut or padded; padded on the left when it is to stand `right`."""
    clipped = clip(text, width)
    padding = " " * (width - measure(clipped))
    return padding + clipped if right else clipped + padding


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken between words where that is possible."""
    if measure(text) <= width:
        return [text]
    lines: list[str] = []
    line, room = "", max(width, 2)
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if measure(joined) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _chop(word, room)
        lines += full
    return [*lines, line]


def _chop(word: str, width: int) -> Iterable[str]:
    pieces, piece, used = [], "", 0
    for character in word:
        cells = measure(character)
        if used + cells > width:
            pieces.append(piece)
            piece, used = "", 0
        piece += character
        used += cells
    return [*pieces, piece]
