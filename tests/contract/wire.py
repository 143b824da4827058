"""Both ends of a wire test: the recorder in a process of its own, and requests signed by botocore for it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import httpx
import orjson
from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from contract import recorder
from contract.recorder import KEYS, REGION, Key
from contract.wire_shapes import request_parts
from warroom.api.services import INCIDENTS

__all__ = ["Wire", "running_wire", "send_document", "signature_headers"]

_HERE = Path(__file__).parent


def signature_headers(
    url: str,
    body: bytes,
    key: Key,
    service: str,
    *,
    method: str = "POST",
    region: str = REGION,
    headers: Mapping[str, str] | None = None,
    age: timedelta = timedelta(0),
) -> dict[str, str]:
    """All headers of a request, signed `age` ago."""
    request = AWSRequest(method, url, headers=dict(headers or {}), data=body)
    request.context["timestamp"] = (datetime.now(UTC) - age).strftime(SIGV4_TIMESTAMP)
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    request.headers["Host"] = httpx.URL(url).netloc.decode()
    signer = SigV4Auth(Credentials(key.access_key_id, key.secret_access_key), service, region)
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    signer._inject_signature_to_request(request, signature)
    return {name: str(value) for name, value in request.headers.items()}


@dataclass
class Wire:
    """A running backend, the recorder unless told otherwise, and the keys to it by name."""

    url: str
    log_file: Path
    http: httpx.Client
    keys: Mapping[str, Key] = field(default_factory=lambda: KEYS)

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def client(self, service: str, key: str = "admin", **config: Any) -> Any:
        """A boto3 client that does not retry."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=config.pop("region", REGION),
            aws_access_key_id=self.keys[key].access_key_id,
            aws_secret_access_key=self.keys[key].secret_access_key,
            config=Config(retries={"total_max_attempts": 1}, **config),
        )

    def environment(self, home: Path) -> dict[str, str]:
        """The environment in which the aws CLI talks to it."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "HOME": str(home),
            "AWS_ENDPOINT_URL_SSM_INCIDENTS": self.url,
            "AWS_ENDPOINT_URL_SSM_CONTACTS": self.url,
            "AWS_ACCESS_KEY_ID": self.keys["admin"].access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.keys["admin"].secret_access_key,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_PAGER": "",
            "NO_PROXY": "*",
        }

    def incidents(
        self, path: str, body: Any = b"", *, key: str = "admin", method: str = "POST", headers: Any = None, **how: Any
    ) -> httpx.Response:
        """A signed request of ssm-incidents; a body that is not bytes goes as JSON."""
        return self._send(path, body, "ssm-incidents", key, method, {"Content-Type": "application/json"}, headers, how)

    def contacts(self, operation: str, body: Any = b"", *, key: str = "admin", headers: Any = None, **how: Any) -> Any:
        """A signed request of ssm-contacts."""
        usual = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"SSMContacts.{operation}"}
        return self._send("/", body, "ssm-contacts", key, "POST", usual, headers, how)

    def _send(
        self,
        path: str,
        body: Any,
        service: str,
        key: str,
        method: str,
        usual: Mapping[str, str],
        headers: Mapping[str, str] | None,
        how: Mapping[str, Any],
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        wanted = {**usual, **(headers or {})}
        signed = signature_headers(
            self.url + path, content, self.keys[key], service, method=method, headers=wanted, **how
        )
        return self.http.request(method, self.url + path, content=content, headers=signed)


def send_document(
    wire: Wire, service_name: str, operation: str, document: Any, *, key: str = "admin"
) -> httpx.Response:
    """Ask for an operation with its members as the model names them, wherever they travel."""
    if service_name == INCIDENTS:
        path, method, body = request_parts(service_name, operation, document)
        return wire.incidents(path, body or b"", key=key, method=method)
    answer: httpx.Response = wire.contacts(operation, document, key=key)
    return answer


@contextmanager
def running_wire() -> Iterator[Wire]:
    """The recorder, until the block ends."""
    with tempfile.TemporaryDirectory() as scratch:
        log_file = Path(scratch) / "log"
        with log_file.open("w") as log:
            process = subprocess.Popen(
                [sys.executable, recorder.__file__], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert process.stdout is not None
        try:
            url = f"http://127.0.0.1:{int(process.stdout.readline())}"
            with httpx.Client(trust_env=False, timeout=10) as http:
                yield Wire(url, log_file, http)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
