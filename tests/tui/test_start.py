"""What the war room loads before its first picture: its start is a promise."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "textual.widgets._header",
    "textual.widgets._footer",
    "textual.widgets._data_table",
    "textual.widgets._text_area",
    "warroom.tui.dialogs.pick",
    "warroom.tui.dialogs.compose",
    "sqlalchemy",
    "alembic",
    "botocore",
    "starlette",
    "uvicorn",
    "httpx",
    "typer",
    "warroom.engine",
    "warroom.store",
    "warroom.api",
    "warroom.adapter",
)


def test_what_the_first_picture_does_not_need_is_not_imported() -> None:
    script = "import sys, warroom.tui.app; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    loaded = set(run.stdout.split())
    assert "warroom.tui.deck" in loaded
    assert [name for name in HEAVY if name in loaded] == []
