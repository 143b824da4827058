"""From the post of an event to its text on the pty, with 50 other clients connected."""

from __future__ import annotations

import contextlib
import datetime
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.scene import Scene, mark_of, scene, title_of
from tests.terminal import Terminal

__all__ = ["measure"]

CROWD, EVENTS, PAUSE = 50, 200, 0.05
SIZE = {"columns": 200, "rows": 50}


@contextlib.contextmanager
def crowd(stage: Scene, clients: int) -> Iterator[None]:
    """So many other war rooms, connected until the block ends."""
    command = [sys.executable, "-m", "tests.benchmarks.crowd", str(clients), stage.url]
    process = subprocess.Popen(
        [*command, stage.key["access_key_id"], stage.key["secret_access_key"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("the crowd did not connect")
        yield
    finally:
        process.stdin.close()
        process.wait(15)


def measure() -> Iterator[Figure]:
    took: list[float] = []
    with (
        scene(20) as stage,
        crowd(stage, CROWD),
        Terminal(stage.war_room, env=stage.environment, emulate=False, **SIZE) as terminal,
    ):
        terminal.wait_for_bytes(title_of(19).encode(), 0)
        terminal.settle()
        poster = stage.poster()
        for number in range(EVENTS):
            time.sleep(PAUSE)
            since, mark = len(terminal.received), mark_of(number)
            sent = poster.post(
                "createTimelineEvent",
                {
                    "incidentRecordArn": stage.arns[-1],  # the newest is selected, so its timeline is on the screen
                    "eventType": "Note",
                    "eventTime": datetime.datetime.now(datetime.UTC).timestamp(),
                    "eventData": f'"{mark}"',
                },
            )
            took.append((terminal.wait_for_bytes(mark.encode(), since) - sent) * 1000)
    middle, high = percentile(took, 50), percentile(took, 99)
    what = f"post of an event to its text, {CROWD} other clients"
    yield Figure(f"{what}, p50", f"{middle:.1f} ms", "at most 15 ms", middle <= 15)
    yield Figure(f"{what}, p99", f"{high:.1f} ms", "at most 35 ms", high <= 35)
