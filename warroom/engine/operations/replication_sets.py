"""Replication sets: an account's entry to the service (`incident-manager.md`, 2.7).

Here a Region is a name that clients may list: the data is in one database, so a set is ACTIVE at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warroom.engine.interfaces import Document
from warroom.engine.lookup import replication_set_of
from warroom.engine.operation import Operations
from warroom.engine.pagination import DEFAULT_PAGE, Listing
from warroom.engine.rules.records import new_replication_set
from warroom.model.errors import ConflictException
from warroom.store import incidents as store
from warroom.store.tags import put_tags
from warroom.store.transaction import Reader, Transaction

__all__ = ["ReplicationSetOperations"]


class ReplicationSetOperations(Operations):
    async def create_replication_set(
        self,
        *,
        regions: Mapping[str, Mapping[str, Any]],
        tags: Mapping[str, str] | None = None,
        client_token: str | None = None,
    ) -> Document:
        """`{"arn"}`. Raises `ConflictException` when the account has one already: there is one at most."""

        def decide(transaction: Transaction) -> Document:
            existing = store.replication_set_of(transaction, self._caller.account)
            if existing is not None:
                raise ConflictException(
                    f"The account already has the replication set {existing.arn}",
                    resource_id=existing.arn,
                    resource_type="REPLICATION_SET",
                )
            set_id = self._house.identifiers.uuid()
            created = new_replication_set(set_id, self._caller, regions, transaction.now)
            store.replication_sets.insert(transaction, created)
            put_tags(transaction, created.arn, tags)
            return {"arn": created.arn}

        return await self._write(
            decide,
            operation="CreateReplicationSet",
            token=client_token,
            request={"regions": regions, "tags": tags},
        )

    async def get_replication_set(self, *, arn: str) -> Document:
        """`{"replication_set"}`. Raises `ResourceNotFoundException`."""
        return {"replication_set": await self._read(lambda r: replication_set_of(r, self._caller.account, arn))}

    async def list_replication_sets(self, *, max_results: int | None = None, next_token: str | None = None) -> Document:
        """`{"replication_set_arns", "next_token"}`."""
        listing = Listing("ListReplicationSets", (str,), self._caller.account)
        after, limit = listing.after(next_token), max_results or DEFAULT_PAGE

        def look(reader: Reader) -> list[str]:
            return [
                each.arn
                for each in store.list_by_key(reader, store.replication_sets, self._caller.account, after, limit + 1)
            ]

        arns, following = listing.page(await self._read(look), limit, lambda arn: (arn,))
        return {"replication_set_arns": arns, "next_token": following}
