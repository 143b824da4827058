"""Contact channels: the ways to a person, each proven by an activation code (`incident-manager.md`, 3).

The service documents no expiry of the code: here it holds until another one is sent.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from warroom.engine.contact_lookup import channel_of, contact_of
from warroom.engine.interfaces import Document
from warroom.engine.onboarding import require_onboarded
from warroom.engine.operations.by_time import ListsByTime, Place
from warroom.engine.paging.addresses import check_address
from warroom.engine.paging.plan_limits import refuse
from warroom.model.arn import contact_channel_arn
from warroom.model.contacts import ChannelType, Contact, ContactChannel, DeliveryAddress
from warroom.model.errors import ConflictException, ResourceNotFoundException
from warroom.store import contacts as store
from warroom.store import outbox
from warroom.store.transaction import Reader, Transaction

__all__ = ["ContactChannelOperations"]


class ContactChannelOperations(ListsByTime):
    async def create_contact_channel(
        self,
        *,
        contact_id: str,
        name: str,
        type: ChannelType,
        delivery_address: Mapping[str, str],
        defer_activation: bool | None = None,
        idempotency_token: str | None = None,
    ) -> Document:
        """`{"contact_channel_arn"}`. Unless deferred, an activation code is sent to the address.

        Raises `ConflictException` when the contact has the address already, `ValidationException` for an address
        of the wrong form and for a contact that does not exist (this operation has no other error for it).
        """
        account = self._caller.account

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, account)
            contact = self._owner(transaction, contact_id)
            address = check_address(type, delivery_address.get("simple_address"))
            for channel in store.channels_of(transaction, contact.contact_arn):
                if channel.type == type and channel.delivery_address.simple_address == address:
                    raise ConflictException(
                        f"The contact already has the {type} channel {channel.name} with this address",
                        resource_id=channel.contact_channel_arn,
                        resource_type="CONTACT_CHANNEL",
                    )
            identifiers = self._house.identifiers
            created = store.channels.insert(
                transaction,
                ContactChannel(
                    contact_channel_arn=contact_channel_arn(
                        self._house.region, account, contact.alias, identifiers.uuid()
                    ),
                    contact_arn=contact.contact_arn,
                    name=name,
                    type=type,
                    delivery_address=DeliveryAddress(simple_address=address),
                    activation_status="NOT_ACTIVATED",
                ),
                activation_code=None if defer_activation else identifiers.code(),
                created_time=transaction.now,
            )
            if not defer_activation:
                outbox.add(
                    transaction,
                    attempt_id=identifiers.uuid(),
                    account=account,
                    kind="activation",
                    contact_channel_arn=created.contact_channel_arn,
                    due_time=transaction.now,
                )
            return {"contact_channel_arn": created.contact_channel_arn}

        request = {
            "contact_id": contact_id,
            "name": name,
            "type": type,
            "delivery_address": delivery_address,
            "defer_activation": defer_activation,
        }
        return await self._write(decide, operation="CreateContactChannel", token=idempotency_token, request=request)

    def _owner(self, transaction: Transaction, contact_id: str) -> Contact:
        try:
            contact = contact_of(transaction, self._caller.account, contact_id)
        except ResourceNotFoundException as missing:
            refuse("ContactId", missing.message)
        if contact.type != "PERSONAL":
            refuse("ContactId", f"only a PERSONAL contact has channels, {contact.alias} is {contact.type}")
        return contact

    async def get_contact_channel(self, *, contact_channel_id: str) -> Document:
        """The members of the channel. Raises `ResourceNotFoundException`."""

        def look(reader: Reader) -> ContactChannel:
            require_onboarded(reader, self._caller.account)
            return channel_of(reader, self._caller.account, contact_channel_id)

        channel = await self._read(look)
        return {member: getattr(channel, member) for member in ContactChannel.model_fields}

    async def activate_contact_channel(self, *, contact_channel_id: str, activation_code: str) -> Document:
        """`{}`. Raises `ValidationException` when the code is not the one that was sent last,
        `ResourceNotFoundException`."""

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, self._caller.account)
            channel = channel_of(transaction, self._caller.account, contact_channel_id, lock=True)
            sent = store.channels.column(transaction, channel.key, "activation_code")
            if sent is None or not hmac.compare_digest(sent.encode(), activation_code.encode()):
                refuse("ActivationCode", "is not the code that was sent to the channel last")
            if channel.activation_status != "ACTIVATED":
                store.channels.update(transaction, channel.model_copy(update={"activation_status": "ACTIVATED"}))
            return {}

        return await self._write(decide)

    async def list_contact_channels(
        self, *, contact_id: str, max_results: int | None = None, next_token: str | None = None
    ) -> Document:
        """`{"contact_channels", "next_token"}`, in the order in which they were made."""

        def look(reader: Reader, after: Place | None, limit: int) -> list[tuple[datetime, ContactChannel]]:
            contact = contact_of(reader, self._caller.account, contact_id)
            return store.list_channels(reader, contact.contact_arn, after=after, limit=limit)

        channels, following = await self._list_by_time(
            "ListContactChannels", [contact_id], look, max_results, next_token
        )
        return {"contact_channels": channels, "next_token": following}
