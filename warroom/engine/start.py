"""Starting an incident: deduplicated, recorded, told, and its people engaged (`incident-manager.md`, 2.2, 2.3).

There is no OpsCenter here, so an incident gets no parent OpsItem, and no Systems Manager that would run the plan's
document: its timeline says that the runbook did not start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from warroom.engine.lookup import find, response_plan_of
from warroom.engine.operation import House
from warroom.engine.paging import engage
from warroom.engine.quotas import require_room_for_items
from warroom.engine.rules import event_content
from warroom.engine.rules.related_items import item_of
from warroom.engine.rules.timeline import with_last_event
from warroom.engine.rules.wording import SENDER, page_wording
from warroom.engine.timeline_log import compose_event, log_event
from warroom.model.arn import Arn, incident_record_arn
from warroom.model.contacts import Contact
from warroom.model.errors import ValidationException
from warroom.model.identity import Caller
from warroom.model.incidents import IncidentRecord, IncidentRecordSource, ResponsePlan, TimelineEvent
from warroom.store import incidents as store
from warroom.store.contacts import contacts
from warroom.store.tags import put_tags
from warroom.store.transaction import Transaction

__all__ = ["FIRST_NUMBER", "StartRequest", "start_incident"]

FIRST_NUMBER = 1001
"""The first incident of an account is INC-1001."""

MANUAL_SOURCE = "aws.ssm-incidents.custom"


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What StartIncident was asked for."""

    response_plan_arn: str
    title: str | None
    impact: int | None
    related_items: Sequence[Mapping[str, Any]]
    source: str
    trigger_arn: str | None
    raw: str | None
    """The text of the source event."""
    trigger_time: datetime | None

    @classmethod
    def read(
        cls,
        response_plan_arn: str,
        title: str | None,
        impact: int | None,
        related_items: Sequence[Mapping[str, Any]],
        trigger_details: Mapping[str, Any] | None,
    ) -> StartRequest:
        """Raises `ValidationException` when the trigger claims to be a service of AWS."""
        details = trigger_details or {}
        source = details.get("source")
        if source is not None and source.startswith("aws."):
            message = "triggerDetails.source must not start with 'aws.': name your own system"
            raise ValidationException(message, reason="FIELD_VALIDATION_FAILED", fields=[("source", message)])
        return cls(
            response_plan_arn=response_plan_arn,
            title=title or None,
            impact=impact,
            related_items=related_items,
            source=source or MANUAL_SOURCE,
            trigger_arn=details.get("trigger_arn"),
            raw=details.get("raw_data"),
            trigger_time=details.get("timestamp"),
        )


def start_incident(transaction: Transaction, house: House, caller: Caller, request: StartRequest) -> IncidentRecord:
    """The incident as it was started, or the open one that the trigger belongs to, with the trigger on its timeline.

    Raises `ResourceNotFoundException` when there is no such plan.
    """
    plan = response_plan_of(transaction, caller.account, request.response_plan_arn)
    shared = plan.incident_template.dedupe_string or request.trigger_arn
    existing = shared and store.open_by_dedupe_string(transaction, caller.account, shared)
    if existing:
        log_event(transaction, house, existing, event_content.TRIGGER, _trigger(request, created=False))
        return existing
    require_room_for_items(0, len(request.related_items))
    return _open(transaction, house, _record(transaction, house, caller, request, plan, shared), request, plan)


def _trigger(request: StartRequest, *, created: bool) -> Mapping[str, Any]:
    return event_content.trigger(
        created=created, source=request.source, trigger_arn=request.trigger_arn, raw=request.raw
    )


def _record(
    transaction: Transaction,
    house: House,
    caller: Caller,
    request: StartRequest,
    plan: ResponsePlan,
    dedupe_string: str | None,
) -> IncidentRecord:
    """The incident that the plan and its overrides describe, not yet written."""
    template = plan.incident_template
    return IncidentRecord(
        arn=incident_record_arn(caller.account, plan.name, house.identifiers.uuid()),
        title=request.title or template.title,
        summary=template.summary,
        status="OPEN",
        impact=request.impact or template.impact,
        creation_time=transaction.now,
        last_modified_time=transaction.now,
        last_modified_by=caller.arn,
        incident_record_source=IncidentRecordSource(
            created_by=caller.arn,
            invoked_by=caller.arn,
            resource_arn=request.trigger_arn,
            source=request.source,
        ),
        dedupe_string=dedupe_string or house.identifiers.uuid(),
        chat_channel=plan.chat_channel,
        notification_targets=template.notification_targets or (),
        number=transaction.count_up(f"incident:{caller.account}", start=FIRST_NUMBER - 1),
        response_plan_arn=plan.arn,
    )


def _open(
    transaction: Transaction, house: House, incident: IncidentRecord, request: StartRequest, plan: ResponsePlan
) -> IncidentRecord:
    """Write the incident with its first events, and engage the people of its plan."""
    now = transaction.now
    events: list[TimelineEvent] = []

    def tell(event_type: str, content: Mapping[str, Any], event_time: datetime | None = None) -> None:
        nonlocal incident
        event = compose_event(house, incident, event_type, content, now, event_time=event_time)
        events.append(event)
        incident = with_last_event(incident, event, now)

    triggered = min(request.trigger_time.astimezone(UTC), now) if request.trigger_time else None
    tell(event_content.TRIGGER, _trigger(request, created=True), triggered)
    people = _people(transaction, plan)
    tell(event_content.START, event_content.start(incident.title, plan, people, request.trigger_arn))
    for action in plan.actions:
        if action.ssm_automation is not None:
            tell(event_content.RUNBOOK_FAILURE, event_content.runbook_failure(action.ssm_automation.document_name))

    store.incident_records.insert(transaction, incident)
    store.timeline_events.insert_all(transaction, events)
    put_tags(transaction, incident.arn, plan.incident_template.incident_tags)
    items = {item.generated_id: item for item in (item_of(incident.arn, given) for given in request.related_items)}
    for position, item in enumerate(items.values(), start=1):
        store.related_items.insert(transaction, item, position=position)
    wording = page_wording(incident)
    for contact_arn in plan.engagements:
        engage.begin(
            transaction,
            house,
            account=Arn.parse(incident.arn).account,
            contact_arn=contact_arn,
            sender=SENDER,
            subject=wording.subject,
            content=wording.content,
            public_subject=wording.public_subject,
            public_content=wording.public_content,
            incident_arn=incident.arn,
        )
    return incident


def _people(transaction: Transaction, plan: ResponsePlan) -> list[Contact]:
    """The contacts that the plan engages, in its order, as far as they exist."""
    account = Arn.parse(plan.arn).account
    found = (find(transaction, contacts, account, arn) for arn in plan.engagements)
    return [contact for contact in found if contact is not None]
