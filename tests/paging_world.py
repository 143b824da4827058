"""A world to page in: a real store in a file, a clock that the test moves, and a provider that does as it is told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from warroom.engine.identifiers import Identifiers
from warroom.engine.onboarding import onboard
from warroom.engine.operation import House
from warroom.engine.operations import Verbs
from warroom.engine.paging.provider import Accepted, Message, Refused
from warroom.engine.paging.runner import Runner, is_paging
from warroom.model.contacts import Engagement, Page
from warroom.model.identity import Caller
from warroom.store import tables
from warroom.store.contacts import engagements, pages
from warroom.store.store import Store

__all__ = ["ACCOUNT", "REGION", "START", "Clock", "Recorder", "World", "plan_on", "receipts", "world_at"]

ACCOUNT = "111122223333"
REGION = "us-east-1"
START = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


class Recorder:
    """A provider that keeps what it was handed. `behaviour`: accept, refuse, raise, hang, wait (until `go_on` is set),
    or leak (fails, repeating the code)."""

    name = "recorder"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.behaviour = "accept"
        self.go_on = asyncio.Event()
        self.handed: list[tuple[float, Message]] = []
        """Seconds since the start of the world, and the message."""

    async def send(self, message: Message) -> Accepted:
        self.handed.append(((self._clock.now() - START).total_seconds(), message))
        match self.behaviour:
            case "refuse":
                raise Refused("the number is blocked")
            case "raise":
                raise OSError("connection reset")
            case "leak":
                raise RuntimeError(f"cannot say {message.code}")
            case "hang":
                await asyncio.sleep(3600)
            case "wait":
                await self.go_on.wait()
        return Accepted(f"SM{len(self.handed)}")

    @property
    def times(self) -> list[float]:
        """When pages were handed over, in seconds since the start."""
        return [at for at, message in self.handed if message.kind == "page"]

    def to(self, address: str) -> list[Message]:
        return [message for _, message in self.handed if message.address == address]


class World:
    def __init__(self, store: Store, clock: Clock, seed: int) -> None:
        self.store = store
        self.clock = clock
        self.house = House(store, clock, Identifiers(random.Random(seed)), REGION)
        self.recorder = Recorder(clock)
        self.runner = self.new_runner()
        self.verbs: Any = Verbs(self.house, Caller(ACCOUNT, "tester", "admin"))
        self._telephones = 0

    def new_runner(self, send_timeout: float = 5.0) -> Runner:
        """As a backend that starts anew has it."""
        recorder = self.recorder
        return Runner(self.house, {"SMS": recorder, "VOICE": recorder, "EMAIL": recorder}, send_timeout=send_timeout)

    async def at(self, seconds: float) -> None:
        """Let time pass to `seconds` after the start, stopping wherever something is due."""
        until = START + timedelta(seconds=seconds)
        while True:
            following = await self.runner.step()
            if following is None or following > until:
                break
            self.clock.moment = max(following, self.clock.moment)
        self.clock.moment = max(until, self.clock.moment)
        await self.runner.step()

    async def person(self, alias: str, *stages: tuple[int, int | None], active: bool = True) -> str:
        """A contact with one SMS channel and stages of (minutes, retry interval in minutes); None: an empty stage."""
        created = await self.verbs.create_contact(alias=alias, type="PERSONAL", plan={"stages": []})
        arn: str = created["contact_arn"]
        channel = await self.channel(arn, active=active)
        await self.verbs.update_contact(contact_id=arn, plan=plan_on(channel, *stages))
        return arn

    async def channel(self, contact_arn: str, *, active: bool = True) -> str:
        self._telephones += 1
        created = await self.verbs.create_contact_channel(
            contact_id=contact_arn,
            name="phone",
            type="SMS",
            delivery_address={"simple_address": f"+1555{self._telephones:04d}"},
        )
        arn: str = created["contact_channel_arn"]
        if active:
            await self.runner.step()
            code = self.recorder.handed[-1][1].code
            await self.verbs.activate_contact_channel(contact_channel_id=arn, activation_code=code)
        return arn

    async def escalation(self, alias: str, *stages: tuple[int, list[tuple[str, bool]]]) -> str:
        """An escalation plan with stages of (minutes, [(contact, essential)])."""
        created = await self.verbs.create_contact(
            alias=alias,
            type="ESCALATION",
            plan={
                "stages": [
                    {
                        "duration_in_minutes": minutes,
                        "targets": [
                            {"contact_target_info": {"contact_id": contact, "is_essential": essential}}
                            for contact, essential in targets
                        ],
                    }
                    for minutes, targets in stages
                ]
            },
        )
        arn: str = created["contact_arn"]
        return arn

    async def engage(self, contact_arn: str, **more: Any) -> str:
        started = await self.verbs.start_engagement(
            contact_id=contact_arn, sender="test", subject="Checkout is down", content="5xx at 40 %", **more
        )
        arn: str = started["engagement_arn"]
        return arn

    async def incident(self, *contact_arns: str) -> str:
        """An incident from a plan that engages the contacts."""
        plan = await self.verbs.create_response_plan(
            name=f"plan-{self.house.identifiers.uuid()}",
            incident_template={"title": "Checkout is down", "impact": 1},
            engagements=list(contact_arns),
        )
        started = await self.verbs.start_incident(response_plan_arn=plan["arn"])
        arn: str = started["incident_record_arn"]
        return arn

    async def events(self, incident_arn: str, event_type: str) -> list[dict[str, Any]]:
        """The data of the incident's events of a type, oldest first."""
        c = tables.timeline_events.c
        statement = sa.select(c.record).where(c.incident_arn == incident_arn, c.event_type == event_type)
        texts = await self.store.read(
            lambda reader: reader.connection.execute(statement.order_by(c.event_time)).scalars().all()
        )
        return [orjson.loads(orjson.loads(text)["event_data"]) for text in texts]

    async def page(self, contact_arn: str) -> Page:
        """The newest page of a contact."""
        found = await self.store.read(
            lambda reader: pages.select(
                reader, pages.c.contact_arn == contact_arn, order=(pages.c.created_time.desc(),), limit=1
            )
        )
        assert found, f"{contact_arn} has no page"
        return found[0]

    async def engagement(self, arn: str) -> Engagement:
        found = await self.store.read(lambda reader: engagements.get(reader, arn))
        assert found is not None
        return found

    async def code(self, page: Page) -> str:
        found: str = await self.store.read(lambda reader: pages.column(reader, page.key, "accept_code"))
        return found

    async def read(self, contact_arn: str, **more: Any) -> None:
        """The contact acknowledges their newest page."""
        page = await self.page(contact_arn)
        await self.verbs.accept_page(
            page_id=page.page_arn, accept_type="READ", accept_code=await self.code(page), **more
        )

    async def is_paging(self) -> bool:
        return await self.store.read(is_paging)

    async def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        return await self.store.read(
            lambda reader: [dict(row._mapping) for row in reader.connection.execute(sa.select(table))]
        )


def plan_on(channel: str, *stages: tuple[int, int | None]) -> dict[str, Any]:
    """A person's plan with one channel in each stage."""
    return {
        "stages": [
            {
                "duration_in_minutes": minutes,
                "targets": []
                if interval is None
                else [{"channel_target_info": {"contact_channel_id": channel, "retry_interval_in_minutes": interval}}],
            }
            for minutes, interval in stages
        ]
    }


def receipts(page: Page) -> list[str]:
    """The types of a page's receipts, in the order in which they came."""
    return [receipt.receipt_type for receipt in page.receipts]


@asynccontextmanager
async def world_at(directory: Path, seed: int = 1) -> AsyncIterator[World]:
    """A world on a database in `directory`, onboarded."""
    clock = Clock()
    store = await Store.open(f"sqlite:///{directory / 'warroom.db'}", clock.now)
    try:
        world = World(store, clock, seed)
        await onboard(world.house, ACCOUNT)
        yield world
    finally:
        await store.close()
