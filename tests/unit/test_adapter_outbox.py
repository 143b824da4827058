"""What waits for a client: nothing lost, nothing out of order, nothing unbounded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from warroom.adapter.batch import PART, Batch, Encoded, history_frame, snapshot_frames
from warroom.adapter.hub import Hub
from warroom.adapter.outbox import REPLIES, REPLIES_LENGTH, Outbox
from warroom.engine.interfaces import LoggedChange

AT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)


def logged(
    seq: int, key: str, *, kind: str = "incident_record", incident: str | None = None, account: str = "1"
) -> LoggedChange:
    return LoggedChange(seq, AT, account, kind, key, incident, f'{{"n":{seq}}}')


def batch(*changes: LoggedChange) -> Batch:
    return Batch([Encoded(change) for change in changes], changes[-1].seq)


def taken(outbox: Outbox, watched: dict[str, float] | None = None, now: float = 0) -> list[dict[str, Any]]:
    frames = []
    while (text := outbox.take(watched or {}, now)) is not None:
        frames.append(json.loads(text))
    return frames


def seqs(frame: dict[str, Any]) -> list[int]:
    return [change["seq"] for change in frame["changes"]]


# --- frames


def test_a_change_is_the_stored_text_in_its_frame() -> None:
    change = LoggedChange(7, AT, "1", "contact", 'a"b', None, '{"arn": "x",  "as": "stored"}')
    text = batch(change).frame({})
    assert text is not None and '"record":{"arn": "x",  "as": "stored"}' in text
    assert json.loads(text) == {
        "kind": "changes",
        "seq": 7,
        "changes": [
            {
                "seq": 7,
                "at": "2026-01-01T12:30:00Z",
                "kind": "contact",
                "key": 'a"b',
                "record": {"arn": "x", "as": "stored"},
            }
        ],
    }


def test_clients_with_the_same_view_share_one_text() -> None:
    news = batch(logged(5, "a"), logged(6, "e", kind="timeline_event", incident="i1"))
    plain, watching = news.frame({}), news.frame({"i1": 3})
    assert news.frame({"other": 0}) is plain
    assert news.frame({"i1": 4, "other": 9}) is watching
    assert news.frame({"i1": 6}) is plain, "it has had that event with the history"
    assert watching is not plain


def test_who_sees_nothing_of_a_batch_is_sent_nothing() -> None:
    assert batch(logged(6, "e", kind="related_item", incident="i1")).frame({"i2": 0}) is None


def test_a_snapshot_comes_in_parts_and_an_empty_world_in_one() -> None:
    world = [logged(9, str(number)) for number in range(PART + 1)] + [logged(9, "e", kind="timeline_event")]
    first, last = (json.loads(frame) for frame in snapshot_frames(world, 9))
    assert (first["first"], first["last"], len(first["changes"])) == (True, False, PART)
    assert (last["first"], last["last"], len(last["changes"])) == (False, True, 1)
    assert [json.loads(frame) for frame in snapshot_frames([], 4)] == [
        {"kind": "snapshot", "seq": 4, "first": True, "last": True, "changes": []}
    ]


def test_a_history_frame() -> None:
    frame = json.loads(history_frame('i"1', [logged(3, "e")], latest=False, older=None))
    assert (frame["incident"], frame["latest"], frame["older"], seqs(frame)) == ('i"1', False, None, [3])


# --- waiting


def test_batches_are_taken_as_they_came_and_replies_in_their_place() -> None:
    outbox = Outbox()
    outbox.offer(batch(logged(1, "a")), 0)
    outbox.reply('{"kind":"reply"}')
    outbox.offer(batch(logged(2, "a")), 0)
    assert [frame.get("seq") for frame in taken(outbox)] == [1, None, 2]
    assert outbox.take({}, 0) is None


def test_what_was_offered_already_or_was_in_the_snapshot_is_not_sent() -> None:
    outbox = Outbox()
    outbox.offer(batch(logged(1, "a"), logged(2, "b")), 0)
    outbox.offer(batch(logged(2, "b"), logged(3, "c")), 0)
    outbox.skip(1)
    outbox.offer(batch(logged(3, "c")), 0)
    assert [seqs(frame) for frame in taken(outbox)] == [[2], [3]]


def test_too_much_is_reduced_to_the_latest_of_each_key() -> None:
    outbox = Outbox(limit=4, most=10)
    outbox.offer(batch(logged(1, "a"), logged(2, "b")), 0)
    outbox.offer(batch(logged(3, "a"), logged(4, "c")), 0)
    outbox.reply('{"kind":"reply"}')
    outbox.offer(batch(logged(5, "b")), 0)
    frames = taken(outbox)
    assert seqs(frames[0]) == [3, 4, 5]
    assert frames[1] == {"kind": "reply"}


def test_far_too_much_is_dropped_for_a_snapshot_and_replies_stay() -> None:
    outbox = Outbox(limit=2, most=3)
    outbox.reply('{"kind":"reply"}')
    for seq in range(1, 9):
        outbox.offer(batch(logged(seq, str(seq))), 0)
    assert (outbox.lost, outbox.size) == (True, 0)
    outbox.renew()
    outbox.offer(batch(logged(9, "9")), 0)
    assert [frame.get("seq") for frame in taken(outbox)] == [None, 9]


def test_who_takes_nothing_for_too_long_needs_a_snapshot_and_who_is_slow_does_not() -> None:
    outbox = Outbox(patience=30)
    outbox.offer(batch(logged(1, "a")), 100)
    outbox.taken(120)
    outbox.offer(batch(logged(2, "a")), 149)
    assert not outbox.lost
    outbox.offer(batch(logged(3, "a")), 151)
    assert outbox.lost
    idle = Outbox(patience=30)
    idle.offer(batch(logged(1, "a")), 1000)
    assert not idle.lost


def test_it_is_crowded_by_many_replies_or_by_large_ones_until_they_are_taken() -> None:
    outbox = Outbox()
    for _ in range(REPLIES):
        assert not outbox.crowded
        outbox.reply('{"kind":"reply"}')
    assert outbox.crowded
    outbox.take({}, 0)
    assert not outbox.crowded
    taken(outbox)
    outbox.reply(f'{{"kind":"reply","id":"{"x" * REPLIES_LENGTH}"}}')
    assert outbox.crowded
    outbox.take({}, 0)
    assert not outbox.crowded


Step = st.one_of(
    st.tuples(st.just("offer"), st.lists(st.integers(0, 6), min_size=1, max_size=5)),
    st.tuples(st.just("take"), st.integers(1, 4)),
    st.tuples(st.just("reconnect"), st.none()),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(Step, max_size=60), st.integers(1, 8), st.integers(2, 8))
def test_whatever_the_client_does_it_converges_to_the_world(steps: list[Any], limit: int, most: int) -> None:
    """Keys 0 to 4 are incidents, 5 and 6 events of a watched incident. A client may leave after any frame and
    resume from that frame's seq; then it gets what came after it."""
    outbox = Outbox(limit=limit, most=most)
    world: dict[str, int] = {}
    log: list[LoggedChange] = []
    held: dict[str, int] = {}
    cursor = 0

    def take_one() -> bool:
        nonlocal cursor, held
        if outbox.lost:
            outbox.renew()
            outbox.skip(len(log))
            held, cursor = dict(world), len(log)
            return True
        text = outbox.take({"i": 0}, 0)
        if text is None:
            return False
        frame = json.loads(text)
        assert frame["seq"] >= cursor
        cursor = frame["seq"]
        for change in frame["changes"]:
            assert change["seq"] > held.get(change["key"], 0), "never backwards"
            held[change["key"]] = change["record"]["n"]
        return True

    for step, what in steps:
        if step == "offer":
            changes = []
            for key in what:
                kind = "timeline_event" if key > 4 else "incident_record"
                changes.append(logged(len(log) + 1, str(key), kind=kind, incident="i"))
                log.append(changes[-1])
                world[str(key)] = len(log)
            outbox.offer(batch(*changes), 0)
            assert outbox.size <= max(limit, 2 * most) + 5
        elif step == "take":
            for _ in range(what):
                take_one()
        else:
            outbox = Outbox(limit=limit, most=most)
            outbox.skip(cursor)
            if log[cursor:]:
                outbox.offer(batch(*log[cursor:]), 0)
    while take_one():
        pass
    assert held == world


