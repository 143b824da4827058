"""The tags of resources of both services."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from warroom.store.tables import resource_tags
from warroom.store.transaction import Reader, Transaction

__all__ = ["put_tags", "tags_of"]


def put_tags(transaction: Transaction, resource_arn: str, tags: Mapping[str, str] | None) -> None:
    """Give tags to a resource that has none yet."""
    if tags:
        transaction.connection.execute(
            sa.insert(resource_tags),
            [{"resource_arn": resource_arn, "key": key, "value": value} for key, value in tags.items()],
        )


def tags_of(reader: Reader, resource_arn: str) -> dict[str, str]:
    """The tags of a resource, by key."""
    c = resource_tags.c
    found = reader.connection.execute(sa.select(c.key, c.value).where(c.resource_arn == resource_arn).order_by(c.key))
    return {key: value for key, value in found}
