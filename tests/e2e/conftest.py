"""What an end-to-end test stands on: a backend, an on-call engineer in it, and a war room on a pty."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from backend import Backend, clean_environment
from terminal import Terminal

__all__ = ["OnCall"]

OpenWarRoom = Callable[..., Terminal]


@dataclass(frozen=True)
class OnCall:
    """A backend with a contact `alice`, who is paged by the response plan `checkout`."""

    backend: Backend
    contact_arn: str
    channel_arn: str
    plan_arn: str

    def start_incident(self, title: str, **members: Any) -> str:
        """As the aws CLI does it; returns the incident's ARN."""
        options = [part for name, text in members.items() for part in (f"--{name.replace('_', '-')}", str(text))]
        arguments = ("--response-plan-arn", self.plan_arn, "--title", title, *options)
        return str(self.backend.aws("ssm-incidents", "start-incident", *arguments)["incidentRecordArn"])


@pytest.fixture
def on_call(backend: Backend) -> OnCall:
    contacts, incidents = backend.boto3("ssm-contacts"), backend.boto3("ssm-incidents")
    empty: dict[str, Any] = {"Stages": []}
    contact = contacts.create_contact(Alias="alice", DisplayName="Alice Adams", Type="PERSONAL", Plan=empty)
    channel = contacts.create_contact_channel(
        ContactId=contact["ContactArn"],
        Name="phone of alice",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": "+15550100"},
    )
    code = backend.activation_code("+15550100")
    contacts.activate_contact_channel(ContactChannelId=channel["ContactChannelArn"], ActivationCode=code)
    target = {"ChannelTargetInfo": {"ContactChannelId": channel["ContactChannelArn"], "RetryIntervalInMinutes": 1}}
    contacts.update_contact(
        ContactId=contact["ContactArn"], Plan={"Stages": [{"DurationInMinutes": 5, "Targets": [target]}]}
    )
    plan = incidents.create_response_plan(
        name="checkout",
        incidentTemplate={"title": "checkout is down", "impact": 1},
        engagements=[contact["ContactArn"]],
    )
    return OnCall(backend, contact["ContactArn"], channel["ContactChannelArn"], plan["arn"])


@pytest.fixture
def open_war_room(on_call: OnCall) -> Iterator[OpenWarRoom]:
    """Open war rooms on ptys, as alice; they end with the test."""
    opened: list[Terminal] = []

    def open_(columns: int = 80, rows: int = 24, *arguments: str, **environment: str) -> Terminal:
        terminal = Terminal(
            [sys.executable, "-m", "warroom", *arguments],
            env=clean_environment(on_call.backend.home, WARROOM_ME="alice", **environment),
            columns=columns,
            rows=rows,
        )
        opened.append(terminal)
        return terminal

    yield open_
    for terminal in opened:
        terminal.close()
