"""Who asks: the caller that an access key stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from warroom.model.arn import principal_arn

__all__ = ["Caller", "Role"]

Role = Literal["admin", "responder", "observer"]
"""observer: Get, List, Describe. responder: everything of an incident in progress. admin: all."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal of an account, and the contact (a person who can be paged) that it is, if any."""

    account: str
    name: str
    role: Role
    contact_arn: str | None = None

    @property
    def arn(self) -> str:
        """What `createdBy`, `lastModifiedBy` and `modifiedBy` say."""
        return principal_arn(self.account, self.name)
