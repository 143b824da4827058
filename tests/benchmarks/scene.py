"""The scene of a measurement: a home with a real backend, N open incidents in it, and a client that posts."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import signal
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from warroom.engine.clock import SystemClock
from warroom.engine.engine import Engine
from warroom.model.identity import Caller

__all__ = ["Poster", "Scene", "mark_of", "scene", "title_of"]

ACCOUNT, REGION = "111122223333", "us-east-1"
_LETTERS = string.ascii_letters + string.digits


def mark_of(number: int) -> str:
    """A word that differs from its neighbours' in every letter, so that a screen that writes only the cells
    that differ still writes it whole."""
    return "".join(_LETTERS[(number + 7 * place) % len(_LETTERS)] for place in range(12))


def title_of(index: int) -> str:
    return f"{mark_of(index)} {index:06d}"


async def _seed(database: Path, incidents: int) -> list[str]:
    """Write the incidents in process, and return their ARNs in the order of their start."""
    engine = await Engine.open(f"sqlite:///{database}", clock=SystemClock(), account=ACCOUNT, region=REGION)
    try:
        verbs = engine.acting_as(Caller(ACCOUNT, "benchmark", "admin"))
        plan = await verbs.create_response_plan(
            name="benchmark", incident_template={"title": "benchmark", "impact": 2}, client_token="plan"
        )
        arns: list[str] = []
        for start in range(0, incidents, 64):
            batch = range(start, min(start + 64, incidents))
            started = await asyncio.gather(
                *(verbs.start_incident(response_plan_arn=plan["arn"], title=title_of(index)) for index in batch)
            )
            arns += [each["incident_record_arn"] for each in started]
        return arns
    finally:
        await engine.close()


class Scene:
    """A running backend. `arns` are its incidents, oldest first."""

    def __init__(self, home: Path, url: str, key: dict[str, str], arns: list[str]) -> None:
        self.home, self.url, self.key, self.arns = home, url, key, arns

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "WARROOM_HOME": str(self.home)}

    @property
    def war_room(self) -> list[str]:
        return [sys.executable, "-m", "warroom"]

    def poster(self) -> Poster:
        return Poster(self.url, self.key)


class Poster:
    """Posts to ssm-incidents over one kept connection, signed ahead of the moment that is measured."""

    def __init__(self, url: str, key: dict[str, str]) -> None:
        self._url = url
        self._signer = SigV4Auth(Credentials(key["access_key_id"], key["secret_access_key"]), "ssm-incidents", REGION)
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)

    def post(self, operation: str, members: dict[str, Any]) -> float:
        """Call `operation` (its path); return `time.perf_counter()` just before the request left."""
        body = json.dumps(members).encode()
        request = AWSRequest(
            "POST", f"{self._url}/{operation}", data=body, headers={"Content-Type": "application/json"}
        )
        self._signer.add_auth(request)
        sent = time.perf_counter()
        self._connection.request("POST", f"/{operation}", body=body, headers=dict(request.headers.items()))
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{operation} answered {answer.status}: {text.decode()}")
        return sent


@contextlib.contextmanager
def scene(incidents: int) -> Iterator[Scene]:
    """A backend process over a fresh home with so many open incidents; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="warroom-benchmark-") as directory:
        home = Path(directory)
        database = home / "warroom.db"
        arns = asyncio.run(_seed(database, incidents))
        environment = {**os.environ, "WARROOM_HOME": str(home)}
        log = (home / "serve.log").open("wb")
        serving = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "warroom",
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database",
                f"sqlite:///{database}",
            ],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            url, key = _await_address(home, serving)
            yield Scene(home, url, key, arns)
        finally:
            serving.send_signal(signal.SIGTERM)
            try:
                serving.wait(10)
            except subprocess.TimeoutExpired:
                serving.kill()
                serving.wait()
            log.close()


def _await_address(home: Path, serving: subprocess.Popen[bytes]) -> tuple[str, dict[str, str]]:
    end = time.monotonic() + 20
    while time.monotonic() < end and serving.poll() is None:
        exports = subprocess.run(
            [sys.executable, "-m", "warroom", "env"],
            env={**os.environ, "WARROOM_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        if exports.returncode == 0:
            settings = dict(
                line.removeprefix("export ").split("=", 1) for line in exports.stdout.splitlines() if "=" in line
            )
            key = {
                "access_key_id": settings["AWS_ACCESS_KEY_ID"].strip("'\""),
                "secret_access_key": settings["AWS_SECRET_ACCESS_KEY"].strip("'\""),
            }
            return settings["AWS_ENDPOINT_URL_SSM_INCIDENTS"].strip("'\""), key
        time.sleep(0.2)
    raise RuntimeError(f"the backend did not start:\n{(home / 'serve.log').read_text()}")
