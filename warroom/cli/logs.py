"""The log of a backend: one line per event, with its time in UTC, on stderr."""

from __future__ import annotations

import logging
import sys
import time
import traceback

__all__ = ["log_to_stderr"]


class _OneLine(logging.Formatter):
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, *, debug: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        if self._debug:
            return super().format(record)
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" | {_raised(record.exc_info[1])}"
        return " ".join(line.split())


def _raised(error: BaseException) -> str:
    """What was raised and where, in one line; the whole traceback comes with --debug."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{where}"


def log_to_stderr(*, debug: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(debug=debug))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler])
    # What these say at INFO is of their own inner life.
    for chatty in ("uvicorn", "uvicorn.error", "alembic", "botocore", "asyncio", "websockets"):
        logging.getLogger(chatty).setLevel(logging.INFO if debug else logging.WARNING)