# --- the hub


class _Client:
    def __init__(self, account: str) -> None:
        self.account = account
        self.got: list[Batch] = []

    def offer(self, batch: Batch) -> None:
        self.got.append(batch)


def test_the_hub_gives_each_account_its_own_and_all_of_it_the_same_batch() -> None:
    hub = Hub(None)  # type: ignore[arg-type]
    one, another, stranger = _Client("1"), _Client("1"), _Client("2")
    for client in (one, another, stranger):
        hub.join(client)
    hub.publish([logged(1, "a"), logged(2, "b", account="2"), logged(3, "c")])
    assert one.got[0] is another.got[0]
    assert [change.seq for change in one.got[0].changes] == [1, 3]
    assert [change.seq for change in stranger.got[0].changes] == [2]
    assert (one.got[0].seq, stranger.got[0].seq, hub.position) == (3, 3, 3)
    hub.leave(one)
    hub.publish([logged(3, "again"), logged(4, "d")])
    assert len(one.got) == 1
    assert [change.seq for change in another.got[1].changes] == [4], "what was published is not published again"


async def test_the_hub_tells_when_a_place_is_reached() -> None:
    hub = Hub(None)  # type: ignore[arg-type]
    assert not await hub.reached(1, 0.01)
    hub.publish([logged(1, "a")])
    assert await hub.reached(1, 0.01)
