"""What an address of a channel looks like, by its type (`incident-manager.md`, 3)."""

from __future__ import annotations

import re

from warroom.engine.paging.plan_limits import refuse
from warroom.model.contacts import ChannelType

__all__ = ["check_address"]

_TELEPHONE = re.compile(r"\+[1-9][0-9]{1,14}")
_EMAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\".]+(\.[^\s@<>,;\".]+)*")
_MAX_LENGTH = 320

_FIELD = "DeliveryAddress.SimpleAddress"


def check_address(channel_type: ChannelType, address: str | None) -> str:
    """The address, when a channel of this type can have it. Raises `ValidationException` that names the member."""
    if not address:
        refuse(_FIELD, "is required")
    if channel_type == "EMAIL":
        if len(address) > _MAX_LENGTH or not address.isprintable() or not _EMAIL.fullmatch(address):
            refuse(_FIELD, f"{address!r} is not an e-mail address like name@example.com")
    elif not _TELEPHONE.fullmatch(address):
        refuse(_FIELD, f"{address!r} is not a telephone number in E.164 form, like +15550100")
    return address
