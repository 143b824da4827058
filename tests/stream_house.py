"""A backend within the test's own event loop: a real engine on a file, served by uvicorn on loopback."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from warroom.engine.access_keys import AccessKey
from warroom.engine.clock import SystemClock
from warroom.engine.engine import Engine
from warroom.engine.identifiers import Identifiers
from warroom.engine.interfaces import IncidentManager
from warroom.model.arn import incident_record_arn
from warroom.model.identity import Caller
from warroom.server import create_app
from warroom.stream.endpoint import Endpoint
from warroom.stream.frames import MAX_CLIENT_FRAME
from warroom.stream.news import News
from warroom.stream.token import sign_token

__all__ = ["ACCOUNT", "OTHER_ACCOUNT", "Backdoor", "Heard", "House", "eventually", "open_house"]

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "444455556666"


async def eventually(what: str, condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """The first true value of `condition()`; fails, naming `what`, when none came in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:g} s for {what}"
        await asyncio.sleep(0.01)
    return found


class _Codes(Identifiers):
    """Codes that a test can know."""

    CODE = "123456"

    def code(self) -> str:
        return self.CODE


class _Server(uvicorn.Server):
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


@dataclass
class House:
    """An engine, its keys, and a server of it that can be stopped and started again, elsewhere if need be."""

    engine: Engine
    key: AccessKey
    """An admin's."""
    port: int = 0
    _server: _Server | None = None
    _serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def endpoint(self) -> Endpoint:
        return self.endpoint_of(self.key)

    def endpoint_of(self, key: AccessKey) -> Endpoint:
        return Endpoint(self.url, key.access_key_id, key.secret_access_key)

    async def serve(self, port: int = 0, *, send_buffer: int | None = None, **config: Any) -> None:
        """`send_buffer` is what the operating system holds for each client, in bytes; else it holds megabytes."""
        listening = socket.create_server(("127.0.0.1", port))
        if send_buffer is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        self.port = listening.getsockname()[1]
        self._server = _Server(
            uvicorn.Config(
                create_app(self.engine),
                **{
                    "ws": "websockets-sansio",
                    "ws_max_size": MAX_CLIENT_FRAME,
                    "log_config": None,
                    "lifespan": "on",
                    "timeout_graceful_shutdown": 2,
                }
                | config,
            )
        )
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await eventually("the server", lambda: self._server is not None and self._server.started)

    async def stop(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await asyncio.wait_for(self._serving, 10)
            self._server = self._serving = None

    def acting(self, account: str = ACCOUNT) -> IncidentManager:
        return self.engine.acting_as(Caller(account, "local", "admin"))

    async def plan(self, name: str = "payments", account: str = ACCOUNT, **members: Any) -> str:
        answer = await self.acting(account).create_response_plan(
            name=name, incident_template={"title": "Checkout fails", "impact": 3}, **members
        )
        return str(answer["arn"])

    async def incident(self, plan: str, title: str = "Checkout fails", account: str = ACCOUNT) -> str:
        answer = await self.acting(account).start_incident(response_plan_arn=plan, title=title)
        return str(answer["incident_record_arn"])

    async def retitle(self, incident: str, title: str, account: str = ACCOUNT) -> None:
        await self.acting(account).update_incident_record(arn=incident, title=title)

    async def note(self, incident: str, text: str) -> str:
        answer = await self.acting().create_timeline_event(
            incident_record_arn=incident,
            event_time=datetime.now(UTC),
            event_type="Note",
            event_data=json.dumps(text),
        )
        return str(answer["event_id"])

    async def person(self, alias: str) -> str:
        """A contact with an activated channel, paged at once when engaged."""
        verbs = self.acting()
        arn = (await verbs.create_contact(alias=alias, type="PERSONAL", plan={"stages": []}))["contact_arn"]
        channel = await verbs.create_contact_channel(
            contact_id=arn,
            name="mail",
            type="EMAIL",
            delivery_address={"simple_address": f"{alias}@example.com"},
        )
        await verbs.activate_contact_channel(
            contact_channel_id=channel["contact_channel_arn"], activation_code=_Codes.CODE
        )
        target = {"channel_target_info": {"contact_channel_id": channel["contact_channel_arn"]}}
        await verbs.update_contact(contact_id=arn, plan={"stages": [{"duration_in_minutes": 5, "targets": [target]}]})
        return str(arn)

    async def key_for(self, role: Any, contact_arn: str | None = None, account: str = ACCOUNT) -> AccessKey:
        return await self.engine.keys.create(account, f"{role}-key", role, contact_arn)

    def token(self, key: AccessKey | None = None, at: float | None = None) -> str:
        key = key or self.key
        return sign_token(key.access_key_id, key.secret_access_key, time.time() if at is None else at)

    @asynccontextmanager
    async def visit(
        self, *, key: AccessKey | None = None, resume: dict[str, Any] | None = None, **options: Any
    ) -> AsyncIterator[Backdoor]:
        """A bare client that has said hello and been welcomed."""
        async with self.dial(**options) as client:
            await client.say(kind="hello", protocol=1, token=self.token(key), resume=resume)
            client.welcome = await client.hear("welcome")
            yield client

    @asynccontextmanager
    async def dial(self, **options: Any) -> AsyncIterator[Backdoor]:
        """A bare client that has said nothing yet."""
        url = f"ws://127.0.0.1:{self.port}/stream"
        async with connect(url, **{"max_size": None, "close_timeout": 1} | options) as connection:
            yield Backdoor(connection)

    def missing_incident(self) -> str:
        return incident_record_arn(ACCOUNT, "payments", "00000000-0000-4000-8000-000000000000")


class Backdoor:
    """A client that speaks frames as they are."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.welcome: dict[str, Any] = {}
        self.aside: list[dict[str, Any]] = []
        """Frames that came while another kind was awaited."""

    async def say(self, **frame: Any) -> None:
        await self.connection.send(json.dumps(frame))

    async def any(self, seconds: float = 5.0) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(self.connection.recv(), seconds))
        return frame

    async def hear(self, kind: str, seconds: float = 5.0) -> dict[str, Any]:
        """The next frame of a kind."""
        while (frame := await self.any(seconds))["kind"] != kind:
            self.aside.append(frame)
        return frame

    async def world(self) -> tuple[int, list[dict[str, Any]]]:
        """A whole snapshot: its seq and its changes."""
        changes: list[dict[str, Any]] = []
        while True:
            part = await self.hear("snapshot")
            changes = part["changes"] if part["first"] else changes + part["changes"]
            if part["last"]:
                return part["seq"], changes

    async def do(self, action: str, token: str = "token", **arguments: Any) -> dict[str, Any]:
        """A command and its reply."""
        await self.say(kind="command", id=f"id of {token}", action=action, token=token, arguments=arguments)
        return await self.hear("reply")


class Heard(list[News]):
    """News in the order in which they came; give its `append` as `deliver`."""

    def of(self, kind: type[Any]) -> list[Any]:
        return [news for news in self if isinstance(news, kind)]


@asynccontextmanager
async def open_house(place: Path, *, serve: bool = True, **config: Any) -> AsyncIterator[House]:
    engine = await Engine.open(
        f"sqlite:///{place / 'warroom.db'}",
        clock=SystemClock(),
        account=ACCOUNT,
        region="us-east-1",
        identifiers=_Codes(),
    )
    house = House(engine, await engine.keys.create(ACCOUNT, "local", "admin"))
    try:
        if serve:
            await house.serve(**config)
        yield house
    finally:
        await house.stop()
        await engine.close()
