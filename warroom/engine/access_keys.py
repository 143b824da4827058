"""Access keys: who may talk to the service, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from warroom.engine import idempotency
from warroom.engine.lookup import find
from warroom.engine.operation import House
from warroom.model.errors import ResourceNotFoundException
from warroom.model.identity import Caller, Role
from warroom.store import access_keys as store
from warroom.store.contacts import contacts
from warroom.store.transaction import Reader, Transaction

__all__ = ["AccessKey", "AccessKeys"]

_FRESH = timedelta(seconds=5)
"""For so long a key is believed without a look into the store, where another process may have revoked it."""
_CREATE = "CreateAccessKey"


@dataclass(frozen=True, slots=True)
class AccessKey:
    access_key_id: str
    secret_access_key: str = field(repr=False)
    account: str
    name: str
    role: Role
    contact_arn: str | None
    created_time: datetime
    revoked_time: datetime | None = None

    @property
    def caller(self) -> Caller:
        """Whom a request that this key signed comes from."""
        return Caller(self.account, self.name, self.role, self.contact_arn)


class AccessKeys:
    """The access keys of all accounts."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen: dict[str, tuple[datetime, AccessKey]] = {}

    async def find(self, access_key_id: str) -> AccessKey | None:
        """The key, unless there is none or it is revoked. Raises `StoreError`."""
        now = self._house.clock.now()
        seen = self._seen.get(access_key_id)
        if seen is not None and abs(now - seen[0]) < _FRESH:
            return seen[1]
        row = await self._house.store.read(lambda reader: store.find_key(reader, access_key_id))
        if row is None or row["revoked_time"] is not None:
            self._seen.pop(access_key_id, None)
            return None
        found = _key(row)
        self._seen[access_key_id] = now, found
        return found

    async def create(
        self, account: str, name: str, role: Role, contact_arn: str | None = None, *, token: str | None = None
    ) -> AccessKey:
        """A new key that acts as `name`, bound to a contact if one is given.

        The same `token` again answers the key that it made, as it is now. Only the key's id is kept with the token:
        the secret stays in its one place.

        Raises `ResourceNotFoundException` when there is no such contact, `ValidationException` when the token was
        used for another key, `StoreError`.
        """
        fingerprint = idempotency.fingerprint({"name": name, "role": role, "contact_arn": contact_arn})
        identifiers = self._house.identifiers
        access_key_id, secret = identifiers.access_key_id(), identifiers.secret()

        def decide(transaction: Transaction) -> AccessKey:
            if token is not None:
                known = idempotency.recall(transaction, account, _CREATE, token, fingerprint)
                if known is not None:
                    return _required(transaction, account, known["access_key_id"])
            if contact_arn is not None and find(transaction, contacts, account, contact_arn) is None:
                raise ResourceNotFoundException(
                    f"Contact {contact_arn} does not exist", resource_id=contact_arn, resource_type="CONTACT"
                )
            row: dict[str, Any] = {
                "access_key_id": access_key_id,
                "secret_access_key": secret,
                "account": account,
                "name": name,
                "role": role,
                "contact_arn": contact_arn,
                "created_time": transaction.now,
            }
            store.insert_key(transaction, row)
            if token is not None:
                answer = {"access_key_id": access_key_id}
                idempotency.remember(transaction, account, _CREATE, token, fingerprint, answer)
            return _key(row)

        return await self._house.store.write(decide)

    async def all(self, account: str) -> list[AccessKey]:
        """Every key of the account, revoked ones too, oldest first. Raises `StoreError`."""
        return [_key(row) for row in await self._house.store.read(lambda reader: store.keys_of(reader, account))]

    async def revoke(self, account: str, access_key_id: str) -> AccessKey:
        """The key, revoked from now on; revoking twice keeps the first time.

        Raises `ResourceNotFoundException` when the account has no such key, `StoreError`.
        """

        def decide(transaction: Transaction) -> AccessKey:
            _required(transaction, account, access_key_id)
            store.revoke_key(transaction, access_key_id, transaction.now)
            return _required(transaction, account, access_key_id)

        revoked = await self._house.store.write(decide)
        self._seen.pop(access_key_id, None)
        return revoked


def _required(reader: Reader, account: str, access_key_id: str) -> AccessKey:
    row = store.find_key(reader, access_key_id)
    if row is None or row["account"] != account:
        raise ResourceNotFoundException(
            f"There is no access key {access_key_id}: warroom key list shows those that there are",
            resource_id=access_key_id,
            resource_type="ACCESS_KEY",
        )
    return _key(row)


def _key(row: Mapping[Any, Any]) -> AccessKey:
    return AccessKey(**row)
