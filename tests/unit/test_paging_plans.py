"""The course of a plan, as pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from warroom.engine.paging.plans import Course, begin_stage, halted, next_retry, stops_escalation
from warroom.model.contacts import ContactTargetInfo, PlanProgress, Stage, Target

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def seconds(count: float) -> datetime:
    return NOON + timedelta(seconds=count)


def stage(minutes: int, *contacts: tuple[str, bool]) -> Stage:
    return Stage(
        duration_in_minutes=minutes,
        targets=tuple(
            Target(contact_target_info=ContactTargetInfo(contact_id=contact, is_essential=essential))
            for contact, essential in contacts
        ),
    )


@pytest.mark.parametrize(
    ("durations", "index", "ends", "progress"),
    [
        ([5, 3], 0, 300, PlanProgress(stage_index=0, stage_count=2, next_stage_time=seconds(300))),
        ([5, 3], 1, 180, PlanProgress(stage_index=1, stage_count=2, next_stage_time=seconds(180))),
        ([5, 3], 2, None, PlanProgress(stage_index=2, stage_count=2)),
        ([0], 0, 0, PlanProgress(stage_index=0, stage_count=1, next_stage_time=NOON)),
        ([], 0, None, PlanProgress(stage_index=0, stage_count=0)),
    ],
)
def test_a_stage_lasts_its_duration_and_the_plan_ends_after_the_last(
    durations: list[int], index: int, ends: int | None, progress: PlanProgress
) -> None:
    begun = begin_stage(Course(stages=tuple(stage(minutes) for minutes in durations), index=index), NOON)
    assert begun.ends == (None if ends is None else seconds(ends))
    assert begun.progress == progress


@pytest.mark.parametrize(
    ("due", "interval", "until", "now", "again"),
    [
        (0, 1, 300, 0, 60),
        (180, 1, 300, 180.4, 240),
        (240, 1, 300, 240, None),  # the stage ends at that moment
        (0, 5, 300, 0, None),
        (0, 0, 300, 0, None),
        (0, None, 300, 0, None),
        (0, 1, 0, 0, None),
        (60, 1, 1800, 1000, 1020),  # an outage: those missed are not made up for, the grid goes on
        (60, 1, 300, 1000, None),
        (60, 1, 300, 120, 180),  # exactly one missed
    ],
)
def test_retries_keep_their_grid_and_end_before_the_stage_does(
    due: float, interval: int | None, until: float, now: float, again: float | None
) -> None:
    found = next_retry(seconds(due), interval, seconds(until), seconds(now))
    assert found == (None if again is None else seconds(again))


@pytest.mark.parametrize(
    ("begun", "contact", "stops"),
    [
        (1, "alice", True),
        (1, "bob", False),  # not essential
        (1, "carol", False),  # essential, but her stage has not begun
        (2, "carol", True),
        (2, "bob", False),
        (2, "nobody", False),
    ],
)
def test_an_acknowledgement_stops_the_plan_that_it_is_essential_to(begun: int, contact: str, stops: bool) -> None:
    stages = (stage(5, ("alice", True), ("bob", False)), stage(5, ("carol", True)))
    assert stops_escalation(stages, begun, contact) is stops


def test_what_was_halted_counts_down_to_nothing_and_stays_where_it_stood() -> None:
    assert halted(PlanProgress(stage_index=1, stage_count=3, next_stage_time=NOON)) == PlanProgress(
        stage_index=1, stage_count=3
    )
    assert halted(None) is None
