"""Whether an account uses the service: it does while it has a replication set (`incident-manager.md`, 1.5)."""

from __future__ import annotations

from warroom.engine.operation import House
from warroom.engine.rules.records import new_replication_set
from warroom.model.errors import ValidationException
from warroom.model.identity import Caller
from warroom.store import incidents as store
from warroom.store.transaction import Reader, Transaction

__all__ = ["onboard", "require_onboarded"]


def require_onboarded(reader: Reader, account: str) -> None:
    """Raises `ValidationException`, in the service's own words, when the account has no replication set."""
    if not store.has_replication_set(reader, account):
        raise ValidationException("Invalid value provided - Account not found for the request")


async def onboard(house: House, account: str) -> None:
    """Give an account that never had one a replication set of the house's Region. Raises `StoreError`."""

    def decide(transaction: Transaction) -> None:
        if not store.ever_had_replication_set(transaction, account):
            owner = Caller(account, "warroom", "admin")
            store.replication_sets.insert(
                transaction, new_replication_set(house.identifiers.uuid(), owner, {house.region: {}}, transaction.now)
            )

    await house.store.write(decide)
