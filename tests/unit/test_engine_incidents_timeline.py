"""The timeline and the related items of an incident."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine_house import ACCOUNT, ALICE, START, EngineHouse, engine_at, everything
from warroom.model.errors import ResourceNotFoundException, ValidationException

MISSING = f"arn:aws:ssm-incidents::{ACCOUNT}:incident-record/payments/nope"
URL = {"type": "OTHER", "value": {"url": "https://grafana/d/1"}}
PARENT = {"type": "PARENT", "value": {"arn": "arn:aws:ssm:us-east-1:111122223333:opsitem/oi-1"}}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[EngineHouse]:
    async with engine_at(tmp_path) as house:
        yield house


async def test_an_event_is_read_as_it_was_written(house: EngineHouse) -> None:
    arn = await house.start()
    house.wait(5)
    references = [{"resource": arn}]
    event_id = await house.note(arn, '"disk full"', event_time=START, event_references=references)
    event = (await house.verbs.get_timeline_event(incident_record_arn=arn, event_id=event_id))["event"]
    assert (event.event_type, event.event_data, event.event_time) == ("Note", '"disk full"', START)
    assert event.event_updated_time == START + timedelta(seconds=5)
    assert event.event_references[0].resource == arn


async def test_events_are_listed_by_time_in_both_orders_page_by_page(house: EngineHouse) -> None:
    arn = await house.start()
    for seconds in (30, 10, 20):
        await house.note(arn, f'"{seconds}"', event_time=START + timedelta(seconds=seconds))
    listing = house.verbs.list_timeline_events
    newest_first = await everything(listing, "event_summaries", incident_record_arn=arn, max_results=2)
    oldest_first = await everything(
        listing, "event_summaries", incident_record_arn=arn, max_results=2, sort_by="EVENT_TIME", sort_order="ASCENDING"
    )
    assert [event.event_data for event in newest_first[:3]] == ['"30"', '"20"', '"10"']
    assert [event.event_type for event in newest_first[3:]] == ["SSM Incident Start", "SSM Incident Trigger"]
    assert oldest_first == newest_first[::-1]


async def test_an_event_that_comes_meanwhile_shifts_no_page(house: EngineHouse) -> None:
    arn = await house.start()
    for seconds in range(1, 7):
        await house.note(arn, f'"{seconds}"', event_time=START + timedelta(seconds=seconds))
    listing = house.verbs.list_timeline_events
    first = await listing(incident_record_arn=arn, max_results=3)
    await house.note(arn, '"late"', event_time=START + timedelta(seconds=60))
    second = await listing(incident_record_arn=arn, max_results=3, next_token=first["next_token"])
    seen = [event.event_data for event in [*first["event_summaries"], *second["event_summaries"]]]
    assert seen == [f'"{seconds}"' for seconds in range(6, 0, -1)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([{"key": "eventType", "condition": {"equals": {"string_values": ["Note"]}}}], ["refers", "plain"]),
        ([{"key": "eventTime", "condition": {"after": START + timedelta(seconds=1)}}], ["refers", "custom"]),
        ([{"key": "eventReference", "condition": {"equals": {"string_values": ["ITEM"]}}}], ["refers"]),
        ([{"key": "eventReference", "condition": {"equals": {"string_values": ["item", "ITE"]}}}], []),
        (
            [
                {"key": "eventType", "condition": {"equals": {"string_values": ["Note", "Custom Event"]}}},
                {"key": "eventTime", "condition": {"before": START + timedelta(seconds=3)}},
            ],
            ["custom", "plain"],
        ),
    ],
)
async def test_events_are_filtered(house: EngineHouse, filters: list[Any], expected: list[str]) -> None:
    arn = await house.start()
    at = [START + timedelta(seconds=seconds) for seconds in range(4)]
    await house.note(arn, '"plain"', event_time=at[1])
    # Its text looks like a reference, but is none.
    looks = json.dumps({"message": "custom", "related_item_id": "ITEM"})
    await house.note(arn, looks, event_type="Custom Event", event_time=at[2])
    await house.note(arn, '"refers"', event_time=at[3], event_references=[{"related_item_id": "ITEM"}])
    listed = await house.events(arn, filters=filters)
    named = [json.loads(event.event_data) for event in listed if not event.event_type.startswith("SSM")]
    assert [name if isinstance(name, str) else name["message"] for name in named] == expected


async def test_the_incident_itself_can_be_the_reference_of_a_filter(house: EngineHouse) -> None:
    arn = await house.start()
    await house.note(arn)
    await house.note(arn, '"pinned"', event_references=[{"resource": arn}])
    condition = {"equals": {"string_values": [arn]}}
    listed = await house.events(arn, filters=[{"key": "eventReference", "condition": condition}])
    assert [event.event_data for event in listed] == ['"pinned"']


async def test_an_update_patches_what_is_given(house: EngineHouse) -> None:
    arn = await house.start()
    event_id = await house.note(arn, '"before"', event_references=[{"resource": arn}, {"related_item_id": "x"}])
    house.wait(9)
    update = house.verbs.update_timeline_event
    assert await update(incident_record_arn=arn, event_id=event_id, event_data='"after"') == {}
    event = (await house.verbs.get_timeline_event(incident_record_arn=arn, event_id=event_id))["event"]
    assert (event.event_data, event.event_time, len(event.event_references)) == ('"after"', START, 2)
    assert event.event_updated_time == START + timedelta(seconds=9)
    await update(incident_record_arn=arn, event_id=event_id, event_references=[{"resource": arn}])
    await update(incident_record_arn=arn, event_id=event_id, event_type="Custom Event", event_time=START)
    event = (await house.verbs.get_timeline_event(incident_record_arn=arn, event_id=event_id))["event"]
    assert (event.event_type, len(event.event_references)) == ("Custom Event", 1)


async def test_users_write_their_own_types_only(house: EngineHouse) -> None:
    arn = await house.start()
    trigger = (await house.events(arn))[-1]
    events = await house.events(arn)
    verbs = house.verbs
    for refused in (
        house.note(arn, event_type="SSM Incident Trigger"),
        verbs.update_timeline_event(incident_record_arn=arn, event_id=trigger.event_id, event_data='"x"'),
        verbs.delete_timeline_event(incident_record_arn=arn, event_id=trigger.event_id),
        house.note(arn, "not json"),
    ):
        with pytest.raises(ValidationException):
            await refused
    assert await house.events(arn) == events


async def test_what_is_not_there_is_told_or_not_as_the_service_does(house: EngineHouse) -> None:
    arn = await house.start()
    verbs = house.verbs
    item = {"item_to_add": {"identifier": URL}}
    for refused in (
        house.note(MISSING),
        verbs.get_timeline_event(incident_record_arn=MISSING, event_id="x"),
        verbs.get_timeline_event(incident_record_arn=arn, event_id="x"),
        verbs.update_timeline_event(incident_record_arn=arn, event_id="x", event_data='"x"'),
        verbs.update_related_items(incident_record_arn=MISSING, related_items_update=item),
        verbs.get_incident_record(arn=MISSING),
        verbs.update_incident_record(arn=MISSING, title="x"),
    ):
        with pytest.raises(ResourceNotFoundException):
            await refused
    assert await verbs.delete_timeline_event(incident_record_arn=MISSING, event_id="x") == {}
    assert await verbs.delete_timeline_event(incident_record_arn=arn, event_id="x") == {}
    assert (await verbs.list_timeline_events(incident_record_arn=MISSING))["event_summaries"] == []
    assert (await verbs.list_related_items(incident_record_arn=MISSING))["related_items"] == []


async def test_the_last_event_of_an_incident_is_its_newest(house: EngineHouse) -> None:
    arn = await house.start()

    async def last() -> str:
        found = (await house.incident(arn)).last_event
        return found.text if found else ""

    house.wait(60)
    newest = await house.note(arn, '"newest"')
    assert await last() == "newest"
    await house.note(arn, '"of before"', event_time=START - timedelta(hours=1))
    assert await last() == "newest"
    await house.verbs.update_timeline_event(incident_record_arn=arn, event_id=newest, event_data='"corrected"')
    assert await last() == "corrected"
    await house.verbs.delete_timeline_event(incident_record_arn=arn, event_id=newest)
    assert await last() == "Incident started: Payments are down"
    await house.note(arn, '"planned"', event_time=START + timedelta(days=1))
    house.wait(60)
    await house.note(arn, '"now"')
    assert await last() == "now"


async def test_a_full_timeline_takes_no_more_of_users_but_all_of_the_service(house: EngineHouse) -> None:
    arn = await house.start()
    await asyncio.gather(*(house.note(arn) for _ in range(998)))
    with pytest.raises(ValidationException, match="1000 timeline events per incident"):
        await house.note(arn)
    await house.verbs.update_incident_record(arn=arn, status="RESOLVED")
    listed = await everything(house.verbs.list_timeline_events, "event_summaries", incident_record_arn=arn)
    assert len(listed) == 1001


async def test_related_items_come_and_go_and_are_told(house: EngineHouse) -> None:
    arn = await house.start()
    house.wait(9)
    update = house.verbs.update_related_items
    parent = {"identifier": PARENT, "title": "parentItem"}
    await update(incident_record_arn=arn, related_items_update={"item_to_add": parent})
    await update(incident_record_arn=arn, related_items_update={"item_to_add": {"identifier": URL}})
    await update(incident_record_arn=arn, related_items_update={"item_to_remove": PARENT})
    await update(incident_record_arn=arn, related_items_update={"item_to_remove": PARENT})
    (item,) = (await house.verbs.list_related_items(incident_record_arn=arn))["related_items"]
    assert item.identifier.value.url == URL["value"]["url"]
    incident = await house.incident(arn)
    assert incident.last_modified_time == START + timedelta(seconds=9)
    told = [json.loads(event.event_data) for event in (await house.events(arn))[:3]]
    assert [each["modifiedAttributes"][0]["attributeName"] for each in told] == ["relatedItems"] * 3
    removed, _, added = [json.loads(each["modifiedAttributes"][0]["newValue"]) for each in told]
    assert removed == {"itemToRemove": PARENT}
    assert added == {"itemToAdd": parent}
    assert told[0]["modifiedBy"] == ALICE.arn


async def test_adding_an_item_again_changes_its_title_in_its_place(house: EngineHouse) -> None:
    arn = await house.start()
    update = house.verbs.update_related_items
    for title in ("first", "second"):
        await update(incident_record_arn=arn, related_items_update={"item_to_add": {"identifier": URL, "title": title}})
        await update(incident_record_arn=arn, related_items_update={"item_to_add": {"identifier": PARENT}})
    listed = await everything(house.verbs.list_related_items, "related_items", incident_record_arn=arn, max_results=1)
    assert [(item.identifier.type, item.title) for item in listed] == [("OTHER", "second"), ("PARENT", None)]


async def test_related_items_have_a_quota_and_ids_of_the_service(house: EngineHouse) -> None:
    arn = await house.start()
    update = house.verbs.update_related_items
    for n in range(50):
        item = {"identifier": {"type": "OTHER", "value": {"url": f"https://x/{n}"}}}
        await update(incident_record_arn=arn, related_items_update={"item_to_add": item})
    with pytest.raises(ValidationException, match="50 related items per incident"):
        await update(incident_record_arn=arn, related_items_update={"item_to_add": {"identifier": URL}})
    with pytest.raises(ValidationException, match="generatedId"):
        await update(
            incident_record_arn=arn,
            related_items_update={"item_to_add": {"identifier": URL, "generated_id": "related-item/OTHER/0"}},
        )


async def test_history_is_read_from_the_newest_back_with_the_items_first(house: EngineHouse) -> None:
    arn = await house.start(related_items=[{"identifier": URL}])
    for seconds in (1, 2, 3):
        await house.note(arn, event_time=START + timedelta(seconds=seconds))
    position = await house.engine.feed.position()
    latest, older = await house.engine.timeline_changes(arn, None, 3)
    assert [change.kind for change in latest] == ["related_item", *["timeline_event"] * 3]
    assert {(change.seq, change.account, change.incident_arn) for change in latest} == {(position, ACCOUNT, arn)}
    await house.note(arn, event_time=START + timedelta(seconds=4))
    rest, end = await house.engine.timeline_changes(arn, older, 3)
    assert [json.loads(change.record or "")["event_type"] for change in rest] == [
        "SSM Incident Start",
        "SSM Incident Trigger",
    ]
    assert end is None
    with pytest.raises(ValidationException, match="token"):
        await house.engine.timeline_changes(arn, "garbage", 3)
