"""What each role may call: the authorization that stands in for IAM policies."""

from __future__ import annotations

from typing import Final

from warroom.model.errors import AccessDeniedException
from warroom.model.identity import Caller, Role

__all__ = ["check_permission", "may_call"]

_READING: Final = ("Get", "List", "Describe", "BatchGet")

_RESPONDING: Final = frozenset(
    {
        "StartIncident",
        "UpdateIncidentRecord",
        "CreateTimelineEvent",
        "UpdateTimelineEvent",
        "DeleteTimelineEvent",
        "UpdateRelatedItems",
        "StartEngagement",
        "StopEngagement",
        "AcceptPage",
    }
)
"""Everything of an incident in progress; not the plans, contacts and channels that it is built from."""


def may_call(role: Role, operation: str) -> bool:
    """Whether `role` may call `operation` (`StartIncident`)."""
    if role == "admin" or operation.startswith(_READING):
        return True
    return role == "responder" and operation in _RESPONDING


def check_permission(caller: Caller, service: str, operation: str) -> None:
    """Raises `AccessDeniedException`, worded as AWS does."""
    if not may_call(caller.role, operation):
        raise AccessDeniedException(
            f"User: {caller.arn} is not authorized to perform: {service}:{operation} on resource: * "
            f"because the role of its access key is {caller.role}"
        )
