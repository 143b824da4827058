"""The course of a plan, as pure rules of its stages and the time (`incident-manager.md`, 3).

The same rules serve a person's engagement plan and an escalation plan. A plan runs as it was when it began:
changing it later does not change a course under way. Stages follow one another from the moment at which each was
due, not from when it was noticed, so that a late stage delays none after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.model.contacts import Contact, PlanProgress, Stage, Target
from warroom.model.record import Instant, Part

__all__ = ["Course", "Retry", "StageBegun", "begin_stage", "course_of", "halted", "next_retry", "stops_escalation"]


class Course(Part):
    """What a deadline of a plan holds: the whole plan, and the stage to begin. After the last one, it ends."""

    stages: tuple[Stage, ...]
    index: int


class Retry(Part):
    """What a deadline of a retry holds: the channel, how often, and the end of the stage."""

    contact_channel_id: str
    interval_in_minutes: int
    until: Instant


@dataclass(frozen=True, slots=True)
class StageBegun:
    """What the beginning of a stage brings."""

    progress: PlanProgress
    targets: tuple[Target, ...]
    ends: datetime | None
    """When the next stage is due, or the plan ends; None once it has ended."""


def course_of(contact: Contact) -> Course:
    """The course of a contact's plan from its first stage."""
    return Course(stages=contact.plan.stages or (), index=0)


def begin_stage(course: Course, at: datetime) -> StageBegun:
    """Begin the stage of the course that was due at `at`, or end the course when there is none."""
    count = len(course.stages)
    if course.index >= count:
        return StageBegun(PlanProgress(stage_index=count, stage_count=count), (), None)
    stage = course.stages[course.index]
    ends = at + timedelta(minutes=stage.duration_in_minutes)
    progress = PlanProgress(stage_index=course.index, stage_count=count, next_stage_time=ends)
    return StageBegun(progress, stage.targets, ends)


def next_retry(due: datetime, interval_in_minutes: int | None, until: datetime, now: datetime) -> datetime | None:
    """When to send again after the send that was due at `due`; None when it is the last of the stage.

    Retries that fell into an outage are not made up for: the grid goes on with its first moment after `now`.
    """
    if not interval_in_minutes:
        return None
    interval = timedelta(minutes=interval_in_minutes)
    missed = max((now - due) // interval, 0)
    again = due + interval * (missed + 1)
    return again if again < until else None


def halted(progress: PlanProgress | None) -> PlanProgress | None:
    """The progress of a course that was stopped where it stood."""
    return None if progress is None else progress.model_copy(update={"next_stage_time": None})


def stops_escalation(stages: Sequence[Stage], begun: int, contact_arn: str) -> bool:
    """Whether the contact's acknowledgement stops the plan: it is essential in one of the `begun` first stages."""
    return any(
        target.contact_target_info is not None
        and target.contact_target_info.is_essential
        and target.contact_target_info.contact_id == contact_arn
        for stage in stages[:begun]
        for target in stage.targets
    )
