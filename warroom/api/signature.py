"""Signature Version 4, checked with botocore's own signer: who signed a request is its caller.

The request is rebuilt from the headers that were signed, and botocore's `SigV4Auth` computes what its signature
should be. Answers, worded as AWS words them (their status is in `faults.py`):

- no `Authorization` header: `MissingAuthenticationTokenException`
- one that cannot be read, no usable date, or a presigned URL: `IncompleteSignatureException`
- an access key that is unknown or revoked: `UnrecognizedClientException`
- the wrong service, Region or terminator in the scope; more than five minutes old or early; a signature that does
  not match; headers or a body other than what was signed: `InvalidSignatureException`

`Host` and every `X-Amz-*` header of the request must be signed, so that none of them can be added or replaced.
A session token is ignored: the keys here have none, and one left in the environment does no harm.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import quote, unquote_to_bytes

from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from warroom.api.request import Request, RequestRefused
from warroom.model.identity import Caller

__all__ = ["ALLOWED_SKEW", "FindKey", "SigningKey", "authenticate"]

ALLOWED_SKEW: Final = timedelta(minutes=5)

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_TERMINATOR: Final = "aws4_request"
_DATE: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_HASH: Final = "x-amz-content-sha256"
_UNCHECKED: Final = "http://signed.invalid"
"""The host of the rebuilt URL; the one that counts is in the signed `Host` header."""


class SigningKey(Protocol):
    """An access key, as far as signatures are concerned."""

    @property
    def secret_access_key(self) -> str: ...
    @property
    def revoked_time(self) -> datetime | None: ...
    @property
    def caller(self) -> Caller: ...


FindKey = Callable[[str], Awaitable[SigningKey | None]]
"""Access key id -> the key, or None when there is none."""


@dataclass(frozen=True, slots=True)
class _Authorization:
    """What an `Authorization` header claims, unproven."""

    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: frozenset[str]
    signature: str


class _Signer(SigV4Auth):  # type: ignore[misc]
    """Signs the headers that the request has, also those that botocore as a client leaves unsigned."""

    def headers_to_sign(self, request: Any) -> Any:
        return request.headers


async def authenticate(request: Request, find_key: FindKey, now: datetime, service: str, region: str | None) -> Caller:
    """Who signed `request` for `service` (and for `region`, unless that is None: then any Region will do).

    `now` is aware. Raises `RequestRefused`.
    """
    claim = _read_authorization(request)
    timestamp = _read_timestamp(request)
    _check_scope(claim, timestamp, service, region)
    _check_age(timestamp, now)
    _check_signed_headers(request, claim)
    _check_payload_hash(request)
    key = await find_key(claim.access_key_id)
    if key is None or key.revoked_time is not None:
        raise RequestRefused("UnrecognizedClientException", "The security token included in the request is invalid.")
    if not hmac.compare_digest(_expected(request, claim, timestamp, key).encode(), claim.signature.encode()):
        raise _invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details."
        )
    return key.caller


def _invalid(message: str) -> RequestRefused:
    return RequestRefused("InvalidSignatureException", message)


def _incomplete(message: str) -> RequestRefused:
    return RequestRefused("IncompleteSignatureException", message)


def _read_authorization(request: Request) -> _Authorization:
    headers = request.headers_named("authorization")
    if not headers:
        if "X-Amz-Signature=" in request.query or "X-Amz-Algorithm=" in request.query:
            raise _incomplete("Presigned requests are not served. Sign the request in its Authorization header.")
        raise RequestRefused("MissingAuthenticationTokenException", "Missing Authentication Token")
    algorithm, _, rest = headers[0].strip().partition(" ")
    if len(headers) > 1 or algorithm != _ALGORITHM:
        raise _incomplete(f"The request must have one Authorization header, and its algorithm must be {_ALGORITHM}.")
    named = dict(pair.strip().partition("=")[::2] for pair in rest.split(","))
    lacking = [name for name in ("Credential", "Signature", "SignedHeaders") if not named.get(name)]
    if lacking:
        raise _incomplete(" ".join(f"Authorization header requires '{name}' parameter." for name in lacking))
    scope = named["Credential"].split("/")
    if len(scope) != 5 or not all(scope) or len(scope[0]) > 128:
        raise _incomplete("Credential must have exactly 5 slash-delimited elements: keyid/date/region/service/term.")
    access_key_id, date, region, service, terminator = scope
    signed_headers = frozenset(named["SignedHeaders"].lower().split(";"))
    return _Authorization(access_key_id, date, region, service, terminator, signed_headers, named["Signature"])


def _read_timestamp(request: Request) -> str:
    dates = request.headers_named("x-amz-date")
    if len(dates) != 1:
        raise _incomplete("Authorization header requires existence of one 'X-Amz-Date' header.")
    if not _DATE.fullmatch(dates[0]):
        raise _incomplete("Date must be in ISO-8601 'basic format': YYYYMMDD'T'HHMMSS'Z'.")
    return dates[0]


def _check_scope(claim: _Authorization, timestamp: str, service: str, region: str | None) -> None:
    if claim.terminator != _TERMINATOR:
        raise _invalid(f"Credential should be scoped with a valid terminator: '{_TERMINATOR}'.")
    if claim.service != service:
        raise _invalid(f"Credential should be scoped to correct service: '{service}'.")
    if region is not None and claim.region != region:
        raise _invalid(f"Credential should be scoped to a valid region: '{region}'.")
    if claim.date != timestamp[:8]:
        raise _invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")


def _check_age(timestamp: str, now: datetime) -> None:
    try:
        signed = datetime.fromisoformat(timestamp)
    except ValueError:
        raise _incomplete("Date must be in ISO-8601 'basic format': YYYYMMDD'T'HHMMSS'Z'.") from None
    now = now.astimezone(UTC)
    earliest, latest = now - ALLOWED_SKEW, now + ALLOWED_SKEW
    if signed < earliest:
        raise _invalid(
            f"Signature expired: {timestamp} is now earlier than {_basic(earliest)} ({_basic(now)} - 5 min.)"
        )
    if signed > latest:
        raise _invalid(
            f"Signature not yet current: {timestamp} is still later than {_basic(latest)} ({_basic(now)} + 5 min.)"
        )


def _basic(moment: datetime) -> str:
    return moment.strftime(SIGV4_TIMESTAMP)


def _check_signed_headers(request: Request, claim: _Authorization) -> None:
    if "host" not in claim.signed_headers:
        raise _invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    for name, _ in request.headers:
        if name.startswith("x-amz-") and name not in claim.signed_headers:
            raise _invalid(f"'{name[:64]}' must be a 'SignedHeader' in the AWS Authorization.")


def _check_payload_hash(request: Request) -> None:
    """The signature covers the hash that the header claims, so the header must tell the truth."""
    claimed = request.headers_named(_HASH)
    if not claimed:
        return
    if claimed[0].startswith(("UNSIGNED-PAYLOAD", "STREAMING-")):
        raise _invalid("The body must be signed: 'X-Amz-Content-Sha256' must be the SHA-256 of the body in hex.")
    if claimed != [hashlib.sha256(request.body).hexdigest()]:
        raise _invalid("The provided 'x-amz-content-sha256' header does not match what was computed.")


def _expected(request: Request, claim: _Authorization, timestamp: str, key: SigningKey) -> str:
    rebuilt = AWSRequest(request.method, f"{_UNCHECKED}{request.path}", data=request.body)
    if request.query:
        rebuilt.url += f"?{_canonical_query(request.query)}"
    for name, value in request.headers:
        if name in claim.signed_headers:
            rebuilt.headers[name] = value
    rebuilt.context["timestamp"] = timestamp
    signer = _Signer(Credentials(claim.access_key_id, key.secret_access_key), claim.service, claim.region)
    string_to_sign = signer.string_to_sign(rebuilt, signer.canonical_request(rebuilt))
    return str(signer.signature(string_to_sign, rebuilt))


def _canonical_query(query: str) -> str:
    """Each name and value escaped the one way that signatures know, however the client wrote them."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, _, value in pairs)


def _escaped(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="-_.~")
