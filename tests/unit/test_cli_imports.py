"""What each command may not import: that is what keeps it fast."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend import clean_environment

BACKEND = {"alembic", "botocore", "sqlalchemy", "starlette", "uvicorn", "uvloop", "warroom.engine", "warroom.store"}
SCREEN = {"textual", "warroom.tui"}
OTHERS = {"httpx", "boto3", "awscli"}


def imported(home: Path, code: str) -> set[str]:
    """The modules that a fresh interpreter has after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"],
        env=clean_environment(home),
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("command", "forbidden"),
    [
        ("--version", BACKEND | SCREEN | OTHERS | {"rich", "websockets", "pydantic", "asyncio"}),
        ("--help", BACKEND | SCREEN | OTHERS | {"rich", "websockets", "asyncio"}),
        ("env", BACKEND | SCREEN | OTHERS | {"rich", "websockets"}),
        ("list", BACKEND | SCREEN | OTHERS | {"rich"}),
        ("key list", BACKEND | SCREEN | OTHERS | {"rich"}),
        ("ack 1", BACKEND | SCREEN | OTHERS | {"rich"}),
        ("serve --listen nowhere", BACKEND | SCREEN | OTHERS),
    ],
)
def test_a_command_imports_nothing_that_it_does_not_need(tmp_path: Path, command: str, forbidden: set[str]) -> None:
    found = imported(tmp_path, f"from warroom.cli import run\nrun({command.split()!r})")
    assert not found & forbidden


def test_the_war_room_imports_nothing_of_the_backend_and_no_parser(tmp_path: Path) -> None:
    found = imported(tmp_path, "import warroom.cli, warroom.cli.room, warroom.tui.app, warroom.stream.client")
    assert not found & (BACKEND | OTHERS | {"typer"})
