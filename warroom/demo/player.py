"""Plays the scenario through the public AWS API, as a process of its own: `python -m warroom.demo.player`.

It reads from standard input one JSON line that says where to play, sets the cast up, prints `ready`, and waits for
a second one that says how; then the story runs. It ends with the story, or as soon as standard input closes.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import singledispatchmethod
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from warroom.demo import scenario
from warroom.demo.scenario import Acknowledge, Note, Relate, Resolve, SetImpact, Start, Step, Summarise

__all__ = ["Place", "Player", "main"]

_CODE_PATIENCE = 10.0
"""Seconds for an activation code to be delivered."""
_PAGE_PATIENCE = 5.0
"""Seconds for a page to be sent: nobody answers one that has not come."""


@dataclass(frozen=True)
class Place:
    """Where to play. `admin` is the key that sets things up: (access key id, secret)."""

    url: str
    region: str
    backend_log: Path
    """Where the console delivery prints what a phone would receive."""
    admin: tuple[str, str] = field(repr=False)

    def client(self, service: str, key: tuple[str, str]) -> Any:
        session = botocore.session.Session()
        return session.create_client(
            service,
            region_name=self.region,
            endpoint_url=self.url,
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
            config=Config(connect_timeout=5, read_timeout=15, retries={"max_attempts": 3}, proxies={}),
        )


class Player:
    """The cast and their hands on the API."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._incidents = place.client("ssm-incidents", place.admin)
        self._contacts = place.client("ssm-contacts", place.admin)
        self._arns: dict[str, str] = {}
        """Contacts by alias."""
        self._opened: dict[str, str] = {}
        """Incidents by their name in the story."""
        self._hands: dict[str, tuple[Any, Any]] = {}
        """(ssm-incidents, ssm-contacts) as each person."""

    # --- before

    def set_up(self) -> None:
        """Make the contacts, activate their channels with the codes delivered, make the plans."""
        for person in scenario.CAST:
            self._hire(person)
        stages = [
            {
                "DurationInMinutes": minutes,
                "Targets": [
                    {"ContactTargetInfo": {"ContactId": self._arns[alias], "IsEssential": True}} for alias in aliases
                ],
            }
            for minutes, aliases in scenario.ESCALATION.stages
        ]
        self._arns[scenario.ESCALATION.alias] = self._contacts.create_contact(
            Alias=scenario.ESCALATION.alias,
            DisplayName=scenario.ESCALATION.display_name,
            Type="ESCALATION",
            Plan={"Stages": stages},
        )["ContactArn"]
        for plan in scenario.PLANS:
            self._arns[plan.name] = self._incidents.create_response_plan(
                name=plan.name,
                displayName=plan.display_name,
                engagements=[self._arns[alias] for alias in plan.engages],
                incidentTemplate={"title": plan.title, "impact": plan.impact, "summary": plan.summary},
            )["arn"]

    def _hire(self, person: scenario.Person) -> None:
        contact = self._contacts.create_contact(
            Alias=person.alias, DisplayName=person.display_name, Type="PERSONAL", Plan={"Stages": []}
        )["ContactArn"]
        self._arns[person.alias] = contact
        stages = []
        for kind, name, address in person.channels:
            delivered = self._place.backend_log.stat().st_size
            channel = self._contacts.create_contact_channel(
                ContactId=contact, Name=name, Type=kind, DeliveryAddress={"SimpleAddress": address}
            )["ContactChannelArn"]
            self._contacts.activate_contact_channel(
                ContactChannelId=channel, ActivationCode=self._code_for(address, delivered)
            )
            target = {"ContactChannelId": channel, "RetryIntervalInMinutes": 1}
            stages.append({"DurationInMinutes": 5, "Targets": [{"ChannelTargetInfo": target}]})
        self._contacts.update_contact(ContactId=contact, Plan={"Stages": stages})

    def _code_for(self, address: str, delivered: int) -> str:
        """The code that a person would read off their phone; here the console delivery printed it.

        `delivered` is how much of the log (bytes) was there before it was sent.
        """
        deadline = time.monotonic() + _CODE_PATIENCE
        while time.monotonic() < deadline:
            with self._place.backend_log.open("rb") as log:
                log.seek(delivered)
                lines = log.read().decode(errors="replace").splitlines()
            for line in lines:
                if address in line and (code := re.search(r"\b[0-9]{6}\b", line.replace(address, ""))):
                    return code[0]
            time.sleep(0.01)
        raise SystemExit(f"no activation code was delivered to {address}")

    def give_hands(self, keys: Mapping[str, tuple[str, str]]) -> None:
        """Let each person act by a key of their own, so that the timeline says who did what."""
        for alias, key in keys.items():
            self._hands[alias] = (
                self._place.client("ssm-incidents", key),
                self._place.client("ssm-contacts", key),
            )

    # --- the story

    def play(self, step: Step) -> str:
        """Do one step; returns what was done, in words."""
        try:
            told: str = self._do(step.act)
        except ClientError as error:
            # Whoever watches may have resolved or deleted what the story speaks of; it goes on without.
            return f"skipped {type(step.act).__name__}: {error}"
        return " ".join(told.split())

    @singledispatchmethod
    def _do(self, act: scenario.Act) -> str:
        raise NotImplementedError(act)

    @_do.register
    def _(self, act: Start) -> str:
        optional = {name: given for name, given in (("title", act.title), ("impact", act.impact)) if given}
        incidents, _ = self._hands[scenario.MONITOR]
        self._opened[act.name] = incidents.start_incident(
            responsePlanArn=self._arns[act.plan],
            triggerDetails={
                "source": scenario.MONITOR,
                "timestamp": datetime.now(UTC),
                "rawData": json.dumps({"detail": {"state": {"reason": act.reason}}}),
            },
            **optional,
        )["incidentRecordArn"]
        return f"{act.plan}: incident started, {act.reason}"

    @_do.register
    def _(self, act: Note) -> str:
        incidents, _ = self._hands[act.who]
        incidents.create_timeline_event(
            incidentRecordArn=self._opened[act.incident],
            eventTime=datetime.now(UTC),
            eventType="Note",
            eventData=json.dumps(act.text),
        )
        return f"{act.incident}: {act.who} notes: {act.text}"

    @_do.register
    def _(self, act: Acknowledge) -> str:
        _, contacts = self._hands[act.who]
        deadline = time.monotonic() + _PAGE_PATIENCE
        while not (pages := self._pages(act.incident, act.who)) and time.monotonic() < deadline:
            time.sleep(0.05)
        for page in pages:
            contacts.accept_page(
                PageId=page,
                AcceptType="READ",
                AcceptCode="000000",
                AcceptCodeValidation="IGNORE",
                **({"Note": act.note} if act.note else {}),
            )
        return f"{act.incident}: {act.who} acknowledges {len(pages)} page(s)"

    def _pages(self, incident: str, who: str) -> list[str]:
        """The pages of an incident that somebody has got."""
        _, contacts = self._hands[who]
        engagements = contacts.list_engagements(IncidentId=self._opened[incident])["Engagements"]
        return [
            page["PageArn"]
            for engagement in engagements
            for page in contacts.list_pages_by_engagement(EngagementId=engagement["EngagementArn"])["Pages"]
            if page["ContactArn"] == self._arns[who]
        ]

    @_do.register
    def _(self, act: SetImpact) -> str:
        self._update(act.incident, act.who, impact=act.impact)
        return f"{act.incident}: {act.who} sets the impact to {act.impact}"

    @_do.register
    def _(self, act: Summarise) -> str:
        self._update(act.incident, act.who, summary=act.summary)
        return f"{act.incident}: {act.who} writes the summary"

    @_do.register
    def _(self, act: Resolve) -> str:
        self._update(act.incident, act.who, status="RESOLVED")
        return f"{act.incident}: {act.who} resolves it"

    @_do.register
    def _(self, act: Relate) -> str:
        incidents, _ = self._hands[act.who]
        item = {"identifier": {"type": act.type, "value": {"url": act.url}}, "title": act.title}
        incidents.update_related_items(
            incidentRecordArn=self._opened[act.incident], relatedItemsUpdate={"itemToAdd": item}
        )
        return f"{act.incident}: {act.who} adds {act.title}"

    def _update(self, incident: str, who: str, **members: Any) -> None:
        incidents, _ = self._hands[who]
        incidents.update_incident_record(arn=self._opened[incident], **members)


def main() -> None:
    place = json.loads(sys.stdin.readline())
    player = Player(Place(place["url"], place["region"], Path(place["backend_log"]), tuple(place["admin"])))
    player.set_up()
    print("ready", flush=True)
    start = json.loads(sys.stdin.readline())
    player.give_hands({alias: tuple(key) for alias, key in start["keys"].items()})
    threading.Thread(target=_end_at_eof, daemon=True).start()
    opened = time.monotonic()
    for step in scenario.STORY:
        if start["speed"]:
            time.sleep(max(0.0, step.at / start["speed"] - (time.monotonic() - opened)))
        told = player.play(step)
        if start["aloud"]:
            print(told, flush=True)


def _end_at_eof() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
