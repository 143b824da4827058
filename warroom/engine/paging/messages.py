"""What a message says, from the page or the channel that it is about (`incident-manager.md`, 3).

SMS travels in the clear, so it holds the public texts. Without those it names the sender and no more: a text that
was not said to be public never leaves by SMS. VOICE and EMAIL hold the full ones.
"""

from __future__ import annotations

from warroom.engine.paging.provider import Message
from warroom.model.contacts import ContactChannel, Page

__all__ = ["activation_message", "page_message"]


def page_message(attempt_id: str, page: Page, channel: ContactChannel, code: str) -> Message:
    """The page, for one of its channels, with the code to accept it by."""
    subject, content = page.subject, page.content
    if channel.type == "SMS":
        subject = page.public_subject or f"Page from {page.sender}"
        content = page.public_content or "The details are in the war room."
    return Message(
        attempt_id=attempt_id,
        kind="page",
        channel_type=channel.type,
        address=channel.delivery_address.simple_address or "",
        subject=subject,
        content=content,
        code=code,
    )


def activation_message(attempt_id: str, channel: ContactChannel, code: str) -> Message:
    """The code that proves that the channel reaches its owner."""
    return Message(
        attempt_id=attempt_id,
        kind="activation",
        channel_type=channel.type,
        address=channel.delivery_address.simple_address or "",
        subject=f"Activate the contact channel {channel.name}",
        content="Enter this code to receive pages here. If you do not expect it, do nothing.",
        code=code,
    )
