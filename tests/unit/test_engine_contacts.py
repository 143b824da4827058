"""Contacts: what may be in a plan, lists, and what is refused."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from paging_world import ACCOUNT, REGION, START, Clock, World, world_at
from warroom.engine.identifiers import Identifiers
from warroom.engine.operation import House
from warroom.engine.operations import Verbs
from warroom.model.errors import (
    ConflictException,
    ResourceNotFoundException,
    ServiceError,
    ServiceQuotaExceededException,
    ValidationException,
)
from warroom.model.identity import Caller
from warroom.store.store import Store
from warroom.store.tags import tags_of


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path) as world:
        yield world


def stage(minutes: int, *targets: dict[str, Any]) -> dict[str, Any]:
    return {"duration_in_minutes": minutes, "targets": list(targets)}


def channel(arn: str, interval: int | None = None) -> dict[str, Any]:
    return {"channel_target_info": {"contact_channel_id": arn, "retry_interval_in_minutes": interval}}


def contact(arn: str | None, essential: bool = True) -> dict[str, Any]:
    return {"contact_target_info": {"contact_id": arn, "is_essential": essential}}


async def test_a_contact_is_read_as_it_was_made(world: World) -> None:
    created = await world.verbs.create_contact(
        alias="alice",
        display_name="Alice Adams",
        type="PERSONAL",
        plan={"stages": []},
        tags=[{"key": "team", "value": "web"}],
    )
    arn = f"arn:aws:ssm-contacts:{REGION}:{ACCOUNT}:contact/alice"
    assert created == {"contact_arn": arn}
    found = await world.verbs.get_contact(contact_id=arn)
    assert (found["alias"], found["display_name"], found["type"]) == ("alice", "Alice Adams", "PERSONAL")
    assert found["plan"].model_dump(exclude_none=True) == {"stages": ()}
    assert await world.store.read(lambda reader: tags_of(reader, arn)) == {"team": "web"}


@pytest.mark.parametrize("tag", [{}, {"value": "web"}, {"key": "team"}, {"key": "team", "value": ""}])
async def test_a_tag_has_a_key_and_a_value(world: World, tag: dict[str, str]) -> None:
    with pytest.raises(ValidationException, match=r"Tags\[1\]|team") as refusal:
        await world.verbs.create_contact(
            alias="alice", type="PERSONAL", plan={"stages": []}, tags=[{"key": "shift", "value": "night"}, tag]
        )
    assert [name for name, _ in refusal.value.fields] == ["Tags"]
    assert (await world.verbs.list_contacts())["contacts"] == []


async def test_a_reference_with_the_null_character_is_refused(world: World) -> None:
    arn = await world.person("alice", (5, None))
    verbs, null = world.verbs, "\0"
    for ask in (
        verbs.get_contact(contact_id=arn + null),
        verbs.get_contact_channel(contact_channel_id=arn.replace("contact/", "contact-channel/") + null),
        verbs.describe_page(page_id=null),
        verbs.describe_engagement(engagement_id=null),
        verbs.list_engagements(incident_id=null),
        verbs.get_incident_record(arn=f"arn:aws:ssm-incidents::{ACCOUNT}:incident-record/p/{null}"),
        verbs.list_timeline_events(incident_record_arn=null),
    ):
        with pytest.raises(ValidationException, match="must not contain the null character"):
            await ask


@pytest.mark.parametrize("contact_type", ["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"])
@pytest.mark.parametrize("plan", [{}, {"stages": []}])
async def test_an_empty_plan_fits_every_type(world: World, contact_type: str, plan: dict[str, Any]) -> None:
    created = await world.verbs.create_contact(alias="x", type=contact_type, plan=plan)
    assert not (await world.verbs.get_contact(contact_id=created["contact_arn"]))["plan"].stages


async def test_an_alias_is_taken_once(world: World) -> None:
    await world.verbs.create_contact(alias="alice", type="PERSONAL", plan={})
    with pytest.raises(ConflictException) as refused:
        await world.verbs.create_contact(alias="alice", type="ESCALATION", plan={})
    assert (refused.value.resource_type, refused.value.resource_id) == (
        "CONTACT",
        f"arn:aws:ssm-contacts:{REGION}:{ACCOUNT}:contact/alice",
    )


async def test_the_same_token_makes_one_contact(world: World) -> None:
    request = {"alias": "alice", "type": "PERSONAL", "plan": {"stages": []}, "idempotency_token": "t"}
    assert await world.verbs.create_contact(**request) == await world.verbs.create_contact(**request)
    with pytest.raises(ValidationException):
        await world.verbs.create_contact(**request | {"alias": "bob"})


async def test_an_update_changes_what_it_names_and_no_more(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    before = await world.verbs.get_contact(contact_id=alice)
    await world.verbs.update_contact(contact_id=alice, display_name="Alice")
    await world.verbs.update_contact(contact_id=alice)
    after = await world.verbs.get_contact(contact_id=alice)
    assert after == before | {"display_name": "Alice"}
    await world.verbs.update_contact(contact_id=alice, display_name="")
    assert (await world.verbs.get_contact(contact_id=alice))["display_name"] == ""


@pytest.mark.parametrize(
    ("contact_type", "stages", "field"),
    [
        ("PERSONAL", [stage(31, channel("own"))], "Plan.Stages[0].DurationInMinutes"),
        ("PERSONAL", [stage(5), stage(-1, channel("own"))], "Plan.Stages[1].DurationInMinutes"),
        ("PERSONAL", [stage(0)], "Plan.Stages[0].DurationInMinutes"),
        (
            "PERSONAL",
            [stage(5, channel("own", 61))],
            "Plan.Stages[0].Targets[0].ChannelTargetInfo.RetryIntervalInMinutes",
        ),
        ("PERSONAL", [stage(5, channel("none"))], "Plan.Stages[0].Targets[0].ChannelTargetInfo.ContactChannelId"),
        ("PERSONAL", [stage(5, channel("foreign"))], "Plan.Stages[0].Targets[0].ChannelTargetInfo.ContactChannelId"),
        ("PERSONAL", [stage(5, contact("bob"))], "Plan.Stages[0].Targets[0].ContactTargetInfo"),
        ("PERSONAL", [stage(5, {})], "Plan.Stages[0].Targets[0]"),
        ("PERSONAL", [stage(5, channel("own") | contact("bob"))], "Plan.Stages[0].Targets[0]"),
        ("PERSONAL", [{"duration_in_minutes": "five"}], "Plan.Stages[0].DurationInMinutes"),
        ("ESCALATION", [stage(5, contact("bob"), channel("own"))], "Plan.Stages[0].Targets[1].ChannelTargetInfo"),
        ("ESCALATION", [stage(5, contact(None))], "Plan.Stages[0].Targets[0].ContactTargetInfo.ContactId"),
        ("ESCALATION", [stage(5, contact("none"))], "Plan.Stages[0].Targets[0].ContactTargetInfo.ContactId"),
        ("ESCALATION", [stage(5, contact("team"))], "Plan.Stages[0].Targets[0].ContactTargetInfo.ContactId"),
        ("ONCALL_SCHEDULE", [stage(5, contact("bob"))], "Plan.Stages"),
    ],
)
async def test_a_plan_that_does_not_fit_is_refused_by_its_member_and_nothing_is_written(
    world: World, contact_type: str, stages: list[dict[str, Any]], field: str
) -> None:
    subject = (await world.verbs.create_contact(alias="subject", type=contact_type, plan={}))["contact_arn"]
    bob = await world.person("bob")
    names = {
        "bob": bob,
        "own": await world.channel(subject) if contact_type == "PERSONAL" else "arn:aws:x:y:1:contact-channel/a/b",
        "foreign": await world.channel(bob),
        "team": await world.escalation("team"),
        "none": bob.replace("bob", "nobody"),
    }
    for each in stages:
        for target in each.get("targets", ()):
            for info in target.values():
                for member in ("contact_id", "contact_channel_id"):
                    if info.get(member):
                        info[member] = names[info[member]]
    with pytest.raises(ValidationException) as refused:
        await world.verbs.update_contact(contact_id=subject, display_name="changed", plan={"stages": stages})
    assert [name for name, _ in refused.value.fields] == [field]
    assert field in refused.value.message
    found = await world.verbs.get_contact(contact_id=subject)
    assert found["display_name"] is None and not found["plan"].stages


@pytest.mark.parametrize("contact_type", ["PERSONAL", "ESCALATION"])
async def test_rotations_are_for_schedules(world: World, contact_type: str) -> None:
    rotation = f"arn:aws:ssm-contacts:{REGION}:{ACCOUNT}:rotation/7e3a"
    with pytest.raises(ValidationException) as refused:
        await world.verbs.create_contact(alias="x", type=contact_type, plan={"rotation_ids": [rotation]})
    assert refused.value.fields[0][0] == "Plan.RotationIds"
    created = await world.verbs.create_contact(
        alias="schedule", type="ONCALL_SCHEDULE", plan={"rotation_ids": [rotation]}
    )
    found = await world.verbs.get_contact(contact_id=created["contact_arn"])
    assert found["plan"].rotation_ids == (rotation,)
    with pytest.raises(ValidationException, match=r"Plan\.RotationIds\[0\]"):
        await world.verbs.update_contact(contact_id=created["contact_arn"], plan={"rotation_ids": ["night"]})


async def test_a_plan_has_ten_stages_and_a_stage_ten_targets(world: World) -> None:
    alice = await world.person("alice")
    phone = await world.channel(alice)
    ten = stage(1, *[channel(phone)] * 10)
    await world.verbs.update_contact(contact_id=alice, plan={"stages": [ten] * 10})
    for plan, quota in (([ten] * 11, "stages-per-plan"), ([stage(1, *[channel(phone)] * 11)], "channels-per-stage")):
        with pytest.raises(ServiceQuotaExceededException) as refused:
            await world.verbs.update_contact(contact_id=alice, plan={"stages": plan})
        assert refused.value.quota_code == quota


async def test_contacts_are_listed_by_alias_in_pages(world: World) -> None:
    for alias in ("carol", "alice", "web-team", "bob", "web_ops"):
        await world.verbs.create_contact(
            alias=alias, type="ESCALATION" if alias.startswith("web") else "PERSONAL", plan={}
        )

    async def aliases(**request: Any) -> list[str]:
        found: list[str] = []
        while True:
            page = await world.verbs.list_contacts(max_results=2, **request)
            assert len(page["contacts"]) <= 2
            found += [each["alias"] for each in page["contacts"]]
            if page["next_token"] is None:
                return found
            request["next_token"] = page["next_token"]

    assert await aliases() == ["alice", "bob", "carol", "web-team", "web_ops"]
    assert await aliases(type="PERSONAL") == ["alice", "bob", "carol"]
    assert await aliases(alias_prefix="web") == ["web-team", "web_ops"]
    assert await aliases(alias_prefix="web_") == ["web_ops"]
    with pytest.raises(ValidationException):
        await world.verbs.list_contacts(next_token="bm9uc2Vuc2U=")


@pytest.mark.parametrize(
    ("operation", "request_members", "resource_type", "kind"),
    [
        ("get_contact", {"contact_id": "?"}, "CONTACT", "contact"),
        ("update_contact", {"contact_id": "?"}, "CONTACT", "contact"),
        ("list_contact_channels", {"contact_id": "?"}, "CONTACT", "contact"),
        ("list_pages_by_contact", {"contact_id": "?"}, "CONTACT", "contact"),
        ("start_engagement", {"contact_id": "?", "sender": "s", "subject": "s", "content": "c"}, "CONTACT", "contact"),
        ("get_contact_channel", {"contact_channel_id": "?"}, "CONTACT_CHANNEL", "contact-channel"),
        (
            "activate_contact_channel",
            {"contact_channel_id": "?", "activation_code": "123456"},
            "CONTACT_CHANNEL",
            "contact-channel",
        ),
        ("describe_engagement", {"engagement_id": "?"}, "ENGAGEMENT", "engagement"),
        ("stop_engagement", {"engagement_id": "?"}, "ENGAGEMENT", "engagement"),
        ("list_pages_by_engagement", {"engagement_id": "?"}, "ENGAGEMENT", "engagement"),
        ("describe_page", {"page_id": "?"}, "PAGE", "page"),
        ("list_page_receipts", {"page_id": "?"}, "PAGE", "page"),
        ("accept_page", {"page_id": "?", "accept_type": "READ", "accept_code": "123456"}, "PAGE", "page"),
    ],
)
async def test_an_id_of_nothing_is_not_found_and_one_of_another_kind_is_invalid(
    world: World, operation: str, request_members: dict[str, str], resource_type: str, kind: str
) -> None:
    async def ask(given: str) -> ServiceError:
        members = {name: given if text == "?" else text for name, text in request_members.items()}
        with pytest.raises(ServiceError) as refused:
            await getattr(world.verbs, operation)(**members)
        return refused.value

    missing = f"arn:aws:ssm-contacts:{REGION}:{ACCOUNT}:{kind}/alice/00000000EXAMPLE"
    for arn in (missing, missing.replace(ACCOUNT, "444455556666")):
        error = await ask(arn)
        assert isinstance(error, ResourceNotFoundException)
        assert (error.resource_id, error.resource_type) == (arn, resource_type)
    for text in ("alice", f"arn:aws:ssm-contacts:{REGION}:{ACCOUNT}:rotation/1"):
        error = await ask(text)
        assert isinstance(error, ValidationException)
        assert error.message.startswith("Invalid value provided - Invalid resource Arn")


async def test_before_there_is_a_replication_set_there_is_no_account(tmp_path: Path) -> None:
    clock = Clock()
    store = await Store.open(f"sqlite:///{tmp_path / 'warroom.db'}", clock.now)
    try:
        house = House(store, clock, Identifiers(random.Random(1)), REGION)
        verbs: Any = Verbs(house, Caller(ACCOUNT, "tester", "admin"))
        arn = f"arn:aws:ssm-contacts:{REGION}:{ACCOUNT}:contact/alice"
        for ask in (
            verbs.list_contacts(),
            verbs.list_engagements(),
            verbs.get_contact(contact_id=arn),
            verbs.create_contact(alias="alice", type="PERSONAL", plan={}),
            verbs.describe_page(page_id=arn.replace("contact/", "page/")),
        ):
            with pytest.raises(ValidationException, match="Account not found for the request"):
                await ask
    finally:
        await store.close()


async def test_engagements_are_listed_newest_first_by_incident_and_time(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    first = await world.engage(alice)
    await world.at(100)
    incident = await world.incident(alice)
    await world.at(200)
    last = await world.engage(alice, incident_id=incident)
    await world.at(300)

    async def arns(**request: Any) -> list[str]:
        return [each["engagement_arn"] for each in (await world.verbs.list_engagements(**request))["engagements"]]

    everything = await arns()
    assert (everything[0], everything[-1], len(everything)) == (last, first, 3)
    assert await arns(incident_id=incident) == everything[:2]
    assert await arns(time_range_value={"start_time": START + timedelta(seconds=100)}) == everything[:2]
    assert await arns(time_range_value={"end_time": START}) == [first]
    page = await world.verbs.list_engagements(max_results=2)
    rest = await world.verbs.list_engagements(max_results=2, next_token=page["next_token"])
    assert [each["engagement_arn"] for each in rest["engagements"]] == [first] and rest["next_token"] is None

    described = await world.verbs.describe_engagement(engagement_id=first)
    assert described["subject"] == "Checkout is down" and described["start_time"] == START
    assert described["stop_time"] is None and "progress" not in described


async def test_the_incident_of_an_engagement_is_free_text_but_not_another_accounts(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    arn = await world.engage(alice, incident_id="TICKET-7")
    await world.at(0)
    assert (await world.engagement(arn)).incident_id == "TICKET-7"
    with pytest.raises(ValidationException, match="another account"):
        await world.engage(alice, incident_id="arn:aws:ssm-incidents::444455556666:incident-record/plan/1")


async def test_the_same_token_engages_once(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    assert await world.engage(alice, idempotency_token="t") == await world.engage(alice, idempotency_token="t")
    await world.at(0)
    assert world.recorder.times == [0]
