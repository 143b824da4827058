"""The schema: the migrations lead to the tables that the code has."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from paging_world import START
from warroom.store import database, schema
from warroom.store.tables import metadata


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    return ScriptDirectory.from_config(config)


def test_the_newest_migration_is_the_head_that_the_code_names() -> None:
    assert scripts().get_current_head() == schema.HEAD
    assert {script.revision for script in scripts().walk_revisions()} == schema._KNOWN


def test_the_migrated_tables_are_those_of_the_code(tmp_path: Path) -> None:
    engine = database.connect_writer(f"sqlite:///{tmp_path / 'warroom.db'}")
    epoch = schema.prepare(engine, START)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        migrated = sa.inspect(connection)
        for name, table in metadata.tables.items():
            assert {index["name"] for index in migrated.get_indexes(name)} >= {index.name for index in table.indexes}
    assert schema.prepare(engine, START) == epoch
    engine.dispose()
