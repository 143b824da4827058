"""What a page says for an incident. The service's own wording is not documented; this is what a sleeper needs first."""

from __future__ import annotations

from typing import NamedTuple

from warroom.model.incidents import IncidentRecord
from warroom.model.narrative import IMPACT_NAMES, one_line

__all__ = ["SENDER", "PageWording", "page_wording"]

SENDER = "Incident Manager"

_CONTENT_LENGTH = 8192
"""Characters that the service allows in Content."""


class PageWording(NamedTuple):
    subject: str
    content: str
    public_subject: str
    """What a text message shows; anybody near the phone can read it."""
    public_content: str


def page_wording(incident: IncidentRecord) -> PageWording:
    """Number, impact and title first; the summary only where the channel is private."""
    severity = f"{incident.impact} {IMPACT_NAMES[incident.impact]}"
    title = one_line(incident.title)
    headline = f"{incident.short_name} {title}"
    content = f"{headline}\nImpact: {severity}\n{incident.arn}"
    if incident.summary:
        content = f"{content}\n\n{incident.summary}"
    return PageWording(headline, content[:_CONTENT_LENGTH], headline, f"{headline}\nImpact: {severity}")
