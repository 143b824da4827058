"""Everything that can go wrong, as one hierarchy.

    WarroomError
      ConfigError                 the settings are not usable
      BackendUnavailable          there is no backend to talk to, or it does not answer
      StoreError                  what is kept cannot be read or written
        StoreTooNew                 it was written by a newer warroom
        StoreUnwritable             full, read-only or locked
      ServiceError                what a client of the Incident Manager API sees (`incident-manager.md`, 1.3, 1.4)
        ValidationException  ResourceNotFoundException  ConflictException  AccessDeniedException
        ServiceQuotaExceededException  ThrottlingException  InternalServerException

The message says what happened and what to do next. The edge turns it into a wire error, an exit code or
a line on the screen; no message ever holds a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

__all__ = [
    "AccessDeniedException",
    "BackendUnavailable",
    "ConfigError",
    "ConflictException",
    "InternalServerException",
    "ResourceNotFoundException",
    "ServiceError",
    "ServiceQuotaExceededException",
    "StoreError",
    "StoreTooNew",
    "StoreUnwritable",
    "ThrottlingException",
    "ValidationException",
    "WarroomError",
]


class WarroomError(Exception):
    """The root: `str(error)` is one clear line."""


class ConfigError(WarroomError):
    """The settings are not usable."""


class BackendUnavailable(WarroomError):
    """There is no backend to talk to, or it does not answer."""


class StoreError(WarroomError):
    """What is kept cannot be read or written; nothing was changed."""


class StoreTooNew(StoreError):
    """The database was written by a newer warroom."""


class StoreUnwritable(StoreError):
    """The disk is full, the file read-only, or somebody else holds the lock."""


class ServiceError(WarroomError):
    """An error in the service's own form; the class name is the code on the wire."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def code(self) -> str:
        return type(self).__name__


class ValidationException(ServiceError):
    """The request breaks a rule. `fields` are (member, message) pairs, in the spelling of the wire."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "OTHER",
        fields: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.fields = tuple(fields)


class ResourceNotFoundException(ServiceError):
    """`resource_type` is one of RESPONSE_PLAN, INCIDENT_RECORD, ..., CONTACT, PAGE, ENGAGEMENT."""

    def __init__(self, message: str, *, resource_id: str, resource_type: str) -> None:
        super().__init__(message)
        self.resource_id = resource_id
        self.resource_type = resource_type


class ConflictException(ServiceError):
    """`retry_after` is when to try again; `dependent_entities` are (relation, ids) pairs (ssm-contacts)."""

    def __init__(
        self,
        message: str,
        *,
        resource_id: str | None = None,
        resource_type: str | None = None,
        retry_after: datetime | None = None,
        dependent_entities: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> None:
        super().__init__(message)
        self.resource_id = resource_id
        self.resource_type = resource_type
        self.retry_after = retry_after
        self.dependent_entities = tuple(dependent_entities)


class AccessDeniedException(ServiceError):
    """Who asks may not do that."""


class ServiceQuotaExceededException(ServiceError):
    """`quota_code` names the quota, e.g. `timeline-events-per-incident`."""

    def __init__(
        self, message: str, *, quota_code: str, resource_id: str | None = None, resource_type: str | None = None
    ) -> None:
        super().__init__(message)
        self.quota_code = quota_code
        self.resource_id = resource_id
        self.resource_type = resource_type


class ThrottlingException(ServiceError):
    """Too many calls; `retry_after` is in seconds."""

    def __init__(self, message: str, *, quota_code: str = "requests-per-second", retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.quota_code = quota_code
        self.retry_after = retry_after


class InternalServerException(ServiceError):
    """A fault of ours. The caller may retry; the log has the reason."""
