"""Contacts: persons, escalation plans and on-call schedules (`incident-manager.md`, 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from warroom.engine.contact_lookup import contact_of, named_in_plan
from warroom.engine.interfaces import Document
from warroom.engine.onboarding import require_onboarded
from warroom.engine.operation import Operations
from warroom.engine.pagination import Listing
from warroom.engine.paging.plan_limits import checked_plan, refuse
from warroom.model.arn import contact_arn
from warroom.model.contacts import Contact, ContactType
from warroom.model.errors import ConflictException
from warroom.store import contacts as store
from warroom.store.tags import put_tags
from warroom.store.transaction import Reader, Transaction

__all__ = ["CONTACTS_PAGE", "ContactOperations"]

CONTACTS_PAGE = 50
"""Entries of a page for a client of ssm-contacts that does not say; the service does not document its own."""


class ContactOperations(Operations):
    async def create_contact(
        self,
        *,
        alias: str,
        type: ContactType,
        plan: Mapping[str, Any],
        display_name: str | None = None,
        tags: Sequence[Mapping[str, str]] | None = None,
        idempotency_token: str | None = None,
    ) -> Document:
        """`{"contact_arn"}`.

        Raises `ConflictException` when the alias is taken, `ValidationException` when the plan does not fit the
        type or names what does not exist and for a tag without a key or value, `ServiceQuotaExceededException`.
        """
        account = self._caller.account
        arn = contact_arn(self._house.region, account, alias)
        given_tags = _tags(tags)

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, account)
            checked = checked_plan(plan, type, arn, lambda named: named_in_plan(transaction, account, named))
            if store.find_alias(transaction, account, alias) is not None:
                raise ConflictException(
                    f"A contact with the alias {alias} already exists", resource_id=arn, resource_type="CONTACT"
                )
            store.contacts.insert(
                transaction,
                Contact(contact_arn=arn, alias=alias, display_name=display_name, type=type, plan=checked),
            )
            put_tags(transaction, arn, given_tags)
            return {"contact_arn": arn}

        request = {"alias": alias, "type": type, "plan": plan, "display_name": display_name, "tags": tags}
        return await self._write(decide, operation="CreateContact", token=idempotency_token, request=request)

    async def get_contact(self, *, contact_id: str) -> Document:
        """The members of the contact. Raises `ResourceNotFoundException`."""

        def look(reader: Reader) -> Contact:
            require_onboarded(reader, self._caller.account)
            return contact_of(reader, self._caller.account, contact_id)

        contact = await self._read(look)
        return {member: getattr(contact, member) for member in Contact.model_fields}

    async def list_contacts(
        self,
        *,
        alias_prefix: str | None = None,
        type: ContactType | None = None,
        max_results: int | None = None,
        next_token: str | None = None,
    ) -> Document:
        """`{"contacts", "next_token"}`, by alias, without their plans."""
        account = self._caller.account
        listing = Listing("ListContacts", (str,), account, alias_prefix, type)
        after, limit = listing.after(next_token), max_results or CONTACTS_PAGE

        def look(reader: Reader) -> list[Contact]:
            require_onboarded(reader, account)
            return store.list_contacts(
                reader,
                account,
                alias_prefix=alias_prefix,
                contact_type=type,
                after=after[0] if after else None,
                limit=limit + 1,
            )

        found, following = listing.page(await self._read(look), limit, lambda contact: (contact.alias,))
        members = ("contact_arn", "alias", "display_name", "type")
        return {
            "contacts": [{member: getattr(contact, member) for member in members} for contact in found],
            "next_token": following,
        }

    async def update_contact(
        self, *, contact_id: str, display_name: str | None = None, plan: Mapping[str, Any] | None = None
    ) -> Document:
        """`{}`. What is left out stays; courses under way go on by the plan that they began with.

        Raises as `create_contact` does, and `ResourceNotFoundException`.
        """
        account = self._caller.account

        def decide(transaction: Transaction) -> Document:
            require_onboarded(transaction, account)
            contact = contact_of(transaction, account, contact_id, lock=True)
            changed: dict[str, Any] = {}
            if display_name is not None:
                changed["display_name"] = display_name
            if plan is not None:
                changed["plan"] = checked_plan(
                    plan, contact.type, contact.contact_arn, lambda named: named_in_plan(transaction, account, named)
                )
            store.contacts.update(transaction, contact.model_copy(update=changed))
            return {}

        return await self._write(decide)


def _tags(given: Sequence[Mapping[str, str]] | None) -> dict[str, str]:
    """By key. The model requires neither member, the service both (`incident-manager.md`, 3)."""
    tags = {}
    for number, tag in enumerate(given or ()):
        if not tag.get("key"):
            refuse("Tags", f"the tag Tags[{number}] has no Key")
        if not tag.get("value"):
            refuse("Tags", f"the tag {tag['key']} has no Value: here a value has at least one character")
        tags[tag["key"]] = tag["value"]
    return tags
