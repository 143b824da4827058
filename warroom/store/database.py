"""Opening a database: the URL, how SQLite is set up, and what its failures mean."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from warroom.model.errors import StoreError, StoreUnwritable

__all__ = ["connect_reader", "connect_writer", "explain", "sqlite_path"]

_BUSY_TIMEOUT = 5.0
"""Seconds that a connection waits for the lock of another process."""


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL; None for another database.

    Raises `StoreError` when the URL is not one, or names a database that warroom cannot use.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise StoreError(
            f"{url.rsplit('@', maxsplit=1)[-1]!r} is not a database URL: write sqlite:////path/to/file.db "
            "or postgresql+psycopg://user@host/name"
        ) from None
    if parsed.get_backend_name() == "postgresql":
        return None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StoreError("the database must be a SQLite file (sqlite:////path/to/file.db) or PostgreSQL")
    return Path(parsed.database)


_ROOM = ("wal_autocheckpoint=8000", "cache_size=-32000")
"""32 MB of log before it is copied into the file, and of pages in memory: keys are random, so that a group of
transactions touches hundreds of pages, and with the defaults every second commit would wait for the copying."""


def connect_writer(url: str) -> sa.Engine:
    """An engine whose transactions hold the write lock from their start, and whose commits survive power loss."""
    return _engine(url, begin="BEGIN IMMEDIATE", pragmas=("synchronous=FULL", *_ROOM))


def connect_reader(url: str) -> sa.Engine:
    """An engine whose transactions see one consistent state and cannot write."""
    return _engine(url, begin="BEGIN", pragmas=("query_only=ON", "cache_size=-16000"))


def _engine(url: str, begin: str, pragmas: tuple[str, ...]) -> sa.Engine:
    if sqlite_path(url) is None:
        return _postgresql(url, read_only=begin == "BEGIN")
    engine = sa.create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT, "isolation_level": None},
        pool_size=8,
        max_overflow=0,
        pool_use_lifo=True,  # the connection that was used last has its pages in memory
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


def _postgresql(url: str, read_only: bool) -> sa.Engine:
    try:
        engine = sa.create_engine(url, pool_size=8, max_overflow=0, isolation_level="REPEATABLE READ")
    except ModuleNotFoundError as missing:
        raise StoreError(f"PostgreSQL needs the {missing.name} package: pip install 'psycopg[binary]'") from None
    return engine.execution_options(postgresql_readonly=True) if read_only else engine


def explain(error: BaseException, url: str) -> StoreError:
    """What a failure of the database means to who runs it, in one line with what to do."""
    path = sqlite_path(url)
    where = str(path) if path else make_url(url).render_as_string(hide_password=True)
    text = str(getattr(error, "orig", None) or error).lower()
    if "full" in text:
        return StoreUnwritable(f"the disk of {where} is full: free some space; nothing was changed")
    if "readonly" in text or "read-only" in text:
        return StoreUnwritable(f"{where} is read-only: make the file and its directory writable; nothing was changed")
    if "locked" in text:
        return StoreUnwritable(f"{where} is locked by another process: end it; nothing was changed")
    if "unable to open" in text:
        parent = path.parent if path else None
        if parent is not None and not parent.is_dir():
            return StoreUnwritable(f"{where} cannot be created: the directory {parent} does not exist")
        if parent is not None and not os.access(parent, os.W_OK):
            return StoreUnwritable(f"{where} cannot be opened: the directory {parent} is not writable")
        return StoreUnwritable(f"{where} cannot be opened: check that it is a file you may read and write")
    if "not a database" in text or "malformed" in text:
        return StoreError(f"{where} is not a warroom database, or is damaged: give another --database")
    return StoreError(f"the database {where} failed: {text.splitlines()[0]}")
