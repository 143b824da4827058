"""`python -m tests.benchmarks [starting latency painting scale]`: measure, and print beside what was asked.

Everything runs on this machine, over loopback and a pty. Machines are noisy: quote ratios, and runs beside
each other, rather than a single time.
"""

from __future__ import annotations

import importlib
import sys

from tests.benchmarks.figures import Figure, table

MEASUREMENTS = ("starting", "latency", "painting", "scale")


def main(names: list[str]) -> int:
    unknown = set(names) - set(MEASUREMENTS)
    if unknown:
        print(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
        return 2
    figures: list[Figure] = []
    for name in names or MEASUREMENTS:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"tests.benchmarks.{name}").measure()
    print(table(figures))
    return 0 if all(figure.met is not False for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
