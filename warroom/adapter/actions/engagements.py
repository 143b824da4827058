"""Actions on who is called: acknowledge, escalate, engage, stop."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.adapter.actions.incidents import update, write_note
from warroom.adapter.actions.request import NothingToAcknowledge, Request
from warroom.engine.interfaces import Document
from warroom.engine.rules.wording import join_wording
from warroom.model.arn import Arn
from warroom.model.contacts import Page
from warroom.model.errors import ValidationException
from warroom.model.incidents import IncidentRecord
from warroom.model.narrative import IMPACT_NAMES, alias
from warroom.stream.actions import Acknowledge, Engage, Escalate, StopEngagement

__all__ = ["acknowledge", "engage", "escalate", "stop_engagement"]

CODE_NOT_ASKED = "000000"
"""AcceptPage takes a code in any case; with IGNORE any will do (`incident-manager.md`, 3)."""


async def acknowledge(request: Request, arguments: Acknowledge) -> Document:
    """AcceptPage, as READ, for each unread page of the contact.

    Pages that were read after the command was asked for are its own work: a repetition answers them again.
    """
    account = request.caller.account
    incident = await request.backend.find_incident(account, arguments.incident)
    contact_arn = request.caller.contact_arn
    if arguments.contact is not None:
        contact_arn = (await request.backend.find_contact(account, arguments.contact)).contact_arn
    dossier = await request.backend.incident_dossier(account, incident.arn, 0)
    theirs = [page for page in dossier.pages if page.contact_arn == contact_arn]
    unread = [page for page in theirs if page.read_time is None]
    done = [page.page_arn for page in theirs if page.read_time is not None and page.read_time >= request.at]
    if not unread and not done:
        raise NothingToAcknowledge(_nothing(incident, dossier.pages, contact_arn))
    note = {} if arguments.note is None else {"note": arguments.note}
    for page in unread:
        await request.verbs.accept_page(
            page_id=page.page_arn,
            accept_type="READ",
            accept_code=CODE_NOT_ASKED,
            accept_code_validation="IGNORE",
            **note,
        )
    return {"pages": [*done, *(page.page_arn for page in unread)]}


def _nothing(incident: IncidentRecord, pages: Sequence[Page], contact_arn: str | None) -> str:
    whose = sorted({alias(page.contact_arn) for page in pages if page.read_time is None})
    if contact_arn is None:
        reason = "your access key is bound to no contact"
    else:
        reason = f"{alias(contact_arn)} has no unread page of {incident.short_name}"
    if whose:
        return f"{reason}; unread are the pages of {', '.join(whose)}: acknowledge for one of them (--for {whose[0]})"
    return f"{reason}, and no page of {incident.short_name} is unread"


async def escalate(request: Request, arguments: Escalate) -> Document:
    incident = await request.backend.find_incident(request.caller.account, arguments.incident)
    answer: Document = {"arn": incident.arn}
    raises = arguments.impact is not None and _raises(request, incident, arguments.impact)
    if arguments.contact is not None:
        # First, because it is what may be refused: nothing is half done then.
        answer["engagement_arn"] = await _start(
            request, incident, arguments.impact or incident.impact, arguments.contact, arguments.note
        )
    elif arguments.note is not None:
        await write_note(request, incident.arn, arguments.note)
    if raises:
        await update(request, incident, impact=arguments.impact)
        answer["impact"] = arguments.impact
    elif arguments.impact is not None:
        answer["impact"] = incident.impact
    elif arguments.contact is None:
        answer["impact"] = await _raise_by_one(request, incident)
    return answer


def _raises(request: Request, incident: IncidentRecord, impact: int) -> bool:
    """Whether there is something to raise. There is not when the incident got so high after the command was asked
    for, by it or by somebody else. Raises `ValidationException` when `impact` was no higher to begin with."""
    if impact < incident.impact:
        return True
    if incident.last_modified_time >= request.at:
        return False
    has = f"{incident.impact} {IMPACT_NAMES[incident.impact]}"
    raise ValidationException(
        f"{incident.short_name} has impact {has} already, and {impact} {IMPACT_NAMES[impact]} is no higher: "
        "escalate only raises it, change_impact (in the war room) lowers it",
        fields=[("impact", str(impact))],
    )


async def _raise_by_one(request: Request, incident: IncidentRecord) -> int:
    """Once for each command, also when its answer was lost on the way and it is sent again."""
    if incident.impact == 1:
        if incident.last_modified_time >= request.at:
            return 1
        raise ValidationException(
            f"{incident.short_name} has the highest impact already: engage somebody instead", fields=[("impact", "1")]
        )
    impact = incident.impact - 1
    try:
        await update(request, incident, impact=impact)
    except ValidationException:
        if incident.last_modified_time < request.at:
            raise
        return incident.impact  # the token is used up: it was raised from the impact that it had then
    return impact


async def engage(request: Request, arguments: Engage) -> Document:
    incident = await request.backend.find_incident(request.caller.account, arguments.incident)
    return {"engagement_arn": await _start(request, incident, incident.impact, arguments.contact, arguments.note)}


async def _start(request: Request, incident: IncidentRecord, impact: int, contact: str, note: str | None) -> str:
    """StartEngagement. Raises `ValidationException` for a resolved incident: no slip is to page anybody for one."""
    if incident.status == "RESOLVED":
        raise ValidationException(f"{incident.short_name} is resolved: reopen it before somebody is paged for it")
    account, name = request.caller.account, request.caller.name
    found = await request.backend.find_contact(account, contact)
    wording = join_wording(incident, impact, name, note)
    try:
        answer = await request.verbs.start_engagement(
            contact_id=found.contact_arn,
            sender=name,
            subject=wording.subject,
            content=wording.content,
            public_subject=wording.public_subject,
            public_content=wording.public_content,
            incident_id=incident.arn,
            idempotency_token=request.token_for("engage"),
        )
    except ValidationException:
        # Sent again after the incident's title or impact changed: the token is used up by the first engagement.
        dossier = await request.backend.incident_dossier(account, incident.arn, 0)
        for engagement in dossier.engagements:
            same = (engagement.contact_arn, engagement.sender) == (found.contact_arn, name)
            if same and engagement.start_time >= request.at:
                return engagement.engagement_arn
        raise
    return str(answer["engagement_arn"])


async def stop_engagement(request: Request, arguments: StopEngagement) -> Document:
    try:
        Arn.parse(arguments.engagement)
    except ValueError as error:
        raise ValidationException(f"engagement: {error}", fields=[("EngagementId", str(error))]) from None
    reason = {} if arguments.reason is None else {"reason": arguments.reason}
    await request.verbs.stop_engagement(engagement_id=arguments.engagement, **reason)
    return {"engagement_arn": arguments.engagement}
