"""An engagement's own course: whom it engages, stage by stage if it is an escalation (`incident-manager.md`, 3).

The contacts of a stage are paged side by side, each by a plan of their own that runs on when the next stage begins.
"""

from __future__ import annotations

from datetime import datetime

from warroom.engine.lookup import find
from warroom.engine.operation import House
from warroom.engine.paging import timeline
from warroom.engine.paging.person import page_person
from warroom.engine.paging.plans import Course, begin_stage, course_of, halted, stops_escalation
from warroom.model.arn import Arn
from warroom.model.contacts import Engagement
from warroom.store import deadlines
from warroom.store.contacts import contacts, engagements
from warroom.store.transaction import Transaction

__all__ = ["ESCALATION_STAGE", "acknowledgement_stops", "begin_escalation_stage", "engage"]

ESCALATION_STAGE = "escalation-stage"
"""The kind of the deadline at which a stage of an escalation plan begins, or the plan ends: a `Course`."""


def engage(transaction: Transaction, house: House, engagement: Engagement, generation: int, at: datetime) -> None:
    """Set an engagement going, which was due at `at`."""
    account = Arn.parse(engagement.engagement_arn).account
    contact = find(transaction, contacts, account, engagement.contact_arn)
    if contact is not None and contact.type == "ESCALATION":
        course = course_of(contact)
        if not course.stages:
            _skip(transaction, house, engagement, contact.contact_arn, "the escalation plan has no stages")
        begin_escalation_stage(transaction, house, engagement, generation, course, at)
    else:
        _engage_contact(transaction, house, engagement, engagement.contact_arn, at)


def begin_escalation_stage(
    transaction: Transaction, house: House, engagement: Engagement, generation: int, course: Course, at: datetime
) -> None:
    """Begin the stage of the course that was due at `at`: engage its contacts, and wait for its end.

    An essential contact that has acknowledged already, on the page of an earlier stage, ends the plan here.
    """
    begun = begin_stage(course, at)
    stopped = False
    for target in begun.targets:
        engaged = target.contact_target_info
        if engaged is not None and engaged.contact_id is not None:
            acknowledged = _engage_contact(transaction, house, engagement, engaged.contact_id, at)
            stopped = stopped or (acknowledged and engaged.is_essential)
    progress = halted(begun.progress) if stopped else begun.progress
    engagements.update(transaction, engagement.model_copy(update={"progress": progress}))
    if begun.ends is not None and not stopped:
        deadlines.add(
            transaction,
            account=Arn.parse(engagement.engagement_arn).account,
            due_time=begun.ends,
            engagement_arn=engagement.engagement_arn,
            page_arn=None,
            generation=generation,
            kind=ESCALATION_STAGE,
            detail=course.model_copy(update={"index": course.index + 1}).model_dump_json(),
        )


def acknowledgement_stops(transaction: Transaction, engagement: Engagement, contact_arn: str) -> bool:
    """Whether an acknowledgement by the contact ends the engagement's own course."""
    if engagement.contact_arn == contact_arn:
        return True
    waiting = deadlines.of_plan(transaction, engagement.engagement_arn)
    courses = [Course.model_validate_json(each.detail) for each in waiting if each.kind == ESCALATION_STAGE]
    # The index of the stage that waits counts those that have begun.
    return any(stops_escalation(course.stages, course.index, contact_arn) for course in courses)


def _engage_contact(
    transaction: Transaction, house: House, engagement: Engagement, contact_arn: str, at: datetime
) -> bool:
    """Engage a person or who is on call; True when that person has acknowledged already."""
    contact = find(transaction, contacts, Arn.parse(engagement.engagement_arn).account, contact_arn)
    if contact is None:
        _skip(transaction, house, engagement, contact_arn, "the contact no longer exists")
    elif contact.type == "PERSONAL":
        if page_person(transaction, house, engagement, contact, at):
            _skip(transaction, house, engagement, contact_arn, "the contact has acknowledged already")
            return True
    elif contact.type == "ONCALL_SCHEDULE":
        timeline.nobody_on_call(transaction, house, engagement, contact_arn)
    else:
        _skip(transaction, house, engagement, contact_arn, "an escalation plan cannot engage another one")
    return False


def _skip(transaction: Transaction, house: House, engagement: Engagement, contact_arn: str, reason: str) -> None:
    timeline.contact_skipped(
        transaction,
        house,
        account=Arn.parse(engagement.engagement_arn).account,
        contact_arn=contact_arn,
        engagement_arn=engagement.engagement_arn,
        incident_arn=engagement.incident_id,
        reason=reason,
    )
