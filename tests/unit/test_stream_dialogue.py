"""The client's side of the protocol, without a socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from warroom.stream.actions import Resolve
from warroom.stream.dialogue import Dialogue, Unreadable
from warroom.stream.endpoint import Endpoint
from warroom.stream.frames import Cursor
from warroom.stream.news import Arrived, Connected, HistoryArrived, Replied

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENDPOINT = Endpoint("http://host:1", "AKIA1", "secret")
WELCOME = {
    "kind": "welcome",
    "epoch": "e1",
    "server": "9.9",
    "time": "2026-01-01T00:00:30Z",
    "principal": {"account": "1", "name": "n", "arn": "a", "role": "admin"},
    "actions": ["resolve"],
    "resumed": False,
}


def hear(dialogue: Dialogue, **frame: Any) -> Any:
    return dialogue.receive(json.dumps(frame).encode())


def said(dialogue: Dialogue) -> list[dict[str, Any]]:
    return [json.loads(frame) for frame in dialogue.outgoing()]


@pytest.fixture
def dialogue() -> Dialogue:
    fresh = Dialogue(now=lambda: NOW)
    fresh.open(ENDPOINT)
    return fresh


def test_it_says_hello_first_and_the_rest_after_the_welcome(dialogue: Dialogue) -> None:
    dialogue.watch("arn:1")
    dialogue.command("c1", Resolve(incident="1"), "t1", NOW)
    (hello,) = said(dialogue)
    assert hello.pop("token").startswith("v1.AKIA1.")
    assert hello == {"kind": "hello", "protocol": 1, "follow": True}
    assert isinstance(hear(dialogue, **WELCOME), Connected)
    watch, command = said(dialogue)
    assert watch == {"kind": "watch", "incident": "arn:1"}
    assert command == {
        "kind": "command",
        "id": "c1",
        "action": "resolve",
        "token": "t1",
        "arguments": {"incident": "1"},
        "at": "2026-01-01T00:00:00Z",
    }


def test_it_learns_the_backends_clock(dialogue: Dialogue) -> None:
    hear(dialogue, **WELCOME)
    assert dialogue.asked_at() - NOW == timedelta(seconds=30)


def test_the_cursor_is_the_end_of_a_whole_snapshot_and_then_of_each_change(dialogue: Dialogue) -> None:
    hear(dialogue, **WELCOME)
    hear(dialogue, kind="snapshot", seq=5, first=True, last=False, changes=[])
    assert dialogue.cursor is None
    hear(dialogue, kind="snapshot", seq=5, first=False, last=True, changes=[])
    assert dialogue.cursor == Cursor(epoch="e1", seq=5)
    hear(dialogue, kind="changes", seq=8, changes=[])
    assert dialogue.cursor == Cursor(epoch="e1", seq=8)
    dialogue.open(ENDPOINT)
    assert said(dialogue)[0]["resume"] == {"epoch": "e1", "seq": 8}
    hear(dialogue, **WELCOME | {"resumed": True})
    assert dialogue.cursor == Cursor(epoch="e1", seq=8)
    hear(dialogue, kind="snapshot", seq=9, first=True, last=False, changes=[])
    dialogue.open(ENDPOINT)
    assert "resume" not in said(dialogue)[0], "half a world is none"


def test_what_was_not_answered_is_sent_again_with_its_token_and_what_was_is_not(dialogue: Dialogue) -> None:
    hear(dialogue, **WELCOME)
    dialogue.command("c1", Resolve(incident="1"), "t1", NOW)
    dialogue.command("c2", Resolve(incident="2"), "t2", NOW)
    said(dialogue)
    replied = hear(dialogue, kind="reply", id="c1", result={"arn": "a"})
    assert replied == Replied("c1", "resolve", {"arn": "a"}, None)
    assert hear(dialogue, kind="reply", id="c1", result={"arn": "a"}) is None, "once is enough"
    dialogue.lost()
    dialogue.open(ENDPOINT)
    said(dialogue)
    hear(dialogue, **WELCOME)
    assert [(frame["id"], frame["token"]) for frame in said(dialogue)] == [("c2", "t2")]


def test_what_is_not_watched_any_more_is_not_told(dialogue: Dialogue) -> None:
    hear(dialogue, **WELCOME)
    dialogue.watch("arn:1")
    history = {"kind": "history", "incident": "arn:1", "latest": True, "changes": [], "older": None}
    assert hear(dialogue, **history) == HistoryArrived("arn:1", [], True, None)
    dialogue.unwatch("arn:1")
    dialogue.unwatch("arn:1")
    assert [frame["kind"] for frame in said(dialogue)] == ["hello", "watch", "unwatch"]
    assert hear(dialogue, **history) is None


def test_wishes_of_a_lost_connection_are_void(dialogue: Dialogue) -> None:
    hear(dialogue, **WELCOME)
    dialogue.page("arn:1", "before")
    dialogue.lost()
    dialogue.page("arn:1", "before")
    assert said(dialogue) == []


def test_a_newer_backend_is_understood_as_far_as_it_goes(dialogue: Dialogue) -> None:
    hear(dialogue, **WELCOME, weather="fine")
    assert hear(dialogue, kind="presence", who=[]) is None
    body = {"seq": 1, "at": "2026-01-01T00:00:00Z", "key": "k"}
    news = hear(
        dialogue,
        kind="changes",
        seq=3,
        changes=[
            body | {"kind": "hologram", "record": {"x": 1}},
            body | {"kind": "incident_record", "record": {"arn": "only"}},
            body | {"kind": "contact", "record": None},
        ],
    )
    assert isinstance(news, Arrived)
    assert [(change.kind, change.record) for change in news.changes] == [("contact", None)]
    assert dialogue.skipped == 1


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"7", b'{"kind":["x"]}', b'{"kind":"changes"}', b'{"kind":"changes","changes":[1],"seq":1}'],
)
def test_an_unreadable_frame_makes_it_begin_anew(dialogue: Dialogue, text: bytes) -> None:
    hear(dialogue, **WELCOME)
    hear(dialogue, kind="changes", seq=3, changes=[])
    with pytest.raises(Unreadable):
        dialogue.receive(text)
    assert dialogue.cursor is None
