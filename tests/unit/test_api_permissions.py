"""What a role may call."""

from __future__ import annotations

import pytest

from contract.wire_shapes import OPERATIONS
from warroom.api.permissions import check_permission, may_call
from warroom.model.errors import AccessDeniedException
from warroom.model.identity import Caller

READING = {name for _, name in OPERATIONS if name.startswith(("Get", "List", "Describe", "BatchGet"))}
CHANGING = {name for _, name in OPERATIONS} - READING
RESPONDING = {
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


def test_an_observer_only_reads() -> None:
    assert {name for _, name in OPERATIONS if may_call("observer", name)} == READING


def test_a_responder_also_works_on_incidents_in_progress() -> None:
    assert RESPONDING <= CHANGING
    assert {name for _, name in OPERATIONS if may_call("responder", name)} == READING | RESPONDING


def test_an_admin_does_everything() -> None:
    assert all(may_call("admin", name) for _, name in OPERATIONS)


def test_a_denial_names_who_and_what() -> None:
    with pytest.raises(AccessDeniedException) as denial:
        check_permission(Caller("111122223333", "ana", "observer"), "ssm-incidents", "StartIncident")
    assert denial.value.message == (
        "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: ssm-incidents:StartIncident "
        "on resource: * because the role of its access key is observer"
    )
