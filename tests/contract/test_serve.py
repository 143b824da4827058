"""`warroom serve`: what it says of itself, how it ends, and the one line when it cannot begin."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from backend import ACCOUNT, REGION, Backend, clean_environment, run_warroom, wait_for
from warroom import __version__
from warroom.home import Home


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a `serve` that could not begin."""
    assert done.returncode != 0
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def serve(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_warroom(home, "serve", "--listen", "127.0.0.1:0", *arguments)


def contents(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*.db") if path.is_file()}


def test_it_says_in_one_line_where_it_serves_once_it_does(backend: Backend) -> None:
    assert backend.healthy()
    assert backend.log().splitlines()[0] == (
        f"warroom {__version__} serving {backend.url} (database sqlite:///{backend.home}/warroom.db, account {ACCOUNT})"
    )


def test_the_record_says_who_it_is_and_is_private_to_the_user(backend: Backend) -> None:
    record = json.loads((backend.home / "run" / "backend.json").read_text())
    assert record["pid"] == backend.pid
    assert (record["url"], record["version"], record["embedded"]) == (backend.url, __version__, False)
    for name in ("local-key.json", "run/backend.json", "warroom.db"):
        assert stat.S_IMODE((backend.home / name).stat().st_mode) == 0o600, name


def test_the_exports_of_env_are_all_the_aws_cli_needs(backend: Backend) -> None:
    command = (
        f'eval "$({sys.executable} -m warroom env)"; {sys.executable} -m awscli ssm-incidents list-replication-sets'
    )
    done = subprocess.run(
        ["sh", "-c", command],
        env=clean_environment(backend.home),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    (arn,) = json.loads(done.stdout)["replicationSetArns"]
    assert arn.startswith(f"arn:aws:ssm-incidents::{ACCOUNT}:replication-set/")


def test_a_fresh_database_has_a_replication_set_of_the_region_asked_for(tmp_path: Path) -> None:
    started = Backend(tmp_path / "home", ["--region", "eu-west-1", "--account", "222233334444"]).start()
    try:
        incidents = started.boto3("ssm-incidents", region_name="eu-west-1")
        (arn,) = incidents.list_replication_sets()["replicationSetArns"]
        assert ":222233334444:" in arn
        found = incidents.get_replication_set(arn=arn)["replicationSet"]
        assert list(found["regionMap"]) == ["eu-west-1"]
        assert "export AWS_REGION=eu-west-1\n" in started.warroom("env").stdout
    finally:
        started.kill()


def test_a_bare_one_is_left_as_aws_leaves_a_new_account(tmp_path: Path) -> None:
    started = Backend(tmp_path / "home", ["--bare"]).start()
    try:
        assert started.boto3("ssm-incidents").list_replication_sets()["replicationSetArns"] == []
    finally:
        started.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_within_three_seconds_and_it_takes_its_address_with_it(
    backend: Backend, number: signal.Signals
) -> None:
    os.kill(backend.pid, number)
    assert backend.process is not None
    assert backend.process.wait(3) == 0
    assert not (backend.home / "run" / "backend.json").exists()
    assert backend.warroom("env").returncode == 3


def test_a_signal_ends_it_also_when_nobody_reads_what_it_prints(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-m", "warroom", "serve", "--listen", "127.0.0.1:0", "--until-eof"],
        env=clean_environment(home),
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.DEVNULL,
    )
    try:
        record = wait_for("the backend", Home.locate({"WARROOM_HOME": str(home)}).running, 30)
        os.read(reading, 4096)
        os.set_blocking(writing, False)
        with suppress(BlockingIOError):
            while True:
                os.write(writing, b"x" * 4096)
        os.set_blocking(writing, True)
        key = json.loads((home / "local-key.json").read_text())
        backend = Backend(home, (), record.url, key["access_key_id"], key["secret_access_key"])
        contacts = backend.boto3("ssm-contacts")
        contact = contacts.create_contact(Alias="ana", Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
        for number in range(3):
            address = {"SimpleAddress": f"+1555010{number}"}
            contacts.create_contact_channel(ContactId=contact, Name="phone", Type="SMS", DeliveryAddress=address)
        time.sleep(0.3)
        process.terminate()
        assert process.wait(3) == 0
    finally:
        process.kill()
        process.wait()
        os.close(reading)
        os.close(writing)


def test_a_restart_keeps_key_and_data(backend: Backend) -> None:
    plan = backend.boto3("ssm-incidents").create_response_plan(
        name="kept", incidentTemplate={"title": "kept", "impact": 3}
    )["arn"]
    key = backend.access_key_id
    backend.restart()
    assert backend.access_key_id == key
    assert backend.boto3("ssm-incidents").get_response_plan(arn=plan)["name"] == "kept"


def test_what_was_answered_survives_a_kill(backend: Backend) -> None:
    plan = backend.boto3("ssm-incidents").create_response_plan(
        name="kept", incidentTemplate={"title": "kept", "impact": 3}
    )["arn"]
    backend.kill()
    assert backend.warroom("env").returncode == 3  # its record is stale, and is seen to be
    backend.start()
    assert backend.boto3("ssm-incidents").get_response_plan(arn=plan)["name"] == "kept"


def test_the_second_server_of_a_home_is_one_line_that_names_the_first(backend: Backend) -> None:
    line = refusal(serve(backend.home))
    assert f"pid {backend.pid} at {backend.url}" in line
    assert backend.healthy()


def test_the_second_server_of_a_database_is_one_line_that_names_the_first(backend: Backend, tmp_path: Path) -> None:
    line = refusal(serve(tmp_path / "another home", "--database", f"sqlite:///{backend.home}/warroom.db"))
    assert f"another backend serves the database {backend.home}/warroom.db (pid {backend.pid} on " in line
    assert backend.healthy()


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = refusal(run_warroom(tmp_path / "home", "serve", "--listen", f"127.0.0.1:{port}"))
    assert line == (
        f"warroom: port {port} of 127.0.0.1 is in use: stop what listens there, or serve with --listen 127.0.0.1:0 "
        "(any free port)"
    )
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://h/db",
        "sqlite://",
        "sqlite+aiosqlite:///w.db",
        "postgresql+foo://h/d",
        "sqlite:////proc/none/w.db",
    ],
)
def test_a_bad_database_is_one_line(tmp_path: Path, url: str) -> None:
    refusal(serve(tmp_path / "home", "--database", url))


def test_a_password_in_a_database_url_is_shown_nowhere(tmp_path: Path) -> None:
    line = refusal(serve(tmp_path / "home", "--database", "postgresql+psycopg://me:hush@127.0.0.1:9/none"))
    assert "hush" not in line


def test_a_database_of_a_newer_version_is_one_line_and_stays_as_it_is(backend: Backend) -> None:
    backend.stop()
    database = sqlite3.connect(backend.home / "warroom.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    before = contents(backend.home)
    line = refusal(serve(backend.home))
    assert "9999_from_the_future" in line and "upgrade warroom" in line
    assert contents(backend.home) == before


def test_what_is_not_a_database_is_one_line_and_stays_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "warroom.db").write_bytes(b"my novel, chapter one\n" * 200)
    before = contents(home)
    refusal(serve(home))
    assert contents(home) == before


def bound_by_permissions() -> list[str]:
    """How to begin a command so that it may not write what is read-only, even for root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root writes everywhere, and there is no setpriv to keep it from that")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize(("directory_mode", "file_mode"), [(0o500, 0o600), (0o700, 0o400), (0o500, 0o400)])
def test_read_only_data_is_one_line_and_stays_as_it_is(backend: Backend, directory_mode: int, file_mode: int) -> None:
    backend.stop()
    before = contents(backend.home)
    (backend.home / "warroom.db").chmod(file_mode)
    backend.home.chmod(directory_mode)
    try:
        done = subprocess.run(
            [*bound_by_permissions(), sys.executable, "-m", "warroom", "serve", "--listen", "127.0.0.1:0"],
            env=clean_environment(backend.home),
            text=True,
            capture_output=True,
            timeout=30,
            check=False,
        )
    finally:
        backend.home.chmod(0o700)
    assert str(backend.home) in refusal(done)
    assert contents(backend.home) == before


def test_a_home_that_may_not_be_written_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        done = subprocess.run(
            [*bound_by_permissions(), sys.executable, "-m", "warroom", "serve", "--listen", "127.0.0.1:0"],
            env=clean_environment(tmp_path / "home"),
            text=True,
            capture_output=True,
            timeout=30,
            check=False,
        )
    finally:
        tmp_path.chmod(0o700)
    assert "make it writable or set WARROOM_HOME elsewhere" in refusal(done)


def test_a_full_disk_is_one_line_and_the_data_stays_as_it_is(backend: Backend) -> None:
    """The limit on the size of a file stands for the disk: a write beyond it fails as on a full one."""
    backend.stop()
    before = contents(backend.home)
    code = "import resource, runpy, signal, sys\n"
    code += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    code += "sys.argv = ['warroom', 'serve', '--listen', '127.0.0.1:0']\n"
    code += "runpy.run_module('warroom', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment(backend.home),
        text=True,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert contents(backend.home) == before


def test_it_ends_with_whoever_holds_its_standard_input(backend: Backend) -> None:
    assert backend.process is not None and backend.process.stdin is not None
    backend.process.stdin.close()
    assert backend.process.wait(5) == 0


def test_commands_wait_for_a_backend_that_is_just_starting(tmp_path: Path) -> None:
    home = tmp_path / "home"
    backend = Backend(home)
    starting = subprocess.Popen(
        [sys.executable, "-m", "warroom", "serve", "--listen", "127.0.0.1:0", "--until-eof"],
        env=clean_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for("its lock", Home.locate({"WARROOM_HOME": str(home)}).is_served)
        assert backend.warroom("env").returncode == 0
    finally:
        starting.kill()
        starting.wait()


def test_the_log_has_one_line_with_its_time_per_event(backend: Backend) -> None:
    backend.stop()
    lines = backend.log().splitlines()
    assert time.strptime(lines[-1].split()[0].partition(".")[0], "%Y-%m-%dT%H:%M:%S")
    assert lines[-1].endswith("ending: SIGTERM")


def test_no_secret_is_in_the_log(backend: Backend) -> None:
    backend.aws("ssm-incidents", "list-response-plans", "--region", REGION)
    made = json.loads(backend.warroom("key", "create", "--name", "eve", "-o", "json").stdout)
    backend.stop()
    log = backend.log()
    assert backend.secret_access_key not in log
    assert made["secret_access_key"] not in log
