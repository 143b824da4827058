"""Requests made from the models, for every operation that is served, before the real engine in a process of its own:
what breaks a rule changes nothing, and nothing is answered with a fault of ours.

What breaks a rule comes first in this file: only before anybody is paged does the change log stand still by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend import ACCOUNT, Backend, wait_for
from contract.recorder import Key
from contract.wire import Wire, send_document
from contract.wire_shapes import OPERATIONS, breaches, in_body, input_shape, values
from warroom.api.services import service
from warroom.engine.operations import Verbs
from warroom.home import Home
from warroom.model.identity import Caller

SERVED = [(name, each) for name, each in OPERATIONS if hasattr(Verbs, service(name).operations[each].method)]
TELEPHONE = "+12065550100"
NOTE = '"rolled back"'

some = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # to shrink a request would take longer than to read it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@dataclass
class House:
    """A backend with one of everything, so that a generated request can name what is there."""

    wire: Wire
    backend: Backend
    named: Mapping[str, Any]
    """Values of members that name something, by the member, or by the operation and the member."""

    def position(self) -> int:
        """How many changes there have been."""
        database = Home.locate({"WARROOM_HOME": str(self.backend.home)}).database
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT max(seq) FROM changes").fetchone()[0])

    def naming(self, operation: str, document: dict[str, Any]) -> dict[str, Any]:
        """`document` about what is there, from the start of every list."""
        named = {
            member: self.named.get(f"{operation}.{member}", self.named.get(member, value))
            for member, value in document.items()
        }
        return {member: value for member, value in named.items() if member.lower() != "nexttoken"}


@pytest.fixture(scope="module")
def house(shared_backend: Backend) -> Iterator[House]:
    incidents, contacts = shared_backend.boto3("ssm-incidents"), shared_backend.boto3("ssm-contacts")
    contact = contacts.create_contact(Alias="ana", Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
    channel = contacts.create_contact_channel(
        ContactId=contact, Name="phone", Type="SMS", DeliveryAddress={"SimpleAddress": TELEPHONE}
    )["ContactChannelArn"]
    code = shared_backend.activation_code(TELEPHONE)
    contacts.activate_contact_channel(ContactChannelId=channel, ActivationCode=code)
    target = {"ChannelTargetInfo": {"ContactChannelId": channel, "RetryIntervalInMinutes": 60}}
    contacts.update_contact(ContactId=contact, Plan={"Stages": [{"DurationInMinutes": 30, "Targets": [target]}]})
    plan = incidents.create_response_plan(
        name="payments", incidentTemplate={"title": "Payments", "impact": 2}, engagements=[contact]
    )["arn"]
    incident = incidents.start_incident(responsePlanArn=plan)["incidentRecordArn"]
    event = incidents.create_timeline_event(
        incidentRecordArn=incident, eventTime=datetime.now(UTC), eventType="Note", eventData=NOTE
    )["eventId"]
    pages = wait_for("the page", lambda: contacts.list_pages_by_contact(ContactId=contact)["Pages"])
    page = pages[0]["PageArn"]
    wait_for("it to be sent", lambda: contacts.list_page_receipts(PageId=page)["Receipts"])
    contacts.accept_page(PageId=page, AcceptType="READ", AcceptCode="000000", AcceptCodeValidation="IGNORE")
    replication_set = incidents.list_replication_sets()["replicationSetArns"][0]
    named = {
        "GetIncidentRecord.arn": incident,
        "UpdateIncidentRecord.arn": incident,
        "GetResponsePlan.arn": plan,
        "GetReplicationSet.arn": replication_set,
        "incidentRecordArn": incident,
        "IncidentId": incident,
        "responsePlanArn": plan,
        "eventId": event,
        "eventType": "Note",
        "eventData": NOTE,
        "ContactId": contact,
        "ContactChannelId": channel,
        "EngagementId": pages[0]["EngagementArn"],
        "PageId": page,
    }
    admin = Key(shared_backend.access_key_id, Caller(ACCOUNT, "admin", "admin"), shared_backend.secret_access_key)
    with httpx.Client(trust_env=False, timeout=10) as http:
        wire = Wire(shared_backend.url, shared_backend.log_file, http, {"admin": admin})
        yield House(wire, shared_backend, named)
    assert "Traceback" not in shared_backend.log()


@pytest.mark.parametrize(("service_name", "operation"), SERVED)
@some
@given(data=st.data())
def test_what_breaks_one_rule_changes_nothing(
    house: House, service_name: str, operation: str, data: st.DataObject
) -> None:
    shape = input_shape(service_name, operation)
    document = house.naming(operation, data.draw(values(shape)))
    broken_ones = [breach for breach in breaches(shape, document, service_name) if in_body(shape, breach.path)]
    if not broken_ones:
        return
    _, broken = data.draw(st.sampled_from(broken_ones))
    before = house.position()
    answer = send_document(house.wire, service_name, operation, broken)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException"), answer.text
    assert house.position() == before


@pytest.mark.parametrize(("service_name", "operation"), SERVED)
@some
@given(data=st.data())
def test_a_valid_request_is_never_a_fault_of_ours(
    house: House, service_name: str, operation: str, data: st.DataObject
) -> None:
    document = house.naming(operation, data.draw(values(input_shape(service_name, operation))))
    answer = send_document(house.wire, service_name, operation, document)
    assert answer.status_code < 500, answer.text
    # What is refused is refused by the engine, for what is there: the decoder lets it pass.
    assert "failed to satisfy constraint" not in answer.text
    assert answer.headers.get("x-amzn-errortype") != "UnknownOperationException"
