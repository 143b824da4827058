"""Finding what a request of ssm-contacts names (`incident-manager.md`, 1.5).

An id is an ARN. One that is no ARN of the right kind is a `ValidationException`; one that names nothing of the
account is a `ResourceNotFoundException`.
"""

from __future__ import annotations

from typing import TypeVar

from warroom.engine.lookup import find, require_text
from warroom.model.arn import Arn
from warroom.model.contacts import Contact, ContactChannel, Engagement, Page
from warroom.model.errors import ResourceNotFoundException, ValidationException
from warroom.model.record import Record
from warroom.store import contacts as store
from warroom.store.records import RecordTable
from warroom.store.transaction import Reader

__all__ = ["channel_of", "contact_of", "engagement_of", "named_in_plan", "page_of"]

R = TypeVar("R", bound=Record)


def _required(
    reader: Reader, records: RecordTable[R], account: str, given: str, member: str, kind: str, lock: bool
) -> R:
    require_text(member, given)
    if not _is_arn_of(given, kind):
        raise ValidationException(
            f"Invalid value provided - Invalid resource Arn {given}: {member} must be the ARN of a {kind}",
            reason="FIELD_VALIDATION_FAILED",
            fields=[(member, f"must be the ARN of a {kind}")],
        )
    found = find(reader, records, account, given, lock=lock)
    if found is None:
        raise ResourceNotFoundException(
            f"{kind.replace('-', ' ').capitalize()} {given} does not exist",
            resource_id=given,
            resource_type=kind.upper().replace("-", "_"),
        )
    return found


def _is_arn_of(text: str, kind: str) -> bool:
    try:
        arn = Arn.parse(text)
    except ValueError:
        return False
    return arn.service == "ssm-contacts" and arn.resource_type == kind


def contact_of(reader: Reader, account: str, contact_id: str, *, lock: bool = False) -> Contact:
    """Raises `ValidationException`, `ResourceNotFoundException`."""
    return _required(reader, store.contacts, account, contact_id, "ContactId", "contact", lock)


def channel_of(reader: Reader, account: str, contact_channel_id: str, *, lock: bool = False) -> ContactChannel:
    """Raises `ValidationException`, `ResourceNotFoundException`."""
    return _required(reader, store.channels, account, contact_channel_id, "ContactChannelId", "contact-channel", lock)


def engagement_of(reader: Reader, account: str, engagement_id: str, *, lock: bool = False) -> Engagement:
    """Raises `ValidationException`, `ResourceNotFoundException`."""
    return _required(reader, store.engagements, account, engagement_id, "EngagementId", "engagement", lock)


def page_of(reader: Reader, account: str, page_id: str, *, lock: bool = False) -> Page:
    """Raises `ValidationException`, `ResourceNotFoundException`."""
    return _required(reader, store.pages, account, page_id, "PageId", "page", lock)


def named_in_plan(reader: Reader, account: str, arn: str) -> Contact | ContactChannel | None:
    """The contact or channel of the account that a target of a plan names, if any."""
    if _is_arn_of(arn, "contact"):
        return find(reader, store.contacts, account, arn)
    if _is_arn_of(arn, "contact-channel"):
        return find(reader, store.channels, account, arn)
    return None
