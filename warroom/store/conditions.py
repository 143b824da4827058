"""What narrows a list: conditions on members, as every list of ssm-incidents takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

__all__ = ["Condition", "beyond", "clauses"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One of `after`, `before` and `one_of` is set."""

    member: str
    after: datetime | None = None
    before: datetime | None = None
    one_of: tuple[str | int, ...] | None = None


def clauses(
    conditions: Sequence[Condition], columns: Mapping[str, sa.ColumnElement[Any]]
) -> list[sa.ColumnElement[bool]]:
    """The conditions on the columns that their members are kept in."""
    return [_clause(each, columns[each.member]) for each in conditions]


def _clause(condition: Condition, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    if condition.after is not None:
        return column > condition.after
    if condition.before is not None:
        return column < condition.before
    return column.in_(condition.one_of or ())


def beyond(
    columns: Sequence[sa.ColumnElement[Any]], place: Sequence[Any], *, descending: bool
) -> sa.ColumnElement[bool]:
    """Whether a row comes after `place` in the order of `columns`."""
    here = sa.tuple_(*columns)
    there = sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(place, columns, strict=True)))
    return here < there if descending else here > there
