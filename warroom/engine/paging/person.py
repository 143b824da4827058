"""A paged person: the page, the stages of their engagement plan, and the retries (`incident-manager.md`, 3).

A person has one page in an engagement, sent on the channels of their plan. Everything here decides within a
transaction and writes attempts into the outbox; nothing is sent.
"""

from __future__ import annotations

from datetime import datetime

from warroom.engine.operation import House
from warroom.engine.paging import timeline
from warroom.engine.paging.plans import Course, Retry, begin_stage, course_of, next_retry
from warroom.engine.paging.receipts import error_receipt
from warroom.model.arn import Arn, page_arn
from warroom.model.contacts import Contact, Engagement, Page
from warroom.store import deadlines, outbox
from warroom.store.contacts import channels, page_of, pages
from warroom.store.transaction import Transaction

__all__ = ["PERSON_STAGE", "RETRY", "begin_person_stage", "page_person", "retry"]

PERSON_STAGE = "person-stage"
"""The kind of the deadline at which a stage of a person's plan begins, or the plan ends: a `Course`."""

RETRY = "retry"
"""The kind of the deadline at which a channel is tried again: a `Retry`."""


def page_person(transaction: Transaction, house: House, engagement: Engagement, person: Contact, at: datetime) -> bool:
    """Page a person, who was due at `at`; True when there is nothing to do, as they have acknowledged already.

    Who is engaged again, by a later stage, is paged again from the first stage of their plan, on the same page.
    """
    page = page_of(transaction, engagement.engagement_arn, person.contact_arn)
    if page is not None and page.read_time is not None:
        return True
    account = Arn.parse(engagement.engagement_arn).account
    if page is None:
        generation = 0
        page = pages.insert(
            transaction,
            Page(
                page_arn=page_arn(house.region, account, person.alias, house.identifiers.uuid()),
                engagement_arn=engagement.engagement_arn,
                contact_arn=person.contact_arn,
                sender=engagement.sender,
                subject=engagement.subject,
                content=engagement.content,
                public_subject=engagement.public_subject,
                public_content=engagement.public_content,
                incident_id=engagement.incident_id,
            ),
            created_time=transaction.now,
            generation=generation,
            accept_code=house.identifiers.code(),
        )
    else:
        deadlines.drop_of_page(transaction, engagement.engagement_arn, page.page_arn)
        generation = pages.column(transaction, page.page_arn, "generation") + 1
        pages.update(transaction, page, generation=generation)
    timeline.paged(transaction, house, page)
    course = course_of(person)
    if not course.stages:
        reason = "the engagement plan of the contact has no stages, so nothing is sent"
        page = error_receipt(page, transaction.now, reason)
        timeline.contact_skipped(
            transaction,
            house,
            account=account,
            contact_arn=person.contact_arn,
            engagement_arn=engagement.engagement_arn,
            incident_arn=engagement.incident_id,
            reason=reason,
        )
    begin_person_stage(transaction, house, page, generation, course, at)
    return False


def begin_person_stage(
    transaction: Transaction, house: House, page: Page, generation: int, course: Course, at: datetime
) -> None:
    """Begin the stage of the course that was due at `at`: try its channels, and wait for its end."""
    begun = begin_stage(course, at)
    page = page.model_copy(update={"progress": begun.progress})
    for target in begun.targets:
        channel = target.channel_target_info
        if channel is not None and begun.ends is not None:
            again = Retry(
                contact_channel_id=channel.contact_channel_id,
                interval_in_minutes=channel.retry_interval_in_minutes or 0,
                until=begun.ends,
            )
            page = _try(transaction, house, page, generation, again, at)
    pages.update(transaction, page)
    if begun.ends is not None:
        following = course.model_copy(update={"index": course.index + 1})
        _wait(transaction, page, generation, begun.ends, PERSON_STAGE, following.model_dump_json())


def retry(transaction: Transaction, house: House, page: Page, generation: int, again: Retry, at: datetime) -> None:
    """Try a channel again, which was due at `at`."""
    tried = _try(transaction, house, page, generation, again, at)
    if tried is not page:
        pages.update(transaction, tried)


def _try(transaction: Transaction, house: House, page: Page, generation: int, again: Retry, at: datetime) -> Page:
    """Decide an attempt on a channel and wait for the next one; a channel that cannot be used is skipped visibly."""
    channel = channels.get(transaction, again.contact_channel_id)
    if channel is None or channel.activation_status != "ACTIVATED":
        state = "no longer exists" if channel is None else "is not activated"
        reason = f"not sent: the channel {state}"
        timeline.channel_skipped(transaction, house, page, again.contact_channel_id, reason)
        return error_receipt(page, transaction.now, reason, again.contact_channel_id)
    outbox.add(
        transaction,
        attempt_id=house.identifiers.uuid(),
        account=Arn.parse(page.page_arn).account,
        kind="page",
        contact_channel_arn=channel.contact_channel_arn,
        due_time=at,
        engagement_arn=page.engagement_arn,
        page_arn=page.page_arn,
    )
    due = next_retry(at, again.interval_in_minutes, again.until, transaction.now)
    if due is not None:
        _wait(transaction, page, generation, due, RETRY, again.model_dump_json())
    return page


def _wait(transaction: Transaction, page: Page, generation: int, due: datetime, kind: str, detail: str) -> None:
    deadlines.add(
        transaction,
        account=Arn.parse(page.page_arn).account,
        due_time=due,
        engagement_arn=page.engagement_arn,
        page_arn=page.page_arn,
        generation=generation,
        kind=kind,
        detail=detail,
    )
