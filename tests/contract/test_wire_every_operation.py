"""Requests made from the models, for every operation of both services: none is answered with a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.wire import Wire, running_wire
from contract.wire_shapes import OPERATIONS, breaches, input_shape, request_parts, values
from warroom.api.services import INCIDENTS, service

few = settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running_wire() as running:
        yield running
        assert "Traceback" not in running.log


def send(wire: Wire, service_name: str, operation: str, document: Any) -> httpx.Response:
    if service_name == INCIDENTS:
        path, method, body = request_parts(service_name, operation, document)
        return wire.incidents(path, body or b"", key="echo", method=method)
    return wire.contacts(operation, document, key="echo")


@pytest.mark.parametrize(("service_name", "operation"), OPERATIONS)
@few
@given(data=st.data())
def test_a_valid_request_is_served(wire: Wire, service_name: str, operation: str, data: st.DataObject) -> None:
    document = data.draw(values(input_shape(service_name, operation)).filter(_fits_a_path))
    answer = send(wire, service_name, operation, document)
    assert answer.status_code == service(service_name).operations[operation].status, answer.text
    assert answer.content == (b"" if answer.status_code == 204 else b"{}")


@pytest.mark.parametrize(("service_name", "operation"), OPERATIONS)
@few
@given(data=st.data())
def test_a_broken_rule_is_the_error_of_the_service(
    wire: Wire, service_name: str, operation: str, data: st.DataObject
) -> None:
    shape = input_shape(service_name, operation)
    document = data.draw(values(shape).filter(_fits_a_path))
    in_body = [breach for breach in breaches(shape, document, service_name) if _body_only(shape, breach.path)]
    if not in_body:
        return
    path, broken = data.draw(st.sampled_from(in_body))
    answer = send(wire, service_name, operation, broken)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    said = answer.json()
    if service_name == INCIDENTS:
        assert f"at '{path}'" in said["message"]
    else:
        assert [field["Name"] for field in said["Fields"]] == [path]


def _fits_a_path(document: Any) -> bool:
    """A label of a path has at least one character, and no dot segments."""
    return document.get("resourceArn", "x").strip("./") != ""


def _body_only(shape: Any, path: str) -> bool:
    member = shape.members[path.partition(".")[0]]
    return "location" not in member.serialization
