"""What the engine knows of a way out: it takes a message and says whether it was accepted.

`warroom.delivery` has the providers. A provider that returns has accepted; one that raises has not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from warroom.model.contacts import ChannelType

__all__ = ["Accepted", "Message", "Provider", "Providers", "Refused"]


@dataclass(frozen=True, slots=True)
class Message:
    """What is to reach somebody.

    `attempt_id` stays the same when an attempt is repeated after a crash: give it to the provider as its
    idempotency key where it takes one. SMS, which travels in the clear, holds the public texts.
    """

    attempt_id: str
    kind: Literal["page", "activation"]
    channel_type: ChannelType
    address: str
    subject: str
    content: str
    code: str = field(repr=False)
    """The accept code of the page, or the activation code of the channel; six digits."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message; its id becomes the `ReceiptInfo` of the SENT receipt."""

    provider_message_id: str


class Refused(Exception):
    """The provider has not taken the message. The reason becomes the `ReceiptInfo` of the ERROR receipt."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider(Protocol):
    """A way out."""

    @property
    def name(self) -> str:
        """What people call it: `console`, `smtp`, ..."""
        ...

    async def send(self, message: Message) -> Accepted:
        """Hand the message over. Raises `Refused` with the reason when it was not taken."""
        ...


Providers = Mapping[ChannelType, Provider]
"""The way out for each type of channel; a type that is not in it has none."""
