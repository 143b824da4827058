"""The two services as botocore's models describe them: which request is which operation.

A request of ssm-incidents (rest-json) is known by its method and its path, one of ssm-contacts (json 1.1) by its
`X-Amz-Target` (`incident-manager.md`, 1.3 and 1.4). A new operation in the models is served as soon as the engine
has a method of its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.utils import normalize_url_path

from warroom.api.decoding import Decoders
from warroom.api.encoding import Encoders
from warroom.api.failures import unparsable
from warroom.api.operations import Operation
from warroom.api.request import Request

__all__ = ["CONTACTS", "INCIDENTS", "Call", "Service", "service"]

INCIDENTS = "ssm-incidents"
CONTACTS = "ssm-contacts"

_LABEL = re.compile(r"\{(\w+)\+?\}")


@dataclass(frozen=True, slots=True)
class Call:
    """An operation that a request asks for, and the labels of its path, decoded."""

    operation: Operation
    labels: Mapping[str, str]


class Service:
    """One of the two services."""

    def __init__(self, model: ServiceModel) -> None:
        self.name = str(model.service_name)
        self.signing_name = str(model.signing_name)
        self.rest = str(model.metadata["protocol"]) == "rest-json"
        self.content_type = b"application/json" if self.rest else b"application/x-amz-json-1.1"
        self.decoders = Decoders(self.name)
        self.encoders = Encoders()
        self.operations = {
            str(name): Operation(model.operation_model(name), self.decoders, self.encoders)
            for name in model.operation_names
        }
        self.errors: dict[str, Shape] = {str(shape.name): shape for shape in model.error_shapes}
        self._target_prefix = str(model.metadata.get("targetPrefix", ""))
        self._by_path = {(operation.http_method, operation.uri): operation for operation in self.operations.values()}
        self._by_pattern = [
            (operation.http_method, _path_pattern(operation.uri), operation)
            for operation in self.operations.values()
            if "{" in operation.uri
        ]
        self._paths = frozenset(operation.uri for operation in self.operations.values() if "{" not in operation.uri)
        self._prefixes = tuple({operation.uri.partition("{")[0] for _, _, operation in self._by_pattern})

    def has_path(self, path: str) -> bool:
        """Whether `path` belongs to this service, whatever the method."""
        return path in self._paths or (bool(self._prefixes) and path.startswith(self._prefixes))

    def find(self, request: Request) -> Call | None:
        """The operation that `request` asks for; None when there is none. Raises `ValidationException`."""
        if not self.rest:
            prefix, _, name = (request.header("x-amz-target") or "").partition(".")
            asked = prefix == self._target_prefix and request.method == "POST" and request.path == "/"
            operation = self.operations.get(name) if asked else None
            return None if operation is None else Call(operation, {})
        if (operation := self._by_path.get((request.method, request.path))) is not None:
            return Call(operation, {})
        for method, pattern, operation in self._by_pattern:
            if method == request.method and (match := pattern.fullmatch(request.path)) is not None:
                if normalize_url_path(request.path) != request.path:
                    return None  # a signature does not tell `a//b` and `a/./b` from `a/b`
                return Call(operation, {name: _unescape(name, raw) for name, raw in match.groupdict().items()})
        return None


def _path_pattern(uri: str) -> re.Pattern[str]:
    """Matches the raw, still escaped path. The last label takes slashes too: an ARN may come with its own."""
    *fixed, tail = _LABEL.split(uri)
    pieces = [re.escape(piece) if index % 2 == 0 else f"(?P<{piece}>[^/]+)" for index, piece in enumerate(fixed)]
    if tail == "" and len(pieces) > 1:
        pieces[-1] = f"(?P<{fixed[-1]}>.+)"
    return re.compile("".join(pieces) + re.escape(tail))


def _unescape(name: str, raw: str) -> str:
    try:
        return unquote(raw, errors="strict")
    except UnicodeDecodeError:
        raise unparsable(f"The path is not UTF-8 at '{name}'.") from None


@cache
def service(name: str) -> Service:
    """The service of that name, from the models that botocore ships and from nowhere else."""
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return Service(ServiceModel(loader.load_service_model(name, "service-2"), name))
