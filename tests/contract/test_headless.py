"""The headless twin: every action as a command, over a real backend."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from backend import ACCOUNT, Backend, clean_environment, wait_for

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def scene(shared_backend: Backend) -> Backend:
    """Contacts ana and ben, whom the plan `checkout` pages, and a key of ana's."""
    contacts, incidents = shared_backend.boto3("ssm-contacts"), shared_backend.boto3("ssm-incidents")
    arns = []
    for number, alias in enumerate(("ana", "ben")):
        contact = contacts.create_contact(Alias=alias, Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
        address = f"+1555010000{number}"
        channel = contacts.create_contact_channel(
            ContactId=contact, Name="phone", Type="SMS", DeliveryAddress={"SimpleAddress": address}
        )["ContactChannelArn"]
        code = shared_backend.activation_code(address)
        contacts.activate_contact_channel(ContactChannelId=channel, ActivationCode=code)
        target = {"ChannelTargetInfo": {"ContactChannelId": channel}}
        contacts.update_contact(ContactId=contact, Plan={"Stages": [{"DurationInMinutes": 5, "Targets": [target]}]})
        arns.append(contact)
    incidents.create_response_plan(
        name="checkout", engagements=arns, incidentTemplate={"title": "Checkout is failing", "impact": 3}
    )
    return shared_backend


@pytest.fixture
def run(scene: Backend) -> Run:
    """Run a command that works; its JSON when it was asked for, else its text."""

    def run_(*args: str, **more: Any) -> Any:
        done = scene.warroom(*args, **more)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return json.loads(done.stdout) if "json" in args else done.stdout

    return run_


@pytest.fixture
def refused(scene: Backend) -> Run:
    """Run a command that does not; its exit code and its one line."""

    def run_(*args: str, **more: Any) -> tuple[int, str]:
        done = scene.warroom(*args, **more)
        (line,) = done.stderr.splitlines()
        assert done.stdout == ""
        return done.returncode, line

    return run_


@pytest.fixture
def incident(run: Run) -> dict[str, Any]:
    """A declared incident whose pages have been sent."""
    declared = run("declare", "checkout", "--title", "Cards are declined", "--impact", "2", "-o", "json")
    wait_for("the pages", lambda: len(run("show", declared["arn"], "-o", "json")["pages"]) == 2)
    return declared


def as_ana(run: Run, **more: str) -> dict[str, str]:
    key = run("key", "create", "--name", "ana", "--contact", "ana", "-o", "json")
    return {
        "WARROOM_URL": more["url"],
        "WARROOM_ACCESS_KEY_ID": key["access_key_id"],
        "WARROOM_SECRET_ACCESS_KEY": key["secret_access_key"],
    }


def test_declare_starts_an_incident_that_the_aws_cli_sees(scene: Backend, incident: dict[str, Any]) -> None:
    record = scene.aws("ssm-incidents", "get-incident-record", "--arn", incident["arn"])["incidentRecord"]
    assert (record["title"], record["impact"], record["status"]) == ("Cards are declined", 2, "OPEN")


def test_an_incident_is_named_by_number_arn_or_the_start_of_its_id(run: Run, incident: dict[str, Any]) -> None:
    number, arn = str(incident["number"]), incident["arn"]
    for name in (number, f"INC-{number}", f"inc-{number}", arn, arn.rpartition("/")[2][:13]):
        assert run("show", name, "-o", "json")["incident"]["arn"] == arn


def test_list_shows_it_as_a_table_and_as_json(run: Run, incident: dict[str, Any]) -> None:
    head, *rows = run("list").splitlines()
    assert head.split() == ["NUMBER", "IMPACT", "AGE", "STATUS", "TITLE", "LAST", "EVENT"]
    (row,) = [row for row in rows if row.startswith(f"INC-{incident['number']} ")]
    assert "2 High" in row and "Cards are declined" in row
    assert incident["arn"] in [each["arn"] for each in run("list", "--output", "json")["incidents"]]


def test_ack_accepts_ones_own_pages_and_the_receipt_says_so(scene: Backend, run: Run, incident: dict[str, Any]) -> None:
    mine = as_ana(run, url=scene.url)
    assert run("ack", incident["arn"], "--note", "on it", env=mine) == "acknowledged 1 page\n"
    pages = run("show", incident["arn"], "-o", "json")["pages"]
    assert {page["contact_arn"].rpartition("/")[2] for page in pages if page.get("read_time")} == {"ana"}
    (page,) = [page["page_arn"] for page in pages if page.get("read_time")]
    receipts = scene.aws("ssm-contacts", "list-page-receipts", "--page-id", page)["Receipts"]
    assert [each.get("ReceiptInfo") for each in receipts if each["ReceiptType"] == "READ"] == ["on it"]


def test_ack_on_behalf_of_somebody_names_them(run: Run, incident: dict[str, Any]) -> None:
    assert run("ack", incident["arn"], "--for", "ben") == "acknowledged 1 page\n"


def test_ack_takes_me_from_the_settings_where_the_key_is_nobodys(run: Run, incident: dict[str, Any]) -> None:
    assert run("ack", incident["arn"], env={"WARROOM_ME": "ana"}) == "acknowledged 1 page\n"


def test_ack_by_nobody_says_whose_pages_wait(refused: Run, incident: dict[str, Any]) -> None:
    code, line = refused("ack", incident["arn"])
    assert code == 1
    assert "ana" in line and "ben" in line


def test_escalate_raises_the_impact_by_one(run: Run, incident: dict[str, Any]) -> None:
    assert run("escalate", incident["arn"]) == "impact 1 Critical\n"


def test_escalate_raises_the_impact_as_told_and_does_not_lower_it(
    run: Run, refused: Run, incident: dict[str, Any]
) -> None:
    assert run("escalate", incident["arn"], "--impact", "1", "-o", "json")["impact"] == 1
    code, line = refused("escalate", incident["arn"], "--impact", "4")
    assert code == 1
    assert "no higher" in line


def test_escalate_pages_a_contact(run: Run, incident: dict[str, Any]) -> None:
    before = len(run("show", incident["arn"], "-o", "json")["engagements"])
    assert run("escalate", incident["arn"], "--contact", "ben").startswith("engaged arn:aws:ssm-contacts:")
    assert len(run("show", incident["arn"], "-o", "json")["engagements"]) == before + 1


@pytest.mark.parametrize("how", [["-"], []])
def test_a_note_of_many_lines_is_read_from_a_pipe(run: Run, incident: dict[str, Any], how: list[str]) -> None:
    text = 'one\n  "two" \\ three\n'
    event = run("note", incident["arn"], *how, "-o", "json", stdin=text)["event_id"]
    (noted,) = [each for each in run("timeline", incident["arn"], "-o", "json")["events"] if each["event_id"] == event]
    assert json.loads(noted["event_data"]) == text.rstrip()


def test_timeline_tells_what_happened_in_order(run: Run, incident: dict[str, Any]) -> None:
    run("note", incident["arn"], "rolled back to 411")
    told = run("timeline", incident["arn"])
    assert told.index("Incident started") < told.index("rolled back to 411")


def test_show_tells_who_was_paged_and_what_was_sent(run: Run, incident: dict[str, Any]) -> None:
    run("ack", incident["arn"], "--for", "ana", "--note", "on it")
    told = run("show", incident["arn"])
    assert "Cards are declined" in told and "OPEN, for " in told
    (row,) = [line for line in told.splitlines() if line.startswith("ana") and "READ" in line]
    assert "on it" in row


def test_resolve_resolves_with_a_note(run: Run, incident: dict[str, Any]) -> None:
    assert run("resolve", incident["arn"], "--note", "rolled back") == f"resolved {incident['arn']}\n"
    assert run("show", incident["arn"], "-o", "json")["incident"]["status"] == "RESOLVED"
    assert incident["arn"] in [each["arn"] for each in run("list", "--resolved", "-o", "json")["incidents"]]
    assert incident["arn"] not in [each["arn"] for each in run("list", "-o", "json")["incidents"]]
    told = run("timeline", incident["arn"])
    assert told.index("rolled back") < told.index("resolved the incident")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["show", "999999"], "999999"),
        (["resolve", "ffffffff"], "ffffffff"),
        (["declare", "no-such-plan"], "no-such-plan"),
        (["note", f"arn:aws:ssm-incidents::{ACCOUNT}:incident-record/x/y", "text"], "incident-record/x/y"),
        (["key", "create", "--name", "x", "--contact", "nobody"], "nobody"),
        (["key", "revoke", "NOSUCHKEY"], "NOSUCHKEY"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(refused: Run, command: list[str], says: str) -> None:
    code, line = refused(*command)
    assert code == 1
    assert says in line


@pytest.mark.parametrize(
    "command",
    [
        ["declare", "checkout", "--title", "x" * 201],
        ["key", "create", "--name", "not a name"],
        ["key", "create", "--name", "x", "--role", "king"],
    ],
)
def test_what_breaks_a_rule_is_a_usage_mistake(refused: Run, command: list[str]) -> None:
    assert refused(*command)[0] == 2


def test_a_key_opens_what_its_role_allows_until_it_is_revoked(scene: Backend, run: Run, refused: Run) -> None:
    made = run("key", "create", "--name", "eve", "--role", "observer", "-o", "json")
    as_eve = {
        "WARROOM_URL": scene.url,
        "WARROOM_ACCESS_KEY_ID": made["access_key_id"],
        "WARROOM_SECRET_ACCESS_KEY": made["secret_access_key"],
    }
    run("list", env=as_eve)
    assert refused("declare", "checkout", env=as_eve)[0] == 1
    assert run("key", "revoke", made["access_key_id"]) == f"revoked {made['access_key_id']}\n"
    (row,) = [line for line in run("key", "list").splitlines() if made["access_key_id"] in line]
    assert row.endswith("revoked")
    code, line = refused("list", env=as_eve)
    assert code == 1
    assert made["secret_access_key"] not in line


def test_the_secret_of_a_key_is_shown_at_its_making_only(run: Run) -> None:
    made = run("key", "create", "--name", "fay", "-o", "json")
    assert made["secret_access_key"] not in json.dumps(run("key", "list", "-o", "json"))


def test_output_to_a_reader_that_has_enough_is_no_error(scene: Backend, incident: dict[str, Any]) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m warroom list -o json | head -c 1"],
        env=clean_environment(scene.home),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("{", "")
