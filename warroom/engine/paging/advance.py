"""What happens when a deadline is due: one transaction that re-checks the fence, advances, and writes what follows."""

from __future__ import annotations

from warroom.engine.operation import House
from warroom.engine.paging.engage import ENGAGE
from warroom.engine.paging.escalation import ESCALATION_STAGE, begin_escalation_stage, engage
from warroom.engine.paging.person import PERSON_STAGE, RETRY, begin_person_stage, retry
from warroom.engine.paging.plans import Course, Retry
from warroom.store import deadlines
from warroom.store.contacts import engagements, pages
from warroom.store.deadlines import Deadline
from warroom.store.transaction import Transaction

__all__ = ["fire"]


def fire(transaction: Transaction, house: House, deadline_id: str) -> None:
    """Take a deadline that is due and do what it waited for, unless an acknowledgement or a stop came first."""
    deadline = deadlines.take(transaction, deadline_id)
    if deadline is None:
        return
    if deadline.page_arn is None:
        _fire_for_engagement(transaction, house, deadline)
    else:
        _fire_for_page(transaction, house, deadline, deadline.page_arn)


def _fire_for_engagement(transaction: Transaction, house: House, deadline: Deadline) -> None:
    engagement = engagements.get(transaction, deadline.engagement_arn, lock=True)
    if engagement is None or engagements.column(transaction, engagement.key, "generation") != deadline.generation:
        return
    if deadline.kind == ENGAGE:
        engage(transaction, house, engagement, deadline.generation, deadline.due_time)
    elif deadline.kind == ESCALATION_STAGE:
        course = Course.model_validate_json(deadline.detail)
        begin_escalation_stage(transaction, house, engagement, deadline.generation, course, deadline.due_time)
    else:
        raise ValueError(f"the deadline {deadline.deadline_id} is of the unknown kind {deadline.kind!r}")


def _fire_for_page(transaction: Transaction, house: House, deadline: Deadline, page_arn: str) -> None:
    page = pages.get(transaction, page_arn, lock=True)
    if page is None or pages.column(transaction, page.key, "generation") != deadline.generation:
        return
    if deadline.kind == PERSON_STAGE:
        course = Course.model_validate_json(deadline.detail)
        begin_person_stage(transaction, house, page, deadline.generation, course, deadline.due_time)
    elif deadline.kind == RETRY:
        again = Retry.model_validate_json(deadline.detail)
        retry(transaction, house, page, deadline.generation, again, deadline.due_time)
    else:
        raise ValueError(f"the deadline {deadline.deadline_id} is of the unknown kind {deadline.kind!r}")
