"""Every error of the engine on both wires: its status, its code, its members (`incident-manager.md`, 1.3 and 1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract.wire import Wire, running_wire

ENGAGEMENT = "arn:aws:ssm-contacts:us-east-1:111122223333:engagement/ana/1"
INCIDENT = "arn:aws:ssm-incidents::111122223333:incident-record/payments/1"

ON_INCIDENTS = {
    "validation": (400, "ValidationException", {"message": "no"}),
    "not-found": (
        404,
        "ResourceNotFoundException",
        {"message": "gone", "resourceIdentifier": "r-1", "resourceType": "INCIDENT_RECORD"},
    ),
    "conflict": (
        409,
        "ConflictException",
        {"message": "twice", "resourceIdentifier": "r-1", "resourceType": "ROTATION", "retryAfter": 1767225600.5},
    ),
    "denied": (403, "AccessDeniedException", {"message": "not you"}),
    "quota": (
        402,
        "ServiceQuotaExceededException",
        {
            "message": "full",
            "quotaCode": "stages-per-plan",
            "serviceCode": "ssm-incidents",
            "resourceIdentifier": "r-1",
            "resourceType": "RESPONSE_PLAN",
        },
    ),
    "throttled": (
        429,
        "ThrottlingException",
        {"message": "slower", "quotaCode": "tps", "serviceCode": "ssm-incidents"},
    ),
    "internal": (500, "InternalServerException", {"message": "ours"}),
}

ON_CONTACTS = {
    "validation": (
        400,
        "ValidationException",
        {"Message": "no", "Reason": "OTHER", "Fields": [{"Name": "Reason", "Message": "is wrong"}]},
    ),
    "not-found": (
        400,
        "ResourceNotFoundException",
        {"Message": "gone", "ResourceId": "r-1", "ResourceType": "INCIDENT_RECORD"},
    ),
    "conflict": (
        400,
        "ConflictException",
        {
            "Message": "twice",
            "ResourceId": "r-1",
            "ResourceType": "ROTATION",
            "DependentEntities": [{"RelationType": "ROTATION", "DependentResourceIds": ["rotation-1"]}],
        },
    ),
    "denied": (400, "AccessDeniedException", {"Message": "not you"}),
    "quota": (
        400,
        "ServiceQuotaExceededException",
        {
            "Message": "full",
            "QuotaCode": "stages-per-plan",
            "ServiceCode": "ssm-contacts",
            "ResourceId": "r-1",
            "ResourceType": "RESPONSE_PLAN",
        },
    ),
    "throttled": (
        400,
        "ThrottlingException",
        {"Message": "slower", "QuotaCode": "tps", "ServiceCode": "ssm-contacts", "RetryAfterSeconds": 2},
    ),
    "internal": (500, "InternalServerException", {"Message": "ours"}),
}


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running_wire() as running:
        yield running


def fail_incidents(wire: Wire, name: str) -> Any:
    return wire.incidents("/deleteTimelineEvent", {"incidentRecordArn": INCIDENT, "eventId": name})


def fail_contacts(wire: Wire, name: str) -> Any:
    return wire.contacts("StopEngagement", {"EngagementId": ENGAGEMENT, "Reason": name})


@pytest.mark.parametrize("name", ON_INCIDENTS)
def test_an_error_of_incidents(wire: Wire, name: str) -> None:
    status, code, members = ON_INCIDENTS[name]
    answer = fail_incidents(wire, name)
    assert answer.status_code == status
    assert answer.headers["x-amzn-errortype"] == code
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"]
    assert answer.json() == {"__type": code, **members}


@pytest.mark.parametrize("name", ON_CONTACTS)
def test_an_error_of_contacts(wire: Wire, name: str) -> None:
    status, code, members = ON_CONTACTS[name]
    answer = fail_contacts(wire, name)
    assert answer.status_code == status
    assert answer.headers["x-amzn-errortype"] == code
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert answer.json() == {"__type": code, **members}


@pytest.mark.parametrize("fail", [fail_incidents, fail_contacts])
def test_a_store_that_cannot_write_is_an_internal_error_that_says_so(wire: Wire, fail: Any) -> None:
    answer = fail(wire, "store")
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (500, "InternalServerException")
    assert "could not store this, and nothing was changed" in answer.text
    assert "sector 7" not in answer.text
    assert f"request {answer.headers['x-amzn-requestid']} was not stored: disk full at sector 7" in wire.log


@pytest.mark.parametrize("fail", [fail_incidents, fail_contacts])
def test_an_unexpected_exception_is_in_the_log_and_not_in_the_answer(wire: Wire, fail: Any) -> None:
    answer = fail(wire, "unexpected")
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (500, "InternalServerException")
    assert "private" not in answer.text
    log = wire.log.partition(f"request {answer.headers['x-amzn-requestid']} failed")[2]
    assert "Traceback" in log
    assert "RuntimeError: a private detail" in log


def test_an_operation_that_the_engine_does_not_have_is_unknown(wire: Wire) -> None:
    answer = wire.incidents("/listReplicationSets", {})
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
    assert answer.json()["message"] == "This backend does not serve ssm-incidents:ListReplicationSets."
    answer = wire.contacts("ListRotations", {})
    assert (answer.status_code, answer.json()["__type"]) == (400, "UnknownOperationException")
    assert answer.json()["Message"] == "This backend does not serve ssm-contacts:ListRotations."
