"""An engine on a database file of the test's own, with a clock that the test moves and identifiers from a seed."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from paging_world import ACCOUNT, REGION, START, Clock
from warroom.engine import Engine
from warroom.engine.identifiers import Identifiers
from warroom.model.identity import Caller
from warroom.model.incidents import IncidentRecord

__all__ = ["ACCOUNT", "ALICE", "REGION", "START", "STRANGER", "EngineHouse", "engine_at", "everything"]

ALICE = Caller(ACCOUNT, "alice", "admin")
STRANGER = Caller("444455556666", "mallory", "admin")


@dataclass
class EngineHouse:
    engine: Engine
    clock: Clock

    @property
    def verbs(self) -> Any:
        return self.engine.acting_as(ALICE)

    @property
    def strangers_verbs(self) -> Any:
        return self.engine.acting_as(STRANGER)

    def wait(self, seconds: float) -> None:
        self.clock.moment += timedelta(seconds=seconds)

    async def plan(self, name: str = "payments", **members: Any) -> str:
        """A response plan; `template` members are those of its incident template."""
        template = {"title": "Payments are down", "impact": 2} | members.pop("template", {})
        created = await self.verbs.create_response_plan(name=name, incident_template=template, **members)
        return str(created["arn"])

    async def start(self, plan: str | None = None, **members: Any) -> str:
        started = await self.verbs.start_incident(response_plan_arn=plan or await self.plan(), **members)
        return str(started["incident_record_arn"])

    async def incident(self, arn: str) -> IncidentRecord:
        found: IncidentRecord = (await self.verbs.get_incident_record(arn=arn))["incident_record"]
        return found

    async def note(self, arn: str, text: str = '"a note"', **members: Any) -> str:
        given = {"event_time": self.clock.now(), "event_type": "Note", "event_data": text} | members
        created = await self.verbs.create_timeline_event(incident_record_arn=arn, **given)
        return str(created["event_id"])

    async def events(self, arn: str, **members: Any) -> list[Any]:
        page = await self.verbs.list_timeline_events(incident_record_arn=arn, **members)
        return list(page["event_summaries"])

    async def contact(self, alias: str) -> str:
        created = await self.verbs.create_contact(alias=alias, type="PERSONAL", plan={"stages": []})
        return str(created["contact_arn"])


async def everything(operation: Any, member: str, **members: Any) -> list[Any]:
    """All entries of a list, page by page."""
    entries: list[Any] = []
    token = None
    while True:
        page = await operation(**members, **({} if token is None else {"next_token": token}))
        entries.extend(page[member])
        token = page["next_token"]
        if token is None:
            return entries


@asynccontextmanager
async def engine_at(directory: Path, *, seed: int = 1, bare: bool = False) -> AsyncIterator[EngineHouse]:
    clock = Clock()
    engine = await Engine.open(
        f"sqlite:///{directory / 'warroom.db'}",
        clock=clock,
        account=ACCOUNT,
        region=REGION,
        bare=bare,
        identifiers=Identifiers(random.Random(seed)),
    )
    try:
        yield EngineHouse(engine, clock)
    finally:
        await engine.close()
