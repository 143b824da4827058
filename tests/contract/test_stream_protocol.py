"""The stream as a client of the frames sees it: `design.md`, "The stream protocol"."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from websockets.exceptions import ConnectionClosed

from stream_house import ACCOUNT, OTHER_ACCOUNT, Backdoor, House, open_house
from warroom.stream.actions import ACTIONS
from warroom.stream.frames import Close


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


async def closed(client: Backdoor, seconds: float = 5.0) -> tuple[int, str]:
    """The code and reason of the close frame, after whatever else still comes."""
    with pytest.raises(ConnectionClosed) as caught:
        while True:
            await client.any(seconds)
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason


def titles(frame: dict[str, Any]) -> list[str]:
    return [each["record"]["title"] for each in frame["changes"] if each["kind"] == "incident_record"]


# --- coming in


async def test_welcome_says_who_one_is_and_what_one_may_do(house: House) -> None:
    async with house.visit() as client:
        assert client.welcome["principal"] == {
            "account": ACCOUNT,
            "name": "local",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/local",
            "role": "admin",
            "contact_arn": None,
        }
        assert set(client.welcome["actions"]) == set(ACTIONS)
        assert client.welcome["resumed"] is False
        assert client.welcome["epoch"] == house.engine.feed.epoch
    async with house.visit(key=await house.key_for("observer")) as client:
        assert set(client.welcome["actions"]) == {"list_incidents", "show_incident"}


@pytest.mark.parametrize(
    ("first", "code", "member"),
    [
        ("not json", Close.BAD_FRAME, "not JSON"),
        ("[1]", Close.BAD_FRAME, "object"),
        ("{}", Close.BAD_FRAME, "kind"),
        ('{"kind":"hello"}', Close.BAD_FRAME, "hello.token"),
        ('{"kind":"hello","token":5}', Close.BAD_FRAME, "hello.token"),
        ('{"kind":"hello","token":"x","resume":{"epoch":"e"}}', Close.BAD_FRAME, "hello.resume.seq"),
        ('{"kind":"hello","token":"x"}', Close.BAD_TOKEN, "hello.token"),
        ('{"kind":"watch","incident":"arn:x"}', Close.BAD_FRAME, "first frame must be hello"),
        ('{"kind":"presence"}', Close.BAD_FRAME, "first frame must be hello"),
        ('{"kind":"hello","protocol":2,"secret":{}}', Close.PROTOCOL_UNKNOWN, "upgrade the backend"),
        ('{"kind":"hello","protocol":0}', Close.PROTOCOL_UNKNOWN, "upgrade this warroom"),
        (b"\x00\x01", Close.BAD_FRAME, "binary"),
    ],
)
async def test_a_bad_hello_is_closed_with_a_reason(house: House, first: str | bytes, code: int, member: str) -> None:
    async with house.dial() as client:
        await client.connection.send(first)
        given, reason = await closed(client)
        assert given == code
        assert member in reason


async def test_a_wrong_secret_an_unknown_key_and_a_wrong_clock_are_refused(house: House) -> None:
    for token, told in [
        (house.token().rpartition(".")[0] + "." + "0" * 64, "secret is wrong"),
        (house.token().replace(house.key.access_key_id, "AKIAUNKNOWN"), "unknown"),
        (house.token(at=time.time() - 400), "s behind the backend's"),
        (house.token(at=time.time() + 500), "ahead of"),
    ]:
        async with house.dial() as client:
            await client.say(kind="hello", token=token)
            code, reason = await closed(client)
            assert code == Close.BAD_TOKEN
            assert told in reason
            assert house.key.secret_access_key not in reason


async def test_a_token_opens_one_connection_only(house: House) -> None:
    token = house.token()
    async with house.dial() as client:
        await client.say(kind="hello", token=token)
        await client.hear("welcome")
        async with house.dial() as thief:
            await thief.say(kind="hello", token=token)
            code, reason = await closed(thief)
            assert (code, "used before" in reason) == (Close.BAD_TOKEN, True)
        assert "result" in await client.do("list_incidents")
    async with house.dial() as thief:
        await thief.say(kind="hello", token=token)
        assert (await closed(thief))[0] == Close.BAD_TOKEN


async def test_a_revoked_key_does_not_come_in_and_its_sessions_end(house: House) -> None:
    key = await house.key_for("responder")
    async with house.visit(key=key) as victim, house.visit() as admin:
        reply = await admin.do("revoke_access_key", access_key_id=key.access_key_id)
        assert reply["result"] == {"access_key_id": key.access_key_id}
        assert await closed(victim) == (
            Close.BAD_TOKEN,
            "the access key was revoked: get another one with `warroom key create`",
        )
        await admin.do("list_incidents", "another")
    async with house.dial() as client:
        await client.say(kind="hello", token=house.token(key))
        assert (await closed(client))[0] == Close.BAD_TOKEN


# --- faults


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ('{"kind":"watch"}', "watch.incident: Field required"),
        ('{"kind":"watch","incident":"no arn"}', "incident: not an ARN"),
        ('{"kind":"command","id":"1","action":"resolve"}', "command.token: Field required"),
        ('{"kind":"command","id":1,"action":"resolve","token":"t"}', "command.id"),
        ('{"kind":"command","id":"1","action":"resolve","token":"t","arguments":[]}', "command.arguments"),
        ('{"kind":"hello","token":"again"}', "hello comes once"),
        ("[" * 5000, "not JSON"),
        ("nonsense", "not JSON"),
    ],
)
async def test_a_malformed_frame_ends_its_connection_and_no_other(house: House, frame: str, told: str) -> None:
    async with house.visit() as bystander, house.visit() as client:
        await client.connection.send(frame)
        code, reason = await closed(client)
        assert code == Close.BAD_FRAME
        assert told in reason
        assert "result" in await bystander.do("list_incidents")


async def test_a_frame_of_ten_megabytes_is_closed_with_1009(house: House) -> None:
    async with house.visit() as bystander, house.visit() as client:
        sending = asyncio.create_task(client.connection.send("x" * 10_000_000))
        assert (await closed(client))[0] == 1009
        await asyncio.wait([sending])
        sending.exception()
        assert "result" in await bystander.do("list_incidents")


async def test_unknown_kinds_and_members_are_skipped(house: House) -> None:
    async with house.visit() as client:
        await client.say(kind="dance", music="loud")
        await client.say(kind="unwatch", incident=house.missing_incident(), urgently=True)
        assert "result" in await client.do("list_incidents")


async def test_an_unknown_action_is_told_and_the_connection_stays(house: House) -> None:
    async with house.visit() as client:
        reply = await client.do("self_destruct")
        assert reply["error"]["code"] == "UnknownAction"
        assert "acknowledge" in reply["error"]["message"]
        assert "result" in await client.do("list_incidents")


async def test_arguments_are_refused_by_name(house: House) -> None:
    async with house.visit() as client:
        for action, arguments, member in [
            ("resolve", {}, "resolve: incident"),
            ("resolve", {"incident": "1", "notes": "typo"}, "resolve: notes"),
            ("change_impact", {"incident": "1", "impact": 9}, "change_impact: impact"),
        ]:
            error = (await client.do(action, **arguments))["error"]
            assert error["code"] == "ValidationException"
            assert member in error["message"]
        error = (await client.do("reopen", token="no spaces", incident="1"))["error"]
        assert error["message"].startswith("token: ")


async def test_the_role_of_the_key_decides(house: House) -> None:
    async with house.visit(key=await house.key_for("observer")) as client:
        error = (await client.do("resolve", incident="INC-1"))["error"]
        assert error["code"] == "AccessDeniedException"
        assert "responder" in error["message"]


# --- the world and what comes after it


async def test_a_newcomer_gets_the_world_and_then_each_change(house: House) -> None:
    plan = await house.plan()
    incident = await house.incident(plan, "First")
    async with house.visit() as client:
        seq, world = await client.world()
        assert titles({"changes": world}) == ["First"]
        assert seq == await house.engine.feed.position()
        await house.retitle(incident, "Second")
        frame = await client.hear("changes")
        assert titles(frame) == ["Second"]
        assert frame["seq"] > seq
        assert [each["kind"] for each in frame["changes"]] == ["incident_record"], "the timeline is not watched"


async def test_resuming_gives_only_what_was_missed(house: House) -> None:
    plan = await house.plan()
    incident = await house.incident(plan)
    async with house.visit() as client:
        seq, _ = await client.world()
    await house.retitle(incident, "While you were away")
    await house.retitle(incident, "Still away")
    cursor = {"epoch": client.welcome["epoch"], "seq": seq}
    async with house.visit(resume=cursor) as client:
        assert client.welcome["resumed"] is True
        missed: list[str] = []
        while len(missed) < 2:
            missed += titles(await client.hear("changes"))
        assert missed == ["While you were away", "Still away"]
        await house.retitle(incident, "Here again")
        assert titles(await client.hear("changes")) == ["Here again"]
        assert client.aside == []
        cursor["seq"] = await house.engine.feed.position()
    async with house.visit(resume=cursor) as client:
        assert client.welcome["resumed"] is True
        await house.retitle(incident, "Nothing was missed")
        assert titles(await client.hear("changes")) == ["Nothing was missed"]
        assert client.aside == []


@pytest.mark.parametrize("cursor", [{"epoch": "another", "seq": 0}, {"seq": 1_000_000}, {"seq": -1}])
async def test_a_cursor_that_is_worth_nothing_gives_a_snapshot(house: House, cursor: dict[str, Any]) -> None:
    await house.plan()
    async with house.visit(resume={"epoch": house.engine.feed.epoch} | cursor) as client:
        assert client.welcome["resumed"] is False
        _, world = await client.world()
        assert "response_plan" in {each["kind"] for each in world}


async def test_a_command_only_client_is_sent_no_world(house: House) -> None:
    plan = await house.plan()
    async with house.dial() as client:
        await client.say(kind="hello", token=house.token(), follow=False)
        await client.hear("welcome")
        await house.incident(plan)
        assert "result" in await client.do("list_incidents")
        assert client.aside == []


# --- histories


async def test_watching_gives_the_timeline_and_what_is_added(house: House) -> None:
    incident = await house.incident(await house.plan())
    await house.note(incident, "before")
    async with house.visit() as client:
        await client.world()
        await client.say(kind="watch", incident=incident)
        history = await client.hear("history")
        assert history["latest"] is True
        events = [each["record"] for each in history["changes"] if each["kind"] == "timeline_event"]
        assert json.loads(events[0]["event_data"]) == "before", "newest first"
        assert {each["event_type"] for each in events} > {"SSM Incident Trigger"}

        added = await house.note(incident, "after")
        seen = [each async for each in _events(client)]
        assert [each["event_id"] for each in seen] == [added]

        await client.say(kind="unwatch", incident=incident)
        await client.do("list_incidents")
        await house.note(incident, "unseen")
        await house.retitle(incident, "Seen")
        frames = [await client.hear("changes")]
        while "Seen" not in titles(frames[-1]):
            frames.append(await client.hear("changes"))
        assert not [each for frame in frames for each in frame["changes"] if each["kind"] == "timeline_event"]


async def _events(client: Backdoor) -> AsyncIterator[dict[str, Any]]:
    while True:
        frame = await client.hear("changes")
        events = [each["record"] for each in frame["changes"] if each["kind"] == "timeline_event"]
        for event in events:
            yield event
        if events:
            return


async def test_older_history_is_read_in_parts_without_gaps(house: House) -> None:
    incident = await house.incident(await house.plan())
    ids = {await house.note(incident, f"note {number}") for number in range(450)}
    async with house.visit() as client:
        await client.say(kind="watch", incident=incident)
        part = await client.hear("history")
        seen = [each["key"] for each in part["changes"]]
        while part["older"] is not None:
            await client.say(kind="page", incident=incident, before=part["older"])
            part = await client.hear("history")
            assert part["latest"] is False
            seen += [each["key"] for each in part["changes"]]
        assert len(seen) == len(set(seen))
        assert ids <= {key.rpartition("#")[2] for key in seen}
        await client.say(kind="page", incident=incident, before="nonsense")
        code, reason = await closed(client)
        assert (code, "page.before" in reason) == (Close.BAD_FRAME, True)


async def test_watching_under_load_misses_nothing_and_doubles_nothing(house: House) -> None:
    incident = await house.incident(await house.plan())
    async with house.visit() as client:
        await client.world()
        writing = asyncio.create_task(_notes(house, incident, 120))
        await asyncio.sleep(0.03)
        await client.say(kind="watch", incident=incident)
        history = await client.hear("history")
        seen = [each["key"] for each in history["changes"] if each["kind"] == "timeline_event"]
        ids = await writing
        while not ids <= {key.rpartition("#")[2] for key in seen}:
            frame = await client.hear("changes")
            seen += [each["key"] for each in frame["changes"] if each["kind"] == "timeline_event"]
        assert len(seen) == len(set(seen))


async def _notes(house: House, incident: str, count: int) -> set[str]:
    return {await house.note(incident, f"note {number}") for number in range(count)}


async def test_what_is_not_there_has_an_empty_history(house: House) -> None:
    async with house.visit() as client:
        await client.say(kind="watch", incident=house.missing_incident())
        history = await client.hear("history")
        assert (history["changes"], history["older"]) == ([], None)


# --- accounts


async def test_two_accounts_never_see_each_other(house: House) -> None:
    stranger = await house.key_for("admin", account=OTHER_ACCOUNT)
    await house.engine.acting_as(stranger.caller).create_replication_set(regions={"us-east-1": {}})
    ours = await house.incident(await house.plan(), "Ours")
    theirs_plan = await house.plan(account=OTHER_ACCOUNT)
    await house.incident(theirs_plan, "Theirs", account=OTHER_ACCOUNT)
    async with house.visit() as us, house.visit(key=stranger) as them:
        assert titles({"changes": (await us.world())[1]}) == ["Ours"]
        assert titles({"changes": (await them.world())[1]}) == ["Theirs"]

        await them.say(kind="watch", incident=ours)
        assert (await them.hear("history"))["changes"] == []
        await house.note(ours, "a secret of ours")
        await house.retitle(ours, "Ours still")
        for action in ("show_incident", "resolve", "change_title"):
            arguments = {"incident": ours} | ({"title": "stolen"} if action == "change_title" else {})
            error = (await them.do(action, token=action, **arguments))["error"]
            assert error["code"] == "ResourceNotFoundException"
        reply = await them.do("list_incidents", "list")
        assert [each["title"] for each in reply["result"]["incidents"]] == ["Theirs"]
        keys = await them.do("list_access_keys", "keys")
        assert {each["access_key_id"] for each in keys["result"]["access_keys"]} == {stranger.access_key_id}
        error = (await them.do("revoke_access_key", "revoke", access_key_id=house.key.access_key_id))["error"]
        assert error["code"] == "ResourceNotFoundException"

        cursor = {"epoch": them.welcome["epoch"], "seq": 0}
        told = json.dumps(them.aside)
    async with house.visit(key=stranger, resume=cursor) as them:
        assert them.welcome["resumed"] is True
        await them.do("list_incidents", "last")
        told += json.dumps(them.aside)
    assert "Theirs" in told
    assert "Ours" not in told
    assert ACCOUNT not in told


# --- slow clients


async def test_a_client_that_stops_reading_slows_nobody_and_then_sees_the_same_world(house: House) -> None:
    await house.stop()
    await house.serve(send_buffer=16384)
    plan = await house.plan()
    incidents = [await house.incident(plan, f"Incident {number}") for number in range(5)]
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    narrow.connect(("127.0.0.1", house.port))
    stalled = house.visit(sock=narrow, max_queue=1, compression=None)
    async with house.visit() as quick, stalled as slow:
        _, world = await slow.world()
        held = {each["key"]: each["record"] for each in world}
        await quick.world()
        slow.connection.transport.pause_reading()
        delays, updates = [], 700
        for number in range(updates):
            began = time.perf_counter()
            summary = f"{number} " + "x" * 1000
            await house.acting().update_incident_record(arn=incidents[number % 5], summary=summary)
            frame = await quick.hear("changes")
            delays.append(time.perf_counter() - began)
            assert frame["changes"][-1]["record"]["summary"] == summary
        await house.acting().update_incident_record(arn=incidents[0], status="RESOLVED")
        assert sorted(delays)[len(delays) // 2] < 0.1

        slow.connection.transport.resume_reading()
        frames, seq = 0, 0
        while held[incidents[0]]["status"] == "OPEN":
            frame = await slow.any()
            assert frame["seq"] >= seq
            seq, frames = frame["seq"], frames + 1
            held = ({} if frame.get("first") else held) | {each["key"]: each["record"] for each in frame["changes"]}
        assert frames < updates / 2, "most of it was coalesced"
        now = {each.key: each.record for each in (await house.engine.feed.snapshot(ACCOUNT)).changes}
        for arn in incidents[1:]:
            assert held[arn] == json.loads(now[arn] or "")


async def test_a_client_that_asks_and_does_not_read_is_made_to_wait_and_the_end_is_quiet(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.stop()
    await house.serve(send_buffer=16384)
    incident = await house.incident(await house.plan())
    for _ in range(20):
        await house.note(incident, "x" * 10_000)
    shown, dossier = 0, house.engine.incident_dossier

    async def counted(*given: Any) -> Any:
        nonlocal shown
        shown += 1
        return await dossier(*given)

    house.engine.incident_dossier = counted  # type: ignore[method-assign]
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    narrow.connect(("127.0.0.1", house.port))
    async with house.visit() as quick, house.dial(sock=narrow, max_queue=1, compression=None) as greedy:
        await greedy.say(kind="hello", token=house.token(), follow=False)
        await greedy.hear("welcome")
        greedy.connection.transport.pause_reading()
        for number in range(200):
            arguments = {"incident": incident}
            await greedy.say(kind="command", id=str(number), action="show_incident", token="t", arguments=arguments)
        await asyncio.sleep(0.5)
        assert 0 < shown < 30, "each answer is 200 kB: a megabyte of them waits, and what the sockets hold"
        began = time.perf_counter()
        assert "result" in await quick.do("list_incidents")
        assert time.perf_counter() - began < 1
        await house.stop()
    assert "Exception in ASGI application" not in caplog.text


# --- commands


async def test_a_reply_comes_after_the_changes_that_it_caused(house: House) -> None:
    await house.incident(await house.plan())
    async with house.visit() as client:
        await client.world()
        number = (await client.do("list_incidents"))["result"]["incidents"][0]["number"]
        reply = await client.do("change_title", "two", incident=str(number), title="Changed")
        assert "result" in reply
        assert [title for frame in client.aside for title in titles(frame)] == ["Changed"]


async def test_commands_of_a_client_are_done_in_order(house: House) -> None:
    incident = await house.incident(await house.plan())
    async with house.visit() as client:
        await client.world()
        for number in range(30):
            await client.say(
                kind="command",
                id=str(number),
                action="change_title",
                token=f"t{number}",
                arguments={"incident": incident, "title": f"Title {number}"},
            )
        replies = [await client.hear("reply") for _ in range(30)]
        assert [reply["id"] for reply in replies] == [str(number) for number in range(30)]
        seen = [title for frame in client.aside for title in titles(frame)]
        assert seen == [f"Title {number}" for number in range(30)]


async def test_the_same_token_acts_once_also_over_connections_and_restarts(house: House) -> None:
    plan = await house.plan()
    incident = await house.incident(plan)
    at = datetime.now(UTC).isoformat()

    async def command(client: Backdoor, action: str, **arguments: Any) -> dict[str, Any]:
        await client.say(kind="command", id="1", action=action, token=f"same-{action}", at=at, arguments=arguments)
        return (await client.hear("reply"))["result"]

    async def round_of() -> list[dict[str, Any]]:
        async with house.visit() as client:
            return [
                await command(client, "declare", response_plan="payments", title="Declared once"),
                await command(client, "add_timeline_event", incident=incident, text="said once"),
                await command(client, "escalate", incident=incident),
                await command(client, "resolve", incident=incident, note="done once"),
                await command(client, "create_access_key", name="made-once"),
            ]

    first = await round_of()
    assert await round_of() == first
    await house.stop()
    await house.serve()
    assert await round_of() == first
    assert first[2]["impact"] == 2
    assert [key.name for key in await house.engine.keys.all(ACCOUNT)].count("made-once") == 1
    found = await house.engine.incidents(ACCOUNT, None, 10)
    assert sorted(each.title for each in found) == ["Checkout fails", "Declared once"]
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 100)
    assert dossier.incident.impact == 2
    notes = [json.loads(each.event_data) for each in dossier.events if each.event_type == "Note"]
    assert sorted(notes) == ["done once", "said once"]


async def test_a_token_of_another_command_is_refused(house: House) -> None:
    incident = await house.incident(await house.plan())
    async with house.visit() as client:
        await client.do("change_title", "same", incident=incident, title="One")
        error = (await client.do("change_title", "same", incident=incident, title="Two"))["error"]
        assert error["code"] == "ValidationException"


# --- the port


async def test_it_says_that_it_is_well_and_ends_its_sessions_in_an_orderly_way(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == "ok"
    async with house.visit() as client:
        stopping = asyncio.create_task(house.stop())
        assert (await closed(client))[0] == 1012
        await stopping
