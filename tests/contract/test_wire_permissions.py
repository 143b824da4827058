"""What each role may do, asked of the API with a key of the role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract.wire import Wire, running_wire, send_document
from contract.wire_shapes import OPERATIONS
from warroom.api.services import INCIDENTS

READING = ["GetIncidentRecord", "ListTimelineEvents", "BatchGetIncidentFindings", "GetContact", "DescribePage"]
RESPONDING = ["StartIncident", "UpdateIncidentRecord", "CreateTimelineEvent", "StartEngagement", "AcceptPage"]
PREPARING = ["CreateResponsePlan", "DeleteIncidentRecord", "CreateContact", "UpdateContactChannel", "PutResourcePolicy"]

ARNS = {"resourceArn": "arn:x", "arn": "arn:x", "eventId": "x", "incidentRecordArn": "arn:x", "tagKeys": ["x"]}
"""Enough for the path and the query of any operation; a role is refused before anything else is looked at."""


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running_wire() as running:
        yield running


def denied(wire: Wire, role: str) -> set[str]:
    """The operations that the API refuses to a key of the role, whatever the request says."""
    refused = set()
    for service_name, operation in OPERATIONS:
        document = ARNS if service_name == INCIDENTS else {}
        answer = send_document(wire, service_name, operation, document, key=role)
        if answer.headers.get("x-amzn-errortype") == "AccessDeniedException":
            assert answer.status_code == (403 if service_name == INCIDENTS else 400)
            assert f"not authorized to perform: {service_name}:{operation} " in answer.text
            refused.add(operation)
    return refused


def test_an_observer_reads_a_responder_works_on_incidents_and_an_admin_prepares_them(wire: Wire) -> None:
    observer, responder, admin = (denied(wire, role) for role in ("observer", "responder", "admin"))
    assert admin == set()
    assert responder < observer
    assert not observer.intersection(READING)
    assert observer.issuperset([*RESPONDING, *PREPARING])
    assert not responder.intersection([*READING, *RESPONDING])
    assert responder.issuperset(PREPARING)


def test_nobody_is_denied_a_look_and_only_an_admin_changes_what_is_not_an_incident(wire: Wire) -> None:
    looks = {name for _, name in OPERATIONS if "Get" in name or name.startswith(("List", "Describe"))}
    assert denied(wire, "observer") == {name for _, name in OPERATIONS} - looks
    for done_by_responder in {name for _, name in OPERATIONS} - looks - denied(wire, "responder"):
        assert any(word in done_by_responder for word in ("Incident", "Timeline", "Related", "Engagement", "Page"))


def test_a_denial_names_who_and_what_and_why(wire: Wire) -> None:
    answer = send_document(wire, INCIDENTS, "StartIncident", {"responsePlanArn": "nonsense"}, key="observer")
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (403, "AccessDeniedException")
    assert answer.json()["message"] == (
        "User: arn:aws:iam::111122223333:user/observer is not authorized to perform: ssm-incidents:StartIncident "
        "on resource: * because the role of its access key is observer"
    )
