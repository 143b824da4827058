"""Accepting a page: codes, receipts, and what an acknowledgement ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from paging_world import START, World, receipts, world_at
from warroom.model.contacts import PlanProgress
from warroom.model.errors import ValidationException


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path) as world:
        yield world


@pytest.fixture
async def alice(world: World) -> str:
    """Engaged at the start, and paged."""
    alice = await world.person("alice", (5, 1), (5, 1))
    await world.engage(alice)
    await world.at(0)
    return alice


async def accept(world: World, contact: str, **more: Any) -> None:
    page = await world.page(contact)
    request = {"accept_type": "READ", "accept_code": await world.code(page)} | more
    await world.verbs.accept_page(page_id=page.page_arn, **request)


async def wrong_code(world: World, contact: str) -> str:
    return f"{(int(await world.code(await world.page(contact))) + 1) % 1_000_000:06d}"


async def test_reading_a_page_ends_its_retries_and_stages(world: World, alice: str) -> None:
    await world.at(90)
    await accept(world, alice)
    await world.at(3600)
    assert world.recorder.times == [0, 60]
    page = await world.page(alice)
    assert receipts(page) == ["SENT", "SENT", "READ"]
    assert page.read_time == START + timedelta(seconds=90)
    assert page.progress == PlanProgress(stage_index=0, stage_count=2)
    assert (await world.engagement(page.engagement_arn)).stop_time is None
    assert not await world.is_paging()


async def test_a_plain_read_receipt_has_neither_channel_nor_text(world: World, alice: str) -> None:
    await accept(world, alice)
    receipt = (await world.page(alice)).receipts[-1]
    assert receipt.model_dump(exclude_none=True) == {"receipt_type": "READ", "receipt_time": START}


async def test_a_note_and_a_channel_are_in_the_receipt(world: World, alice: str) -> None:
    (channel,) = (await world.verbs.list_contact_channels(contact_id=alice))["contact_channels"]
    await accept(world, alice, note="on it", contact_channel_id=channel.contact_channel_arn)
    receipt = (await world.page(alice)).receipts[-1]
    assert (receipt.receipt_info, receipt.contact_channel_arn) == ("on it", channel.contact_channel_arn)


@pytest.mark.parametrize("more", [{}, {"accept_code_validation": "ENFORCE"}])
async def test_a_wrong_code_is_refused_and_pages_on(world: World, alice: str, more: dict[str, str]) -> None:
    with pytest.raises(ValidationException) as refused:
        await accept(world, alice, accept_code=await wrong_code(world, alice), **more)
    assert refused.value.fields[0][0] == "AcceptCode"
    assert await world.code(await world.page(alice)) not in refused.value.message
    await world.at(60)
    assert receipts(await world.page(alice)) == ["SENT", "SENT"]


async def test_any_code_will_do_when_it_is_to_be_ignored(world: World, alice: str) -> None:
    await accept(world, alice, accept_code=await wrong_code(world, alice), accept_code_validation="IGNORE")
    assert receipts(await world.page(alice)) == ["SENT", "READ"]


async def test_a_second_read_changes_nothing(world: World, alice: str) -> None:
    await accept(world, alice, note="first")
    first = await world.page(alice)
    await world.at(10)
    await accept(world, alice, note="second")
    assert await world.page(alice) == first


async def test_delivered_is_noted_and_does_not_acknowledge(world: World, alice: str) -> None:
    await world.at(10)
    await accept(world, alice, accept_type="DELIVERED", note="handset")
    await accept(world, alice, accept_type="DELIVERED")
    await world.at(60)
    page = await world.page(alice)
    assert receipts(page) == ["SENT", "DELIVERED", "SENT"]
    assert page.delivery_time == START + timedelta(seconds=10) and page.read_time is None
    (channel,) = (await world.verbs.list_contact_channels(contact_id=alice))["contact_channels"]
    await accept(world, alice, accept_type="DELIVERED", contact_channel_id=channel.key)
    page = await world.page(alice)
    assert receipts(page)[-1] == "DELIVERED" and page.delivery_time == START + timedelta(seconds=10)


async def test_a_channel_of_somebody_else_cannot_have_accepted(world: World, alice: str) -> None:
    bob = await world.person("bob", (5, 0))
    (channel,) = (await world.verbs.list_contact_channels(contact_id=bob))["contact_channels"]
    with pytest.raises(ValidationException) as refused:
        await accept(world, alice, contact_channel_id=channel.contact_channel_arn)
    assert refused.value.fields[0][0] == "ContactChannelId"


async def test_a_page_may_be_read_after_its_plan_ended(world: World, alice: str) -> None:
    await world.at(3600)
    await accept(world, alice)
    page = await world.page(alice)
    assert page.read_time == START + timedelta(hours=1)
    assert page.progress == PlanProgress(stage_index=2, stage_count=2)


async def test_a_page_may_be_read_after_its_engagement_was_stopped(world: World, alice: str) -> None:
    await world.verbs.stop_engagement(engagement_id=(await world.page(alice)).engagement_arn)
    await accept(world, alice)
    assert receipts(await world.page(alice)) == ["SENT", "STOP", "READ"]


async def test_the_acknowledgement_is_on_the_timeline_of_the_incident_once(world: World) -> None:
    bob = await world.person("bob", (5, 1))
    incident = await world.incident(bob)
    await world.at(30)
    await accept(world, bob)
    await accept(world, bob)
    page = await world.page(bob)
    assert await world.events(incident, "SSM Contacts Page Acknowledgement for Incident") == [
        {"contactArn": bob, "engagementArn": page.engagement_arn}
    ]


async def test_stopping_by_hand_is_on_the_timeline_once(world: World) -> None:
    bob = await world.person("bob", (5, 1))
    incident = await world.incident(bob)
    await world.at(30)
    engagement = (await world.page(bob)).engagement_arn
    for _ in range(2):
        await world.verbs.stop_engagement(engagement_id=engagement, reason="false alarm")
    assert await world.events(incident, "WarRoom Engagement Stopped") == [
        {"contactArn": bob, "engagementArn": engagement, "reason": "false alarm"}
    ]


async def test_receipts_are_listed_by_type_and_paged(world: World, alice: str) -> None:
    await world.at(60)
    await accept(world, alice, accept_type="DELIVERED")
    await accept(world, alice)
    page_id = (await world.page(alice)).page_arn
    types: list[str] = []
    token = None
    while True:
        found = await world.verbs.list_page_receipts(page_id=page_id, max_results=3, next_token=token)
        types += [receipt.receipt_type for receipt in found["receipts"]]
        token = found["next_token"]
        if token is None:
            break
    assert types == ["DELIVERED", "READ", "SENT", "SENT"]


async def test_pages_are_listed_by_engagement_and_by_contact_newest_first(world: World, alice: str) -> None:
    first = await world.page(alice)
    await world.at(10)
    await world.engage(alice)
    await world.at(20)
    second = await world.page(alice)
    by_contact = (await world.verbs.list_pages_by_contact(contact_id=alice))["pages"]
    assert [page["page_arn"] for page in by_contact] == [second.page_arn, first.page_arn]
    by_engagement = (await world.verbs.list_pages_by_engagement(engagement_id=first.engagement_arn))["pages"]
    assert [page["page_arn"] for page in by_engagement] == [first.page_arn]
    assert by_engagement[0]["sent_time"] == START and "receipts" not in by_engagement[0]
    one = await world.verbs.list_pages_by_contact(contact_id=alice, max_results=1)
    rest = await world.verbs.list_pages_by_contact(contact_id=alice, max_results=1, next_token=one["next_token"])
    assert [page["page_arn"] for page in rest["pages"]] == [first.page_arn] and rest["next_token"] is None
    described = await world.verbs.describe_page(page_id=first.page_arn)
    assert described["content"] == "5xx at 40 %" and not {"receipts", "progress"} & described.keys()
