"""A real `warroom serve` process in a home of its own, and the clients that talk to it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import boto3
from botocore.config import Config

__all__ = ["ACCOUNT", "REGION", "Backend", "clean_environment", "run_warroom", "wait_for"]

ACCOUNT = "111122223333"
REGION = "us-east-1"
START_SECONDS = 30.0
"""A cold start compiles bytecode on a busy machine; a warm one takes about a second."""


def clean_environment(home: Path, **extra: str) -> dict[str, str]:
    """The environment of a child: nothing of AWS or warroom from outside, the given home inside."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("AWS_", "WARROOM_")) and name not in {"COLUMNS", "LINES"}
    }
    outside_proxies = {"NO_PROXY": "*", "no_proxy": "*"}
    no_files = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": ""}
    return kept | outside_proxies | no_files | {"WARROOM_HOME": str(home)} | extra


def run_warroom(
    home: Path, *args: str, stdin: str | None = None, env: Mapping[str, str] | None = None, timeout: float = 30
) -> subprocess.CompletedProcess[str]:
    """`warroom ARGS` to its end; without `stdin` it reads an empty one."""
    return subprocess.run(
        [sys.executable, "-m", "warroom", *args],
        input=stdin or "",
        env=clean_environment(home, **(env or {})),
        text=True,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


def wait_for(what: str, condition: Any, seconds: float = 10.0, every: float = 0.02) -> Any:
    """The first true value of `condition()`; fails, naming `what`, when none came in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what}")
        time.sleep(every)
    return found


@dataclass
class Backend:
    """`warroom serve` under `home`, on a port of its own that a restart keeps."""

    home: Path
    arguments: Sequence[str] = ()
    url: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)
    process: subprocess.Popen[str] | None = None
    _log: TextIO | None = None

    @property
    def log_file(self) -> Path:
        return self.home.parent / f"{self.home.name}.serve.log"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> Backend:
        """Start it and wait until it accepts; keeps the port of the last time."""
        self.home.mkdir(parents=True, exist_ok=True)
        listen = self.url.removeprefix("http://") or "127.0.0.1:0"
        self._log = self.log_file.open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "warroom", "serve", "--listen", listen, "--until-eof", *self.arguments],
            env=clean_environment(self.home),
            text=True,
            stdin=subprocess.PIPE,  # it ends when this process is gone, however that went
            stdout=self._log,
            stderr=self._log,
        )
        record = wait_for("the backend to accept", self._own_record, START_SECONDS)
        self.url = record["url"]
        key = json.loads((self.home / "local-key.json").read_text())
        self.access_key_id, self.secret_access_key = key["access_key_id"], key["secret_access_key"]
        return self

    def _own_record(self) -> dict[str, Any] | None:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError(f"the backend ended with {self.process.returncode}:\n{self.log()}")
        try:
            record: dict[str, Any] = json.loads((self.home / "run" / "backend.json").read_text())
        except FileNotFoundError:
            return None
        return record if record["pid"] == self.process.pid else None

    def log(self) -> str:
        return self.log_file.read_text()

    def activation_code(self, address: str) -> str:
        """The code that the console delivery last printed for an address, read as a person would."""

        def printed() -> str | None:
            lines = [line for line in self.log().splitlines() if address in line]
            codes = [code for line in lines for code in re.findall(r"\b[0-9]{6}\b", line.replace(address, ""))]
            return codes[-1] if codes else None

        return str(wait_for(f"an activation code for {address}", printed))

    def kill(self) -> None:
        """As a power cut would: -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As an operator would: SIGTERM. Returns the exit code."""
        return self._end(signal.SIGTERM)

    def restart(self) -> Backend:
        """Stop it if it runs, and start it again on the same port and data."""
        if self.process is not None:
            self.stop()
        return self.start()

    def _end(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(10)
        assert self.process.stdin is not None and self._log is not None
        self.process.stdin.close()
        self._log.close()
        self.process = None
        return code

    def healthy(self) -> bool:
        with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)

    def environment(self) -> dict[str, str]:
        """What `eval "$(warroom env)"` sets, on a clean environment."""
        return clean_environment(
            self.home,
            AWS_ENDPOINT_URL_SSM_INCIDENTS=self.url,
            AWS_ENDPOINT_URL_SSM_CONTACTS=self.url,
            AWS_ACCESS_KEY_ID=self.access_key_id,
            AWS_SECRET_ACCESS_KEY=self.secret_access_key,
            AWS_REGION=REGION,
            AWS_DEFAULT_REGION=REGION,
        )

    def boto3(self, service: str, **overrides: Any) -> Any:
        """A boto3 client of `ssm-incidents` or `ssm-contacts`; one attempt, no retries."""
        arguments: dict[str, Any] = {
            "endpoint_url": self.url,
            "region_name": REGION,
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
            "config": Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=20, proxies={}),
        }
        return boto3.Session().client(service, **arguments | overrides)

    def aws_process(self, *args: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """The unmodified aws CLI, whatever it says."""
        return subprocess.run(
            [sys.executable, "-m", "awscli", *args],
            env=self.environment(),
            text=True,
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def aws(self, *args: str) -> Any:
        """The JSON that the aws CLI printed; None when it printed nothing. Fails when the CLI did."""
        done = self.aws_process(*args, "--output", "json")
        assert done.returncode == 0, f"aws {' '.join(args)}\n{done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def warroom(
        self, *args: str, stdin: str | None = None, env: Mapping[str, str] | None = None, timeout: float = 30
    ) -> subprocess.CompletedProcess[str]:
        """`warroom ARGS` in the backend's home."""
        return run_warroom(self.home, *args, stdin=stdin, env=env, timeout=timeout)
