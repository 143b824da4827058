"""Response plans, replication sets, accounts that are not onboarded, and access keys."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from engine_house import ACCOUNT, START, STRANGER, EngineHouse, engine_at, everything
from warroom.model.errors import ConflictException, ResourceNotFoundException, ValidationException
from warroom.store.tags import tags_of

NOT_ONBOARDED = "Invalid value provided - Account not found for the request"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[EngineHouse]:
    async with engine_at(tmp_path) as house:
        yield house


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[EngineHouse]:
    async with engine_at(tmp_path, bare=True) as house:
        yield house


async def test_a_plan_is_read_as_it_was_made(house: EngineHouse) -> None:
    contact = f"arn:aws:ssm-contacts:us-east-1:{ACCOUNT}:contact/bob"
    arn = await house.plan(
        "payments",
        display_name="",
        engagements=[contact],
        chat_channel={"empty": {}},
        actions=[{"ssm_automation": {"document_name": "Restart", "role_arn": "r", "parameters": {}}}],
        template={"dedupe_string": "", "summary": "", "incident_tags": {"a": ""}},
        tags={"team": "pay", "empty": ""},
    )
    assert arn == f"arn:aws:ssm-incidents::{ACCOUNT}:response-plan/payments"
    plan = await house.verbs.get_response_plan(arn=arn)
    assert (plan["arn"], plan["name"], plan["display_name"], plan["engagements"]) == (arn, "payments", "", (contact,))
    assert plan["chat_channel"] is None
    assert plan["actions"][0].ssm_automation.parameters == {}
    template = plan["incident_template"]
    assert (template.title, template.impact, template.summary) == ("Payments are down", 2, "")
    store = house.engine._house.store
    assert await store.read(lambda reader: tags_of(reader, arn)) == {"team": "pay", "empty": ""}


async def test_a_name_is_taken_once(house: EngineHouse) -> None:
    arn = await house.plan("payments", client_token="t")
    assert await house.plan("payments", client_token="t") == arn
    with pytest.raises(ConflictException, match="already exists") as refused:
        await house.plan("payments")
    assert (refused.value.resource_id, refused.value.resource_type) == (arn, "RESPONSE_PLAN")


async def test_plans_are_listed_by_name_page_by_page(house: EngineHouse) -> None:
    for name in ("c", "a", "b", "A"):
        await house.plan(name)
    listed = await everything(house.verbs.list_response_plans, "response_plan_summaries", max_results=1)
    assert [each["name"] for each in listed] == ["A", "a", "b", "c"]


async def test_a_fresh_database_is_onboarded_in_its_one_region(house: EngineHouse) -> None:
    (arn,) = (await house.verbs.list_replication_sets())["replication_set_arns"]
    found = (await house.verbs.get_replication_set(arn=arn))["replication_set"]
    assert (found.status, found.deletion_protected, found.created_time) == ("ACTIVE", False, START)
    region = found.region_map["us-east-1"]
    assert (region.sse_kms_key_id, region.status, region.status_update_date_time) == ("DefaultKey", "ACTIVE", START)
    with pytest.raises(ConflictException):
        await house.verbs.create_replication_set(regions={"us-east-1": {}})


async def test_opening_again_onboards_nobody_twice(tmp_path: Path) -> None:
    async with engine_at(tmp_path) as house:
        first = await house.verbs.list_replication_sets()
    async with engine_at(tmp_path, seed=2) as house:
        assert await house.verbs.list_replication_sets() == first


async def test_a_bare_account_has_to_make_its_replication_set(bare: EngineHouse) -> None:
    verbs = bare.verbs
    assert (await verbs.list_replication_sets())["replication_set_arns"] == []
    assert (await verbs.list_response_plans())["response_plan_summaries"] == []
    assert (await verbs.list_incident_records())["incident_record_summaries"] == []
    for refused in (bare.plan(), bare.contact("bob"), verbs.list_contacts(), verbs.list_engagements()):
        with pytest.raises(ValidationException, match=NOT_ONBOARDED):
            await refused
    regions = {"us-west-2": {"sse_kms_key_id": "arn:key"}, "eu-west-1": {}}
    arn = (await verbs.create_replication_set(regions=regions, tags={"a": ""}, client_token="t"))["arn"]
    assert (await verbs.create_replication_set(regions=regions, tags={"a": ""}, client_token="t"))["arn"] == arn
    found = (await verbs.get_replication_set(arn=arn))["replication_set"]
    assert {name: region.sse_kms_key_id for name, region in found.region_map.items()} == {
        "us-west-2": "arn:key",
        "eu-west-1": "DefaultKey",
    }
    await bare.start()
    with pytest.raises(ResourceNotFoundException):
        await bare.strangers_verbs.get_replication_set(arn=arn)


async def test_a_key_is_who_it_was_made_for_until_it_is_revoked(house: EngineHouse) -> None:
    keys, contact = house.engine.keys, await house.contact("bob")
    key = await keys.create(ACCOUNT, "bob", "responder", contact)
    assert await keys.find(key.access_key_id) == key
    caller = key.caller
    assert (caller.account, caller.name, caller.role, caller.contact_arn) == (ACCOUNT, "bob", "responder", contact)
    assert key.secret_access_key not in repr(key)
    assert len(key.secret_access_key) == 40
    assert (await keys.all(ACCOUNT), await keys.all(STRANGER.account)) == ([key], [])
    house.wait(60)
    with pytest.raises(ResourceNotFoundException):
        await keys.revoke(STRANGER.account, key.access_key_id)
    revoked = await keys.revoke(ACCOUNT, key.access_key_id)
    assert revoked.revoked_time == house.clock.now()
    house.wait(60)
    assert await keys.revoke(ACCOUNT, key.access_key_id) == revoked
    assert await keys.find(key.access_key_id) is None
    assert await keys.all(ACCOUNT) == [revoked]


async def test_a_key_that_another_process_revoked_dies_within_seconds(house: EngineHouse, tmp_path: Path) -> None:
    key = await house.engine.keys.create(ACCOUNT, "bob", "admin")
    assert await house.engine.keys.find(key.access_key_id)
    with closing(sqlite3.connect(tmp_path / "warroom.db")) as other, other:
        other.execute("UPDATE access_keys SET revoked_time = 1 WHERE access_key_id = ?", (key.access_key_id,))
    house.wait(6)
    assert await house.engine.keys.find(key.access_key_id) is None


async def test_a_key_needs_a_contact_that_exists(house: EngineHouse) -> None:
    with pytest.raises(ResourceNotFoundException):
        await house.engine.keys.create(
            ACCOUNT, "bob", "admin", f"arn:aws:ssm-contacts:us-east-1:{ACCOUNT}:contact/nobody"
        )
    assert await house.engine.keys.find("WARRNOSUCHKEY") is None


async def test_a_contact_is_found_by_alias_and_by_arn(house: EngineHouse) -> None:
    arn = await house.contact("bob")
    for reference in ("bob", arn, " bob "):
        assert (await house.engine.find_contact(ACCOUNT, reference)).contact_arn == arn
    for account, reference in ((ACCOUNT, "carol"), (STRANGER.account, "bob"), (STRANGER.account, arn)):
        with pytest.raises(ResourceNotFoundException):
            await house.engine.find_contact(account, reference)
