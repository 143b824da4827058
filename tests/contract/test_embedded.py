"""The embedded backend: started by whoever needs it, shared, and gone when nobody does."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import Backend, clean_environment, wait_for
from engine_house import engine_at
from warroom.cli import serving
from warroom.embedded import LocalBackend, start_embedded
from warroom.home import BackendRecord, Home
from warroom.model.errors import BackendUnavailable
from warroom.stream.endpoint import Endpoint
from warroom.stream.session import Session

pytestmark = pytest.mark.timeout(90)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    place = tmp_path / "home"
    for name in list(os.environ):
        if name.startswith(("WARROOM_", "AWS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WARROOM_HOME", str(place))
    found = Home.locate({"WARROOM_HOME": str(place)})
    yield found
    if record := found.running():
        os.kill(record.pid, signal.SIGKILL)


def ended(home: Home) -> bool:
    return not home.is_served()


def key_of(home: Home, record: BackendRecord) -> Endpoint:
    key = home.read_key()
    assert key is not None
    return Endpoint(record.url, key.access_key_id, key.secret_access_key)


async def stay(home: Home, record: BackendRecord, seconds: float = 0.2) -> None:
    """Be there as a war room is, for so long."""
    async with Session.open(key_of(home, record)):
        await asyncio.sleep(seconds)


def test_it_is_a_process_of_its_own_session_on_loopback(home: Home) -> None:
    record = start_embedded(home)
    assert record.embedded
    assert record.url.startswith("http://127.0.0.1:")
    assert os.getsid(record.pid) == record.pid != os.getsid(0)
    assert stat.S_IMODE(home.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.log_file.stat().st_mode) == 0o600


def test_those_who_start_at_the_same_instant_share_one(home: Home) -> None:
    code = "from warroom.embedded import start_embedded\nfrom warroom.home import Home\nimport os\n"
    code += "print(start_embedded(Home.locate(os.environ)).pid)"
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=clean_environment(home.state), stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    pids = {starter.communicate(timeout=60)[0] for starter in starters}
    assert len(pids) == 1
    record = home.running()
    assert record is not None and pids == {f"{record.pid}\n"}


def test_one_that_runs_already_is_used(backend: Backend) -> None:
    home = Home.locate({"WARROOM_HOME": str(backend.home)})
    assert LocalBackend(home)().url == backend.url
    assert start_embedded(home).pid == backend.pid


async def test_it_ends_by_itself_after_the_last_war_room_left(home: Home) -> None:
    record = start_embedded(home)
    first = asyncio.create_task(stay(home, record, 4.5))
    await stay(home, record)
    await asyncio.sleep(3.8)
    assert home.running() == record  # one war room is still there
    await first
    left = time.monotonic()
    await asyncio.to_thread(wait_for, "its end", lambda: ended(home), 10)
    assert 2 < time.monotonic() - left < 7
    assert not home.record_file.exists()


async def test_it_stays_while_somebody_is_paged_and_ends_once_they_answered(home: Home) -> None:
    record = start_embedded(home)
    backend = Backend(home.state, url=record.url)
    key = json.loads(home.key_file.read_text())
    backend.access_key_id, backend.secret_access_key = key["access_key_id"], key["secret_access_key"]
    contacts = backend.boto3("ssm-contacts")
    contact = contacts.create_contact(Alias="ana", Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
    # A stage without a target is a delay; while it runs the engagement is not over.
    contacts.update_contact(ContactId=contact, Plan={"Stages": [{"DurationInMinutes": 5, "Targets": []}]})
    engagement = contacts.start_engagement(ContactId=contact, Sender="s", Subject="s", Content="c")["EngagementArn"]
    await stay(home, record)
    await asyncio.sleep(5)
    assert home.running() == record
    contacts.stop_engagement(EngagementId=engagement)
    await asyncio.to_thread(wait_for, "its end", lambda: ended(home), 10)


async def test_it_stays_while_its_database_does_not_say_whether_somebody_is_paged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "STORE_PAUSE", 0.0)
    async with engine_at(tmp_path) as house:
        assert not await serving._paging(house.engine)
    assert await serving._paging(house.engine)  # it is closed
    assert "not known whether anybody is being paged" in caplog.text


async def test_it_stays_when_told_to(home: Home) -> None:
    record = start_embedded(home, keep=True)
    await stay(home, record)
    await asyncio.sleep(5)
    assert home.running() == record


def test_the_next_one_has_the_same_address_and_key_so_that_exports_stay_good(home: Home) -> None:
    first = LocalBackend(home)
    before = first()
    record = home.running()
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    wait_for("its end", lambda: ended(home))
    assert first() == before


def test_a_port_that_was_taken_meanwhile_is_no_hindrance(home: Home) -> None:
    home.make()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        home.remember_port(taken.getsockname()[1])
        assert not start_embedded(home).url.endswith(f":{taken.getsockname()[1]}")


def test_somebodys_own_serve_that_ended_is_not_replaced(backend: Backend) -> None:
    locate = LocalBackend(Home.locate({"WARROOM_HOME": str(backend.home)}))
    before = locate()
    backend.kill()
    with pytest.raises(BackendUnavailable, match="waiting until `warroom serve` runs"):
        locate()
    backend.start()
    assert locate() == before


def test_one_that_cannot_start_says_why_in_one_line(home: Home) -> None:
    home.make()
    home.database.write_bytes(b"my novel, chapter one\n" * 200)
    with pytest.raises(BackendUnavailable) as refused:
        start_embedded(home)
    line = str(refused.value)
    assert line.startswith(f"the embedded backend did not start: {home.database} is not a warroom database")
    assert "\n" not in line and str(home.log_file) in line


def test_the_current_directory_is_not_on_its_module_path(home: Home, tmp_path: Path, monkeypatch) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "json.py").write_text("raise SystemExit('somebody else left this here')")
    monkeypatch.chdir(trap)
    assert start_embedded(home).embedded
