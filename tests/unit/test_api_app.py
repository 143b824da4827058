"""What the endpoint does about time, cancellation and callers that go away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.types import Message

from contract.recorder import KEYS, Key
from contract.wire import signature_headers
from warroom.api.app import routes
from warroom.api.request import BodyRefused, CallerGone, read_body
from warroom.api.services import CONTACTS, INCIDENTS, service

URL = "http://127.0.0.1:8750/listIncidentRecords"


class Waiting:
    """An engine whose every operation waits for ever."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.cancelled = False

    def __getattr__(self, operation: str) -> Any:
        async def wait(**members: Any) -> None:
            self.entered.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise

        return wait


async def find_key(access_key_id: str) -> Key | None:
    return KEYS["admin"]


def signed_scope(**how: Any) -> dict[str, Any]:
    headers = signature_headers(
        URL, b"{}", KEYS["admin"], INCIDENTS, headers={"Content-Type": "application/json"}, **how
    )
    return {
        "type": "http",
        "method": "POST",
        "path": "/listIncidentRecords",
        "raw_path": b"/listIncidentRecords",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }


async def whole_body() -> Message:
    return {"type": "http.request", "body": b"{}", "more_body": False}


class Sent(list[Message]):
    async def __call__(self, message: Message) -> None:
        self.append(message)


def clock() -> datetime:
    return datetime.now(UTC)


async def test_cancelling_a_request_cancels_its_operation_and_answers_nothing() -> None:
    engine, sent = Waiting(), Sent()
    (route,) = routes(lambda caller: engine, find_key, clock)
    request = asyncio.create_task(route.app(signed_scope(), whole_body, sent))
    await asyncio.wait_for(engine.entered.wait(), 5)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert engine.cancelled
    assert sent == []


async def test_any_region_will_do_where_none_is_named() -> None:
    engine = Waiting()
    (route,) = routes(lambda caller: engine, find_key, clock)
    request = asyncio.create_task(route.app(signed_scope(region="eu-west-1"), whole_body, Sent()))
    await asyncio.wait_for(engine.entered.wait(), 5)
    request.cancel()


async def test_a_caller_that_goes_away_gets_no_answer() -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    sent = Sent()
    (route,) = routes(lambda caller: Waiting(), find_key, clock)
    await route.app(signed_scope(), gone, sent)
    assert sent == []
    with pytest.raises(CallerGone):
        await read_body(signed_scope(), gone)


async def test_a_body_that_does_not_arrive_is_given_up() -> None:
    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(BodyRefused, match=r"did not arrive within 0\.05 seconds") as refusal:
        await read_body(signed_scope(), silent, seconds=0.05)
    assert refusal.value.code == "RequestTimeoutException"


def test_the_models_are_served_whole() -> None:
    assert len(service(INCIDENTS).operations) >= 31
    assert len(service(CONTACTS).operations) >= 39
    methods = [{operation.method for operation in service(name).operations.values()} for name in (INCIDENTS, CONTACTS)]
    assert methods[0] & methods[1] == {"tag_resource", "untag_resource", "list_tags_for_resource"}
