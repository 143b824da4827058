"""Makes the pictures in this directory from the running app: `python -m screenshots`.

The demo plays up to a moment worth seeing; the war room is opened over it at each size, and says what it shows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from textual.pilot import Pilot

from warroom.demo.scenario import STORY, Note
from warroom.demo.stage import Stage, stage
from warroom.stream.client import Link
from warroom.stream.endpoint import Endpoint
from warroom.tui.app import WarRoom
from warroom.tui.connection import State

HERE = Path(__file__).resolve().parent

SETTLED = 1.0
"""Seconds in which what was just pressed or pushed is on the screen."""


@dataclass(frozen=True)
class Picture:
    name: str
    size: tuple[int, int]
    """Columns and rows."""
    keys: Sequence[str] = ()


PICTURES = (
    Picture("war-room", (120, 40)),
    Picture("war-room-80x24", (80, 24)),
    Picture("war-room-200x50", (200, 50)),
    Picture("palette", (120, 40), [":"]),
    Picture("resolve", (80, 24), ["r"]),
    Picture("escalate", (120, 40), ["e"]),
    Picture("help", (120, 40), ["question_mark"]),
)


async def take(picture: Picture, endpoint: Endpoint) -> None:
    app = WarRoom(lambda deliver: Link(lambda: endpoint, deliver), backend_name="demo")
    async with app.run_test(size=picture.size) as pilot:
        await live(pilot)
        for key in picture.keys:
            await pilot.press(key)
        await asyncio.sleep(SETTLED)
        (HERE / f"{picture.name}.svg").write_text(app.export_screenshot(title="warroom"))


async def live(pilot: Pilot[int]) -> None:
    app = pilot.app
    assert isinstance(app, WarRoom)
    deadline = time.monotonic() + 15
    while app._room.standing().state is not State.LIVE:
        if time.monotonic() > deadline:
            raise SystemExit("the war room did not become live")
        await asyncio.sleep(0.05)
    await asyncio.sleep(SETTLED)


def main() -> None:
    with stage() as set_up:
        play_until_the_rollback(set_up)
        backend = set_up.backend
        endpoint = Endpoint(backend.url, backend.access_key_id, backend.secret_access_key)
        for picture in PICTURES:
            asyncio.run(take(picture, endpoint))
            print(HERE / f"{picture.name}.svg")


def play_until_the_rollback(set_up: Stage) -> None:
    """All three teams are in it by then, and nothing is resolved yet."""
    rollback = next(
        number for number, step in enumerate(STORY, 1) if isinstance(step.act, Note) and "Rolling" in step.act.text
    )
    for _ in islice(set_up.play(6, aloud=True), rollback):
        pass


if __name__ == "__main__":
    main()
