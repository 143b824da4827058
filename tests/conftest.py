"""Fixtures of all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import Backend


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    """A backend of the test's own, on fresh data."""
    started = Backend(tmp_path / "home").start()
    yield started
    started.kill()


@pytest.fixture(scope="module")
def shared_backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """One backend for the tests of a module: for those that only read, or that make things of their own."""
    started = Backend(tmp_path_factory.mktemp("shared") / "home").start()
    yield started
    started.kill()
