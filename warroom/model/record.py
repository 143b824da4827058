"""What all records share: frozen, made of the API's member names, and known by a kind and a key."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

__all__ = ["Impact", "Instant", "Part", "Record"]

type_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

Instant = AwareDatetime
"""A moment, always with its time zone; the house keeps UTC."""

Impact = Annotated[int, Field(ge=1, le=5)]
"""1 Critical, 2 High, 3 Medium, 4 Low, 5 No Impact."""


class Part(BaseModel):
    """A structure inside a record. Members that are absent are None and are left out of JSON."""

    model_config = type_config


class Record(Part):
    """A thing with an identity: it is stored, changes, and is sent as a whole."""

    kind: ClassVar[str]

    @property
    def key(self) -> str:
        """What makes it the same thing through all its changes, unique within its kind."""
        raise NotImplementedError
