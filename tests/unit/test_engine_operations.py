"""Every operation takes and names exactly what the service model says."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import OperationModel

from warroom.engine.operations import Verbs


def modelled() -> dict[str, OperationModel]:
    session = botocore.session.get_session()
    return {
        xform_name(name): session.get_service_model(service).operation_model(name)
        for service in ("ssm-incidents", "ssm-contacts")
        for name in session.get_service_model(service).operation_names
    }


MODELLED = modelled()
METHODS = {name: method for name, method in inspect.getmembers(Verbs, inspect.isfunction) if not name.startswith("_")}


def test_every_public_method_is_an_operation_of_the_service() -> None:
    assert METHODS
    assert set(METHODS) <= set(MODELLED)


@pytest.mark.parametrize("name", METHODS)
def test_an_operation_takes_the_members_of_its_input(name: str) -> None:
    method: Callable[..., Any] = METHODS[name]
    assert inspect.iscoroutinefunction(method)
    parameters = [each for each in inspect.signature(method).parameters.values() if each.name != "self"]
    shape = MODELLED[name].input_shape
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in parameters)
    assert {each.name for each in parameters} == {xform_name(member) for member in shape.members}
    required = {each.name for each in parameters if each.default is inspect.Parameter.empty}
    assert required == {xform_name(member) for member in shape.required_members}
