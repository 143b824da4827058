"""How a command ends: one clear line for every error, and the exit codes that scripts hold on to."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from warroom.model.errors import BackendUnavailable, ConfigError, WarroomError

__all__ = ["FAILED", "NO_BACKEND", "OK", "USAGE", "Outcome", "UsageMistake", "told"]

OK = 0
FAILED = 1
"""The backend refused, the access key or what was asked, or it did not work."""
USAGE = 2
"""The command line or the settings are wrong."""
NO_BACKEND = 3
"""There is no backend, or it does not answer."""


class UsageMistake(WarroomError):
    """The command line asks for what makes no sense."""


@dataclass
class Outcome:
    code: int = OK


def _code(error: WarroomError) -> int:
    if isinstance(error, BackendUnavailable):
        return NO_BACKEND
    return USAGE if isinstance(error, ConfigError | UsageMistake) else FAILED


def _say(message: str) -> None:
    print(f"warroom: {' '.join(message.split())}", file=sys.stderr)


@contextmanager
def told(*, debug: bool) -> Iterator[Outcome]:
    """Turn what is raised inside into a line on stderr and the exit code of the outcome.

    With `debug`, errors come out as they are, with their traceback.
    """
    outcome = Outcome()
    try:
        yield outcome
        sys.stdout.flush()
    except KeyboardInterrupt:
        outcome.code = 128 + signal.SIGINT
    except BrokenPipeError:
        # Whoever read our output has read enough (`| head`). Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        outcome.code = 128 + signal.SIGPIPE
    except WarroomError as error:
        if debug:
            raise
        _say(str(error))
        outcome.code = _code(error)
    except OSError as error:
        if debug:
            raise
        _say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        outcome.code = FAILED
    except Exception as error:
        if debug:
            raise
        _say(f"unexpected {type(error).__name__}: {error}; run it again with --debug and report what it prints")
        outcome.code = FAILED
