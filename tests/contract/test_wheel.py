"""What is shipped is whole: the wheel, installed into an environment of its own, runs from anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from backend import clean_environment
from terminal import Terminal
from warroom import __version__

TREE = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what belongs to it, so that a build leaves nothing in the tree."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TREE / name, source)
    for name in ("warroom", "styles"):
        shutil.copytree(TREE / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    built = tmp_path_factory.mktemp("built")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built], cwd=source, check=True)
    (found,) = built.glob("warroom-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` directory of a fresh environment with the wheel in it; what it depends on is lent by ours."""
    place = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin"


def test_the_wheel_holds_every_stylesheet_migration_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    shipped = [f"warroom/{path.relative_to(TREE)}" for path in (TREE / "styles").rglob("*.tcss")]
    shipped += [str(path.relative_to(TREE)) for path in (TREE / "warroom" / "store" / "migrations").rglob("*.py")]
    assert len(shipped) > 2
    assert set(shipped) <= names
    assert f"warroom-{__version__}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if name.startswith(("tests/", "screenshots/"))]


def test_it_is_the_installed_one_that_runs(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "python", "-c", "import warroom; print(warroom.__file__)"],
        cwd=tmp_path,
        env=clean_environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(installed.parent))


def test_its_version_is_told_from_another_directory(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "warroom", "--version"],
        cwd=tmp_path,
        env=clean_environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"warroom {__version__}\n"


def test_the_war_room_opens_from_another_directory(installed: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Terminal(
        [str(installed / "warroom"), "demo"], env=clean_environment(tmp_path / "home", TMPDIR=str(tmp_path))
    ) as screen:
        screen.wait_for("live", timeout=60)
        screen.wait_for("Checkout error rate", timeout=30)
        screen.send("q")
        assert screen.wait_exit(20) == 0
    assert os.listdir(tmp_path) == []
