"""Opening a database: the URL, how SQLite is set up, and what its failures mean."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from warroom.model.errors import StoreError, StoreUnwritable

__all__ = [
    "cannot_open",
    "connect_reader",
    "connect_writer",
    "explain",
    "is_conflict",
    "locking_engine",
    "shown",
    "sqlite_path",
]

_BUSY_TIMEOUT = 5.0
"""Seconds that a connection waits for the lock of another process."""

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgresql+psycopg": "postgresql+psycopg"}
"""What a URL may begin with, and the driver that it stands for."""


def _parsed(url: str) -> URL:
    """Raises `StoreError` when it is not a URL, or names a database that warroom cannot use."""
    try:
        parsed = make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            f"{url.rsplit('@', maxsplit=1)[-1].partition('?')[0]!r} is not a database URL: "
            "write sqlite:////path/to/file.db or postgresql+psycopg://user@host/name"
        ) from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise StoreError(
            f"{parsed.drivername}:// is no database of warroom: write sqlite:////path/to/file.db "
            "or postgresql+psycopg://user@host/name"
        )
    if driver == "sqlite" and (not parsed.database or parsed.database == ":memory:" or parsed.query):
        raise StoreError("a SQLite database must be a file, without options: write sqlite:////path/to/file.db")
    return parsed.set(drivername=driver)


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL; None for PostgreSQL. Raises `StoreError` when warroom cannot use the URL."""
    parsed = _parsed(url)
    return Path(parsed.database or "") if parsed.drivername == "sqlite" else None


def shown(url: str) -> str:
    """The URL as it may be shown: without a password, and without options, which may hold one. Raises `StoreError`."""
    parsed = _parsed(url)
    safe = URL.create(parsed.drivername, parsed.username, None, parsed.host, parsed.port, parsed.database)
    return safe.render_as_string()


_ROOM = ("wal_autocheckpoint=8000", "cache_size=-32000")
"""32 MB of log before it is copied into the file, and of pages in memory: keys are random, so that a group of
transactions touches hundreds of pages, and with the defaults every second commit would wait for the copying."""


def connect_writer(url: str) -> sa.Engine:
    """An engine whose transactions hold the write lock from their start, and whose commits survive power loss."""
    return _engine(url, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL", *_ROOM))


def connect_reader(url: str) -> sa.Engine:
    """An engine whose transactions see one consistent state and cannot write."""
    return _engine(url, begin="BEGIN", pragmas=("query_only=ON", "cache_size=-16000"))


def locking_engine(url: str, application: str) -> sa.Engine:
    """An engine of PostgreSQL for one session that begins no transactions, with the name that others see it by."""
    return _postgresql(
        url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT", connect_args={"application_name": application}
    )


def _engine(url: str, begin: str, pragmas: tuple[str, ...]) -> sa.Engine:
    if sqlite_path(url) is None:
        engine = _postgresql(url, pool_size=8, max_overflow=0, isolation_level="REPEATABLE READ")
        return engine.execution_options(postgresql_readonly=True) if begin == "BEGIN" else engine
    engine = sa.create_engine(
        _parsed(url),
        connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT, "isolation_level": None},
        pool_size=8,
        max_overflow=0,
        pool_use_lifo=True,  # the connection that was used last has its pages in memory
        hide_parameters=True,  # they hold secrets, and errors are logged
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    # The driver would begin a transaction by its own rules, too late for a lock held from the start.
    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str, **settings: Any) -> sa.Engine:
    try:
        return sa.create_engine(_parsed(url), hide_parameters=True, **settings)
    except ModuleNotFoundError as missing:
        raise StoreError(f"PostgreSQL needs the {missing.name} package: pip install 'psycopg[binary]'") from None


_FULL = {sqlite3.SQLITE_FULL, "53100"}
_READ_ONLY = {sqlite3.SQLITE_READONLY, "25006"}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, "55P03"}
_NO_DATABASE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_CONFLICT = {"40001", "40P01"}
"""Another transaction came between, or waits for this one as this one for it."""


def _code(error: BaseException) -> int | str | None:
    """What the driver calls the failure: SQLite's primary code, or PostgreSQL's SQLSTATE."""
    original = getattr(error, "orig", None) or error
    code: int | None = getattr(original, "sqlite_errorcode", None)
    return getattr(original, "sqlstate", None) if code is None else code & 0xFF


def is_conflict(error: BaseException) -> bool:
    """Whether the same work may well succeed when it is run again at once."""
    return _code(error) in _CONFLICT


def explain(error: BaseException, url: str) -> StoreError:
    """What a failure of the database means to who runs it, in one line with what to do."""
    path = sqlite_path(url)
    where = str(path) if path else shown(url)
    code = _code(error)
    if code in _FULL:
        return StoreUnwritable(f"the disk of {where} is full: free some space; nothing was changed")
    if code in _READ_ONLY:
        return StoreUnwritable(f"{where} is read-only: make the file and its directory writable; nothing was changed")
    if code in _LOCKED:
        return StoreUnwritable(f"{where} is locked by another process: end it; nothing was changed")
    if code == sqlite3.SQLITE_CANTOPEN and path is not None:
        return cannot_open(path)
    if code in _NO_DATABASE:
        return StoreError(f"{where} is not a warroom database, or is damaged: give another --database")
    original = getattr(error, "orig", None) or error
    said = str(original).strip() or type(original).__name__
    return StoreError(f"the database {where} failed: {said.splitlines()[0]}")


def cannot_open(path: Path) -> StoreUnwritable:
    """Why the file of a database, or what belongs beside it, cannot be opened."""
    if not path.parent.is_dir():
        return StoreUnwritable(f"{path} cannot be created: the directory {path.parent} does not exist")
    if not os.access(path.parent, os.W_OK):
        return StoreUnwritable(f"{path} cannot be opened: the directory {path.parent} is not writable")
    return StoreUnwritable(f"{path} cannot be opened: check that it is a file you may read and write")
