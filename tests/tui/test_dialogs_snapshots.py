"""How each dialog looks, at three sizes."""

from __future__ import annotations

from typing import Any

import pytest

from tui.dialog_examples import EXAMPLES, Over

SIZES = [(80, 24), (120, 40), (200, 50)]

PRESSED = {
    "resolve": ["tab", *"rolled-back"],
    "palette": ["i", "n", "c"],
    "declare": ["enter", "tab"],
    "escalate": ["e", "s", "c"],
    "pick": ["down"],
}
"""What is pressed before a second picture, of the dialogs that look different then."""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", EXAMPLES)
def test_dialog(snap_compare: Any, name: str, size: tuple[int, int]) -> None:
    assert snap_compare(Over(EXAMPLES[name]()), terminal_size=size)


@pytest.mark.parametrize("name", PRESSED)
def test_dialog_in_use(snap_compare: Any, name: str) -> None:
    assert snap_compare(Over(EXAMPLES[name]()), terminal_size=(80, 24), press=PRESSED[name])
