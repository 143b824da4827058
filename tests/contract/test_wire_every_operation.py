"""Requests made from the models, for every operation of both services, before a stub that takes everything: what is
tried is the decoder of the API alone. The engine behind it has `test_wire_engine.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.wire import Wire, running_wire, send_document
from contract.wire_shapes import OPERATIONS, breaches, fits_a_path, in_body, input_shape, values
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


@pytest.mark.parametrize(("service_name", "operation"), OPERATIONS)
@few
@given(data=st.data())
def test_a_valid_request_passes_the_decoder(wire: Wire, service_name: str, operation: str, data: st.DataObject) -> None:
    document = data.draw(values(input_shape(service_name, operation)).filter(fits_a_path))
    answer = send_document(wire, service_name, operation, document, key="echo")
    assert answer.status_code == service(service_name).operations[operation].status, answer.text
    assert answer.content == (b"" if answer.status_code == 204 else b"{}")


@pytest.mark.parametrize(("service_name", "operation"), OPERATIONS)
@few
@given(data=st.data())
def test_a_broken_rule_is_refused_by_the_decoder_as_the_service_does(
    wire: Wire, service_name: str, operation: str, data: st.DataObject
) -> None:
    shape = input_shape(service_name, operation)
    document = data.draw(values(shape).filter(fits_a_path))
    broken_ones = [breach for breach in breaches(shape, document, service_name) if in_body(shape, breach.path)]
    if not broken_ones:
        return
    path, broken = data.draw(st.sampled_from(broken_ones))
    answer = send_document(wire, service_name, operation, broken, key="echo")
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    said = answer.json()
    if service_name == INCIDENTS:
        assert f"at '{path}'" in said["message"]
    else:
        assert [field["Name"] for field in said["Fields"]] == [path]
