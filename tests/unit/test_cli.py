"""The command line without a backend: versions, help, and the one line of each mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend import clean_environment, run_warroom
from warroom import __version__
from warroom.cli.exits import NO_BACKEND, USAGE, told
from warroom.cli.listening import Address
from warroom.model.errors import ConfigError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def mistake(home: Path, *args: str, env: dict[str, str] | None = None, stdin: str | None = None) -> tuple[int, str]:
    """Exit code and the one line on stderr."""
    done = run_warroom(home, *args, env=env, stdin=stdin)
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("warroom: ")
    assert done.stdout == ""
    return done.returncode, lines[0].removeprefix("warroom: ")


def test_version_and_help_work_however_it_is_started(home: Path) -> None:
    script = Path(sys.executable).with_name("warroom")
    as_script = subprocess.run(
        [script, "--version"], env=clean_environment(home), capture_output=True, text=True, check=True
    )
    assert as_script.stdout == run_warroom(home, "--version").stdout == f"warroom {__version__}\n"
    shown = run_warroom(home, "--help")
    assert shown.returncode == 0
    for command in ("demo", "serve", "env", "key", "declare", "list", "show", "ack", "resolve", "escalate", "note"):
        assert f"\n  {command} " in shown.stdout
    assert not home.exists()  # looking at the help leaves nothing behind


def test_completion_is_offered_to_the_shell(home: Path) -> None:
    asked = {"_WARROOM_COMPLETE": "complete_bash", "COMP_WORDS": "warroom res", "COMP_CWORD": "1"}
    assert run_warroom(home, env=asked).stdout.split() == ["resolve"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nope"], "No such command 'nope'."),
        (["list", "--nope"], "No such option: --nope"),
        (["ack"], "Missing argument 'INCIDENT'. (see `warroom ack --help`)"),
        (["escalate", "1", "--impact", "9"], "--impact"),
        (["list", "--all", "--resolved"], "give one of them"),
        (["--url", "http://h:1", "--context", "prod", "list"], "give one of them"),
        (["--url", "h:1", "list"], "write http://host:port"),
        (["--url", "http://h:1", "list"], "set WARROOM_ACCESS_KEY_ID and WARROOM_SECRET_ACCESS_KEY"),
        (["--context", "prod", "list"], "there is no context 'prod'"),
        (["serve", "--listen", "8750"], "write HOST:PORT"),
        (["serve", "--listen", "127.0.0.1:99999"], "write HOST:PORT"),
        (["serve", "--account", "12"], "--account: write the 12 digits"),
        (["note", "1"], "the note is empty"),
    ],
)
def test_a_usage_mistake_is_one_line_and_exit_code_2(home: Path, arguments: list[str], says: str) -> None:
    code, line = mistake(home, *arguments)
    assert (code, says in line) == (USAGE, True), line


@pytest.mark.parametrize("command", [["env"], ["list"], ["show", "1"], ["key", "list"]])
def test_without_a_backend_the_line_says_how_to_start_one(home: Path, command: list[str]) -> None:
    code, line = mistake(home, *command)
    assert code == NO_BACKEND
    assert "warroom serve" in line and str(home) in line


def test_a_broken_setting_is_one_line_for_every_command_and_leaves_no_data(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[serve]\nlitsen = 1\n")
    for command in (["list"], ["serve"], ["env"], []):
        code, line = mistake(home, *command)
        assert (code, "did you mean listen?" in line) == (USAGE, True)
    assert [path.name for path in home.iterdir()] == ["config.toml"]


def test_an_unreachable_context_is_one_line(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text(
        'current_context = "prod"\n[contexts.prod]\nurl = "http://127.0.0.1:9"\n'
        'access_key_id = "a"\nsecret_access_key = "hush"\n'
    )
    code, line = mistake(home, "list")
    assert code == NO_BACKEND
    assert "http://127.0.0.1:9" in line and "hush" not in line


def test_global_options_go_before_and_after_the_command(home: Path) -> None:
    assert mistake(home, "list", "--context", "x") == mistake(home, "--context=x", "list")


def test_env_of_a_context_needs_no_backend_and_quotes_for_the_shell(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text(
        "[contexts.prod]\nurl = 'https://w.example'\naccess_key_id = 'AK'\n"
        "secret_access_key = \"it's $HOME\"\nregion = 'eu-west-1'\n"
    )
    exports = run_warroom(home, "env", "--context", "prod").stdout
    shell = subprocess.run(
        ["sh", "-c", 'eval "$0"; echo "$AWS_SECRET_ACCESS_KEY|$AWS_REGION|$AWS_ENDPOINT_URL_SSM_CONTACTS"', exports],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == "it's $HOME|eu-west-1|https://w.example\n"


def test_tracebacks_come_with_debug_only(home: Path) -> None:
    done = run_warroom(home, "--debug", "env")
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def test_a_message_of_many_lines_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    with told(debug=False) as outcome:
        raise ConfigError("one\n  two")
    assert (outcome.code, capsys.readouterr().err) == (USAGE, "warroom: one two\n")


def test_what_nobody_foresaw_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    with told(debug=False) as outcome:
        raise ZeroDivisionError("division by zero")
    assert outcome.code == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("127.0.0.1:8750", "http://127.0.0.1:8750"),
        ("[::1]:80", "http://[::1]:80"),
        ("0.0.0.0:1", "http://127.0.0.1:1"),
        ("[::]:1", "http://[::1]:1"),
        ("warroom.local:1", "http://warroom.local:1"),
    ],
)
def test_an_address_is_reached_by_a_url(text: str, url: str) -> None:
    assert Address.parse(text).url == url
