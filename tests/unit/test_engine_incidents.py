"""Incidents: started from plans, deduplicated, updated, found by the names that people say."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine_house import ACCOUNT, ALICE, START, EngineHouse, engine_at, everything
from warroom.model.errors import ResourceNotFoundException, ValidationException

URL_ITEM = {"identifier": {"type": "OTHER", "value": {"url": "https://grafana/d/1"}}, "title": "dashboard"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[EngineHouse]:
    async with engine_at(tmp_path) as house:
        yield house


def told(event: Any) -> Any:
    return json.loads(event.event_data)


async def test_an_incident_is_what_its_plan_says(house: EngineHouse) -> None:
    plan = await house.plan(
        template={
            "summary": "Cards are refused",
            "notification_targets": [{"sns_topic_arn": "arn:aws:sns:us-east-1:111122223333:t"}],
        },
        chat_channel={"chatbot_sns": ["arn:aws:sns:us-east-1:111122223333:c"]},
    )
    arn = await house.start(plan)
    incident = await house.incident(arn)
    assert re.fullmatch(f"arn:aws:ssm-incidents::{ACCOUNT}:incident-record/payments/[0-9a-f-]{{36}}", arn)
    assert (incident.title, incident.impact, incident.status) == ("Payments are down", 2, "OPEN")
    assert incident.summary == "Cards are refused"
    assert incident.chat_channel and incident.chat_channel.chatbot_sns == ("arn:aws:sns:us-east-1:111122223333:c",)
    assert incident.notification_targets[0].sns_topic_arn == "arn:aws:sns:us-east-1:111122223333:t"
    assert incident.automation_executions == ()
    assert incident.creation_time == incident.last_modified_time == START
    assert incident.resolved_time is None
    source = incident.incident_record_source
    assert (source.source, source.created_by, source.invoked_by) == ("aws.ssm-incidents.custom", ALICE.arn, ALICE.arn)
    assert incident.last_modified_by == ALICE.arn
    assert re.fullmatch("[0-9a-f-]{36}", incident.dedupe_string)
    assert not arn.endswith(incident.dedupe_string)
    assert (incident.short_name, incident.response_plan_arn) == ("INC-1001", plan)


async def test_title_and_impact_of_the_request_override_those_of_the_plan(house: EngineHouse) -> None:
    incident = await house.incident(await house.start(title="Only Visa", impact=4))
    assert (incident.title, incident.impact) == ("Only Visa", 4)


async def test_numbers_count_up_within_an_account(house: EngineHouse) -> None:
    plan = await house.plan()
    assert [(await house.incident(await house.start(plan))).number for _ in range(3)] == [1001, 1002, 1003]


async def test_the_timeline_begins_with_trigger_and_start(house: EngineHouse) -> None:
    contact = await house.contact("bob")
    arn = await house.start(await house.plan(engagements=[contact]))
    start, trigger = await house.events(arn)
    assert (trigger.event_type, start.event_type) == ("SSM Incident Trigger", "SSM Incident Start")
    assert told(trigger) == {"createdIncident": True, "incidentSource": "aws.ssm-incidents.custom"}
    assert told(start) == {
        "incidentTitle": "Payments are down",
        "contactsEngage": [{"contactArn": contact, "contactName": "bob"}],
    }
    last = (await house.incident(arn)).last_event
    assert last and last.text == "Incident started: Payments are down (engaging bob)"


async def test_a_trigger_is_kept_with_its_time_and_its_raw_event(house: EngineHouse) -> None:
    alarm = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors"
    when = START - timedelta(seconds=7)
    details = {"source": "grafana", "timestamp": when, "trigger_arn": alarm, "raw_data": '{"a":1}'}
    arn = await house.start(trigger_details=details)
    trigger = (await house.events(arn))[-1]
    assert trigger.event_time == when
    assert told(trigger) == {
        "createdIncident": True,
        "incidentSource": "grafana",
        "triggerArn": alarm,
        "rawData": '{"a":1}',
    }
    incident = await house.incident(arn)
    assert (incident.incident_record_source.source, incident.incident_record_source.resource_arn) == ("grafana", alarm)
    assert incident.dedupe_string == alarm


async def test_a_trigger_from_the_future_stays_before_the_start(house: EngineHouse) -> None:
    details = {"source": "grafana", "timestamp": START + timedelta(hours=1)}
    arn = await house.start(trigger_details=details)
    assert [event.event_type for event in await house.events(arn)] == ["SSM Incident Start", "SSM Incident Trigger"]


async def test_a_source_of_aws_is_refused(house: EngineHouse) -> None:
    with pytest.raises(ValidationException, match=r"aws\."):
        await house.start(trigger_details={"source": "aws.cloudwatch", "timestamp": START})


async def test_a_plan_engages_its_people_and_tells_of_those_who_are_gone(house: EngineHouse) -> None:
    contact = await house.contact("bob")
    gone = contact.replace("/bob", "/carol")
    arn = await house.start(await house.plan(engagements=[contact, gone]))
    dossier = await house.engine.incident_dossier(ACCOUNT, arn, 100)
    (engagement,) = dossier.engagements
    assert (engagement.contact_arn, engagement.incident_id) == (contact, arn)
    assert engagement.sender == "Incident Manager"
    assert engagement.subject == "INC-1001 Payments are down"
    assert dossier.events[0].event_type == "WarRoom Contact Skipped"
    assert told(dossier.events[0])["contactArn"] == gone
    assert told(dossier.events[1])["contactsEngage"] == [{"contactArn": contact, "contactName": "bob"}]


async def test_a_runbook_that_cannot_run_is_told_and_the_incident_opens(house: EngineHouse) -> None:
    runbook = {"document_name": "Restart", "role_arn": "arn:aws:iam::111122223333:role/r", "parameters": {}}
    arn = await house.start(await house.plan(actions=[{"ssm_automation": runbook}]))
    newest = (await house.events(arn))[0]
    assert newest.event_type == "SSM Automation Execution Start Failure for Incident"
    assert told(newest)["documentName"] == "Restart"


async def test_an_open_incident_with_the_same_dedupe_string_takes_the_trigger(house: EngineHouse) -> None:
    contact = await house.contact("bob")
    plan = await house.plan(template={"dedupe_string": "payments"}, engagements=[contact])
    first = await house.start(plan)
    house.wait(60)
    assert await house.start(plan, title="again") == first
    dossier = await house.engine.incident_dossier(ACCOUNT, first, 100)
    assert dossier.incident.title == "Payments are down"
    assert len(dossier.engagements) == 1
    assert told(dossier.events[0])["createdIncident"] is False
    assert len(dossier.events) == 3


async def test_the_dedupe_string_of_the_plan_goes_before_the_trigger(house: EngineHouse) -> None:
    details = {"source": "grafana", "timestamp": START, "trigger_arn": "arn:aws:x:us-east-1:111122223333:alarm/1"}
    with_string = await house.plan("a", template={"dedupe_string": "shared"})
    without = await house.plan("b")
    empty = await house.plan("c", template={"dedupe_string": ""})
    first = await house.start(with_string)
    assert await house.start(with_string, trigger_details=details) == first
    by_trigger = await house.start(without, trigger_details=details)
    assert by_trigger != first
    assert await house.start(empty, trigger_details=details) == by_trigger


async def test_a_resolved_incident_takes_no_trigger(house: EngineHouse) -> None:
    plan = await house.plan(template={"dedupe_string": "payments"})
    first = await house.start(plan)
    await house.verbs.update_incident_record(arn=first, status="RESOLVED")
    assert await house.start(plan) != first


async def test_without_a_dedupe_string_every_start_is_an_incident(house: EngineHouse) -> None:
    plan = await house.plan()
    assert await house.start(plan) != await house.start(plan)


async def test_the_same_token_starts_once(house: EngineHouse) -> None:
    plan = await house.plan()
    first = await house.start(plan, client_token="t")
    assert await house.start(plan, client_token="t") == first
    assert len(await house.engine.incidents(ACCOUNT, None, 10)) == 1
    with pytest.raises(ValidationException, match="token"):
        await house.start(plan, client_token="t", title="another")


async def test_a_token_is_forgotten_after_a_day(house: EngineHouse) -> None:
    plan = await house.plan()
    first = await house.start(plan, client_token="t")
    house.wait(24 * 3600 + 1)
    assert await house.start(plan, client_token="t", title="another") != first


async def test_a_plan_that_does_not_exist_starts_nothing(house: EngineHouse) -> None:
    missing = f"arn:aws:ssm-incidents::{ACCOUNT}:response-plan/nope"
    with pytest.raises(ResourceNotFoundException) as refused:
        await house.start(missing)
    assert (refused.value.resource_id, refused.value.resource_type) == (missing, "RESPONSE_PLAN")
    assert await house.engine.incidents(ACCOUNT, None, 10) == []


async def test_related_items_of_the_request_are_kept_once_each_in_order(house: EngineHouse) -> None:
    second = {"identifier": {"type": "INVOLVED_RESOURCE", "value": {"arn": "arn:aws:ec2:us-east-1:1:instance/i-1"}}}
    arn = await house.start(related_items=[URL_ITEM, second, URL_ITEM])
    listed = (await house.verbs.list_related_items(incident_record_arn=arn))["related_items"]
    assert [item.identifier.type for item in listed] == ["OTHER", "INVOLVED_RESOURCE"]
    assert listed[0].title == "dashboard"


async def test_more_related_items_than_the_quota_start_nothing(house: EngineHouse) -> None:
    items = [{"identifier": {"type": "OTHER", "value": {"url": f"https://x/{n}"}}} for n in range(51)]
    with pytest.raises(ValidationException, match="50 related items per incident"):
        await house.start(related_items=items)
    assert await house.engine.incidents(ACCOUNT, None, 10) == []


async def test_an_update_is_told_attribute_by_attribute(house: EngineHouse) -> None:
    arn = await house.start()
    house.wait(60)
    await house.verbs.update_incident_record(
        arn=arn,
        title="Visa only",
        summary="",
        impact=1,
        status="RESOLVED",
        chat_channel={"chatbot_sns": ["arn:aws:sns:us-east-1:111122223333:c"]},
    )
    incident = await house.incident(arn)
    assert (incident.title, incident.summary, incident.impact, incident.status) == ("Visa only", "", 1, "RESOLVED")
    assert incident.resolved_time == incident.last_modified_time == START + timedelta(seconds=60)
    newest = (await house.events(arn))[0]
    assert newest.event_type == "SSM Incident Record Update"
    assert newest.event_references and newest.event_references[0].resource == arn
    assert told(newest) == {
        "modifiedBy": ALICE.arn,
        "modifiedAttributes": [
            {"attributeName": "status", "newValue": "RESOLVED"},
            {"attributeName": "title", "newValue": "Visa only"},
            {"attributeName": "summary", "newValue": ""},
            {"attributeName": "impact", "newValue": "1"},
            {"attributeName": "chatChannel", "newValue": '{"chatbotSns":["arn:aws:sns:us-east-1:111122223333:c"]}'},
        ],
        "incidentTitle": "Visa only",
    }


async def test_an_update_that_changes_nothing_is_not_told(house: EngineHouse) -> None:
    arn = await house.start()
    await house.verbs.update_incident_record(arn=arn, status="RESOLVED")
    before, events = await house.incident(arn), len(await house.events(arn))
    house.wait(60)
    assert await house.verbs.update_incident_record(arn=arn, status="RESOLVED") == {}
    assert await house.incident(arn) == before
    assert len(await house.events(arn)) == events


async def test_resolving_stops_the_engagements_and_reopening_clears_the_time(house: EngineHouse) -> None:
    arn = await house.start(await house.plan(engagements=[await house.contact("bob")]))
    assert await house.engine.paging()
    house.wait(60)
    await house.verbs.update_incident_record(arn=arn, status="RESOLVED")
    dossier = await house.engine.incident_dossier(ACCOUNT, arn, 0)
    assert dossier.engagements[0].stop_time == START + timedelta(seconds=60)
    assert not await house.engine.paging()
    await house.verbs.update_incident_record(arn=arn, status="OPEN")
    reopened = await house.incident(arn)
    assert (reopened.status, reopened.resolved_time) == ("OPEN", None)


async def test_an_empty_chat_channel_removes_it(house: EngineHouse) -> None:
    arn = await house.start(await house.plan(chat_channel={"chatbot_sns": ["arn:aws:sns:us-east-1:111122223333:c"]}))
    await house.verbs.update_incident_record(arn=arn, chat_channel={"empty": {}})
    assert (await house.incident(arn)).chat_channel is None


async def test_incidents_are_listed_newest_first_page_by_page(house: EngineHouse) -> None:
    plan, started = await house.plan(), []
    for _ in range(5):
        started.append(await house.start(plan))
        house.wait(1)
    listing = house.verbs.list_incident_records
    listed = await everything(listing, "incident_record_summaries", max_results=2)
    assert [each.arn for each in listed] == started[::-1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([{"key": "impact", "condition": {"equals": {"integer_values": [1, 3]}}}], [3, 1]),
        ([{"key": "status", "condition": {"equals": {"string_values": ["RESOLVED"]}}}], [2]),
        ([{"key": "createdBy", "condition": {"equals": {"string_values": [ALICE.arn]}}}], [3, 2, 1]),
        ([{"key": "createdBy", "condition": {"equals": {"string_values": ["arn:nobody"]}}}], []),
        ([{"key": "creationTime", "condition": {"after": START}}], [3, 2]),
        ([{"key": "creationTime", "condition": {"before": START + timedelta(seconds=1)}}], [1]),
        (
            [
                {"key": "creationTime", "condition": {"after": START}},
                {"key": "status", "condition": {"equals": {"string_values": ["OPEN"]}}},
            ],
            [3],
        ),
    ],
)
async def test_incidents_are_filtered(house: EngineHouse, filters: list[Any], expected: list[int]) -> None:
    plan = await house.plan()
    for impact in (1, 2, 3):
        arn = await house.start(plan, impact=impact)
        if impact == 2:
            await house.verbs.update_incident_record(arn=arn, status="RESOLVED")
        house.wait(1)
    listed = (await house.verbs.list_incident_records(filters=filters))["incident_record_summaries"]
    assert [each.impact for each in listed] == expected


@pytest.mark.parametrize(
    "unsuitable",
    [
        {"key": "colour", "condition": {"equals": {"string_values": ["red"]}}},
        {"key": "impact", "condition": {"equals": {"string_values": ["1"]}}},
        {"key": "status", "condition": {"after": START}},
        {"key": "creationTime", "condition": {"equals": {"string_values": ["x"]}}},
    ],
)
async def test_a_filter_that_does_not_suit_is_refused(house: EngineHouse, unsuitable: Any) -> None:
    with pytest.raises(ValidationException, match=unsuitable["key"]):
        await house.verbs.list_incident_records(filters=[unsuitable])


async def test_people_name_an_incident_as_they_like(house: EngineHouse) -> None:
    plan = await house.plan()
    arn = await house.start(plan)
    other = await house.start(plan)
    incident_id = arn.rsplit("/", 1)[-1]
    prefix = incident_id[:8]
    for reference in ("INC-1001", "inc-1001", "1001", arn, incident_id, prefix, f" {prefix.upper()} "):
        assert (await house.engine.find_incident(ACCOUNT, reference)).arn == arn
    for unknown in ("INC-9", "9", incident_id[:3], "zzz", "", other.replace(ACCOUNT, "999999999999"), f"{ACCOUNT}:x"):
        with pytest.raises(ResourceNotFoundException):
            await house.engine.find_incident(ACCOUNT, unknown)


async def test_a_prefix_of_several_ids_lists_them(house: EngineHouse) -> None:
    plan = await house.plan()
    seen: set[str] = set()
    while True:  # The ids are drawn from a seed: it ends after some hundreds, and always after the same.
        shared = (await house.start(plan)).rsplit("/", 1)[-1][:4]
        if shared in seen and not shared.isdecimal():
            break
        seen.add(shared)
    with pytest.raises(ValidationException, match=rf"INC-1\d\d\d \({shared}"):
        await house.engine.find_incident(ACCOUNT, shared)


async def test_another_account_finds_and_changes_nothing(house: EngineHouse) -> None:
    plan = await house.plan()
    arn = await house.start(plan, related_items=[URL_ITEM])
    event_id = await house.note(arn)
    theirs, before = house.strangers_verbs, await house.incident(arn)
    for refused in (
        theirs.get_incident_record(arn=arn),
        theirs.get_response_plan(arn=plan),
        theirs.start_incident(response_plan_arn=plan),
        theirs.update_incident_record(arn=arn, status="RESOLVED"),
        theirs.get_timeline_event(incident_record_arn=arn, event_id=event_id),
        theirs.create_timeline_event(incident_record_arn=arn, event_time=START, event_type="Note", event_data='"x"'),
        theirs.update_timeline_event(incident_record_arn=arn, event_id=event_id, event_data='"x"'),
        theirs.update_related_items(incident_record_arn=arn, related_items_update={"item_to_add": URL_ITEM}),
        house.engine.incident_dossier(ALICE.account[::-1], arn, 10),
    ):
        with pytest.raises(ResourceNotFoundException):
            await refused
    await theirs.delete_timeline_event(incident_record_arn=arn, event_id=event_id)
    assert (await theirs.list_timeline_events(incident_record_arn=arn))["event_summaries"] == []
    assert (await theirs.list_related_items(incident_record_arn=arn))["related_items"] == []
    assert (await theirs.list_incident_records())["incident_record_summaries"] == []
    assert (await theirs.list_response_plans())["response_plan_summaries"] == []
    assert await house.incident(arn) == before
    assert len(await house.events(arn)) == 3


async def test_what_is_no_arn_is_refused(house: EngineHouse) -> None:
    with pytest.raises(ValidationException, match="not an ARN"):
        await house.verbs.get_incident_record(arn="INC-1001")
