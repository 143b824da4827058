"""Requests are read and checked by the shapes of the service models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.wire_shapes import OPERATIONS, breaches, input_shape, values
from warroom.api.failures import Failure, refusal
from warroom.api.leniency import LENIENCIES
from warroom.api.services import CONTACTS, INCIDENTS, service
from warroom.model.errors import ValidationException

CONTACT = "arn:aws:ssm-contacts:us-east-1:111122223333:contact/ana"
PLAN = "arn:aws:ssm-incidents::111122223333:response-plan/payments"

few = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def decode(service_name: str, operation: str, document: Any) -> Any:
    """The arguments, or the refusal as an exception."""
    failures: list[Failure] = []
    decoded = service(service_name).decoders.of(input_shape(service_name, operation))(document, failures)
    if failures:
        raise refusal(failures)
    return decoded


def refused(service_name: str, operation: str, document: Any) -> ValidationException:
    with pytest.raises(ValidationException) as refusal_info:
        decode(service_name, operation, document)
    return refusal_info.value


def template(**members: Any) -> dict[str, Any]:
    return {"name": "payments", "incidentTemplate": {"title": "down", "impact": 1, **members}}


@pytest.mark.parametrize(("service_name", "operation"), OPERATIONS)
@few
@given(data=st.data())
def test_a_valid_request_survives_being_read_and_written(
    service_name: str, operation: str, data: st.DataObject
) -> None:
    shape = input_shape(service_name, operation)
    document = data.draw(values(shape))
    decoded = decode(service_name, operation, document)
    assert service(service_name).encoders.of(shape)(decoded) == document


@pytest.mark.parametrize(("service_name", "operation"), OPERATIONS)
@few
@given(data=st.data())
def test_one_broken_rule_is_refused_naming_the_member(service_name: str, operation: str, data: st.DataObject) -> None:
    shape = input_shape(service_name, operation)
    document = data.draw(values(shape))
    for path, broken in breaches(shape, document, service_name):
        error = refused(service_name, operation, broken)
        assert [name for name, _ in error.fields] == [path]
        assert error.message.startswith("1 validation error detected: Value")
        assert f"at '{path}' failed to satisfy constraint: Member must" in error.message
        assert error.reason == "FIELD_VALIDATION_FAILED"


def test_members_become_snake_case_and_keys_of_maps_stay() -> None:
    decoded = decode(
        INCIDENTS,
        "CreateResponsePlan",
        template(incidentTags={"costCentre": "42"})
        | {"chatChannel": {"chatbotSns": ["arn:aws:sns:us-east-1:1:t"]}, "tags": {"teamName": "Payments"}},
    )
    assert decoded == {
        "name": "payments",
        "incident_template": {"title": "down", "impact": 1, "incident_tags": {"costCentre": "42"}},
        "chat_channel": {"chatbot_sns": ["arn:aws:sns:us-east-1:1:t"]},
        "tags": {"teamName": "Payments"},
    }


def test_null_means_absent_and_unknown_members_are_ignored() -> None:
    decoded = decode(INCIDENTS, "StartIncident", {"responsePlanArn": PLAN, "title": None, "colour": "red"})
    assert decoded == {"response_plan_arn": PLAN}


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        (1628634837.849, datetime(2021, 8, 10, 22, 33, 57, 849_000, tzinfo=UTC)),
        (1628634837, datetime(2021, 8, 10, 22, 33, 57, tzinfo=UTC)),
        ("2021-08-10T22:33:57Z", datetime(2021, 8, 10, 22, 33, 57, tzinfo=UTC)),
        ("2021-08-10T22:33:57", datetime(2021, 8, 10, 22, 33, 57, tzinfo=UTC)),
        ("2021-08-11T00:33:57+02:00", datetime(2021, 8, 11, 0, 33, 57, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_timestamps_are_epoch_seconds_or_iso_text_and_always_aware(sent: Any, moment: datetime) -> None:
    decoded = decode(
        INCIDENTS,
        "CreateTimelineEvent",
        {"eventData": "1", "eventTime": sent, "eventType": "Note", "incidentRecordArn": PLAN},
    )
    assert decoded["event_time"] == moment
    assert decoded["event_time"].utcoffset() == timedelta(0)


def test_all_failures_are_told_together_as_the_service_words_them() -> None:
    error = refused(INCIDENTS, "CreateResponsePlan", {"incidentTemplate": {"title": "x" * 201, "impact": 9}})
    assert error.message == (
        "3 validation errors detected: "
        f"Value '{'x' * 64}...' at 'incidentTemplate.title' failed to satisfy constraint: "
        "Member must have length less than or equal to 200; "
        "Value '9' at 'incidentTemplate.impact' failed to satisfy constraint: "
        "Member must have value less than or equal to 5; "
        "Value null at 'name' failed to satisfy constraint: Member must not be null"
    )


def test_the_list_of_failures_is_bounded() -> None:
    error = refused(CONTACTS, "UntagResource", {"ResourceARN": CONTACT, "TagKeys": [None] * 50})
    assert error.message.startswith("50 validation errors detected: ")
    assert error.message.endswith("; and 40 more")
    assert len(error.fields) == 10
    stages = [{"DurationInMinutes": "soon", "Targets": []}] * 100_000
    error = refused(CONTACTS, "UpdateContact", {"ContactId": CONTACT, "Plan": {"Stages": stages}})
    assert error.message.startswith("50 validation errors")


def test_elements_are_counted_from_one_and_keys_name_their_map() -> None:
    error = refused(
        INCIDENTS,
        "StartIncident",
        {"responsePlanArn": PLAN, "relatedItems": [{"identifier": {"type": "OTHER", "value": {"url": 7}}}]},
    )
    assert error.fields == (("relatedItems.1.member.identifier.value.url", "Member must be a string"),)
    error = refused(INCIDENTS, "CreateResponsePlan", template(incidentTags={"aws:mine": "x"}))
    assert [name for name, _ in error.fields] == ["incidentTemplate.incidentTags.key"]


@pytest.mark.parametrize(
    ("operation", "document", "secret"),
    [
        ("AcceptPage", {"PageId": CONTACT, "AcceptType": "READ", "AcceptCode": "4254a"}, "4254a"),
        ("ActivateContactChannel", {"ContactChannelId": CONTACT, "ActivationCode": "123"}, "123"),
    ],
)
def test_a_code_is_never_repeated(operation: str, document: Any, secret: str) -> None:
    error = refused(CONTACTS, operation, document)
    assert error.message.startswith("1 validation error detected: Value at '")
    assert secret not in error.message


def test_what_is_repeated_is_safe_to_print() -> None:
    error = refused(CONTACTS, "GetContact", {"ContactId": "\x1b[2J\r\nboo"})
    assert "\ufffd[2J\ufffd\ufffdboo" in error.message
    assert error.message.isprintable()


@pytest.mark.parametrize("channel", [{}, {"empty": {}, "chatbotSns": ["a"]}, {"empty": None}])
def test_a_union_has_exactly_one_member(channel: Any) -> None:
    error = refused(INCIDENTS, "UpdateIncidentRecord", {"arn": PLAN, "chatChannel": channel})
    assert error.fields == (("chatChannel", "Member must have exactly one of: chatbotSns, empty"),)


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63, 1e30, 1.0])
def test_an_integer_is_one_that_the_service_can_hold(number: Any) -> None:
    filters = [{"key": "impact", "condition": {"equals": {"integerValues": [number]}}}]
    error = refused(INCIDENTS, "ListIncidentRecords", {"filters": filters})
    assert [name for name, _ in error.fields] == ["filters.1.member.condition.equals.integerValues.1.member"]


def test_what_terraform_sends_is_accepted() -> None:
    runbook = {"documentName": "restart", "roleArn": "arn:aws:iam::111122223333:role/runbook"}
    empty = {"parameters": {}, "dynamicParameters": {}}
    plan = template() | {"actions": [{"ssmAutomation": runbook | empty}], "engagements": [], "displayName": ""}
    decoded = decode(INCIDENTS, "CreateResponsePlan", plan | {"chatChannel": {"empty": {}}})
    assert decoded["actions"][0]["ssm_automation"]["parameters"] == {}
    assert decoded["chat_channel"] == {"empty": {}}
    for stages in ([], [{"DurationInMinutes": 5}], [{"DurationInMinutes": 5, "Targets": []}]):
        contact = {"Alias": "ana", "Type": "PERSONAL", "Plan": {"Stages": stages}}
        assert len(decode(CONTACTS, "CreateContact", contact)["plan"]["stages"]) == len(stages)


def test_every_leniency_loosens_a_rule_that_the_model_has() -> None:
    for service_name, shape_name, rule in LENIENCIES:
        shapes = [shape for shape in _all_shapes(service_name) if shape.name == shape_name]
        assert shapes, shape_name
        assert rule in shapes[0].metadata or rule in shapes[0].required_members


def _all_shapes(service_name: str) -> list[Any]:
    found: dict[str, Any] = {}

    def walk(shape: Any) -> None:
        if shape.name in found:
            return
        found[shape.name] = shape
        parts = list(getattr(shape, "members", {}).values())
        parts += [getattr(shape, part) for part in ("member", "key", "value") if hasattr(shape, part)]
        for part in parts:
            walk(part)

    for name, operation in OPERATIONS:
        if name == service_name:
            walk(input_shape(name, operation))
    return list(found.values())
