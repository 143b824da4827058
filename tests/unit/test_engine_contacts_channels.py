"""Contact channels: addresses, activation, lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from paging_world import World, world_at
from warroom.model.errors import ConflictException, ValidationException
from warroom.store import tables


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path) as world:
        yield world


@pytest.fixture
async def alice(world: World) -> str:
    created = await world.verbs.create_contact(alias="alice", type="PERSONAL", plan={})
    arn: str = created["contact_arn"]
    return arn


async def create(world: World, contact: str, channel_type: str, address: str, **more: Any) -> str:
    created = await world.verbs.create_contact_channel(
        contact_id=contact, name="way", type=channel_type, delivery_address={"simple_address": address}, **more
    )
    arn: str = created["contact_channel_arn"]
    return arn


async def status(world: World, arn: str) -> str:
    found: str = (await world.verbs.get_contact_channel(contact_channel_id=arn))["activation_status"]
    return found


@pytest.mark.parametrize(
    ("channel_type", "address"),
    [
        ("SMS", "+15550100"),
        ("VOICE", "+442071838750"),
        ("EMAIL", "alice@example.com"),
        ("EMAIL", "on.call+web@mail.example.co.uk"),
        ("EMAIL", "root@localhost"),
    ],
)
async def test_an_address_of_the_right_form_is_taken(world: World, alice: str, channel_type: str, address: str) -> None:
    arn = await create(world, alice, channel_type, address)
    found = await world.verbs.get_contact_channel(contact_channel_id=arn)
    assert found["contact_arn"] == alice and found["type"] == channel_type
    assert found["delivery_address"].simple_address == address


@pytest.mark.parametrize(
    ("channel_type", "address"),
    [
        ("SMS", "15550100"),
        ("SMS", "+0123"),
        ("SMS", "+1 555 0100"),
        ("SMS", "+1555010012345678"),
        ("SMS", "+15550100\n"),
        ("VOICE", "alice@example.com"),
        ("EMAIL", "+15550100"),
        ("EMAIL", "alice"),
        ("EMAIL", "alice@"),
        ("EMAIL", "alice@example..com"),
        ("EMAIL", "alice @example.com"),
        ("EMAIL", "alice@example.com\nBcc: x@example.com"),
        ("EMAIL", f"{'a' * 320}@example.com"),
        ("EMAIL", ""),
    ],
)
async def test_an_address_of_another_form_is_refused(world: World, alice: str, channel_type: str, address: str) -> None:
    with pytest.raises(ValidationException) as refused:
        await create(world, alice, channel_type, address)
    assert refused.value.fields[0][0] == "DeliveryAddress.SimpleAddress"
    assert await world.rows(tables.contact_channels) == [] and await world.rows(tables.outbox) == []


async def test_a_contact_has_an_address_once(world: World, alice: str) -> None:
    first = await create(world, alice, "SMS", "+15550100")
    with pytest.raises(ConflictException) as refused:
        await create(world, alice, "SMS", "+15550100")
    assert (refused.value.resource_type, refused.value.resource_id) == ("CONTACT_CHANNEL", first)
    await create(world, alice, "VOICE", "+15550100")
    bob = (await world.verbs.create_contact(alias="bob", type="PERSONAL", plan={}))["contact_arn"]
    await create(world, bob, "SMS", "+15550100")


async def test_only_a_person_that_exists_has_channels(world: World, alice: str) -> None:
    team = await world.escalation("team")
    for owner in (team, alice.replace("alice", "nobody"), "alice"):
        with pytest.raises(ValidationException) as refused:
            await create(world, owner, "SMS", "+15550100")
        assert refused.value.fields[0][0] == "ContactId"


async def test_the_code_that_was_sent_activates_the_channel(world: World, alice: str) -> None:
    arn = await create(world, alice, "SMS", "+15550100")
    await world.runner.step()
    (message,) = world.recorder.to("+15550100")
    assert message.kind == "activation" and message.code.isdecimal() and len(message.code) == 6
    wrong = f"{(int(message.code) + 1) % 1_000_000:06d}"
    for code in (wrong, message.code + "0", "0000000000"):
        with pytest.raises(ValidationException) as refused:
            await world.verbs.activate_contact_channel(contact_channel_id=arn, activation_code=code)
        assert refused.value.fields[0][0] == "ActivationCode"
        assert message.code not in refused.value.message
    assert await status(world, arn) == "NOT_ACTIVATED"
    for _ in range(2):
        await world.verbs.activate_contact_channel(contact_channel_id=arn, activation_code=message.code)
        assert await status(world, arn) == "ACTIVATED"
    with pytest.raises(ValidationException):
        await world.verbs.activate_contact_channel(contact_channel_id=arn, activation_code=wrong)


async def test_a_deferred_activation_sends_nothing_and_no_code_fits(world: World, alice: str) -> None:
    arn = await create(world, alice, "SMS", "+15550100", defer_activation=True)
    await world.runner.step()
    assert world.recorder.handed == []
    with pytest.raises(ValidationException):
        await world.verbs.activate_contact_channel(contact_channel_id=arn, activation_code="000000")


async def test_a_code_that_could_not_be_sent_is_in_the_log_by_its_attempt_only(
    world: World, alice: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.recorder.behaviour = "leak"
    await create(world, alice, "SMS", "+15550100")
    await world.runner.step()
    (row,) = await world.rows(tables.outbox)
    assert row["state"] == "failed" and "RuntimeError" in row["detail"]
    code = world.recorder.handed[0][1].code
    assert "was not sent" in caplog.text
    assert code not in caplog.text and code not in row["detail"]


async def test_the_code_is_in_no_record(world: World, alice: str) -> None:
    await create(world, alice, "SMS", "+15550100")
    await world.runner.step()
    code = world.recorder.handed[0][1].code
    for table in (tables.changes, tables.contact_channels):
        assert not [row for row in await world.rows(table) if code in str(row["record"])]


async def test_the_same_token_makes_one_channel_and_sends_one_code(world: World, alice: str) -> None:
    first = await create(world, alice, "SMS", "+15550100", idempotency_token="t")
    assert await create(world, alice, "SMS", "+15550100", idempotency_token="t") == first
    await world.runner.step()
    assert len(world.recorder.handed) == 1


async def test_channels_are_listed_in_the_order_in_which_they_were_made(world: World, alice: str) -> None:
    made = []
    for number in range(5):
        made.append(await create(world, alice, "SMS", f"+155501{number}", defer_activation=True))
        await world.at(number + 1)
    found: list[str] = []
    token = None
    while True:
        page = await world.verbs.list_contact_channels(contact_id=alice, max_results=2, next_token=token)
        found += [channel.contact_channel_arn for channel in page["contact_channels"]]
        token = page["next_token"]
        if token is None:
            break
    assert found == made
