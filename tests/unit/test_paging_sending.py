"""Attempts: what a provider answers, the fence, and what a crash leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from paging_world import START, Recorder, World, receipts, world_at
from warroom.engine.paging.advance import fire
from warroom.engine.paging.runner import CONCURRENT_SENDS, Runner
from warroom.engine.paging.sending import mark
from warroom.store import deadlines, outbox, tables
from warroom.store.incidents import incident_records


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(tmp_path) as world:
        yield world


async def decide(world: World) -> str:
    """Do all that is due but hand nothing over, and return the attempt that was decided."""
    while due := await world.store.read(lambda reader: deadlines.due(reader, 10)):
        for each in due:
            await world.store.write(lambda transaction, each=each: fire(transaction, world.house, each))
    (attempt,) = await world.store.read(lambda reader: outbox.pending(reader, 10))
    return attempt.attempt_id


async def state_of(world: World, attempt_id: str) -> tuple[str, str]:
    (row,) = [row for row in await world.rows(tables.outbox) if row["attempt_id"] == attempt_id]
    return row["state"], row["detail"]


async def handed(world: World, count: int) -> None:
    """Wait until `count` pages were handed over."""
    async with asyncio.timeout(10):
        while len(world.recorder.times) < count:
            await asyncio.sleep(0.01)


async def handed_to(provider: Recorder, count: int) -> None:
    async with asyncio.timeout(10):
        while len(provider.handed) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("refuse", "recorder refused: the number is blocked"),
        ("raise", "recorder failed: OSError connection reset"),
        ("hang", "recorder did not answer within 0.05 s; it may still arrive"),
        ("leak", "recorder failed: RuntimeError cannot say ******"),
    ],
)
async def test_what_no_provider_accepted_is_an_error_with_the_reason_and_never_sent(
    world: World, behaviour: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    alice = await world.person("alice", (5, 0))
    world.recorder.behaviour = behaviour
    world.runner = world.new_runner(send_timeout=0.05)
    await world.engage(alice)
    await world.at(0)
    page = await world.page(alice)
    assert [(receipt.receipt_type, receipt.receipt_info) for receipt in page.receipts] == [("ERROR", reason)]
    assert page.sent_time is None
    assert reason in caplog.text and await world.code(page) not in caplog.text
    assert not [row for row in await world.rows(tables.outbox) if row["state"] in ("pending", "sending")]


async def test_a_type_of_channel_without_a_provider_says_so(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    world.runner = Runner(world.house, {})
    await world.engage(alice)
    await world.at(0)
    (receipt,) = (await world.page(alice)).receipts
    assert (receipt.receipt_type, receipt.receipt_info) == ("ERROR", "no provider is set up for SMS")


async def test_a_refused_page_is_tried_again_at_the_next_interval(world: World) -> None:
    alice = await world.person("alice", (2, 1))
    world.recorder.behaviour = "refuse"
    await world.engage(alice)
    await world.at(1)
    world.recorder.behaviour = "accept"
    await world.at(600)
    assert receipts(await world.page(alice)) == ["ERROR", "SENT"]


async def test_a_provider_that_hangs_holds_up_no_other_attempt(world: World) -> None:
    people = [await world.person(f"person{number}", (5, 0)) for number in range(8)]
    world.recorder.behaviour = "hang"
    world.recorder.handed.clear()
    world.runner = world.new_runner(send_timeout=0.3)
    for person in people:
        await world.engage(person)
    began = asyncio.get_running_loop().time()
    await world.at(0)
    assert len(world.recorder.handed) == 8
    assert asyncio.get_running_loop().time() - began < 2


async def test_a_provider_that_hangs_holds_up_no_other_type_of_channel(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    await world.engage(alice)
    bob = (await world.verbs.create_contact(alias="bob", type="PERSONAL", plan={"stages": []}))["contact_arn"]
    hung, email = Recorder(world.clock), Recorder(world.clock)
    hung.behaviour = "hang"
    await decide(world)
    (waiting,) = [row for row in await world.rows(tables.outbox) if row["state"] == "pending"]
    copies = [waiting | {"attempt_id": f"copy {number}"} for number in range(70)]
    await world.store.write(lambda transaction: transaction.connection.execute(tables.outbox.insert(), copies))
    running = asyncio.create_task(Runner(world.house, {"SMS": hung, "EMAIL": email}).run())
    await handed_to(hung, CONCURRENT_SENDS)
    await world.verbs.create_contact_channel(
        contact_id=bob, name="mail", type="EMAIL", delivery_address={"simple_address": "bob@example.com"}
    )
    await handed_to(email, 1)
    assert len(hung.handed) == CONCURRENT_SENDS
    running.cancel()
    await asyncio.wait([running], timeout=5)


async def test_sms_holds_the_public_text_and_never_the_other(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    await world.engage(alice, public_subject="Page", public_content="Call in")
    await world.at(0)
    message = world.recorder.handed[-1][1]
    assert (message.subject, message.content) == ("Page", "Call in")
    await world.engage(alice)
    await world.at(1)
    message = world.recorder.handed[-1][1]
    assert message.subject == "Page from test" and "5xx" not in message.content


@pytest.mark.parametrize(("channel_type", "address"), [("VOICE", "+15559999"), ("EMAIL", "alice@example.com")])
async def test_voice_and_email_hold_the_full_text(world: World, channel_type: str, address: str) -> None:
    created = await world.verbs.create_contact(alias="alice", type="PERSONAL", plan={"stages": []})
    alice = created["contact_arn"]
    channel = await world.verbs.create_contact_channel(
        contact_id=alice, name="other", type=channel_type, delivery_address={"simple_address": address}
    )
    await world.runner.step()
    arn = channel["contact_channel_arn"]
    await world.verbs.activate_contact_channel(
        contact_channel_id=arn, activation_code=world.recorder.to(address)[0].code
    )
    target = {"channel_target_info": {"contact_channel_id": arn}}
    await world.verbs.update_contact(
        contact_id=alice, plan={"stages": [{"duration_in_minutes": 0, "targets": [target]}]}
    )
    await world.engage(alice, public_subject="Page", public_content="Call in")
    await world.at(0)
    message = world.recorder.to(address)[-1]
    assert (message.subject, message.content) == ("Checkout is down", "5xx at 40 %")


async def test_an_acknowledgement_between_the_decision_and_the_mark_stops_the_attempt(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    attempt = await decide(world)
    await world.read(alice)
    assert await state_of(world, attempt) == ("dropped", "the page was acknowledged")
    assert not await world.is_paging()
    await world.at(3600)
    assert world.recorder.times == []
    assert receipts(await world.page(alice)) == ["READ"]


async def test_marking_looks_at_the_fence_itself(world: World) -> None:
    """As on a database where the acknowledgement could not see an attempt that was being written."""
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    attempt = await decide(world)
    await world.read(alice)
    row = tables.outbox.c.attempt_id == attempt
    await world.store.write(
        lambda transaction: transaction.connection.execute(tables.outbox.update().where(row).values(state="pending"))
    )
    assert await world.store.write(lambda transaction: mark(transaction, world.house, attempt)) is None
    assert await state_of(world, attempt) == ("dropped", "the page was acknowledged")


async def test_a_deadline_of_an_older_generation_does_not_act(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    await world.at(0)
    waiting = await world.rows(tables.deadlines)
    assert waiting
    await world.read(alice)
    # The rows come back, as if the runner had taken them before the acknowledgement committed.
    await world.store.write(lambda transaction: transaction.connection.execute(tables.deadlines.insert(), waiting))
    await world.at(3600)
    assert await world.rows(tables.deadlines) == []
    decided = [row["state"] for row in await world.rows(tables.outbox) if row["kind"] == "page"]
    assert (decided, world.recorder.times) == (["sent"], [0])


async def test_a_stop_between_the_decision_and_the_mark_stops_the_attempt(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    engagement = await world.engage(alice)
    attempt = await decide(world)
    await world.verbs.stop_engagement(engagement_id=engagement)
    assert await state_of(world, attempt) == ("dropped", "the engagement was stopped")
    assert not await world.is_paging()
    await world.at(3600)
    assert world.recorder.times == []


async def test_a_channel_deactivated_between_the_decision_and_the_mark_is_a_visible_error(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    incident = await world.incident(alice)
    await decide(world)
    row = tables.contact_channels.c.contact_arn == alice
    (channel,) = (await world.verbs.list_contact_channels(contact_id=alice))["contact_channels"]
    inactive = channel.model_copy(update={"activation_status": "NOT_ACTIVATED"}).model_dump_json()
    await world.store.write(
        lambda transaction: transaction.connection.execute(
            tables.contact_channels.update().where(row).values(record=inactive)
        )
    )
    await world.at(0)
    assert world.recorder.times == []
    assert receipts(await world.page(alice)) == ["ERROR"]
    assert len(await world.events(incident, "WarRoom Channel Skipped")) == 1


async def test_an_attempt_in_flight_at_a_crash_is_repeated_once_with_the_same_id(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    world.recorder.behaviour = "wait"
    await world.engage(alice)
    stepping = asyncio.create_task(world.runner.step())
    await handed(world, 1)
    stepping.cancel()
    for send in world.runner._sends.values():
        send.cancel()
    assert receipts(await world.page(alice)) == []
    assert await world.is_paging()

    world.recorder.behaviour = "accept"
    world.runner = world.new_runner()
    await world.at(30)
    first, again = [message for _, message in world.recorder.handed if message.kind == "page"]
    assert first == again
    assert receipts(await world.page(alice)) == ["SENT"]
    assert await state_of(world, first.attempt_id) == ("sent", f"SM{len(world.recorder.handed)}")


async def test_an_attempt_in_flight_at_a_crash_is_listed_and_not_repeated_after_an_acknowledgement(
    world: World,
) -> None:
    alice = await world.person("alice", (5, 0))
    await world.engage(alice)
    attempt = await decide(world)
    assert await world.store.write(lambda transaction: mark(transaction, world.house, attempt)) is not None
    world.runner = world.new_runner()
    await world.read(alice)
    await world.at(30)
    assert world.recorder.times == []
    page = await world.page(alice)
    assert receipts(page) == ["READ", "ERROR"]
    assert "may have arrived" in (page.receipts[-1].receipt_info or "")


async def test_an_attempt_that_was_handed_over_before_the_acknowledgement_is_listed_after_it(world: World) -> None:
    alice = await world.person("alice", (5, 0))
    world.recorder.behaviour = "wait"
    await world.engage(alice)
    stepping = asyncio.create_task(world.runner.step())
    await handed(world, 1)
    await world.read(alice)
    world.recorder.go_on.set()
    await stepping
    assert receipts(await world.page(alice)) == ["READ", "SENT"]


async def test_what_was_due_first_is_taken_first(world: World) -> None:
    alice, bob = await world.person("alice", (30, 0), (1, 0)), await world.person("bob", (1, 0), (1, 0))
    for person in (alice, bob):
        await world.engage(person)
    await world.at(0)
    world.clock.moment = START + timedelta(hours=1)
    first, second = await world.store.read(lambda reader: deadlines.due(reader, 10))
    taken = {row["deadline_id"]: row["page_arn"] for row in await world.rows(tables.deadlines)}
    assert [taken[first], taken[second]] == [(await world.page(each)).page_arn for each in (bob, alice)]


async def test_the_runner_in_real_time_wakes_by_commits_and_ends_when_cancelled(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    running = asyncio.create_task(world.runner.run())
    await asyncio.sleep(0.1)
    await world.engage(alice)
    await handed(world, 1)
    world.clock.moment = START + timedelta(seconds=60)
    await handed(world, 2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert world.recorder.times == [0, 60]


async def test_the_runner_ends_when_it_is_cancelled_as_a_commit_wakes_it(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    await world.engage(alice)
    await world.at(0)
    running = asyncio.create_task(world.runner.run())
    await asyncio.sleep(0.1)
    world.store.on_commit(running.cancel)
    await world.verbs.create_contact(alias="bob", type="PERSONAL", plan={})
    ended, _ = await asyncio.wait([running], timeout=5)
    assert ended and running.cancelled()


async def test_an_incident_changed_while_it_is_paged_keeps_its_change(world: World) -> None:
    alice = await world.person("alice", (5, 1))
    incident = await world.incident(alice)
    await asyncio.gather(
        world.runner.step(), world.verbs.update_incident_record(arn=incident, title="Checkout is back")
    )
    record = await world.store.read(lambda reader: incident_records.get(reader, incident))
    assert record is not None and record.title == "Checkout is back"
