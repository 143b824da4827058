"""`warroom demo`: the war room over throw-away data and an outage that unfolds by itself."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    speed: Annotated[float, typer.Option(min=0, help="How many times faster than real time; 0: all at once.")] = 1.0,
    headless: Annotated[bool, typer.Option("--headless", help="Print the story instead of showing it.")] = False,
) -> None:
    """Watch an outage that unfolds by itself, on data that is thrown away. Your own is not touched."""
    # The other ways out (quit, ^C) are exceptions already; so everything is cleaned up on every one.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    from warroom.cli.room import need_a_terminal, show_war_room
    from warroom.demo.stage import stage

    if not headless:
        need_a_terminal()
    print("setting up throw-away data ...", file=sys.stderr)
    with stage() as set_up:
        if headless:
            for told in set_up.play(speed, aloud=True):
                print(told, flush=True)
            set_up.outcome()
            return
        set_up.play(speed)
        raise typer.Exit(show_war_room(lambda: set_up.backend, name="demo"))


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
