"""What an action works with: the backend, who asks, and the token that makes a repetition harmless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warroom.adapter.backend import Backend
from warroom.engine.interfaces import IncidentManager
from warroom.model.errors import ServiceError
from warroom.model.identity import Caller

__all__ = ["TOKEN", "NothingToAcknowledge", "Request"]

TOKEN = r"[A-Za-z0-9_+=-]{1,100}"
"""The form of a command's token: what `clientToken` and `IdempotencyToken` both take, with room to derive from."""


class NothingToAcknowledge(ServiceError):
    """No unread page is the contact's; the message says whose are unread."""


@dataclass(frozen=True, slots=True)
class Request:
    backend: Backend
    caller: Caller
    token: str
    at: datetime
    """When it was asked for: the same each time the command is sent again."""
    now: datetime

    @property
    def verbs(self) -> IncidentManager:
        return self.backend.acting_as(self.caller)

    def token_for(self, verb: str) -> str:
        """The idempotency token of one step: the same when the command is sent again, another for each step."""
        return f"{self.token}/{verb}"
