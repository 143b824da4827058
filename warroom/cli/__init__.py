"""The `warroom` command: its entry point, and what becomes of an error."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main() -> None:
    """Run `warroom` with the arguments of this process and exit."""
    # A command cannot stop itself half way to be tested: the exit code is a value until here.
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run `warroom ARGUMENTS`; returns the exit code (`warroom.cli.exits`)."""
    from warroom.cli.exits import told

    debug = "--debug" in arguments
    with told(debug=debug) as outcome:
        if not arguments and "_WARROOM_COMPLETE" not in os.environ:
            # Nothing but the name: the war room, without the price of a parser (50 ms), and without looking for
            # garbage among the hundreds of classes that importing makes (40 ms). The war room turns that on again.
            gc.disable()
            # For plug-ins of pydantic, it would read the metadata of every package that is installed.
            os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
            from warroom.cli.invocation import Invocation
            from warroom.cli.room import open_war_room

            outcome.code = open_war_room(Invocation())
        else:
            from warroom.cli.app import invoke

            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):
                    stream.reconfigure(errors="replace")  # A title that the terminal cannot spell ends no table.
            outcome.code = invoke(arguments)
    return outcome.code
