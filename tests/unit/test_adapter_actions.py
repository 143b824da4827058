"""The actions of the war room, over a real engine."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from stream_house import ACCOUNT, House, open_house
from warroom.adapter.actions import perform, permitted
from warroom.adapter.actions.perform import _DO
from warroom.adapter.repetitions import Repetitions
from warroom.delivery.console import console_providers
from warroom.engine.interfaces import Document
from warroom.model.identity import Caller
from warroom.stream.actions import ACTIONS
from warroom.stream.frames import Command, CommandError

ADMIN = Caller(ACCOUNT, "local", "admin")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, serve=False) as opened:
        yield opened


async def do(
    house: House,
    action: str,
    *,
    caller: Caller = ADMIN,
    token: str | None = None,
    at: datetime | None = None,
    **given: Any,
) -> Document | CommandError:
    command = Command(id="1", action=action, token=token or f"{action}-{id(given)}", arguments=given, at=at)
    return await perform(house.engine, caller, command, datetime.now(UTC))


async def done(house: House, action: str, **given: Any) -> Document:
    outcome = await do(house, action, **given)
    assert not isinstance(outcome, CommandError), outcome
    return outcome


async def failed(house: House, action: str, **given: Any) -> CommandError:
    outcome = await do(house, action, **given)
    assert isinstance(outcome, CommandError), outcome
    return outcome


def test_every_action_has_its_doing() -> None:
    assert set(_DO) == set(ACTIONS.values())


def test_each_role_may_do_what_the_one_below_may() -> None:
    observer, responder, admin = (set(permitted(role)) for role in ("observer", "responder", "admin"))
    assert observer < responder < admin == set(ACTIONS)
    assert "acknowledge" in responder - observer
    assert "create_access_key" in admin - responder


async def test_declare_change_resolve_reopen_and_show(house: House) -> None:
    await house.plan("payments")
    declared = await done(house, "declare", response_plan="payments", title="Cards declined", impact=2)
    name = f"INC-{declared['number']}"
    await done(house, "change_impact", incident=name, impact=1)
    await done(house, "change_title", incident=str(declared["number"]), title="Cards and wallets declined")
    await done(house, "change_summary", incident=declared["arn"], summary="since 03:12")
    assert await done(house, "resolve", incident=name, note="rolled back") == {"arn": declared["arn"]}
    shown = await done(house, "show_incident", incident=name)
    incident = shown["incident"]
    assert (incident.status, incident.impact, incident.title, incident.summary) == (
        "RESOLVED",
        1,
        "Cards and wallets declined",
        "since 03:12",
    )
    types = [event.event_type for event in shown["events"]]
    note = next(event for event in shown["events"] if event.event_type == "Note")
    assert json.loads(note.event_data) == "rolled back"
    assert note.event_references[0].resource == declared["arn"]
    assert types.index("SSM Incident Record Update") < types.index("Note"), "the note is before the resolution"
    assert (await done(house, "list_incidents", status="OPEN"))["incidents"] == []
    await done(house, "reopen", incident=name)
    assert [each.number for each in (await done(house, "list_incidents", status="OPEN"))["incidents"]] == [
        declared["number"]
    ]


async def test_a_note_bears_the_time_at_which_it_was_written(house: House) -> None:
    incident = await house.incident(await house.plan())
    at = datetime.now(UTC) - timedelta(minutes=7)
    await done(house, "add_timeline_event", incident=incident, text="zwei\nZeilen – ü", at=at)
    shown = await done(house, "show_incident", incident=incident, events=5)
    event = next(event for event in shown["events"] if event.event_type == "Note")
    assert (event.event_time, json.loads(event.event_data)) == (at, "zwei\nZeilen – ü")
    error = await failed(
        house, "add_timeline_event", incident=incident, text="x", at=datetime.now(UTC) + timedelta(hours=1)
    )
    assert error.message.startswith("at: ")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00Z"])
async def test_what_was_asked_for_too_long_ago_or_ahead_is_refused_and_not_done(house: House, at: str) -> None:
    incident = await house.incident(await house.plan())
    asked = Command.model_validate({"id": "1", "action": "resolve", "token": "t", "at": at})
    for action in ("resolve", "acknowledge", "escalate"):
        error = await failed(house, action, incident=incident, at=asked.at)
        assert (error.code, error.message[:4]) == ("ValidationException", "at: ")
    shown = await done(house, "show_incident", incident=incident)
    assert (shown["incident"].status, shown["incident"].impact) == ("OPEN", 3)


async def test_escalating_raises_the_impact_by_one_once_for_each_command(house: House) -> None:
    incident = await house.incident(await house.plan())
    at = datetime.now(UTC)
    assert await done(house, "escalate", incident=incident, token="e1", at=at) == {"arn": incident, "impact": 2}
    assert await done(house, "escalate", incident=incident, token="e1", at=at) == {"arn": incident, "impact": 2}
    at = datetime.now(UTC)
    for _ in range(2):
        outcome = await done(house, "escalate", incident=incident, token="e2", at=at, note="worse")
        assert outcome["impact"] == 1
    error = await failed(house, "escalate", incident=incident, token="e3")
    assert "highest impact already" in error.message
    notes = [
        each for each in (await done(house, "show_incident", incident=incident))["events"] if each.event_type == "Note"
    ]
    assert len(notes) == 1


async def test_escalating_never_lowers_the_impact(house: House) -> None:
    incident = await house.incident(await house.plan())
    await house.person("alice")
    for impact in (3, 4):
        error = await failed(house, "escalate", incident=incident, impact=impact, contact="alice", note="no")
        assert error.code == "ValidationException"
        assert f"has impact 3 Medium already, and {impact} " in error.message
        assert "change_impact" in error.message
    shown = await done(house, "show_incident", incident=incident)
    assert shown["incident"].impact == 3
    assert shown["engagements"] == []
    assert [each for each in shown["events"] if each.event_type == "Note"] == []

    at = datetime.now(UTC)
    for _ in range(2):
        outcome = await done(house, "escalate", incident=incident, impact=2, token="two", at=at)
        assert outcome == {"arn": incident, "impact": 2}
    at = datetime.now(UTC)
    await done(house, "change_impact", incident=incident, impact=1)
    outcome = await done(house, "escalate", incident=incident, impact=2, at=at)
    assert outcome == {"arn": incident, "impact": 1}, "somebody raised it further since it was asked for"
    assert (await done(house, "show_incident", incident=incident))["incident"].impact == 1


async def test_engage_acknowledge_and_stop(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    incident = await house.incident(await house.plan())
    at = datetime.now(UTC)
    engaged = await done(house, "engage", incident=incident, contact="alice", note="db is down", token="g", at=at)
    await house.retitle(incident, "Another title meanwhile")
    again = await done(house, "engage", incident=incident, contact="alice", note="db is down", token="g", at=at)
    assert again == engaged
    escalated = await done(house, "escalate", incident=incident, contact=bob, impact=1)
    assert escalated["impact"] == 1
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 0)
    engagement = next(each for each in dossier.engagements if each.engagement_arn == engaged["engagement_arn"])
    assert (engagement.contact_arn, engagement.sender) == (alice, "local")
    assert "db is down" in engagement.content
    assert "Checkout fails" not in (engagement.public_content or "") + (engagement.public_subject or "")
    assert len(dossier.engagements) == 2

    as_alice = Caller(ACCOUNT, "alice", "responder", alice)
    as_carol = Caller(ACCOUNT, "carol", "responder")
    await _paged(house, incident, 2)
    dossier = await house.engine.incident_dossier(ACCOUNT, incident, 0)
    error = await failed(house, "acknowledge", incident=incident, caller=as_carol)
    assert error.code == "NothingToAcknowledge"
    assert "alice, bob" in error.message
    at = datetime.now(UTC)
    acknowledged = await done(house, "acknowledge", incident=incident, caller=as_alice, note="on it", at=at)
    assert acknowledged["pages"] == [each.page_arn for each in dossier.pages if each.contact_arn == alice]
    assert await done(house, "acknowledge", incident=incident, caller=as_alice, note="on it", at=at) == acknowledged
    error = await failed(house, "acknowledge", incident=incident, caller=as_alice)
    assert (error.code, "alice has no unread page" in error.message) == ("NothingToAcknowledge", True)
    assert "bob" in error.message
    await done(house, "acknowledge", incident=incident, caller=as_alice, contact="bob")
    error = await failed(house, "acknowledge", incident=incident, caller=as_alice)
    assert "no page of INC-1001 is unread" in error.message
    pages = (await house.engine.incident_dossier(ACCOUNT, incident, 0)).pages
    assert all(page.read_time is not None for page in pages)
    assert {receipt.receipt_type for page in pages for receipt in page.receipts} >= {"READ"}

    for _ in range(2):
        await done(house, "stop_engagement", engagement=escalated["engagement_arn"], reason="false alarm")
    assert (await failed(house, "stop_engagement", engagement="nonsense")).code == "ValidationException"

    await done(house, "resolve", incident=incident)
    for action in ("engage", "escalate"):
        error = await failed(house, action, incident=incident, contact="bob")
        assert (error.code, "reopen it" in error.message) == ("ValidationException", True)
    assert len((await house.engine.incident_dossier(ACCOUNT, incident, 0)).engagements) == 2


async def _paged(house: House, incident: str, pages: int) -> None:
    """Let the deadlines run until so many pages of the incident were sent."""
    running = asyncio.create_task(house.engine.run(console_providers()))
    for _ in range(200):
        found = (await house.engine.incident_dossier(ACCOUNT, incident, 0)).pages
        if len([page for page in found if page.sent_time is not None]) == pages:
            break
        await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.wait([running])


async def test_keys_are_made_listed_and_revoked(house: House) -> None:
    alice = await house.person("alice")
    made = await done(house, "create_access_key", name="alice", contact="alice", key_role="responder")
    assert made["contact_arn"] == alice
    listed = (await done(house, "list_access_keys"))["access_keys"]
    assert made["access_key_id"] in {each["access_key_id"] for each in listed}
    assert made["secret_access_key"] not in str(listed)
    await done(house, "revoke_access_key", access_key_id=made["access_key_id"])
    listed = (await done(house, "list_access_keys"))["access_keys"]
    assert [each["name"] for each in listed if each["revoked_time"] is not None] == ["alice"]
    assert (await failed(house, "create_access_key", name="x", contact="nobody")).code == "ResourceNotFoundException"
    assert (await failed(house, "create_access_key", name="no spaces")).message.startswith("create_access_key: name")


async def test_a_key_that_is_asked_for_again_after_a_restart_is_the_same_one(tmp_path: Path) -> None:
    given = {"name": "bot", "key_role": "responder", "contact": "alice"}
    async with open_house(tmp_path, serve=False) as house:
        await house.person("alice")
        first = await done(house, "create_access_key", token="k1", **given)
    async with open_house(tmp_path, serve=False) as house:
        assert await done(house, "create_access_key", token="k1", **given) == first
        keys = [key for key in await house.engine.keys.all(ACCOUNT) if key.name == "bot"]
        assert [key.access_key_id for key in keys] == [first["access_key_id"]]
        error = await failed(house, "create_access_key", token="k1", **given | {"key_role": "admin"})
        assert (error.code, "other parameters" in error.message) == ("ValidationException", True)
        another = await done(house, "create_access_key", token="k2", **given)
        assert another["access_key_id"] != first["access_key_id"]
    with closing(sqlite3.connect(tmp_path / "warroom.db")) as database:
        kept = database.execute("select * from idempotency_tokens where operation = 'CreateAccessKey'").fetchall()
    assert len(kept) == 2
    assert first["access_key_id"] in str(kept)
    assert first["secret_access_key"] not in str(kept)


class _Faulty:
    """A backend with a defect."""

    @property
    def keys(self) -> Any:
        raise RuntimeError("a defect")


async def test_a_fault_of_ours_is_told_as_one_and_logged_without_the_arguments(
    caplog: pytest.LogCaptureFixture,
) -> None:
    command = Command(id="1", action="create_access_key", token="t", arguments={"name": "hunter2"})
    with caplog.at_level(logging.ERROR):
        error = await perform(_Faulty(), ADMIN, command, datetime.now(UTC))  # type: ignore[arg-type]
    assert isinstance(error, CommandError)
    assert error.code == "InternalServerException"
    assert "a defect" in caplog.text
    assert "hunter2" not in caplog.text + error.message


# --- repetitions


def command(token: str, **arguments: Any) -> Command:
    return Command(id="1", action="resolve", token=token, arguments=arguments)


async def test_a_repetition_waits_for_the_first_and_gets_its_answer() -> None:
    repetitions, runs = Repetitions(), 0
    go = asyncio.Event()

    async def act() -> Document:
        nonlocal runs
        runs += 1
        await go.wait()
        return {"run": runs}

    first = asyncio.create_task(repetitions.once("key", command("t"), act))
    await asyncio.sleep(0)
    first.cancel()
    second = asyncio.create_task(repetitions.once("key", command("t"), act))
    await asyncio.sleep(0)
    go.set()
    assert await second == {"run": 1}
    assert await repetitions.once("another key", command("t"), act) == {"run": 2}


async def test_what_failed_is_tried_again_and_the_oldest_is_forgotten() -> None:
    repetitions, runs = Repetitions(most=2), 0

    async def fail() -> CommandError:
        return CommandError(code="X", message="x")

    async def act() -> Document:
        nonlocal runs
        runs += 1
        return {"run": runs}

    await repetitions.once("key", command("t"), fail)
    assert await repetitions.once("key", command("t"), act) == {"run": 1}
    for other in ("a", "b"):
        await repetitions.once("key", command(other), act)
    assert await repetitions.once("key", command("b"), act) == {"run": 3}
    assert await repetitions.once("key", command("t"), act) == {"run": 4}
