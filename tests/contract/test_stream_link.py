"""The war room's connection: what it survives, and what it tells."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.server import ServerConnection, serve

from stream_house import ACCOUNT, Heard, House, eventually, open_house
from warroom.cli.exits import FAILED, told
from warroom.model.errors import BackendUnavailable, ConfigError
from warroom.stream.actions import AddTimelineEvent, ChangeTitle, ListIncidents, Resolve, RevokeAccessKey
from warroom.stream.client import Endpoint, Link
from warroom.stream.news import Arrived, Connected, Disconnected, HistoryArrived, Refused, Replied
from warroom.stream.session import CommandFailed, Refusal, Session


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@contextmanager
def linked(resolve: Callable[[], Endpoint]) -> Iterator[tuple[Link, Heard]]:
    heard = Heard()
    link = Link(resolve, heard.append)
    link.start()
    try:
        yield link, heard
    finally:
        link.stop()


async def live(heard: Heard) -> None:
    await eventually("a whole world", lambda: any(news.last for news in heard.of(Arrived)))


def titles(heard: Heard) -> list[str]:
    changes = [change for news in heard.of(Arrived) for change in news.changes]
    return [change.record.title for change in changes if change.kind == "incident_record"]


async def test_it_tells_the_world_the_changes_and_a_watched_timeline(house: House) -> None:
    incident = await house.incident(await house.plan(), "One")
    with linked(lambda: house.endpoint) as (link, heard):
        await live(heard)
        assert isinstance(heard[0], Connected)
        assert heard[0].endpoint_url == house.url
        assert titles(heard) == ["One"]
        link.watch(incident)
        history: HistoryArrived = (await eventually("the history", lambda: heard.of(HistoryArrived)))[0]
        assert (history.incident, history.latest, history.older) == (incident, True, None)
        await house.note(incident, "said")
        await eventually("the note", lambda: "timeline_event" in {c.kind for n in heard.of(Arrived) for c in n.changes})
        link.page(incident, "nonsense")  # closes the connection; it comes back, and watches again
        await eventually("the history again", lambda: len(heard.of(HistoryArrived)) == 2)
        assert heard.of(Connected)[1].welcome.resumed
        await house.retitle(incident, "Two")
        await eventually("the change", lambda: titles(heard)[-1] == "Two")


async def test_it_resumes_within_two_seconds_after_a_restart_on_another_port(house: House) -> None:
    incident = await house.incident(await house.plan(), "Before")
    with linked(lambda: house.endpoint) as (_, heard):
        await live(heard)
        await house.stop()
        gone: list[Disconnected] = await eventually("the loss", lambda: heard.of(Disconnected), 2)
        assert "ended" in gone[0].reason
        await house.retitle(incident, "Meanwhile")
        await asyncio.sleep(1)
        await house.serve()
        back = time.monotonic()
        await eventually("what was missed", lambda: titles(heard)[-1] == "Meanwhile", 2)
        assert time.monotonic() - back < 2
        assert heard.of(Connected)[1].welcome.resumed
        assert titles(heard) == ["Before", "Meanwhile"]
        assert not [news for news in heard.of(Arrived) if news.snapshot and news is not heard.of(Arrived)[0]]


async def test_a_command_given_while_away_is_done_once_when_back(house: House) -> None:
    incident = await house.incident(await house.plan())
    with linked(lambda: house.endpoint) as (link, heard):
        await live(heard)
        await house.stop()
        command = link.command(AddTimelineEvent(incident=incident, text="from the dark"))
        await asyncio.sleep(0.3)
        await house.serve()
        replied: Replied = (await eventually("the reply", lambda: heard.of(Replied)))[0]
        assert (replied.id, replied.action, replied.error) == (command, "add_timeline_event", None)
        dossier = await house.engine.incident_dossier(ACCOUNT, incident, 50)
        assert len([event for event in dossier.events if event.event_type == "Note"]) == 1


async def test_a_reply_that_was_lost_is_asked_for_again_and_nothing_acts_twice(house: House) -> None:
    incident = await house.incident(await house.plan())
    async with _blackhole(house) as (hole, endpoint):
        with linked(lambda: endpoint) as (link, heard):
            await live(heard)
            hole.deaf = True  # what the backend says is lost; what it is told arrives
            link.command(AddTimelineEvent(incident=incident, text="once"), "the-token")
            await eventually("the loss", lambda: heard.of(Disconnected), 8)
            hole.deaf = False
            await eventually("the reply", lambda: heard.of(Replied))
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 50)
    assert len([event for event in dossier.events if event.event_type == "Note"]) == 1


async def test_a_command_that_the_backend_cannot_take_is_not_sent_for_ever(house: House) -> None:
    with linked(lambda: house.endpoint) as (link, heard):
        await live(heard)
        monster = AddTimelineEvent.model_construct(incident="1", text="x" * 300_000)
        command = link.command(monster)
        replied: Replied = (await eventually("the answer", lambda: heard.of(Replied)))[0]
        assert replied.id == command
        assert replied.error is not None and replied.error.code == "NotUnderstood"
        await eventually("the reconnection", lambda: len(heard.of(Connected)) == 2)
        link.command(ListIncidents())
        await eventually("another answer", lambda: len(heard.of(Replied)) == 2)


async def test_silence_counts_as_loss_within_seconds(house: House) -> None:
    async with _blackhole(house) as (hole, endpoint):
        with linked(lambda: endpoint) as (link, heard):
            await live(heard)
            await asyncio.sleep(1.5)
            assert time.monotonic() - link.last_heard < 1.4, "pings are answered every second"
            hole.deaf = True
            silent = time.monotonic()
            gone = await eventually("the loss", lambda: heard.of(Disconnected), 8)
            assert 3 < time.monotonic() - silent < 6.5
            assert "silent" in gone[0].reason
            hole.deaf = False
            await eventually("the resumption", lambda: len(heard.of(Connected)) == 2, 3)


async def test_another_database_replaces_the_world(house: House, tmp_path: Path) -> None:
    await house.incident(await house.plan(), "Old world")
    place = tmp_path / "another"
    place.mkdir()
    async with open_house(place) as other:
        await other.incident(await other.plan(), "New world")
        at = [house]
        with linked(lambda: at[0].endpoint) as (_, heard):
            await live(heard)
            at[0] = other
            await house.stop()
            await eventually("the new world", lambda: titles(heard)[-1] == "New world")
            assert not heard.of(Connected)[1].welcome.resumed
            assert heard.of(Arrived)[-1].first


async def test_a_refusal_says_what_to_do_and_is_no_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.stream.line.REFUSED_PAUSE", 0.2)
    wrong = Endpoint(house.url, house.key.access_key_id, "wrong")
    at = [wrong]
    with linked(lambda: at[0]) as (_, heard):
        refused: Refused = (await eventually("the refusal", lambda: heard.of(Refused)))[0]
        assert "warroom key create" in refused.reason
        at[0] = house.endpoint
        await live(heard)
        assert len(heard.of(Refused)) == 1, "told once"


async def test_a_key_that_is_revoked_meanwhile_is_refused(house: House) -> None:
    key = await house.key_for("responder")
    with linked(lambda: house.endpoint_of(key)) as (_, heard):
        await live(heard)
        async with Session.open(house.endpoint) as admin:
            await admin.command(RevokeAccessKey(access_key_id=key.access_key_id))
        refused: Refused = (await eventually("the refusal", lambda: heard.of(Refused)))[0]
        assert "revoked" in refused.reason


async def test_it_goes_on_while_nobody_knows_where_the_backend_is(house: House) -> None:
    answers: list[Exception | Endpoint] = [
        BackendUnavailable("it is starting"),
        RuntimeError("a bug"),
        Endpoint("http://127.0.0.1:1", "a", "b"),
        house.endpoint,
    ]

    def resolve() -> Endpoint:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    with linked(resolve) as (_, heard):
        await live(heard)
        reasons = [news.reason for news in heard.of(Disconnected)]
        assert reasons[0] == "it is starting"
        assert "RuntimeError" in reasons[1]
        assert reasons[2] == "nothing listens at http://127.0.0.1:1: is the backend running?"


@pytest.mark.parametrize(
    ("failure", "told"),
    [(ConfigError("no such context"), "no such context"), (Endpoint("ftp://host", "a", "b"), "https://host:port")],
)
async def test_unusable_settings_are_told(failure: Any, told: str) -> None:
    def resolve() -> Endpoint:
        if isinstance(failure, Exception):
            raise failure
        assert isinstance(failure, Endpoint)
        return failure

    with linked(resolve) as (_, heard):
        refused: Refused = (await eventually("the refusal", lambda: heard.of(Refused)))[0]
        assert told in refused.reason


async def test_what_is_no_warroom_is_told() -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(page, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with linked(lambda: Endpoint(url, "a", "b")) as (_, heard):
            gone = await eventually("the reason", lambda: heard.of(Disconnected))
            assert gone[0].reason == f"{url} answered HTTP 404: is it a warroom backend?"


async def test_unreadable_records_are_skipped_and_unreadable_frames_begin_anew() -> None:
    hellos: list[dict[str, Any]] = []
    good = {"arn": "a", "name": "p", "incident_template": {"title": "t", "impact": 1}}
    at = "2026-01-01T00:00:00Z"

    def change(kind: str, record: Any) -> dict[str, Any]:
        return {"seq": 7, "at": at, "kind": kind, "key": "k", "record": record}

    async def backend(connection: ServerConnection) -> None:
        hellos.append(json.loads(await connection.recv()))
        principal = {"account": ACCOUNT, "name": "n", "arn": "x", "role": "admin"}
        welcome = {"kind": "welcome", "epoch": "e", "server": "9", "time": at, "principal": principal}
        await connection.send(json.dumps(welcome | {"actions": [], "resumed": len(hellos) > 9, "new": 1}))
        await connection.send(json.dumps({"kind": "presence", "who": []}))
        changes = [
            change("response_plan", good | {"unknown": 1}),
            change("response_plan", {"arn": 5}),
            change("hologram", {}),
            change("contact", None),
        ]
        snapshot = {"kind": "snapshot", "seq": 7, "first": True, "last": True, "changes": changes}
        await connection.send(json.dumps(snapshot))
        await connection.send("{" if len(hellos) == 1 else '{"kind":"changes","seq":8,"changes":[]}')
        await connection.wait_closed()

    async with serve(backend, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with linked(lambda: Endpoint(url, "a", "b")) as (link, heard):
            await eventually("the second attempt", lambda: heard and getattr(heard[-1], "seq", 0) == 8)
            assert [hello.get("resume") for hello in hellos] == [None, None], "something may have been missed"
            assert [change.kind for change in heard.of(Arrived)[0].changes] == ["response_plan", "contact"]
            assert link.skipped == 2
            assert "unreadable" in heard.of(Disconnected)[0].reason


async def test_it_stops_at_once_whatever_it_is_doing(house: House) -> None:
    for endpoint in (house.endpoint, Endpoint("http://127.0.0.1:1", "a", "b")):
        link = Link(lambda endpoint=endpoint: endpoint, print)  # type: ignore[misc]
        link.start()
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await asyncio.to_thread(link.stop)
        assert time.monotonic() - began < 1
        link.command(ListIncidents())
        link.stop()
    unstarted = Link(lambda: house.endpoint, print)
    unstarted.stop()


# --- the headless session


async def test_a_session_does_commands(house: House) -> None:
    incident = await house.incident(await house.plan())
    async with Session.open(house.endpoint) as session:
        assert session.welcome.principal.name == "local"
        found = await session.command(ListIncidents())
        assert [each["arn"] for each in found["incidents"]] == [incident]
        with pytest.raises(CommandFailed) as caught:
            await session.command(Resolve(incident="INC-7"))
        assert caught.value.code == "ResourceNotFoundException"
        for _ in range(2):
            await session.command(ChangeTitle(incident=incident, title="Once"), token="same")


async def test_a_session_outlives_a_restart(house: House) -> None:
    await house.plan()
    async with Session.open(house.endpoint) as session:
        port = house.port
        await house.stop()
        asking = asyncio.create_task(session.command(ListIncidents()))
        await asyncio.sleep(0.2)
        await house.serve(port)
        assert await asyncio.wait_for(asking, 5) == {"incidents": []}


async def test_a_session_that_is_left_alone_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warroom.stream.session.AWAY", 0.3)
    async with Session.open(house.endpoint) as session:
        await house.stop()
        with pytest.raises(BackendUnavailable, match="may have been done"):
            await asyncio.wait_for(session.command(ListIncidents()), 5)
        with pytest.raises(BackendUnavailable):
            await session.command(ListIncidents())


async def test_a_session_that_is_not_let_in_says_why(house: House) -> None:
    for endpoint, error, reason in [
        (Endpoint(house.url, "AKIAX", "wrong"), Refusal, "unknown"),
        (Endpoint("http://127.0.0.1:1", "a", "b"), BackendUnavailable, "nothing listens"),
        (Endpoint("gopher://x", "a", "b"), Refusal, "not the address"),
    ]:
        with pytest.raises(error, match=reason):
            async with Session.open(endpoint):
                pass


async def test_a_command_with_a_refused_key_does_not_end_as_if_there_were_no_backend(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with told(debug=False) as outcome:
        async with Session.open(Endpoint(house.url, "AKIAX", "wrong")):
            pass
    assert outcome.code == FAILED
    assert "the access key is unknown, revoked, or its secret is wrong" in capsys.readouterr().err


async def test_a_session_whose_key_is_revoked_says_so(house: House) -> None:
    key = await house.key_for("responder")
    async with Session.open(house.endpoint_of(key)) as session:
        async with Session.open(house.endpoint) as admin:
            await admin.command(RevokeAccessKey(access_key_id=key.access_key_id))
        with pytest.raises(Refusal, match="revoked"):
            for _ in range(100):
                await asyncio.wait_for(session.command(ListIncidents()), 5)
                await asyncio.sleep(0.05)


async def test_a_session_may_follow_the_world(house: House) -> None:
    await house.incident(await house.plan(), "Followed")
    heard = Heard()
    async with Session.open(house.endpoint, deliver=heard.append):
        await live(heard)
        assert titles(heard) == ["Followed"]


# --- a network that swallows what it is given


class _Hole:
    deaf = False
    """Nothing of what the backend says gets through, and nothing is reset either."""


@asynccontextmanager
async def _blackhole(house: House) -> AsyncIterator[tuple[_Hole, Endpoint]]:
    hole = _Hole()
    pumps: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, from_backend: bool) -> None:
        while data := await reader.read(65536):
            if not (hole.deaf and from_backend):
                writer.write(data)
                await writer.drain()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", house.port)
        both = [pump(reader, here, from_backend=False), pump(there, writer, from_backend=True)]
        tasks = [asyncio.create_task(each) for each in both]
        pumps.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in (writer, here):
            each.close()

    server = await asyncio.start_server(relay, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield hole, Endpoint(url, house.key.access_key_id, house.key.secret_access_key)
    finally:
        for task in pumps:
            task.cancel()
        server.close()
