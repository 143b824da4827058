"""Related items: their generated ids, and from requests to records (`incident-manager.md`, 1.2, 2.6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from warroom.model.errors import ValidationException
from warroom.model.incidents import ItemIdentifier, RelatedItem

__all__ = ["generated_id", "item_of", "same_item"]


def generated_id(identifier: ItemIdentifier) -> str:
    """`related-item/TYPE/<32 hex>`: the same for the same type and value."""
    value = orjson.dumps(identifier.value.model_dump(exclude_none=True), option=orjson.OPT_SORT_KEYS)
    digest = hashlib.md5(identifier.type.encode() + b"\n" + value, usedforsecurity=False).hexdigest()
    return f"related-item/{identifier.type}/{digest.upper()}"


def item_of(incident_arn: str, given: Mapping[str, Any]) -> RelatedItem:
    """The record of an item of a request. Raises `ValidationException` when the client chose its generated id."""
    if given.get("generated_id") is not None:
        raise ValidationException(
            "generatedId is given by the service: leave it out",
            reason="FIELD_VALIDATION_FAILED",
            fields=[("generatedId", "must not be given")],
        )
    return same_item(incident_arn, given["identifier"], given.get("title"))


def same_item(incident_arn: str, identifier: Mapping[str, Any], title: str | None = None) -> RelatedItem:
    """The record of the item that `identifier` (type and value) stands for."""
    read = ItemIdentifier.model_validate(identifier)
    return RelatedItem(identifier=read, title=title, generated_id=generated_id(read), incident_record_arn=incident_arn)
