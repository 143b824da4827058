"""Unmodified clients, boto3 and the aws CLI, against the API in a real server process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contract.wire import Wire, running_wire

CONTACT = "arn:aws:ssm-contacts:us-east-1:111122223333:contact/ana"
PAGE = "arn:aws:ssm-contacts:us-east-1:111122223333:page/ana/1"
TEMPLATE = {"title": "Payments are down", "impact": 1}


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running_wire() as running:
        yield running


def test_an_incident_is_started_and_read_with_boto3(wire: Wire) -> None:
    incidents = wire.client("ssm-incidents")
    plan = incidents.create_response_plan(
        name="payments", incidentTemplate=TEMPLATE, chatChannel={"empty": {}}, tags={"team": ""}
    )
    assert plan["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert plan["ResponseMetadata"]["RequestId"]
    assert set(plan) == {"arn", "ResponseMetadata"}
    read = incidents.get_response_plan(arn=plan["arn"])
    assert read["incidentTemplate"] == TEMPLATE
    assert read["chatChannel"] == {"empty": {}}
    arn = incidents.start_incident(responsePlanArn=plan["arn"], title="Cards fail")["incidentRecordArn"]
    record = incidents.get_incident_record(arn=arn)["incidentRecord"]
    assert (record["title"], record["status"]) == ("Cards fail", "OPEN")
    assert record["creationTime"] == datetime(2026, 1, 1, 3, 12, 0, 125_000, tzinfo=UTC)
    assert not {"resolvedTime", "chatChannel", "number"} & set(record)
    assert incidents.list_incident_records()["incidentRecordSummaries"][0]["arn"] == arn


def test_an_operation_with_nothing_to_say_answers_204_without_a_body(wire: Wire) -> None:
    incidents = wire.client("ssm-incidents")
    arn = incidents.create_response_plan(name="empty", incidentTemplate=TEMPLATE)["arn"]
    updated = incidents.update_response_plan(arn=arn, displayName="Empty")
    assert updated["ResponseMetadata"]["HTTPStatusCode"] == 204
    answer = wire.incidents("/updateResponsePlan", {"arn": arn, "clientToken": "t", "displayName": "Empty"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers
    assert "content-length" not in answer.headers
    assert answer.headers["x-amzn-requestid"]


def test_arns_travel_in_the_path_of_the_tag_operations(wire: Wire) -> None:
    incidents = wire.client("ssm-incidents")
    arn = "arn:aws:ssm-incidents::111122223333:response-plan/tagged"
    incidents.tag_resource(resourceArn=arn, tags={"a key": "1", "b+c": "2", "d": ""})
    assert incidents.list_tags_for_resource(resourceArn=arn)["tags"] == {"a key": "1", "b+c": "2", "d": ""}
    incidents.untag_resource(resourceArn=arn, tagKeys=["a key", "b+c"])
    assert incidents.list_tags_for_resource(resourceArn=arn)["tags"] == {"d": ""}


@pytest.mark.parametrize(
    "path",
    [
        "arn:aws:ssm-incidents::111122223333:response-plan/raw",
        "arn%3aaws%3Assm-incidents::111122223333:response-plan%2fraw",
    ],
)
def test_an_arn_in_the_path_may_come_with_its_own_slashes(wire: Wire, path: str) -> None:
    wire.incidents(f"/tags/{path}", {"tags": {"team": "payments"}}).raise_for_status()
    answer = wire.incidents(f"/tags/{path}", method="GET")
    assert answer.json() == {"tags": {"team": "payments"}}


def test_an_empty_body_is_an_empty_object(wire: Wire) -> None:
    assert wire.incidents("/listIncidentRecords", b"").status_code == 200
    answer = wire.contacts("ListContacts", b"", key="echo")
    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"


def test_a_contact_is_created_and_read_with_boto3(wire: Wire) -> None:
    contacts = wire.client("ssm-contacts")
    plan = {"Stages": [{"DurationInMinutes": 5, "Targets": [{"ContactTargetInfo": {"IsEssential": True}}]}]}
    arn = contacts.create_contact(Alias="ana", Type="PERSONAL", DisplayName="Ana Müller", Plan=plan)["ContactArn"]
    contact = contacts.get_contact(ContactId=arn)
    del contact["ResponseMetadata"]
    assert contact == {
        "ContactArn": CONTACT, "Alias": "ana", "DisplayName": "Ana Müller", "Type": "PERSONAL", "Plan": plan,
    }  # fmt: skip
    assert set(contacts.accept_page(PageId=PAGE, AcceptType="READ", AcceptCode="425440")) == {"ResponseMetadata"}


def test_modelled_errors_are_the_classes_of_the_client(wire: Wire) -> None:
    incidents, contacts = wire.client("ssm-incidents"), wire.client("ssm-contacts")
    with pytest.raises(incidents.exceptions.ResourceNotFoundException) as missing:
        incidents.get_incident_record(arn="arn:aws:ssm-incidents::111122223333:incident-record/p/none")
    assert missing.value.response["resourceType"] == "INCIDENT_RECORD"
    with pytest.raises(contacts.exceptions.ResourceNotFoundException) as missing:
        contacts.get_contact(ContactId=CONTACT + "-none")
    assert missing.value.response["ResourceId"] == CONTACT + "-none"
    observer = wire.client("ssm-contacts", "observer")
    with pytest.raises(observer.exceptions.AccessDeniedException, match="not authorized to perform"):
        observer.stop_engagement(EngagementId=CONTACT)
    with pytest.raises(incidents.exceptions.ValidationException, match="impact"):
        wire.client("ssm-incidents", parameter_validation=False).create_response_plan(
            name="p", incidentTemplate={"title": "t", "impact": 9}
        )


def test_the_aws_cli_works_unmodified(wire: Wire, tmp_path: Path) -> None:
    def aws(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "awscli", *arguments, "--output", "json"],
            env=wire.environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def answered(done: subprocess.CompletedProcess[str]) -> Any:
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    template = json.dumps(TEMPLATE)
    created = aws("ssm-incidents", "create-response-plan", "--name", "cli", "--incident-template", template)
    plan = answered(created)["arn"]
    calls = [
        ("ssm-incidents", "start-incident", "--response-plan-arn", plan, "--title", "From the CLI"),
        ("ssm-incidents", "tag-resource", "--resource-arn", plan, "--tags", "team=payments"),
        ("ssm-contacts", "create-contact", "--alias", "cli", "--type", "PERSONAL", "--plan", "Stages=[]"),
        ("ssm-contacts", "get-contact", "--contact-id", CONTACT + "-none"),
    ]
    with ThreadPoolExecutor(len(calls)) as together:
        started, tagged, contact, missing = together.map(lambda call: aws(*call), calls)
    arn = answered(started)["incidentRecordArn"]
    assert answered(tagged) is None
    assert answered(contact)["ContactArn"].endswith("contact/cli")
    assert missing.returncode != 0
    assert (
        f"(ResourceNotFoundException) when calling the GetContact operation: {CONTACT}-none not found" in missing.stderr
    )
    record = answered(aws("ssm-incidents", "get-incident-record", "--arn", arn))["incidentRecord"]
    assert record["title"] == "From the CLI"


def test_other_paths_are_left_to_other_routes(wire: Wire) -> None:
    assert wire.http.get(f"{wire.url}/healthz").text == "well"
    assert wire.http.get(f"{wire.url}/nothing").status_code == 404
