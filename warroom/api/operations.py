"""One operation of a service: its request becomes arguments for the engine, and what the engine returns an answer.

Arguments come from the JSON body, and for rest-json from the path, the query and the headers too
(`incident-manager.md`, 1.3). All of them are checked together, by the one shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from botocore import xform_name
from botocore.model import OperationModel, Shape

from warroom.api.decoding import Decode, Decoders, wire_name
from warroom.api.encoding import Encode, Encoders
from warroom.api.failures import Failure, place, refusal
from warroom.api.request import Request

__all__ = ["Operation"]

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}


class Operation:
    """One operation: how a request becomes arguments, and a result becomes an answer."""

    def __init__(self, model: OperationModel, decoders: Decoders, encoders: Encoders) -> None:
        self.name = str(model.name)
        """As in the API reference: `StartIncident`."""
        self.method = xform_name(self.name)
        """The method of `IncidentManager`: `start_incident`."""
        self.http_method = str(model.http["method"])
        self.uri = str(model.http["requestUri"])
        self.status = int(model.http.get("responseCode", 200))
        self._input: Shape | None = model.input_shape
        self._output: Shape | None = model.output_shape
        self._decoders = decoders
        self._encoders = encoders

    @cached_property
    def _decode(self) -> Decode | None:
        return None if self._input is None else self._decoders.of(self._input)

    @cached_property
    def _encode(self) -> Encode | None:
        return None if self._output is None else self._encoders.of(self._output)

    @cached_property
    def _located(self) -> list[_Located]:
        """The members that travel outside of the body."""
        members = {} if self._input is None else self._input.members
        return [
            _Located(wire_name(name, shape), str(shape.serialization["location"]), shape)
            for name, shape in members.items()
            if "location" in shape.serialization
        ]

    @cached_property
    def reads_body(self) -> bool:
        """Whether any member travels in the body; otherwise what is there is not looked at."""
        return self._input is not None and len(self._located) < len(self._input.members)

    def arguments(self, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
        """The keyword arguments for the engine. Raises `ValidationException` with all that is wrong."""
        document = request.document() if self.reads_body else {}
        failures: list[Failure] = []
        if self._located:
            document = self._with_located(document, request, labels, failures)
        decoded = {} if self._decode is None else self._decode(document, failures)
        if failures:
            raise refusal(failures)
        members: dict[str, Any] = decoded
        return members

    def _with_located(
        self, document: Mapping[str, Any], request: Request, labels: Mapping[str, str], failures: list[Failure]
    ) -> dict[str, Any]:
        outside = {located.name for located in self._located}
        merged = {name: value for name, value in document.items() if name not in outside}
        for name, location, shape in self._located:
            if location == "uri":
                texts = [labels[name]] if name in labels else []
            elif location == "querystring":
                texts = request.parameters.get(name, [])
            else:
                texts = request.headers_named(name.lower())
            if shape.type_name == "list":
                if texts:
                    merged[name] = [_from_text(shape.member, text) for text in texts]
            elif len(texts) == 1:
                merged[name] = _from_text(shape, texts[0])
            elif texts:
                failures.append(Failure("Member must be given once"))
                place(failures, len(failures) - 1, name)
                merged[name] = texts[0]
        return merged

    def answer(self, result: Any) -> Any:
        """The output as wire JSON; `{}` when there is nothing to say."""
        if self._encode is None or result is None:
            return {}
        return self._encode(result)


class _Located(NamedTuple):
    name: str
    location: str
    shape: Shape


def _from_text(shape: Shape, text: str) -> Any:
    """What JSON would have; text that is none of its type stays, and the decoder says so."""
    if shape.type_name in {"integer", "long"} and _INTEGER.fullmatch(text):
        return int(text)
    return _BOOLEANS.get(text, text) if shape.type_name == "boolean" else text
