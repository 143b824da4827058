"""The API on its way in and out: signature, permission, arguments, the engine's method, the answer.

Each request is answered in the form of its service, whatever happens; the id in `x-amzn-RequestId` is in the log
beside everything that went wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import orjson
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from warroom.api.faults import fault_of
from warroom.api.permissions import check_permission
from warroom.api.request import BodyRefused, CallerGone, Request, RequestRefused, read_body
from warroom.api.services import CONTACTS, INCIDENTS, Service, service
from warroom.api.signature import FindKey, authenticate
from warroom.engine.interfaces import IncidentManager
from warroom.model.errors import InternalServerException, ServiceError, StoreError
from warroom.model.identity import Caller

__all__ = ["routes"]

_DISCARDED: Final = 16 * 1024 * 1024
_DISCARD_SECONDS: Final = 5.0
"""How much of a refused body is still taken in (bytes), and how long: a client that sends all before it reads
would otherwise find its connection closed, and no answer."""

_log = logging.getLogger(__name__)


def routes(
    verbs: Callable[[Caller], IncidentManager],
    find_key: FindKey,
    now: Callable[[], datetime],
    *,
    region: str | None = None,
) -> list[Route]:
    """The routes of both services: `POST /` for ssm-contacts, the paths of ssm-incidents, and everything else that
    comes with an AWS signature (it gets an error that its client understands).

    `now` gives the backend's time, aware. With a `region`, a request must be signed for it; without, for any.
    """
    return [_Route(_Endpoint(verbs, find_key, now, region))]


class _Route(Route):
    """One route for all operations: the operations are told apart by the models, on the raw path."""

    def __init__(self, endpoint: _Endpoint) -> None:
        super().__init__("/{path:path}", endpoint, name="incident-manager", include_in_schema=False)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path = scope["path"]
        ours = path == "/" and scope["method"] == "POST"
        if ours or service(INCIDENTS).has_path(path) or _is_signed(scope):
            return Match.FULL, {"endpoint": self.endpoint}
        return Match.NONE, {}


def _is_signed(scope: Scope) -> bool:
    return any(name == b"authorization" and value.startswith(b"AWS4-") for name, value in scope["headers"])


class _Endpoint:
    """The ASGI application behind the route."""

    def __init__(
        self,
        verbs: Callable[[Caller], IncidentManager],
        find_key: FindKey,
        now: Callable[[], datetime],
        region: str | None,
    ) -> None:
        self._verbs = verbs
        self._find_key = find_key
        self._now = now
        self._region = region

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = service(CONTACTS if scope["path"] == "/" else INCIDENTS)
        request_id = str(uuid4())
        headers = [(b"x-amzn-requestid", request_id.encode())]
        unread = False
        try:
            request = Request.of(scope, await read_body(scope, receive))
            status, body = await self._answer(asked, request)
        except CallerGone:
            return
        except Exception as error:
            _log_fault(error, request_id)
            fault = fault_of(error, asked)
            status, body = fault.status, fault.body
            headers.append((b"x-amzn-errortype", fault.code.encode()))
            unread = isinstance(error, BodyRefused) and error.unread
        if status != 204:
            headers.append((b"content-type", asked.content_type))
            headers.append((b"content-length", str(len(body)).encode()))
        if unread:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": unread})
        if unread:
            await _discard(receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _answer(self, asked: Service, request: Request) -> tuple[int, bytes]:
        caller = await authenticate(request, self._find_key, self._now(), asked.signing_name, self._region)
        call = asked.find(request)
        if call is None:
            raise _unknown(
                f"{asked.name} has no operation that is asked for like this. Check the method and the path"
                + ("." if asked.rest else " (POST /) and the X-Amz-Target (SSMContacts.Operation).")
            )
        operation = call.operation
        check_permission(caller, asked.name, operation.name)
        method: Any = getattr(self._verbs(caller), operation.method, None)
        if method is None:
            raise _unknown(f"This backend does not serve {asked.name}:{operation.name}.")
        result = await method(**operation.arguments(request, call.labels))
        if operation.status == 204:
            return 204, b""
        return operation.status, orjson.dumps(operation.answer(result))


def _unknown(message: str) -> RequestRefused:
    return RequestRefused("UnknownOperationException", message)


def _log_fault(error: Exception, request_id: str) -> None:
    if isinstance(error, StoreError):
        _log.error("request %s was not stored: %s", request_id, error)
    elif isinstance(error, InternalServerException) or not isinstance(error, ServiceError):
        _log.error("request %s failed", request_id, exc_info=error)


async def _discard(receive: Receive) -> None:
    """Take in what else the client sends, up to a bound, and forget it."""
    taken = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DISCARD_SECONDS):
            while taken < _DISCARDED:
                message = await receive()
                taken += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
