"""`warroom demo`: the story plays through the public API, and nothing of it is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backend import clean_environment, run_warroom, wait_for
from warroom.demo.scenario import CAST, ESCALATION, ME, PLANS, STORY, Acknowledge, Resolve, Start


def test_the_cast_is_complete_and_the_story_speaks_of_nobody_else() -> None:
    people = {person.alias for person in CAST}
    assert (len(people), len(PLANS)) == (6, 4)
    assert ME in people
    assert {alias for _, aliases in ESCALATION.stages for alias in aliases} <= people
    assert {alias for plan in PLANS for alias in plan.engages} <= people | {ESCALATION.alias}
    assert {getattr(step.act, "who", ME) for step in STORY} <= people


def test_the_story_tells_of_an_incident_only_between_its_start_and_its_resolution() -> None:
    open_incidents: set[str] = set()
    assert [step.at for step in STORY] == sorted(step.at for step in STORY)
    for step in STORY:
        if isinstance(step.act, Start):
            open_incidents.add(step.act.name)
            continue
        assert step.act.incident in open_incidents
        if isinstance(step.act, Resolve):
            open_incidents.remove(step.act.incident)


def test_the_page_of_whoever_watches_is_left_to_them() -> None:
    assert not [step for step in STORY if isinstance(step.act, Acknowledge) and step.act.who == ME]


def test_it_plays_to_the_end_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = run_warroom(home, "demo", "--headless", "--speed", "0", env={"TMPDIR": str(tmp_path)}, timeout=50)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(STORY)
    assert not [line for line in lines if "skipped" in line or " 0 page" in line]
    assert list(tmp_path.iterdir()) == []  # neither the throw-away home nor one's own


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_however_it_is_ended_its_processes_and_files_go(tmp_path: Path, number: signal.Signals) -> None:
    playing = subprocess.Popen(
        [sys.executable, "-m", "warroom", "demo", "--headless"],
        env=clean_environment(tmp_path / "home", TMPDIR=str(tmp_path)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert playing.stdout is not None
    assert "incident started" in playing.stdout.readline()
    (home,) = tmp_path.glob("warroom-demo-*")
    children = {int(pid) for pid in _children(playing.pid)}
    assert len(children) == 2
    playing.send_signal(number)
    assert playing.wait(10) != 0
    wait_for("its processes to end", lambda: not [pid for pid in children if _lives(pid)])
    assert not home.exists()
    playing.stdout.close()


def test_it_does_not_begin_without_a_terminal(tmp_path: Path) -> None:
    done = run_warroom(tmp_path / "home", "demo")
    assert done.returncode == 2
    assert done.stderr == "warroom: the war room needs a terminal: in scripts use `warroom list` and its like\n"


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
