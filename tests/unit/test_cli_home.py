"""The home: private files, and who serves it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from warroom.home import BackendRecord, Home, LocalKey
from warroom.model.errors import BackendUnavailable, ConfigError

RECORD = BackendRecord("http://127.0.0.1:1", 4711, False, "0", "us-east-1", "2026-01-01T00:00:00+00:00")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home.locate({"WARROOM_HOME": str(tmp_path / "home")})
    found.make()
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_warroom_home_holds_everything(tmp_path: Path) -> None:
    home = Home.locate({"WARROOM_HOME": str(tmp_path)})
    assert {path.relative_to(tmp_path).as_posix() for path in (home.config_file, home.database, home.key_file)} == {
        "config.toml",
        "warroom.db",
        "local-key.json",
    }
    assert home.record_file == tmp_path / "run" / "backend.json"


def test_without_it_the_xdg_directories_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    home = Home.locate({})
    assert home.config_file == tmp_path / "CONFIG" / "warroom" / "config.toml"
    assert home.database == tmp_path / "DATA" / "warroom" / "warroom.db"
    assert home.record_file == tmp_path / "STATE" / "warroom" / "run" / "backend.json"


def test_key_and_directories_are_for_their_owner_alone_whatever_the_umask(home: Home) -> None:
    old = os.umask(0)
    try:
        home.write_key(LocalKey("AKIA", "hush"))
    finally:
        os.umask(old)
    assert mode(home.key_file) == 0o600
    assert mode(home.run) == 0o700
    assert home.read_key() == LocalKey("AKIA", "hush")
    assert "hush" not in repr(home.read_key())


def test_a_key_file_that_is_not_whole_counts_as_none(home: Home) -> None:
    home.key_file.write_text('{"access_key_id": "AK')
    assert home.read_key() is None


def test_a_record_counts_only_while_somebody_serves(home: Home) -> None:
    home.publish(RECORD)
    assert home.running() is None  # as after a -9: the record is stale
    with home.serving():
        assert home.running() is None  # the one who starts now has not said its address yet
        home.publish(RECORD)
        assert home.running() == RECORD
    assert home.running() is None


def test_a_record_of_a_newer_version_with_more_members_is_read(home: Home) -> None:
    with home.serving():
        home.publish(RECORD)
        members = json.loads(home.record_file.read_text()) | {"mood": "calm"}
        home.record_file.write_text(json.dumps(members))
        assert home.running() == RECORD


def test_the_second_server_of_a_home_is_told_who_has_it(home: Home) -> None:
    with home.serving():
        home.publish(RECORD)
        with pytest.raises(BackendUnavailable, match=r"pid 4711 at http://127\.0\.0\.1:1"), home.serving():
            pass


def test_looking_whether_somebody_serves_never_keeps_a_server_from_starting(home: Home) -> None:
    look = f"""
from pathlib import Path
from warroom.home import Home
home = Home.locate({{"WARROOM_HOME": {str(home.state)!r}}})
print("looking", flush=True)
while True:
    home.is_served()
"""
    with home.serving():
        pass  # makes the lock file
    with subprocess.Popen([sys.executable, "-c", look], stdout=subprocess.PIPE) as looking:
        assert looking.stdout is not None
        looking.stdout.readline()
        try:
            for _ in range(20):
                with home.serving():
                    pass
        finally:
            looking.kill()


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="make it writable or set WARROOM_HOME elsewhere"):
        Home.locate({"WARROOM_HOME": str(tmp_path / "file" / "home")}).make()
