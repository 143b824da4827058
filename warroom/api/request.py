"""A request as it came in, before anybody trusts it: the raw path, the headers, the query, the bounded body."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

import orjson
from starlette.types import Receive, Scope

from warroom.api.failures import unparsable
from warroom.model.errors import ServiceError

__all__ = ["BODY_LIMIT", "BODY_SECONDS", "BodyRefused", "CallerGone", "Request", "RequestRefused", "read_body"]

BODY_LIMIT: Final = 1024 * 1024
"""Bytes. The largest member of any operation, a contact policy, has 395,000 characters."""

BODY_SECONDS: Final = 30.0
_JSON_TYPES: Final = frozenset({"application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"})


class CallerGone(Exception):
    """The connection ended before the request did; there is nobody to answer."""


class RequestRefused(ServiceError):
    """Refused before it reached an operation, with an error that is common to all AWS services."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self._code = code

    @property
    def code(self) -> str:
        return self._code


class BodyRefused(RequestRefused):
    """The body is too large or too slow. `unread` says whether there is more of it to come."""

    def __init__(self, code: str, message: str, *, unread: bool) -> None:
        super().__init__(code, message)
        self.unread = unread


@dataclass(frozen=True)
class Request:
    """`path` and `query` are as on the wire, still escaped; names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    @classmethod
    def of(cls, scope: Scope, body: bytes) -> Request:
        """The request of an ASGI scope."""
        return cls(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
            body=body,
        )

    def headers_named(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for known, value in self.headers if known == name), None)

    @cached_property
    def parameters(self) -> Mapping[str, list[str]]:
        """The query, unescaped. Raises `ValidationException` when it is not UTF-8."""
        found: dict[str, list[str]] = {}
        for pair in filter(None, self.query.split("&")):
            name, _, value = pair.partition("=")
            try:
                found.setdefault(unquote(name, errors="strict"), []).append(unquote(value, errors="strict"))
            except UnicodeDecodeError:
                raise unparsable("The query string is not UTF-8.") from None
        return found

    def document(self) -> dict[str, Any]:
        """The JSON object in the body; an empty body is an empty object.

        Raises `ValidationException` (CANNOT_PARSE) for anything else.
        """
        if not self.body:
            return {}
        content_type = (self.header("content-type") or "").partition(";")[0].strip().lower()
        if content_type not in _JSON_TYPES:
            raise unparsable("The Content-Type of the request must be application/json or application/x-amz-json-1.1.")
        try:
            document = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise unparsable(f"The body of the request is not JSON: {error.msg}.") from None
        if not isinstance(document, dict):
            raise unparsable("The body of the request must be a JSON object.")
        _refuse_repeated_keys(self.body, document)
        return document


def _refuse_repeated_keys(body: bytes, document: dict[str, Any]) -> None:
    """A key that comes twice is lost while parsing, and its quotation marks with it: written again, the document
    has fewer. Only `\\u0022`, which is written as another escape, can hide that; then the slow way is taken.
    """
    try:
        written = orjson.dumps(document)
    except orjson.JSONEncodeError:
        raise unparsable("The body of the request is nested too deeply.") from None
    if written.count(b'"') != body.count(b'"') or b"\\u0022" in body:
        json.loads(body, object_pairs_hook=_each_key_once)


def _each_key_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise unparsable(f"The body of the request has the key {repeated[:64]!r} twice in one object.")
    return keys


async def read_body(scope: Scope, receive: Receive, *, seconds: float = BODY_SECONDS) -> bytes:
    """The whole body, which has `seconds` to arrive.

    Raises `BodyRefused` as soon as it is too large or too late, and `CallerGone`.
    """
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if len(declared) > len(str(BODY_LIMIT)) or int(declared) > BODY_LIMIT:
        raise _too_large(unread=True)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise CallerGone
                chunk: bytes = message.get("body", b"")
                size += len(chunk)
                unread = message.get("more_body", False)
                if size > BODY_LIMIT:
                    raise _too_large(unread=unread)
                chunks.append(chunk)
                if not unread:
                    break
    except TimeoutError:
        slow = f"The body of the request did not arrive within {seconds:g} seconds."
        raise BodyRefused("RequestTimeoutException", slow, unread=True) from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(*, unread: bool) -> BodyRefused:
    large = f"The body of the request is larger than {BODY_LIMIT} bytes."
    return BodyRefused("RequestEntityTooLargeException", large, unread=unread)
