"""Where the demo plays: a throw-away home with a backend of its own, and the player beside it.

Both processes hang on a pipe from this one, so they end with it however it ends, and the backend removes the home.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from warroom.config import Context
from warroom.demo.scenario import CAST, ME, MONITOR
from warroom.embedded import command_line, local_context
from warroom.home import Home
from warroom.model.errors import BackendUnavailable, WarroomError
from warroom.stream.actions import CreateAccessKey
from warroom.stream.endpoint import Endpoint
from warroom.stream.session import Session

__all__ = ["DemoFailed", "Stage", "stage"]

_START_PATIENCE = 30.0
_END_PATIENCE = 5.0
"""Seconds."""


class DemoFailed(WarroomError):
    """The demo could not be set up or played."""


@dataclass
class Stage:
    """A backend with its cast on it, waiting for `play`."""

    home: Home
    backend: Context
    """As the contact whose war room it is."""
    _player: subprocess.Popen[str]
    _keys: dict[str, tuple[str, str]] = field(repr=False)

    def play(self, speed: float, *, aloud: bool = False) -> Iterator[str]:
        """Let the story run, `speed` times as fast as written (0: at once), without waiting for its end.

        Returns what is done, as it is done; nothing unless `aloud`.
        """
        assert self._player.stdin is not None and self._player.stdout is not None
        self._player.stdin.write(json.dumps({"speed": speed, "aloud": aloud, "keys": self._keys}) + "\n")
        self._player.stdin.flush()
        return (line.rstrip("\n") for line in self._player.stdout)

    def outcome(self) -> None:
        """After the story's end. Raises `DemoFailed` when the player broke off."""
        if self._player.wait(_END_PATIENCE):
            raise DemoFailed("the story broke off; `warroom demo --headless` shows where")


@contextmanager
def stage() -> Iterator[Stage]:
    """Set everything up, and leave nothing behind: no process, no file.

    Raises `BackendUnavailable` and `DemoFailed`.
    """
    with tempfile.TemporaryDirectory(prefix="warroom-demo-", ignore_cleanup_errors=True) as place:
        home = Home.locate({"WARROOM_HOME": place})
        home.make()
        home.throw_away_mark.touch()
        with _backend(home) as backend, _player(home) as player:
            local = _await_backend(home, backend)
            _set_up(player, home, local)
            keys = asyncio.run(_make_keys(Endpoint(local.url, local.access_key_id, local.secret_access_key)))
            yield Stage(home, Context("demo", local.url, *keys[ME], local.region), player, keys)


@contextmanager
def _backend(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    arguments, environment = command_line("serve", "--listen", "127.0.0.1:0", "--until-eof")
    outside = [name for name in environment if name.startswith("WARROOM_")]
    environment = {name: text for name, text in environment.items() if name not in outside}
    with (
        home.log_file.open("wb") as log,
        subprocess.Popen(
            arguments,
            env=environment | {"WARROOM_HOME": str(home.state)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # a ^C in the war room is not meant for it
        ) as process,
    ):
        try:
            yield process
        finally:
            _end(process)


@contextmanager
def _player(home: Home) -> Iterator[subprocess.Popen[str]]:
    arguments, environment = command_line(module="warroom.demo.player")
    no_files = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    with (
        (home.log_file.parent / "player.log").open("w") as log,
        subprocess.Popen(
            arguments,
            env=environment | no_files,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_END_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _await_backend(home: Home, process: subprocess.Popen[bytes]) -> Context:
    deadline = time.monotonic() + _START_PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if record := home.running():
            return local_context(home, record)
        time.sleep(0.02)
    raise BackendUnavailable(f"the backend of the demo did not start: {_last_line(home.log_file)}")


def _set_up(player: subprocess.Popen[str], home: Home, local: Context) -> None:
    assert player.stdin is not None and player.stdout is not None
    place = {
        "url": local.url,
        "region": local.region,
        "backend_log": str(home.log_file),
        "admin": (local.access_key_id, local.secret_access_key),
    }
    try:
        player.stdin.write(json.dumps(place) + "\n")
        player.stdin.flush()
    except BrokenPipeError:
        pass  # It has ended already; what it said is told below.
    if player.stdout.readline() != "ready\n":
        raise DemoFailed(f"the demo could not be set up: {_last_line(home.log_file.parent / 'player.log')}")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("warroom: ") if lines else "it said nothing"


async def _make_keys(admin: Endpoint) -> dict[str, tuple[str, str]]:
    """A key for each of the cast, bound to their contact, and one for what starts the incidents."""
    wanted = [CreateAccessKey(name=person.alias, contact=person.alias) for person in CAST]
    keys = {}
    async with Session.open(admin) as session:
        for key in (*wanted, CreateAccessKey(name=MONITOR)):
            made = await session.command(key)
            keys[key.name] = (made["access_key_id"], made["secret_access_key"])
    return keys
