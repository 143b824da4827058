"""The filters of ListIncidentRecords and ListTimelineEvents (`incident-manager.md`, 2.4).

All filters must hold, and of each filter any of its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn

from warroom.model.errors import ValidationException
from warroom.store.conditions import Condition

__all__ = ["EVENT_FILTERS", "INCIDENT_FILTERS", "read_filters"]

Kind = Literal["time", "strings", "integers"]

INCIDENT_FILTERS: Mapping[str, Kind] = {
    "creationTime": "time",
    "impact": "integers",
    "status": "strings",
    "createdBy": "strings",
}

EVENT_FILTERS: Mapping[str, Kind] = {"eventTime": "time", "eventType": "strings", "eventReference": "strings"}


def read_filters(filters: Sequence[Mapping[str, Any]] | None, keys: Mapping[str, Kind]) -> list[Condition]:
    """The conditions that `filters` ask for, in the members of the request.

    Raises `ValidationException` for a key that the list does not know, and a condition that does not suit its key.
    """
    return [_read(given["key"], given["condition"], keys) for given in filters or ()]


def _read(key: str, condition: Mapping[str, Any], keys: Mapping[str, Kind]) -> Condition:
    kind = keys.get(key)
    if kind is None:
        _refuse(f"The filter key {key!r} is unknown here: use one of {', '.join(keys)}")
    if kind == "time":
        if condition.get("after") is None and condition.get("before") is None:
            _refuse(f"The filter {key} takes a condition after or before")
        return Condition(key, after=condition.get("after"), before=condition.get("before"))
    equals = condition.get("equals") or {}
    values = equals.get("string_values" if kind == "strings" else "integer_values")
    if values is None:
        _refuse(f"The filter {key} takes a condition equals with {kind.removesuffix('s')}Values")
    return Condition(key, one_of=tuple(values))


def _refuse(message: str) -> NoReturn:
    raise ValidationException(message, reason="FIELD_VALIDATION_FAILED", fields=[("filters", message)])
