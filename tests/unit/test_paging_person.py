"""A paged person: stages, retries, receipts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from paging_world import START, World, plan_on, receipts, world_at
from warroom.model.contacts import PlanProgress
from warroom.store import tables
from warroom.store.contacts import channels


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path) as world:
        yield world


async def test_a_page_is_sent_every_interval_until_the_stage_ends(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    await world.at(3600)
    assert world.recorder.times == [0, 60, 120, 180, 240]
    page = await world.page(alice)
    assert receipts(page) == ["SENT"] * 5
    assert page.sent_time == START + timedelta(seconds=240)
    assert [receipt.receipt_info for receipt in page.receipts] == ["SM2", "SM3", "SM4", "SM5", "SM6"]


@pytest.mark.parametrize("interval", [0, 5, 60])
async def test_without_an_interval_within_the_stage_a_page_is_sent_once(world: World, interval: int) -> None:
    alice = await world.person("alice", (5, interval))
    await world.engage(alice)
    await world.at(3600)
    assert world.recorder.times == [0]


async def test_stages_follow_their_durations_and_an_empty_one_is_a_delay(world: World) -> None:
    alice = await world.person("alice", (1, 0), (10, None), (0, 0), (5, 2))
    await world.engage(alice)
    await world.at(3600)
    assert world.recorder.times == [0, 660, 660, 780, 900]


async def test_progress_counts_down_to_the_next_stage_and_ends_without_a_stop_time(world: World) -> None:
    alice = await world.person("alice", (5, 0), (3, 0))
    engagement = await world.engage(alice)

    async def progress() -> PlanProgress | None:
        return (await world.page(alice)).progress

    def at(seconds: float) -> object:
        return START + timedelta(seconds=seconds)

    await world.at(1)
    assert await progress() == PlanProgress(stage_index=0, stage_count=2, next_stage_time=at(300))
    assert await world.is_paging()
    await world.at(300)
    assert await progress() == PlanProgress(stage_index=1, stage_count=2, next_stage_time=at(480))
    await world.at(480)
    assert await progress() == PlanProgress(stage_index=2, stage_count=2)
    assert not await world.is_paging()
    assert (await world.engagement(engagement)).stop_time is None


async def test_every_page_of_an_incident_is_on_its_timeline(world: World) -> None:
    alice, bob = await world.person("alice", (5, 0)), await world.person("bob", (5, 0))
    incident = await world.incident(alice, bob)
    await world.at(0)
    paged = await world.events(incident, "SSM Contacts Page for Incident")
    assert sorted(event["contactArn"] for event in paged) == sorted([alice, bob])
    page = await world.page(alice)
    assert page.incident_id == incident
    assert {event["engagementArn"] for event in paged if event["contactArn"] == alice} == {page.engagement_arn}


async def test_a_channel_that_is_not_activated_is_skipped_visibly_and_the_stage_waits(world: World) -> None:
    alice = await world.person("alice", (5, 1), active=False)
    world.recorder.handed.clear()
    incident = await world.incident(alice)
    await world.at(3600)
    assert world.recorder.times == []
    page = await world.page(alice)
    assert [(r.receipt_type, r.receipt_info) for r in page.receipts] == [
        ("ERROR", "not sent: the channel is not activated")
    ]
    assert page.progress == PlanProgress(stage_index=1, stage_count=1)
    (skipped,) = await world.events(incident, "WarRoom Channel Skipped")
    assert skipped == {
        "contactArn": alice,
        "contactChannelArn": page.receipts[0].contact_channel_arn,
        "reason": "not sent: the channel is not activated",
    }


async def test_a_deleted_channel_is_skipped_visibly(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    await world.at(60)
    (channel,) = (await world.verbs.list_contact_channels(contact_id=alice))["contact_channels"]
    await world.store.write(lambda transaction: channels.delete(transaction, channel))
    await world.at(3600)
    assert world.recorder.times == [0, 60]
    last = (await world.page(alice)).receipts[-1]
    assert (last.receipt_type, last.receipt_info) == ("ERROR", "not sent: the channel no longer exists")


async def test_a_person_without_a_plan_has_a_page_to_accept_that_says_why_nothing_was_sent(world: World) -> None:
    created = await world.verbs.create_contact(alias="alice", type="PERSONAL", plan={"stages": []})
    alice = created["contact_arn"]
    incident = await world.incident(alice)
    await world.at(0)
    page = await world.page(alice)
    assert receipts(page) == ["ERROR"] and "no stages" in (page.receipts[0].receipt_info or "")
    assert len(await world.events(incident, "WarRoom Contact Skipped")) == 1
    await world.read(alice)
    assert (await world.page(alice)).read_time == START


async def test_a_plan_runs_as_it_was_when_it_began(world: World) -> None:
    alice = await world.person("alice", (5, 0), (5, 0))
    await world.engage(alice)
    await world.at(10)
    (channel,) = (await world.verbs.list_contact_channels(contact_id=alice))["contact_channels"]
    await world.verbs.update_contact(contact_id=alice, plan=plan_on(channel.key, (1, 0)))
    await world.at(3600)
    assert world.recorder.times == [0, 300]


async def test_after_an_outage_what_is_due_is_sent_at_once_and_in_order(world: World) -> None:
    alice = await world.person("alice", (5, 1), (5, 0), (30, 10))
    await world.engage(alice)
    await world.at(30)
    assert world.recorder.times == [0]
    world.clock.moment = START + timedelta(seconds=1000)
    world.runner = world.new_runner()
    await world.runner.step()
    # The retry that was due, the second stage, and the third with its own grid from 600 s on.
    assert world.recorder.times == [0, 1000, 1000, 1000]
    assert (await world.page(alice)).progress == PlanProgress(
        stage_index=2, stage_count=3, next_stage_time=START + timedelta(seconds=2400)
    )
    await world.at(3600)
    assert world.recorder.times == [0, 1000, 1000, 1000, 1200, 1800]


async def test_a_late_runner_delays_no_later_stage(world: World) -> None:
    alice = await world.person("alice", (1, 0), (1, 0), (1, 0))
    await world.engage(alice)
    for late in (0.0, 60.9, 120.9):
        world.clock.moment = START + timedelta(seconds=late)
        following = await world.runner.step()
    assert world.recorder.times == [0, 60.9, 120.9]
    assert following == START + timedelta(seconds=180)


async def test_the_accept_code_is_in_no_record_and_no_change(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    await world.at(60)
    code = await world.code(await world.page(alice))
    assert code == world.recorder.handed[-1][1].code
    told = [str(row["record"]) for row in await world.rows(tables.changes)]
    told += [str(row["record"]) for row in await world.rows(tables.pages)]
    assert not [text for text in told if code in text]
    assert code not in repr(world.recorder.handed[-1][1])


async def test_a_deadline_that_cannot_be_acted_on_waits_a_minute_and_holds_up_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    alice, bob = await world.person("alice", (1, 0), (1, 0)), await world.person("bob", (1, 0), (1, 0))
    await world.engage(alice)
    await world.engage(bob)
    await world.at(0)
    broken = tables.deadlines.c.page_arn == (await world.page(alice)).page_arn
    await world.store.write(
        lambda transaction: transaction.connection.execute(tables.deadlines.update().where(broken).values(detail="{"))
    )
    world.recorder.handed.clear()
    await world.at(60)
    assert [message.address for _, message in world.recorder.handed] == ["+15550002"]
    (held,) = [row for row in await world.rows(tables.deadlines) if row["detail"] == "{"]
    assert held["due_time"] == START + timedelta(seconds=120)
    assert "could not be acted on" in caplog.text
