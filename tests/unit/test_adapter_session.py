"""A session without a socket: what it sends when it is slow, cut off, or asks for much."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from stream_house import ACCOUNT, House, eventually, open_house
from warroom.adapter.doer import ASKED
from warroom.adapter.exchange import Exchange
from warroom.adapter.hub import Hub
from warroom.adapter.outbox import REPLIES, Outbox
from warroom.adapter.protocol import Fault
from warroom.adapter.repetitions import Repetitions
from warroom.adapter.session import WATCHES, Session
from warroom.adapter.worlds import Worlds
from warroom.engine.clock import SystemClock
from warroom.model.arn import incident_record_arn
from warroom.stream.frames import Close, Hello


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, serve=False) as opened:
        yield opened


@pytest_asyncio.fixture
async def exchange(house: House) -> AsyncIterator[Exchange]:
    hub = Hub(house.engine.feed)
    await hub.start()
    yield Exchange(house.engine, hub, Worlds(hub), Repetitions(), SystemClock().now, lambda _: None)
    await hub.stop()


class Client:
    """The other end: takes frames while `open`."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.says: asyncio.Queue[str] = asyncio.Queue()
        self.open = asyncio.Event()
        self.open.set()

    async def take(self, text: str) -> None:
        await self.open.wait()
        self.frames.append(json.loads(text))

    def say(self, **frame: Any) -> None:
        self.says.put_nowait(json.dumps(frame))

    def kinds(self) -> list[str]:
        return [frame["kind"] for frame in self.frames]

    def start(self, exchange: Exchange, house: House, **options: Any) -> tuple[Session, asyncio.Task[None]]:
        session = Session(exchange, house.key, receive=self.says.get, send=self.take, **options)
        return session, asyncio.create_task(session.run(Hello(token=house.token())))


async def end(task: asyncio.Task[None], session: Session) -> None:
    task.cancel()
    await asyncio.wait([task])
    await session.settle(1)


async def test_a_client_that_cannot_keep_up_gets_a_snapshot_and_its_histories_anew(
    house: House, exchange: Exchange
) -> None:
    incident = await house.incident(await house.plan(), "One")
    await exchange.hub.reached(await house.engine.feed.position(), 5)
    client = Client()
    session, task = client.start(exchange, house, outbox=Outbox(limit=2, most=3))
    client.say(kind="watch", incident=incident)
    await eventually("the history", lambda: client.kinds() == ["welcome", "snapshot", "history"])
    client.open.clear()
    for number in range(10):
        await house.note(incident, f"note {number}")
    await exchange.hub.reached(await house.engine.feed.position(), 5)
    client.open.set()
    await eventually("the rest", lambda: client.kinds().count("history") == 2)
    assert client.kinds().count("snapshot") == 2
    notes = [each["record"]["event_data"] for each in client.frames[-1]["changes"][:10]]
    assert notes == [f'"note {number}"' for number in reversed(range(10))]
    await house.retitle(incident, "Two")
    await eventually("the news", lambda: client.kinds()[-1] == "changes")
    await end(task, session)


async def test_a_client_that_takes_nothing_at_all_is_let_go(house: House, exchange: Exchange) -> None:
    client = Client()
    client.open.clear()
    _, task = client.start(exchange, house, stall=0.05)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(task, 5)


async def test_commands_that_were_received_are_done_though_the_client_went(house: House, exchange: Exchange) -> None:
    incident = await house.incident(await house.plan())
    client = Client()
    session, task = client.start(exchange, house)
    for number in range(5):
        arguments = {"incident": incident, "text": f"said {number}"}
        client.say(kind="command", id="1", action="add_timeline_event", token=f"t{number}", arguments=arguments)
    client.says.put_nowait("gone")
    with pytest.raises(Fault):
        await asyncio.wait_for(task, 5)
    await session.settle(5)
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 100)
    assert len([event for event in dossier.events if event.event_type == "Note"]) == 5


async def test_replies_that_are_not_taken_stop_the_commands_and_the_reading(house: House, exchange: Exchange) -> None:
    await house.plan()
    client, outbox = Client(), _Tally()
    session, task = client.start(exchange, house, outbox=outbox)
    await eventually("the world", lambda: client.kinds() == ["welcome", "snapshot"])
    client.open.clear()
    asked = REPLIES + ASKED + 200
    for number in range(asked):
        client.say(kind="command", id=str(number), action="list_incidents", token=f"t{number}")
    await eventually("the crowd", lambda: outbox.crowded)
    await asyncio.sleep(0.2)
    assert outbox.most == REPLIES
    assert client.says.qsize() >= 100, "no more is read than can be done"

    other = Client()
    other_session, other_task = other.start(exchange, house)
    other.say(kind="command", id="1", action="list_incidents", token="t")
    await eventually("the reply to another client", lambda: other.kinds()[-1:] == ["reply"], 2)
    await end(other_task, other_session)

    client.open.set()
    await eventually("all replies", lambda: client.kinds().count("reply") == asked)
    assert [frame["id"] for frame in client.frames if frame["kind"] == "reply"] == [str(each) for each in range(asked)]
    assert outbox.most == REPLIES
    await end(task, session)


class _Tally(Outbox):
    """Counts the replies that wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = self.most = 0

    def reply(self, text: str) -> None:
        super().reply(text)
        self.waiting += 1
        self.most = max(self.most, self.waiting)

    def take(self, watched: Any, now: float) -> str | None:
        frame = super().take(watched, now)
        if frame is not None and frame.startswith('{"kind":"reply"'):
            self.waiting -= 1
        return frame


async def test_commands_that_wait_for_room_are_done_when_their_client_goes(house: House, exchange: Exchange) -> None:
    incident = await house.incident(await house.plan())
    client = Client()
    session, task = client.start(exchange, house)
    await eventually("the world", lambda: client.kinds() == ["welcome", "snapshot"])
    client.open.clear()
    for number in range(REPLIES + 10):
        client.say(kind="command", id=str(number), action="list_incidents", token=f"t{number}")
    arguments = {"incident": incident, "text": "said at last"}
    client.say(kind="command", id="last", action="add_timeline_event", token="last", arguments=arguments)
    await eventually("all is read", client.says.empty)
    await asyncio.sleep(0.1)
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 100)
    assert "Note" not in {event.event_type for event in dossier.events}
    await end(task, session)
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 100)
    assert "Note" in {event.event_type for event in dossier.events}


async def test_watching_everything_at_once_has_a_limit(house: House, exchange: Exchange) -> None:
    client = Client()
    session, task = client.start(exchange, house)
    for number in range(WATCHES + 1):
        client.say(kind="watch", incident=incident_record_arn(ACCOUNT, "p", str(number)))
    with pytest.raises(Fault) as caught:
        await asyncio.wait_for(task, 10)
    assert caught.value.code == Close.BAD_FRAME
    await session.settle(1)


async def test_a_world_is_read_once_for_all_who_come_while_nothing_happens(house: House, exchange: Exchange) -> None:
    incident = await house.incident(await house.plan())
    one, another = await asyncio.gather(exchange.worlds.of(ACCOUNT), exchange.worlds.of(ACCOUNT))
    assert one is another
    await house.retitle(incident, "News")
    await exchange.hub.reached(await house.engine.feed.position(), 5)
    assert (await exchange.worlds.of(ACCOUNT)).seq > one.seq
