"""The embedded backend: a `warroom serve` of this home that the war room starts for itself.

It is a process of its own in a session of its own, so it survives a dropped ssh, and it ends by itself once
no war room is left and nothing is being paged.
"""

from __future__ import annotations

import os
import site
import subprocess
import sys
import time
from pathlib import Path

import warroom
from warroom.config import Context
from warroom.home import BackendRecord, Home
from warroom.model.errors import BackendUnavailable

__all__ = ["LocalBackend", "command_line", "local_context", "start_embedded"]

START_PATIENCE = 30.0
"""Seconds for a backend to accept; a cold start on a busy jump host compiles bytecode first."""


def local_context(home: Home, record: BackendRecord) -> Context:
    """The backend of this home as a context. Raises `BackendUnavailable` when its key is not readable."""
    key = home.read_key()
    if key is None:
        raise BackendUnavailable(f"the backend at {record.url} runs, but {home.key_file} cannot be read: restart it")
    return Context("local", record.url, key.access_key_id, key.secret_access_key, record.region)


class LocalBackend:
    """The backend of a home, found anew for each attempt to connect, and started where it may be."""

    def __init__(self, home: Home, *, keep: bool = False) -> None:
        self._home = home
        self._keep = keep
        self._lost: BackendRecord | None = None

    def __call__(self) -> Context:
        """Where it is now. It is started when there was none, or when the one that went was an embedded one.

        Raises `BackendUnavailable` when somebody's own `warroom serve` went, or when it does not start.
        """
        record = self._home.await_running(START_PATIENCE)
        if record is None and self._lost is not None and not self._lost.embedded:
            raise BackendUnavailable(
                f"the backend at {self._lost.url} (pid {self._lost.pid}) ended; waiting until `warroom serve` runs"
            )
        self._lost = record or start_embedded(self._home, keep=self._keep)
        return local_context(self._home, self._lost)


def command_line(*arguments: str, module: str = "warroom") -> tuple[list[str], dict[str, str]]:
    """How to run a module of ours (`warroom ARGUMENTS`) as a process, and the environment for it.

    The current directory stays off the module path (`-P`): `warroom` is started anywhere, also where
    somebody else left a `json.py`.
    """
    environment = dict(os.environ)
    package_parent = str(Path(warroom.__file__).resolve().parent.parent)
    if package_parent not in (*site.getsitepackages(), site.getusersitepackages()):
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [environment.get("PYTHONPATH"), package_parent]))
    return [sys.executable, "-P", "-m", module, *arguments], environment


def start_embedded(home: Home, *, keep: bool = False) -> BackendRecord:
    """Start the backend of `home` and wait until it accepts; two callers at once share one.

    Raises `BackendUnavailable` with the last line of its log when it does not come up.
    """
    with home.starting(START_PATIENCE):
        if running := home.await_running(START_PATIENCE):
            return running
        arguments, environment = command_line("serve", "--embedded", *(["--keep"] if keep else []))
        log = os.open(home.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            began = os.fstat(log).st_size
            process = subprocess.Popen(
                arguments,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        finally:
            os.close(log)
        return _await_record(home, process, began)


def _await_record(home: Home, process: subprocess.Popen[bytes], log_began: int) -> BackendRecord:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        if record := home.running():
            return record
        if process.poll() is not None:
            # Somebody's own `warroom serve` may have taken the home in the same instant.
            if record := home.await_running(START_PATIENCE):
                return record
            raise BackendUnavailable(f"the embedded backend did not start: {_last_line(home, log_began)}")
        time.sleep(0.02)
    process.terminate()
    raise BackendUnavailable(
        f"the embedded backend did not accept within {START_PATIENCE:g} s: {_last_line(home, log_began)}"
    )


def _last_line(home: Home, log_began: int) -> str:
    with home.log_file.open("rb") as log:
        log.seek(log_began)
        lines = log.read().decode(errors="replace").strip().splitlines()
    last = lines[-1].removeprefix("warroom: ") if lines else "it said nothing"
    return f"{last} (log: {home.log_file})"
