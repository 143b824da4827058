"""The feed: the open world at a place in the log, and everything after it, once and in order."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine_house import ACCOUNT, STRANGER, EngineHouse, engine_at
from paging_world import world_at
from warroom.engine.feed import Feed
from warroom.engine.interfaces import LoggedChange
from warroom.model.changes import KINDS


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[EngineHouse]:
    async with engine_at(tmp_path) as house:
        yield house


class Follower:
    """Follows the feed until it is told to stop."""

    def __init__(self, house: EngineHouse, cursor: int) -> None:
        self.changes: list[LoggedChange] = []
        self._task = asyncio.get_running_loop().create_task(self._follow(house, cursor))

    async def _follow(self, house: EngineHouse, cursor: int) -> None:
        async for batch in house.engine.feed.follow(cursor):
            self.changes.extend(batch)

    async def until(self, seq: int) -> list[LoggedChange]:
        async with asyncio.timeout(10):
            while not self.changes or self.changes[-1].seq < seq:
                await asyncio.sleep(0.002)
        self._task.cancel()
        return self.changes


async def test_no_change_is_missed_doubled_or_out_of_order_under_concurrent_writes(house: EngineHouse) -> None:
    plan = await house.plan()
    early = Follower(house, 0)

    async def caller() -> None:
        for _ in range(5):
            arn = await house.start(plan)
            await house.note(arn)
            await house.verbs.update_incident_record(arn=arn, impact=1)

    writing = [asyncio.ensure_future(caller()) for _ in range(12)]
    await asyncio.sleep(0.05)
    amid = Follower(house, await house.engine.feed.position())
    await asyncio.gather(*writing)
    last = await house.engine.feed.position()
    seen = await early.until(last)
    assert [change.seq for change in seen] == list(range(1, last + 1))
    late = await amid.until(last)
    assert late == seen[-len(late) :]
    # The states of each incident follow each other as they were written.
    incidents = [change for change in seen if change.kind == "incident_record"]
    for _, states in itertools.groupby(sorted(incidents, key=lambda each: each.key), key=lambda each: each.key):
        assert [json.loads(each.record or "")["impact"] for each in states] == [2, 2, 1]


async def test_a_snapshot_and_what_follows_it_make_the_world_whole(house: EngineHouse) -> None:
    plan = await house.plan()
    arns = [await house.start(plan) for _ in range(3)]
    snapshot = await house.engine.feed.snapshot(ACCOUNT)
    follower = Follower(house, snapshot.seq)
    await house.verbs.update_incident_record(arn=arns[0], title="renamed")
    world = {change.key: change.record for change in snapshot.changes}
    for change in await follower.until(await house.engine.feed.position()):
        assert change.seq > snapshot.seq
        world[change.key] = change.record
    fresh = {change.key: change.record for change in (await house.engine.feed.snapshot(ACCOUNT)).changes}
    assert {key: world[key] for key in fresh} == fresh


async def test_a_snapshot_has_what_is_open_and_nothing_of_other_accounts(house: EngineHouse) -> None:
    contact = await house.contact("bob")
    plan = await house.plan(engagements=[contact])
    is_open, resolved = await house.start(plan), await house.start(plan)
    await house.verbs.update_incident_record(arn=resolved, status="RESOLVED")
    message = {"contact_id": contact, "sender": "s", "subject": "s", "content": "c"}
    alone = (await house.verbs.start_engagement(**message))["engagement_arn"]
    named = (await house.verbs.start_engagement(**message, incident_id="JIRA-1"))["engagement_arn"]
    snapshot = await house.engine.feed.snapshot(ACCOUNT)
    kinds = [change.kind for change in snapshot.changes]
    assert sorted(set(kinds)) == ["contact", "engagement", "incident_record", "replication_set", "response_plan"]
    incidents = [change.key for change in snapshot.changes if change.kind == "incident_record"]
    assert incidents == [is_open]
    engagements = {change.key: change.incident_arn for change in snapshot.changes if change.kind == "engagement"}
    assert len(engagements) == 3
    assert {engagements.pop(alone), engagements.pop(named)} == {None}
    assert set(engagements.values()) == {is_open}
    assert {change.seq for change in snapshot.changes} == {await house.engine.feed.position()}
    for change in snapshot.changes:
        assert KINDS[change.kind].model_validate_json(change.record or "").key == change.key
    assert list((await house.engine.feed.snapshot(STRANGER.account)).changes) == []


async def test_an_engagement_for_no_incident_leaves_the_open_world_when_it_is_old(house: EngineHouse) -> None:
    contact = await house.contact("bob")
    message = {"contact_id": contact, "sender": "s", "subject": "s", "content": "c"}
    started = await house.verbs.start_engagement(**message)
    house.wait(25 * 3600)

    async def keys() -> set[str]:
        return {change.key for change in (await house.engine.feed.snapshot(ACCOUNT)).changes}

    assert started["engagement_arn"] in await keys()  # it still has a deadline
    await house.verbs.stop_engagement(engagement_id=started["engagement_arn"])
    assert started["engagement_arn"] not in await keys()


async def test_who_is_paged_for_a_resolved_incident_is_in_the_open_world_until_they_answer(tmp_path: Path) -> None:
    async with world_at(tmp_path) as world:
        bob = await world.person("bob", (5, 1))
        incident = await world.incident()
        await world.verbs.update_incident_record(arn=incident, status="RESOLVED")
        engagement = await world.engage(bob, incident_id=incident)

        async def shown() -> dict[str, tuple[str, str | None]]:
            told = (await Feed(world.store).snapshot(ACCOUNT)).changes
            return {each.key: (each.kind, each.incident_arn) for each in told if each.kind in ("engagement", "page")}

        assert await shown() == {engagement: ("engagement", incident)}
        await world.at(0)
        page = await world.page(bob)
        assert await shown() == {engagement: ("engagement", incident), page.key: ("page", incident)}
        await world.read(bob)
        assert await shown() == {}


async def test_a_follower_that_waits_hears_of_a_change_at_once(house: EngineHouse) -> None:
    follower = Follower(house, await house.engine.feed.position())
    await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await house.plan()
    await follower.until(await house.engine.feed.position())
    assert loop.time() - began < 0.5


async def test_a_tombstone_is_told(house: EngineHouse) -> None:
    arn = await house.start()
    event_id = await house.note(arn)
    follower = Follower(house, await house.engine.feed.position())
    await house.verbs.delete_timeline_event(incident_record_arn=arn, event_id=event_id)
    told = await follower.until(await house.engine.feed.position())
    assert (told[0].key, told[0].record, told[0].incident_arn) == (f"{arn}#{event_id}", None, arn)
    assert told[1].kind == "incident_record"
