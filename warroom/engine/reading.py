"""What people ask for beyond the service's own lists: an incident by the name they say, and all about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from warroom.engine.interfaces import LoggedChange
from warroom.engine.lookup import find, incident_of, require_text
from warroom.engine.pagination import Listing
from warroom.engine.start import FIRST_NUMBER
from warroom.model.arn import Arn
from warroom.model.contacts import Contact, Engagement, Page
from warroom.model.errors import ResourceNotFoundException, ValidationException
from warroom.model.incidents import IncidentRecord, RelatedItem, TimelineEvent
from warroom.model.record import Record
from warroom.store import changelog
from warroom.store import incidents as store
from warroom.store.contacts import contacts, engagements_of_incident, find_alias, pages_of_incident
from warroom.store.transaction import Reader

__all__ = ["Dossier", "contact_named", "dossier", "history", "incident_named"]

_CANDIDATES = 5
"""So many incidents are listed when a reference means several."""

_NUMBER = re.compile(r"(?:INC-)?([0-9]{1,18})", re.IGNORECASE)
_ID_PREFIX = re.compile(r"[0-9a-f-]{4,36}")
"""Shorter ones name too many incidents to be meant."""

_SURELY_ID = 8
"""So many digits may be the first part of an id; fewer are a number."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All about one incident."""

    incident: IncidentRecord
    engagements: list[Engagement]
    """Oldest first, as are the pages."""
    pages: list[Page]
    related_items: list[RelatedItem]
    """In the order in which they were added."""
    events: list[TimelineEvent]
    """Newest first."""


def incident_named(reader: Reader, account: str, reference: str) -> IncidentRecord:
    """See `Engine.find_incident`. A few digits are a number and nothing else: a slip must not hit another incident."""
    name = reference.strip()
    if name.startswith("arn:"):
        return incident_of(reader, account, name)
    number = _NUMBER.fullmatch(name)
    numbered = store.by_number(reader, account, int(number[1])) if number else None
    if numbered is not None:
        return numbered
    prefix = name.lower()
    known = _ID_PREFIX.fullmatch(prefix) and (number is None or len(prefix) >= _SURELY_ID)
    found = store.by_id_prefix(reader, account, prefix, _CANDIDATES) if known else []
    if not found:
        raise ResourceNotFoundException(
            f"There is no incident {name!r}: give a number like INC-{FIRST_NUMBER}, an ARN, "
            "or the first 4 characters of an id or more",
            resource_id=name,
            resource_type="INCIDENT_RECORD",
        )
    if len(found) > 1:
        candidates = ", ".join(f"{each.short_name} ({each.arn.rsplit('/', 1)[-1]})" for each in found)
        raise ValidationException(f"Several incidents begin with {name!r}: {candidates}")
    return found[0]


def contact_named(reader: Reader, account: str, reference: str) -> Contact:
    """See `Engine.find_contact`."""
    name = reference.strip()
    require_text("contact", name)
    is_arn = name.startswith("arn:")
    found = find(reader, contacts, account, name) if is_arn else find_alias(reader, account, name)
    if found is None:
        raise ResourceNotFoundException(
            f"There is no contact {name!r}: give an alias or an ARN", resource_id=name, resource_type="CONTACT"
        )
    return found


def dossier(reader: Reader, incident: IncidentRecord, events: int) -> Dossier:
    """See `Engine.incident_dossier`."""
    return Dossier(
        incident=incident,
        engagements=engagements_of_incident(reader, incident.arn),
        pages=pages_of_incident(reader, incident.arn),
        related_items=[item for _, item in store.list_related_items(reader, incident.arn)],
        events=store.list_events(reader, incident.arn, limit=events),
    )


def history(reader: Reader, incident_arn: str, before: str | None, limit: int) -> tuple[list[LoggedChange], str | None]:
    """See `Engine.timeline_changes`."""
    seq, account = changelog.position(reader), Arn.parse(incident_arn).account

    def change(record: Record) -> LoggedChange:
        text = record.model_dump_json(exclude_none=True)
        return LoggedChange(seq, reader.now, account, record.kind, record.key, incident_arn, text)

    listing = Listing("timeline", (datetime, str), incident_arn)
    after = listing.after(before)
    found = store.list_events(reader, incident_arn, after=after, limit=limit + 1)
    events, older = listing.page(found, limit, lambda event: (event.event_time, event.key))
    items = store.list_related_items(reader, incident_arn) if after is None else []
    return [change(record) for record in (*(item for _, item in items), *events)], older
