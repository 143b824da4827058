"""The actions that a command may ask for, and the arguments of each.

`incident` is the number (`INC-1042` or `1042`), the ARN, or an unambiguous prefix of its id, in every one.
An action is a composition of the verbs of Incident Manager; the results name what was done, in the members
of the API.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from warroom.model.identity import Role
from warroom.model.record import Impact

__all__ = [
    "ACTIONS",
    "LONGEST_TEXT",
    "Acknowledge",
    "AddTimelineEvent",
    "Arguments",
    "ChangeImpact",
    "ChangeSummary",
    "ChangeTitle",
    "CreateAccessKey",
    "Declare",
    "Engage",
    "Escalate",
    "ListAccessKeys",
    "ListIncidents",
    "Reopen",
    "Resolve",
    "RevokeAccessKey",
    "ShowIncident",
    "StopEngagement",
]

Note = Annotated[str, Field(min_length=1, max_length=2048)]


LONGEST_TEXT = 11_000
"""Characters of a timeline event; as a JSON string they must fit into the 12,000 of the service's eventData."""


class Arguments(BaseModel):
    """The arguments of one action. An unknown argument is refused: a typing slip must not act otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    action: ClassVar[str]
    role: ClassVar[Role] = "responder"
    """The least role that may do it."""


class Acknowledge(Arguments):
    """Accept, as READ, every unread page of the incident that is `contact`'s (default: the caller's own).

    Result: `{"pages": [ARN...]}`. An error with code `NothingToAcknowledge` lists whose pages are unread.
    """

    action: ClassVar[str] = "acknowledge"
    incident: str
    contact: str | None = None
    """A contact's ARN or alias: accept on their behalf."""
    note: Note | None = None


class Resolve(Arguments):
    """Result: `{"arn"}`. A note becomes a timeline event before the resolution."""

    action: ClassVar[str] = "resolve"
    incident: str
    note: Note | None = None


class Reopen(Arguments):
    """Result: `{"arn"}`."""

    action: ClassVar[str] = "reopen"
    incident: str


class Escalate(Arguments):
    """Raise the impact, or engage a contact or escalation plan; at least one of the two.

    Without either: raise the impact by one. An `impact` that is not higher than the incident's is refused, and
    nothing is done then: `change_impact` lowers it. Result: `{"arn", "impact"?, "engagement_arn"?}`, the impact
    that the incident has now.
    """

    action: ClassVar[str] = "escalate"
    incident: str
    impact: Impact | None = None
    contact: str | None = None
    """ARN or alias."""
    note: Note | None = None


class Engage(Arguments):
    """Page a contact, escalation plan or schedule for the incident. Result: `{"engagement_arn"}`."""

    action: ClassVar[str] = "engage"
    incident: str
    contact: str
    """ARN or alias."""
    note: Note | None = None


class StopEngagement(Arguments):
    """Result: `{"engagement_arn"}`."""

    action: ClassVar[str] = "stop_engagement"
    engagement: str
    """ARN."""
    reason: Annotated[str, Field(max_length=255)] | None = None


class AddTimelineEvent(Arguments):
    """Result: `{"event_id"}`. `text` is free text, many lines allowed; it is stored as a JSON string."""

    action: ClassVar[str] = "add_timeline_event"
    incident: str
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    event_type: str = "Note"


class Declare(Arguments):
    """Start an incident from a response plan. Result: `{"arn", "number"}`."""

    action: ClassVar[str] = "declare"
    response_plan: str
    """ARN or name."""
    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    impact: Impact | None = None


class ChangeImpact(Arguments):
    """Result: `{"arn"}`."""

    action: ClassVar[str] = "change_impact"
    incident: str
    impact: Impact


class ChangeTitle(Arguments):
    """Result: `{"arn"}`."""

    action: ClassVar[str] = "change_title"
    incident: str
    title: Annotated[str, Field(min_length=1, max_length=200)]


class ChangeSummary(Arguments):
    """Result: `{"arn"}`. An empty summary clears it."""

    action: ClassVar[str] = "change_summary"
    incident: str
    summary: Annotated[str, Field(max_length=8000)]


class ListIncidents(Arguments):
    """Result: `{"incidents": [incident record...]}`, newest first. `status`: OPEN, RESOLVED, or both when None."""

    action: ClassVar[str] = "list_incidents"
    role: ClassVar[Role] = "observer"
    status: str | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class ShowIncident(Arguments):
    """Result: `{"incident", "engagements": [...], "pages": [...], "related_items": [...], "events": [...]}`.

    Whole records in their own members; events newest first, at most `events`.
    """

    action: ClassVar[str] = "show_incident"
    role: ClassVar[Role] = "observer"
    incident: str
    events: Annotated[int, Field(ge=0, le=1000)] = 100


class CreateAccessKey(Arguments):
    """Result: `{"access_key_id", "secret_access_key", "name", "role", "contact_arn"}`; the secret is shown once."""

    action: ClassVar[str] = "create_access_key"
    role: ClassVar[Role] = "admin"
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+=,.@-]+$")]
    contact: str | None = None
    """ARN or alias of the contact that the key is bound to."""
    key_role: Role = "responder"


class ListAccessKeys(Arguments):
    """Result: `{"access_keys": [{"access_key_id", "name", "role", "contact_arn", "created_time", "revoked_time"}]}`."""

    action: ClassVar[str] = "list_access_keys"
    role: ClassVar[Role] = "admin"


class RevokeAccessKey(Arguments):
    """Result: `{"access_key_id"}`."""

    action: ClassVar[str] = "revoke_access_key"
    role: ClassVar[Role] = "admin"
    access_key_id: str


ACTIONS: dict[str, type[Arguments]] = {
    arguments.action: arguments
    for arguments in (
        Acknowledge,
        Resolve,
        Reopen,
        Escalate,
        Engage,
        StopEngagement,
        AddTimelineEvent,
        Declare,
        ChangeImpact,
        ChangeTitle,
        ChangeSummary,
        ListIncidents,
        ShowIncident,
        CreateAccessKey,
        ListAccessKeys,
        RevokeAccessKey,
    )
}
