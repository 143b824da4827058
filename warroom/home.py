"""Where everything of one user lives, and what of it runs.

With `WARROOM_HOME` all is below that directory; without, in the XDG directories. What tells of the running
backend is kept in the state directory and not in `XDG_RUNTIME_DIR`: a login's end removes the latter, and a
backend outlives a dropped ssh.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from warroom.model.errors import BackendUnavailable, ConfigError

__all__ = ["BackendRecord", "Home", "LocalKey"]

T = TypeVar("T", "BackendRecord", "LocalKey")

_PROBE_PATIENCE = 1.0
"""Seconds that a starting backend waits out the probes of others for its lock."""


@dataclass(frozen=True)
class BackendRecord:
    """What a serving backend says of itself, for as long as it accepts connections."""

    url: str
    pid: int
    embedded: bool
    version: str
    region: str
    started: str
    """ISO 8601, UTC."""


@dataclass(frozen=True)
class LocalKey:
    """The admin key of this home. Its secret is in no log and in no `repr`."""

    access_key_id: str
    secret_access_key: str

    def __repr__(self) -> str:
        return f"LocalKey({self.access_key_id!r})"


@dataclass(frozen=True)
class Home:
    """The paths; none of them need exist."""

    config_file: Path
    data: Path
    state: Path

    @classmethod
    def locate(cls, env: Mapping[str, str]) -> Home:
        """The home that the environment names."""
        if place := env.get("WARROOM_HOME"):
            root = Path(place).expanduser().absolute()
            return cls(root / "config.toml", root, root)
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("warroom", appauthor=False)
        return cls(dirs.user_config_path / "config.toml", dirs.user_data_path, dirs.user_state_path)

    @property
    def database(self) -> Path:
        return self.data / "warroom.db"

    @property
    def log_file(self) -> Path:
        """The log of the embedded backend."""
        return self.state / "log" / "embedded.log"

    @property
    def run(self) -> Path:
        return self.state / "run"

    def make(self) -> None:
        """Make the directories, for the owner alone. Raises `ConfigError` when that cannot be."""
        for directory in (self.data, self.state, self.run, self.log_file.parent):
            try:
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise ConfigError(_unusable(directory, error)) from error

    @property
    def throw_away_mark(self) -> Path:
        """Where this file is, the backend removes the whole home when it ends: the home was made for it alone."""
        return self.state / "throw-away"

    # --- who serves

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Hold this home as its one backend. Raises `BackendUnavailable` naming the one that has it."""
        with self._open_lock("serve.lock") as descriptor:
            deadline = time.monotonic() + _PROBE_PATIENCE
            while not _try_lock(descriptor, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise BackendUnavailable(self._taken())
                time.sleep(0.02)
            # The one before may have been killed: its address must not pass for ours while we start.
            self.retract()
            yield

    def _taken(self) -> str:
        record = self._read_record()
        who = f"pid {record.pid} at {record.url}" if record else "it has not said its address yet"
        return (
            f"a backend already serves {self.state} ({who}): use it, stop it, or set WARROOM_HOME to another directory"
        )

    @contextmanager
    def starting(self, patience: float) -> Iterator[None]:
        """Be the one process that starts the embedded backend; waits up to `patience` seconds for another."""
        with self._open_lock("start.lock") as descriptor:
            deadline = time.monotonic() + patience
            while not _try_lock(descriptor, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise BackendUnavailable("another `warroom` is starting the backend and does not finish: try again")
                time.sleep(0.02)
            yield

    @contextmanager
    def _open_lock(self, name: str) -> Iterator[int]:
        self.make()
        path = self.run / name
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigError(_unusable(path, error)) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def is_served(self) -> bool:
        """Whether a backend lives here. The lock knows, also after a -9; the record alone may be stale."""
        try:
            descriptor = os.open(self.run / "serve.lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            return not _try_lock(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    # --- where it serves

    @property
    def record_file(self) -> Path:
        return self.run / "backend.json"

    def publish(self, record: BackendRecord) -> None:
        """Say where the backend is."""
        _write_private(self.record_file, asdict(record))

    def retract(self) -> None:
        """The opposite of `publish`; only the process that holds `serving` may."""
        self.record_file.unlink(missing_ok=True)

    def _read_record(self) -> BackendRecord | None:
        return _read(self.record_file, BackendRecord)

    def running(self) -> BackendRecord | None:
        """The backend that serves this home and accepts connections, if any."""
        # In this order: whoever takes the lock removes the record of the one before.
        return self._read_record() if self.is_served() else None

    def await_running(self, patience: float) -> BackendRecord | None:
        """As `running`; waits up to `patience` seconds for one that is just starting."""
        deadline = time.monotonic() + patience
        while (record := self.running()) is None and self.is_served() and time.monotonic() < deadline:
            time.sleep(0.02)
        return record

    def await_start(self, patience: float) -> bool:
        """Whether a backend begins to serve this home within `patience` seconds."""
        deadline = time.monotonic() + patience
        while not (served := self.is_served()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return served

    # --- its key

    @property
    def key_file(self) -> Path:
        return self.data / "local-key.json"

    def read_key(self) -> LocalKey | None:
        return _read(self.key_file, LocalKey)

    def write_key(self, key: LocalKey) -> None:
        _write_private(self.key_file, asdict(key))

    # --- its last port, so that exported addresses stay good

    @property
    def _port_file(self) -> Path:
        return self.run / "embedded-port"

    def last_port(self) -> int:
        """The port of the last embedded backend; 0 when there is none."""
        try:
            return int(self._port_file.read_text())
        except (OSError, ValueError):
            return 0

    def remember_port(self, port: int) -> None:
        self._port_file.write_text(f"{port}\n")


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unusable(path: Path, error: OSError) -> str:
    return (
        f"cannot write {path}: {(error.strerror or str(error)).lower()}; make it writable or set WARROOM_HOME elsewhere"
    )


def _write_private(path: Path, members: Mapping[str, Any]) -> None:
    """Whole or not at all, and never readable by anybody else, not even for an instant (mkstemp: O_EXCL, 0600)."""
    try:
        descriptor, scratch = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump(members, file)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, path)
        except BaseException:
            os.unlink(scratch)
            raise
    except OSError as error:
        raise ConfigError(_unusable(path, error)) from error


def _read(path: Path, form: type[T]) -> T | None:
    """What `_write_private` wrote; None when it is not there or not whole. Unknown members are skipped."""
    try:
        members = json.loads(path.read_text())
        return form(**{field.name: members[field.name] for field in fields(form)})
    except (OSError, ValueError, KeyError, TypeError):
        return None
