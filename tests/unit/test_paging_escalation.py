"""Escalation plans: stages of contacts, and what an acknowledgement stops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from paging_world import START, World, receipts, world_at
from warroom.model.contacts import PlanProgress
from warroom.store.contacts import contacts, pages


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path) as world:
        yield world


async def paged(world: World) -> dict[str, float]:
    """The alias of each paged contact, and the second at which the page was made."""
    rows = await world.store.read(lambda reader: reader.connection.execute(pages.table.select()).all())
    return {row.contact_arn.rsplit("/", 1)[-1]: (row.created_time - START).total_seconds() for row in rows}


async def test_contacts_of_a_stage_are_paged_side_by_side_by_their_own_plans(world: World) -> None:
    alice, bob = await world.person("alice", (5, 1)), await world.person("bob", (2, 0), (2, 0))
    carol = await world.person("carol", (1, 0))
    team = await world.escalation("team", (3, [(alice, True), (bob, False)]), (5, [(carol, True)]))
    world.recorder.handed.clear()
    engagement = await world.engage(team)
    await world.at(3600)
    assert await paged(world) == {"alice": 0, "bob": 0, "carol": 180}
    # alice's own plan runs on while carol is engaged
    assert sorted(world.recorder.times) == [0, 0, 60, 120, 120, 180, 180, 240]
    assert {(await world.page(each)).engagement_arn for each in (alice, bob, carol)} == {engagement}


async def test_the_engagement_counts_the_stages_and_ends_exhausted_without_a_stop_time(world: World) -> None:
    alice, bob = await world.person("alice", (1, 0)), await world.person("bob", (1, 0))
    engagement = await world.engage(await world.escalation("team", (3, [(alice, True)]), (4, [(bob, True)])))
    await world.at(0)
    assert (await world.engagement(engagement)).progress == PlanProgress(
        stage_index=0, stage_count=2, next_stage_time=START + timedelta(minutes=3)
    )
    await world.at(180)
    assert (await world.engagement(engagement)).progress == PlanProgress(
        stage_index=1, stage_count=2, next_stage_time=START + timedelta(minutes=7)
    )
    await world.at(3600)
    found = await world.engagement(engagement)
    assert found.progress == PlanProgress(stage_index=2, stage_count=2) and found.stop_time is None
    assert not await world.is_paging()


async def test_an_essential_acknowledgement_stops_further_stages_but_not_who_is_being_paged(world: World) -> None:
    alice, bob = await world.person("alice", (5, 1)), await world.person("bob", (5, 1))
    carol = await world.person("carol", (1, 0))
    world.recorder.handed.clear()
    engagement = await world.engage(
        await world.escalation("team", (3, [(alice, True), (bob, False)]), (5, [(carol, True)]))
    )
    await world.at(90)
    await world.read(alice)
    await world.at(3600)
    assert await paged(world) == {"alice": 0, "bob": 0}
    assert len(world.recorder.to("+15550001")) == 2
    assert len(world.recorder.to("+15550002")) == 5
    progress = (await world.engagement(engagement)).progress
    assert progress == PlanProgress(stage_index=0, stage_count=2)


async def test_a_non_essential_acknowledgement_stops_only_their_own_paging(world: World) -> None:
    alice, bob = await world.person("alice", (5, 1)), await world.person("bob", (5, 1))
    carol = await world.person("carol", (1, 0))
    await world.engage(await world.escalation("team", (3, [(alice, True), (bob, False)]), (5, [(carol, True)])))
    world.recorder.handed.clear()
    await world.at(90)
    await world.read(bob)
    await world.at(3600)
    assert await paged(world) == {"alice": 0, "bob": 0, "carol": 180}
    assert len(world.recorder.to("+15550002")) == 2
    assert len(world.recorder.to("+15550001")) == 5


async def test_who_is_essential_in_a_stage_that_has_not_begun_stops_nothing_before(world: World) -> None:
    alice, bob = await world.person("alice", (5, 0)), await world.person("bob", (1, 0))
    carol = await world.person("carol", (1, 0))
    team = await world.escalation(
        "team", (1, [(alice, False)]), (1, [(alice, True), (bob, False)]), (1, [(carol, True)])
    )
    incident = await world.incident(team)
    await world.at(30)
    await world.read(alice)
    await world.at(3600)
    # The second stage engages bob, finds that alice has acknowledged already, and is the last.
    assert await paged(world) == {"alice": 0, "bob": 60}
    (skipped,) = await world.events(incident, "WarRoom Contact Skipped")
    assert skipped["contactArn"] == alice and skipped["reason"] == "the contact has acknowledged already"


async def test_who_is_engaged_again_is_paged_again_on_the_same_page(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(await world.escalation("team", (2, [(alice, False)]), (2, [(alice, True)])))
    await world.at(3600)
    assert world.recorder.times == [0, 60, 120, 180, 240, 300, 360]
    assert receipts(await world.page(alice)) == ["SENT"] * 7


async def test_a_contact_that_no_longer_exists_is_skipped_visibly(world: World) -> None:
    alice, bob = await world.person("alice", (5, 0)), await world.person("bob", (5, 0))
    team = await world.escalation("team", (5, [(alice, True), (bob, True)]))
    gone = (await world.verbs.get_contact(contact_id=alice))["contact_arn"]
    record = await world.store.read(lambda reader: contacts.get(reader, gone))
    assert record is not None
    await world.store.write(lambda transaction: contacts.delete(transaction, record))
    incident = await world.incident(team, alice)
    await world.at(0)
    assert await paged(world) == {"bob": 0}
    skipped = await world.events(incident, "WarRoom Contact Skipped")
    assert [(event["contactArn"], event["reason"]) for event in skipped] == [
        (alice, "the contact no longer exists")
    ] * 2


async def test_a_schedule_with_nobody_on_call_says_so_on_the_timeline(world: World) -> None:
    created = await world.verbs.create_contact(alias="schedule", type="ONCALL_SCHEDULE", plan={"rotation_ids": []})
    schedule = created["contact_arn"]
    team = await world.escalation("team", (5, [(schedule, True)]))
    incident = await world.incident(team, schedule)
    await world.at(0)
    told = await world.events(incident, "WarRoom Nobody On Call")
    assert [event["contactArn"] for event in told] == [schedule] * 2
    assert await paged(world) == {}


async def test_an_engagement_without_an_incident_logs_what_no_page_can_hold(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    created = await world.verbs.create_contact(alias="schedule", type="ONCALL_SCHEDULE", plan={})
    await world.engage(created["contact_arn"])
    await world.at(0)
    assert "nobody is on call" in caplog.text


async def test_stopping_an_escalation_stops_its_stages_and_its_pages(world: World) -> None:
    alice, bob = await world.person("alice", (5, 1)), await world.person("bob", (5, 1))
    carol = await world.person("carol", (5, 1))
    team = await world.escalation("team", (3, [(alice, True), (bob, False)]), (5, [(carol, True)]))
    world.recorder.handed.clear()
    engagement = await world.engage(team)
    await world.at(90)
    await world.read(bob)
    await world.verbs.stop_engagement(engagement_id=engagement, reason="false alarm")
    await world.verbs.stop_engagement(engagement_id=engagement, reason="again")
    await world.at(3600)
    assert sorted(world.recorder.times) == [0, 0, 60, 60]
    stopped, read = await world.page(alice), await world.page(bob)
    assert receipts(stopped) == ["SENT", "SENT", "STOP"]
    assert stopped.receipts[-1].receipt_info == "false alarm"
    assert receipts(read) == ["SENT", "SENT", "READ"]
    assert stopped.progress == PlanProgress(stage_index=0, stage_count=1)
    found = await world.engagement(engagement)
    assert found.stop_time == START + timedelta(seconds=90)
    assert found.progress == PlanProgress(stage_index=0, stage_count=2)
    assert not await world.is_paging()


async def test_resolving_the_incident_stops_its_engagements(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    incident = await world.incident(alice)
    await world.at(61)
    await world.verbs.update_incident_record(arn=incident, status="RESOLVED")
    await world.at(3600)
    page = await world.page(alice)
    assert receipts(page) == ["SENT", "SENT", "STOP"]
    assert (await world.engagement(page.engagement_arn)).stop_time == START + timedelta(seconds=61)
