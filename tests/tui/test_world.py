"""The client-side world: whatever order news come in, it is what the backend says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.script import (
    ALICE,
    BOB,
    CALL,
    CAROL,
    CHECKOUT,
    NOW,
    ORDERS,
    PLAN_CALL,
    STOCK,
    TIMELINE,
    arrived,
    engagement,
    event,
    gone,
    incident,
    outage,
    page,
    states,
)
from warroom.model.changes import Change
from warroom.model.record import Record
from warroom.tui.world import World

INCIDENTS = [incident(number, impact=number % 5 + 1) for number in range(1, 5)]
ENGAGEMENTS = [engagement(number, INCIDENTS[number % 4], whom) for number, whom in enumerate((ALICE, BOB, CAROL, BOB))]


def worlds_answers(world: World) -> dict[str, Any]:
    """Everything that a pane may ask."""
    records = world.records
    return {
        "open": list(records.open),
        "resolved": list(records.resolved),
        "impacts": +records.impacts,
        "waiting for me": sorted(each.page_arn for each in world.waiting_for_me()),
        "has": {one.arn: world.who_has(one.arn) for one in INCIDENTS},
        "awaited": {one.arn: sorted(world.awaited(one.arn)) for one in INCIDENTS},
        "engagements": {one.arn: records.paging.engagements_of(one.arn) for one in INCIDENTS},
        "pages": {one.arn: records.paging.pages_of(one.arn) for one in INCIDENTS},
        "timelines": {one.arn: world.timeline(one.arn) for one in INCIDENTS},
        "records": (records.incidents, records.paging.engagements, records.paging.pages),
    }


def watching_world() -> World:
    world = World()
    world.me = ALICE
    for one in INCIDENTS:
        world.watch(one.arn)
    return world


@st.composite
def a_record(draw: st.DrawFn) -> tuple[str, str, Record | None]:
    record: Record
    which = draw(st.sampled_from(["incident", "engagement", "page", "event"]))
    number = draw(st.integers(0, 3))
    later = NOW + timedelta(minutes=draw(st.integers(0, 5)))
    if which == "incident":
        status = draw(st.sampled_from(["OPEN", "RESOLVED"]))
        record = INCIDENTS[number].model_copy(
            update={"impact": draw(st.integers(1, 5)), "status": status, "resolved_time": later}
        )
    elif which == "engagement":
        record = ENGAGEMENTS[number].model_copy(update={"stop_time": draw(st.sampled_from([None, later]))})
    elif which == "page":
        of = ENGAGEMENTS[number]
        record = page(
            number,
            of,
            read_time=draw(st.sampled_from([None, later])),
            incident_id=draw(st.sampled_from([None, of.incident_id])),
        )
    else:
        record = event(INCIDENTS[number], draw(st.integers(0, 3)), later, "Note", draw(st.text(max_size=5)))
    return record.kind, record.key, draw(st.sampled_from([record, record, record, None]))


@st.composite
def news(draw: st.DrawFn) -> tuple[list[Change], list[Change]]:
    """Changes in the order of their commits, and the same in any order with some of them twice."""
    drawn = draw(st.lists(a_record(), max_size=25))
    changes = [Change(seq, NOW, kind, key, record) for seq, (kind, key, record) in enumerate(drawn, 1)]
    again = draw(st.lists(st.sampled_from(changes), max_size=10)) if changes else []
    return changes, draw(st.permutations([*changes, *again]))


@given(news())
def test_any_order_with_duplicates_gives_the_world_of_the_latest_states(
    both: tuple[list[Change], list[Change]],
) -> None:
    ordered, shuffled = both
    latest = {(change.kind, change.key): change for change in ordered}
    rebuilt, heard = watching_world(), watching_world()
    rebuilt.apply([change for change in latest.values() if change.record is not None])
    for change in shuffled:
        heard.apply([change])
    assert worlds_answers(heard) == worlds_answers(rebuilt)


@given(news(), st.integers(1, 5))
def test_a_snapshot_in_parts_gives_the_same_world_as_its_changes(
    both: tuple[list[Change], list[Change]], part: int
) -> None:
    ordered, _ = both
    told, shown = watching_world(), watching_world()
    told.apply(ordered)
    shown.apply(states(incident(99)))
    parts = [ordered[start : start + part] for start in range(0, len(ordered), part)] or [[]]
    for number, changes in enumerate(parts):
        shown.snapshot_part(changes, first=number == 0, last=number == len(parts) - 1)
    assert worlds_answers(shown) == worlds_answers(told)


def opened(world: World) -> list[int]:
    return [world.records.incidents[arn].number for arn in world.records.open]


def told(*records: Record) -> World:
    world = World()
    world.snapshot_part(arrived(*records).changes, first=True, last=True)
    return world


def test_open_incidents_are_ordered_by_impact_and_then_the_newest_first() -> None:
    old, new, worst = incident(1, impact=2), incident(2, impact=2, opened=NOW), incident(3, impact=1)
    assert opened(told(old, new, worst)) == [3, 2, 1]


def test_a_raised_impact_moves_an_incident_up() -> None:
    world = told(incident(1, impact=2), incident(2, impact=3))
    world.apply(states(incident(2, impact=1)))
    assert opened(world) == [2, 1]


def test_the_old_world_stays_until_the_last_part_of_a_new_snapshot() -> None:
    world = told(incident(1))
    assert not world.snapshot_part(states(incident(2)), first=True, last=False)
    assert opened(world) == [1]
    assert world.snapshot_part(states(incident(3)), first=False, last=True).whole
    assert sorted(opened(world)) == [2, 3]


def test_a_change_between_the_parts_of_a_snapshot_is_shown_at_once_and_survives_it() -> None:
    world = told(incident(1))
    parts = states(incident(1, title="old"), incident(2))
    world.snapshot_part(parts[:1], first=True, last=False)
    world.apply(states(incident(1, title="new")))
    assert world.records.incidents[incident(1).arn].title == "new"
    world.snapshot_part(parts[1:], first=False, last=True)
    assert world.records.incidents[incident(1).arn].title == "new"


def test_a_snapshot_given_up_half_way_leaves_nothing_behind() -> None:
    world = told(incident(1))
    world.snapshot_part(states(incident(2)), first=True, last=False)
    world.snapshot_part(states(incident(3)), first=True, last=True)
    assert opened(world) == [3]


def test_who_has_an_incident_are_those_who_read_a_page_in_the_order_of_their_answers() -> None:
    first = page(1, CALL, read_time=NOW - timedelta(minutes=1))
    second = page(2, PLAN_CALL, BOB, read_time=NOW - timedelta(minutes=2))
    assert told(CHECKOUT, CALL, PLAN_CALL, first, second).who_has(CHECKOUT.arn) == ["bob", "alice"]


def test_a_page_finds_its_incident_by_its_engagement_even_when_that_comes_later() -> None:
    world = told(CHECKOUT)
    world.apply(states(page(1, CALL, incident_id=None, read_time=NOW)))
    assert world.who_has(CHECKOUT.arn) == []
    assert world.apply(states(CALL)).paging == {CHECKOUT.arn}
    assert world.who_has(CHECKOUT.arn) == ["alice"]


def test_my_unread_pages_of_open_incidents_wait_for_me_until_stopped_read_or_resolved() -> None:
    mine = page(1, CALL)
    for ended in (
        CALL.model_copy(update={"stop_time": NOW}),
        mine.model_copy(update={"read_time": NOW}),
        CHECKOUT.model_copy(update={"status": "RESOLVED"}),
    ):
        world = told(CHECKOUT, CALL, mine)
        world.me = ALICE
        assert [each.page_arn for each in world.waiting_for_me()] == [mine.page_arn]
        assert world.waits_for_me(CHECKOUT.arn)
        world.apply(states(ended))
        assert world.waiting_for_me() == []


def test_only_a_watched_incident_has_a_timeline_and_it_is_oldest_first() -> None:
    world = told(CHECKOUT, ORDERS)
    world.apply(states(*TIMELINE))
    assert world.timeline(CHECKOUT.arn) == []
    world.watch(CHECKOUT.arn)
    assert not world.has_timeline(CHECKOUT.arn)
    world.history(CHECKOUT.arn, states(*reversed(TIMELINE)), latest=True, older="before")
    assert world.timeline(CHECKOUT.arn) == TIMELINE
    assert world.older_history(CHECKOUT.arn) == "before"


def test_history_that_answers_a_watch_replaces_what_was_held_and_older_history_adds_to_it() -> None:
    world = told(CHECKOUT)
    world.watch(CHECKOUT.arn)
    world.history(CHECKOUT.arn, states(TIMELINE[0]), latest=True, older=None)
    world.history(CHECKOUT.arn, states(*TIMELINE[5:]), latest=True, older="before")
    assert world.timeline(CHECKOUT.arn) == TIMELINE[5:]
    world.history(CHECKOUT.arn, states(*TIMELINE[:5]), latest=False, older=None)
    assert world.timeline(CHECKOUT.arn) == TIMELINE
    assert world.older_history(CHECKOUT.arn) is None


def test_a_deleted_event_leaves_the_timeline() -> None:
    world = told(CHECKOUT)
    world.watch(CHECKOUT.arn)
    world.history(CHECKOUT.arn, states(*TIMELINE), latest=True, older=None)
    assert world.apply([gone(TIMELINE[2])]).watched == {CHECKOUT.arn}
    assert TIMELINE[2] not in world.timeline(CHECKOUT.arn)


def test_the_timeline_stays_in_sight_over_a_new_snapshot() -> None:
    world = told(CHECKOUT)
    world.watch(CHECKOUT.arn)
    world.history(CHECKOUT.arn, states(*TIMELINE), latest=True, older=None)
    world.snapshot_part(states(*outage()), first=True, last=True)
    assert world.timeline(CHECKOUT.arn) == TIMELINE


def test_a_change_says_what_it_touches() -> None:
    world = told(*outage())
    assert world.apply(states(STOCK)).incidents == {STOCK.arn}
    assert world.apply(states(CALL)).paging == {CHECKOUT.arn}
    assert world.apply([gone(STOCK)]).incidents == {STOCK.arn}
    repeated: Sequence[Change] = states(ORDERS)
    world.apply(repeated)
    assert not world.apply(repeated)
