"""What an update makes of an incident, and how its timeline tells it (`incident-manager.md`, 2.5, 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from warroom.engine.rules.records import chat_channel_of
from warroom.model.incidents import IncidentRecord, NotificationTarget, RelatedItem

__all__ = ["UpdatedIncident", "related_item_change", "update"]


class UpdatedIncident(NamedTuple):
    incident: IncidentRecord
    attributes: list[tuple[str, str]]
    """(name, new value) of each attribute that is different now, in the spelling of the wire."""


def update(incident: IncidentRecord, requested: Mapping[str, Any], modified_by: str, now: datetime) -> UpdatedIncident:
    """The incident after an update. `requested` holds the members that were given, as the request holds them.

    An attribute that is as requested already is not modified: resolving twice keeps the first resolution.
    """
    members = {name: _member(name, value) for name, value in requested.items()}
    modified = {name: value for name, value in members.items() if getattr(incident, name) != value}
    if not modified:
        return UpdatedIncident(incident, [])
    attributes = [(to_camel(name), _told(name, value)) for name, value in modified.items()]
    if "status" in modified:
        modified["resolved_time"] = now if modified["status"] == "RESOLVED" else None
    changed = incident.model_copy(update={**modified, "last_modified_time": now, "last_modified_by": modified_by})
    return UpdatedIncident(changed, attributes)


def _member(name: str, value: Any) -> Any:
    if name == "chat_channel":
        return chat_channel_of(value)
    if name == "notification_targets":
        return tuple(NotificationTarget.model_validate(target) for target in value)
    return value


def _told(name: str, value: Any) -> str:
    if name == "chat_channel" and value is None:
        return '{"empty":{}}'
    return str(value) if isinstance(value, str | int) else _wire_json(value)


def related_item_change(*, added: RelatedItem | None = None, removed: RelatedItem | None = None) -> tuple[str, str]:
    """The modified attribute of UpdateRelatedItems: its value is the request's own form, as JSON."""
    if added is not None:
        item: dict[str, Any] = {"identifier": added.identifier, "title": added.title}
        return "relatedItems", _wire_json({"itemToAdd": {name: part for name, part in item.items() if part}})
    assert removed is not None
    return "relatedItems", _wire_json({"itemToRemove": removed.identifier})


def _wire_json(value: Any) -> str:
    return orjson.dumps(_wire_names(value)).decode()


def _wire_names(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _wire_names(value.model_dump(mode="json", exclude_none=True))
    if isinstance(value, dict):
        return {to_camel(name): _wire_names(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_wire_names(part) for part in value]
    return value
