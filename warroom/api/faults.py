"""Errors on the wire (`incident-manager.md`, 1.3 and 1.4).

The name of the error is the code; it travels in `x-amzn-ErrorType` and in `__type`. The members and the status of
an error come from its shape in the service model: 400 to 500 for ssm-incidents, and 400 for everything of
ssm-contacts but `InternalServerException`.

Errors that are common to all AWS services are in no model. Their status is what AWS answers: 403 for what is wrong
with the signature and 404 for an unknown operation where the protocol is REST, 400 for both where it is JSON 1.1.
A body that is too large is 413, and one that does not arrive 408, in both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import orjson

from warroom.api.services import Service
from warroom.model.errors import (
    ConflictException,
    InternalServerException,
    ResourceNotFoundException,
    ServiceError,
    ServiceQuotaExceededException,
    StoreError,
    ThrottlingException,
    ValidationException,
)

__all__ = ["Fault", "fault_of"]

_STATUS: Final = {"RequestEntityTooLargeException": 413, "RequestTimeoutException": 408}
_REST_STATUS: Final = {"UnknownOperationException": 404}


@dataclass(frozen=True, slots=True)
class Fault:
    """An error, ready to be sent."""

    status: int
    code: str
    body: bytes


def fault_of(error: Exception, service: Service) -> Fault:
    """`error` as `service` tells it. What is no error of the service is an `InternalServerException` without details:
    the log has them.
    """
    if isinstance(error, StoreError):
        error = InternalServerException(
            "The backend could not store this, and nothing was changed: its database is full, read-only or out of "
            "reach. The log of the backend has the reason."
        )
    if not isinstance(error, ServiceError):
        error = InternalServerException("The backend failed at this request. Its log has the reason.")
    shape = service.errors.get(error.code)
    if shape is None:
        common = _REST_STATUS.get(error.code, 403) if service.rest else 400
        said = {"__type": error.code, "message" if service.rest else "Message": error.message}
        return Fault(_STATUS.get(error.code, common), error.code, orjson.dumps(said))
    default = 500 if isinstance(error, InternalServerException) else 400
    status = int(shape.metadata.get("error", {}).get("httpStatusCode", default))
    members = service.encoders.of(shape)(_members(error, service))
    return Fault(status, error.code, orjson.dumps({"__type": error.code} | members))


def _members(error: ServiceError, service: Service) -> dict[str, Any]:
    """All that `error` can say, in the spelling of both services; the shape picks what it knows."""
    said: dict[str, Any] = {"message": error.message}
    if isinstance(error, ValidationException):
        said["reason"] = error.reason
        if error.fields:
            said["fields"] = [{"name": name, "message": message} for name, message in error.fields]
    if isinstance(error, (ResourceNotFoundException, ConflictException, ServiceQuotaExceededException)):
        said["resource_id"] = said["resource_identifier"] = error.resource_id
        said["resource_type"] = error.resource_type
    if isinstance(error, ConflictException):
        said["retry_after"] = error.retry_after
        if error.dependent_entities:
            said["dependent_entities"] = [
                {"relation_type": relation, "dependent_resource_ids": ids} for relation, ids in error.dependent_entities
            ]
    if isinstance(error, (ServiceQuotaExceededException, ThrottlingException)):
        said["quota_code"] = error.quota_code
        said["service_code"] = service.name
    if isinstance(error, ThrottlingException):
        said["retry_after_seconds"] = math.ceil(error.retry_after)
    return said
