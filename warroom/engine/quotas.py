"""Quotas of an incident (`incident-manager.md`, 2.4).

The operations that meet them have no quota error in the service model, so a full incident is a
`ValidationException` that names the quota. What the service itself writes is never refused.
"""

from __future__ import annotations

from warroom.model.errors import ValidationException

__all__ = ["EVENTS_PER_INCIDENT", "ITEMS_PER_INCIDENT", "require_room_for_event", "require_room_for_items"]

EVENTS_PER_INCIDENT = 1000
ITEMS_PER_INCIDENT = 50


def require_room_for_event(present: int) -> None:
    """Raises `ValidationException` when an incident that has `present` events may have no more."""
    if present >= EVENTS_PER_INCIDENT:
        raise ValidationException(
            f"The incident has reached the quota of {EVENTS_PER_INCIDENT} timeline events per incident: "
            "delete events that are not needed"
        )


def require_room_for_items(present: int, added: int = 1) -> None:
    """Raises `ValidationException` when `added` more related items would be too many."""
    if present + added > ITEMS_PER_INCIDENT:
        raise ValidationException(
            f"The quota of {ITEMS_PER_INCIDENT} related items per incident would be exceeded: "
            "remove items that are not needed"
        )
