"""Bringing a database to the tables of this version, and refusing one from the future."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from warroom.model.errors import StoreTooNew
from warroom.store.tables import store_identity

__all__ = ["HEAD", "prepare"]

HEAD = "0001"
"""The newest migration; a test holds it against the scripts."""

_KNOWN = frozenset({"0001"})


def prepare(engine: sa.Engine, now: datetime) -> str:
    """Migrate the database to `HEAD` in one transaction, and return its epoch (made when it is new).

    Raises `StoreTooNew`, with nothing changed, when a newer warroom has written it, and what the driver raises
    where nothing can be written.
    """
    with engine.begin() as connection:
        found = _revision(connection)
        if found is not None and found not in _KNOWN:
            raise StoreTooNew(
                f"the database is at schema {found}, this warroom knows {HEAD}: upgrade warroom; nothing was changed"
            )
        if found != HEAD:
            _upgrade(connection)
        epoch = connection.execute(sa.select(store_identity.c.epoch)).scalar_one_or_none()
        if epoch is None:
            epoch = uuid.uuid4().hex
            connection.execute(sa.insert(store_identity).values(epoch=epoch, created_time=now))
        else:
            # Changes nothing, but fails now where nothing can be written, and not at the first page.
            connection.execute(sa.update(store_identity).values(epoch=epoch))
        return str(epoch)


def _revision(connection: sa.Connection) -> str | None:
    """The database's schema; None when it is empty."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: sa.Connection) -> None:
    # Imported here: Alembic costs more to import than all the rest of a start, and is needed once a version.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
