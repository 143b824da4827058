"""Start to first full paint with 100 open incidents, beside an empty Textual app; runs alternate."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from tests.benchmarks.figures import Figure, spread
from tests.benchmarks.scene import scene, title_of
from tests.terminal import Terminal

__all__ = ["measure"]

INCIDENTS, RUNS = 100, 11
SIZE = {"columns": 120, "rows": 40}


def paint_time(command: Sequence[str], environment: dict[str, str], marks: Sequence[bytes]) -> float:
    """Milliseconds from the start of the process until all `marks` were written."""
    began = time.perf_counter()
    with Terminal(command, env=environment, emulate=False, **SIZE) as terminal:
        painted = max(terminal.wait_for_bytes(mark, 0) for mark in marks)
    return (painted - began) * 1000


def measure() -> Iterator[Figure]:
    floor: list[float] = []
    ours: list[float] = []
    with scene(INCIDENTS) as stage:
        # The newest is on top and selected: its title stands in the list, its ARN's plan in the details,
        # its trigger in the timeline.
        marks = [title_of(INCIDENTS - 1).encode(), title_of(INCIDENTS - 5).encode(), b"Incident started"]
        for run in range(RUNS + 1):
            empty = paint_time([sys.executable, "-m", "tests.benchmarks.floor_app"], dict(os.environ), [b"painted"])
            war_room = paint_time(stage.war_room, stage.environment, marks)
            if run:  # the first one warms the file cache
                floor.append(empty)
                ours.append(war_room)
    ratio = statistics.median(one / other for one, other in zip(ours, floor, strict=True))
    yield Figure("an empty Textual app, start to paint", spread(floor), "", None)
    yield Figure(f"start to first full paint, {INCIDENTS} incidents", spread(ours), "", None)
    yield Figure("  as a ratio, run by run", f"{ratio:.2f}", "at most 1.6", ratio <= 1.6)
