"""Results as text: tables that fit the terminal, ages, and JSON for scripts."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from warroom.model.narrative import one_line

__all__ = ["Output", "age", "clock_time", "moment", "present", "print_json", "print_table"]

Output = Literal["table", "json"]

_GAP = "  "
_NARROWEST = 12
"""Columns that a cut column keeps."""


def print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, give_way: Sequence[int] = ()) -> None:
    """Columns side by side. On a terminal the columns `give_way`, first to last, shrink until a row fits it.

    In a pipe nothing is cut. What a terminal would obey (controls, escapes) is taken out of every cell.
    """
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(_width(row[column]) for row in [list(head), *cells]) for column in range(len(head))]
    if sys.stdout.isatty():
        room = shutil.get_terminal_size().columns
        for column in give_way:
            over = sum(widths) + len(_GAP) * (len(head) - 1) - room
            widths[column] -= max(0, min(over, widths[column] - _NARROWEST))
    for row in [list(head), *cells]:
        print(_GAP.join(_fitted(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _fitted(text: str, width: int) -> str:
    used = _width(text)
    if used <= width:
        return text + " " * (width - used)
    while used >= width:
        text = text[:-1]
        used = _width(text)
    return f"{text}…" + " " * (width - used - 1)


def present() -> datetime:
    """What a command tells ages and times of day against."""
    return datetime.now(UTC)


def moment(text: str) -> datetime:
    """A time of a record, as JSON has it."""
    return datetime.fromisoformat(text)


def clock_time(text: str, now: datetime) -> str:
    """A time of a record for people: the clock for the last 20 hours, else with its date. UTC."""
    at = moment(text)
    return at.strftime("%H:%M:%S" if abs((now - at).total_seconds()) < 20 * 3600 else "%Y-%m-%d %H:%M")


def age(since: datetime, now: datetime) -> str:
    """`42s`, `7m`, `3h 5m`, `2d 4h`."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 60:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours < 1:
        return f"{minutes}m"
    if days < 1:
        return f"{hours}h {minutes % 60}m" if minutes % 60 else f"{hours}h"
    return f"{days}d {hours % 24}h" if hours % 24 else f"{days}d"
