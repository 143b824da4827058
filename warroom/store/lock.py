"""The lock of a database: one backend at a time, whatever home it has and whatever machine it is on.

A starting backend takes up the attempts that the one before left `sending`. Beside another that is still sending
them, it would send them twice.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from warroom.model.errors import StoreError
from warroom.store import database

__all__ = ["held"]

_PATIENCE = 1.0
"""Seconds for one that is just ending to let go."""

_KEY = int.from_bytes(b"warroom", "big")
"""The advisory lock of PostgreSQL, which belongs to one database of a server."""


@contextlib.contextmanager
def held(url: str) -> Iterator[None]:
    """Hold the database at `url`. The end of the process lets go of it, however it ends.

    Blocks for up to a second while another process holds it. Raises `StoreError`, naming the one that has it.
    """
    path = database.sqlite_path(url)
    with _beside(path) if path else _on_server(url):
        yield


def _who() -> str:
    return f"pid {os.getpid()} on {socket.gethostname()}"


def _await(take: Callable[[], bool], name: Callable[[], str], where: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not take():
        if time.monotonic() > deadline:
            raise StoreError(
                f"another backend serves the database {where} ({name()}): use it, stop it, or give another --database"
            )
        time.sleep(0.02)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[None]:
    # Of the file itself, so that a link to it is no way around the lock.
    file = Path(f"{path.resolve()}.lock")
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise database.cannot_open(file) from error
    try:
        _await(lambda: _flock(descriptor), lambda: file.read_text() or "it has not said who it is", str(path))
        with contextlib.suppress(OSError):  # Who it is, is only for the message; a full disk is told by the database.
            os.truncate(descriptor, 0)
            os.write(descriptor, _who().encode())
        yield
    finally:
        os.close(descriptor)


def _flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_TAKE = sa.text("SELECT pg_try_advisory_lock(:key)")
_NAME = sa.text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND granted "
    "AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (classid::bigint << 32) + objid::bigint = :key AND objsubid = 1"
)


@contextlib.contextmanager
def _on_server(url: str) -> Iterator[None]:
    engine = database.locking_engine(url, f"warroom {_who()}")
    with contextlib.ExitStack() as session:
        session.callback(engine.dispose)
        try:
            connection = session.enter_context(engine.connect())
            _await(
                lambda: bool(connection.execute(_TAKE, {"key": _KEY}).scalar_one()),
                lambda: connection.execute(_NAME, {"key": _KEY}).scalar() or "it has not said who it is",
                database.shown(url),
            )
        except sa.exc.DBAPIError as error:
            raise database.explain(error, url) from error
        yield
