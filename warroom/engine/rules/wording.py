"""What a page says for an incident. The service's own wording is not documented; this is what a sleeper needs first.

Every page has two texts (`incident-manager.md`, 3: SMS gets the public one, VOICE and EMAIL the other). The private
one has number, title and impact first. The public one lies on a locked screen and passes through the hands of
carriers, and people write customers' names into titles: it names the number, the impact and who asks, which is
enough to get up and find the incident, and neither title nor summary nor note.
"""

from __future__ import annotations

from typing import NamedTuple

from warroom.model.incidents import IncidentRecord
from warroom.model.narrative import IMPACT_NAMES, one_line

__all__ = ["SENDER", "PageWording", "join_wording", "page_wording"]

SENDER = "Incident Manager"

_CONTENT_LENGTH = 8192
"""Characters that the service allows in Content."""
_SUBJECT_LENGTH = 2048
"""Characters that the service allows in Subject."""


class PageWording(NamedTuple):
    subject: str
    content: str
    public_subject: str
    """What a text message shows; anybody near the phone can read it."""
    public_content: str


def page_wording(incident: IncidentRecord) -> PageWording:
    """The page of a response plan, when the incident starts."""
    headline = _headline(incident)
    content = f"{headline}\nImpact: {_severity(incident.impact)}\n{incident.arn}"
    if incident.summary:
        content = f"{content}\n\n{incident.summary}"
    public = _public(incident, incident.impact)
    return PageWording(headline[:_SUBJECT_LENGTH], content[:_CONTENT_LENGTH], public, public)


def join_wording(incident: IncidentRecord, impact: int, name: str, note: str | None) -> PageWording:
    """The page of `name`, who asks somebody to join; `impact` is the one that the incident has or is about to get."""
    headline = _headline(incident)
    content = f"{headline}\nImpact: {_severity(impact)}\n{name} asks you to join.\n{incident.arn}"
    if note is not None:
        content = f"{content}\n\nNote: {note}"
    public = _public(incident, impact)
    return PageWording(
        headline[:_SUBJECT_LENGTH], content[:_CONTENT_LENGTH], public, f"{public}: {name} asks you to join."
    )


def _headline(incident: IncidentRecord) -> str:
    return f"{incident.short_name} {one_line(incident.title)}"


def _severity(impact: int) -> str:
    return f"{impact} {IMPACT_NAMES[impact]}"


def _public(incident: IncidentRecord, impact: int) -> str:
    return f"{incident.short_name}, impact {_severity(impact)}"
