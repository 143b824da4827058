"""The server's side of the stream protocol, without waiting: what a frame is, and why a connection ends."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import from_json

from warroom.stream.frames import MAX_CLIENT_FRAME, PROTOCOL, ClientFrame, Close, Hello, client_frames
from warroom.stream.token import TokenClaim, read_token

__all__ = ["Fault", "claim_of", "first_frame", "read_frame", "revoked", "where"]

KINDS = frozenset({"hello", "watch", "unwatch", "page", "command"})
MAX_REASON = 123
"""Bytes of a close frame's reason (RFC 6455, 5.5)."""
TOO_BIG = 1009
"""RFC 6455, 7.4.1."""


class Fault(Exception):
    """The connection ends: `code` and `reason` are those of the close frame. Never holds what the client sent."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason.encode()[:MAX_REASON].decode(errors="ignore")


def where(error: ValidationError) -> str:
    """The first thing wrong, as `member: what`, without the value."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    member = ".".join(str(step) for step in first["loc"]) or "the object"
    return f"{member}: {first['msg']}"


def read_frame(text: str | bytes) -> ClientFrame | None:
    """The frame in a message; None when it is of a kind unknown here, which is skipped. Raises `Fault`."""
    document = _document(text)
    if document["kind"] not in KINDS:
        return None
    try:
        return client_frames.validate_python(document)
    except ValidationError as error:
        raise Fault(Close.BAD_FRAME, where(error)) from None


def first_frame(text: str | bytes) -> Hello:
    """The `hello` that opens a connection. Raises `Fault`, also for another version of the protocol."""
    document = _document(text)
    if document["kind"] != "hello":
        raise Fault(Close.BAD_FRAME, "kind: the first frame must be hello")
    protocol = document.get("protocol", PROTOCOL)
    if isinstance(protocol, int) and protocol != PROTOCOL:
        older = "this warroom" if protocol < PROTOCOL else "the backend"
        raise Fault(
            Close.PROTOCOL_UNKNOWN,
            f"protocol {protocol} is not spoken here, only {PROTOCOL}: upgrade {older} (pip install -U warroom)",
        )
    try:
        return Hello.model_validate(document)
    except ValidationError as error:
        raise Fault(Close.BAD_FRAME, f"hello.{where(error)}") from None


def claim_of(hello: Hello) -> TokenClaim:
    """What the token of `hello` claims. Raises `Fault`."""
    try:
        return read_token(hello.token)
    except ValueError:
        raise Fault(Close.BAD_TOKEN, "hello.token: not a token of an access key") from None


def revoked() -> Fault:
    """What a connected client is told when its key is taken from it."""
    return Fault(Close.BAD_TOKEN, "the access key was revoked: get another one with `warroom key create`")


def _document(text: str | bytes) -> dict[str, object]:
    if isinstance(text, bytes):
        raise Fault(Close.BAD_FRAME, "the frame is binary: send text")
    if len(text) > MAX_CLIENT_FRAME or len(text.encode(errors="surrogatepass")) > MAX_CLIENT_FRAME:
        raise Fault(TOO_BIG, f"the frame is larger than {MAX_CLIENT_FRAME} bytes")
    try:
        document = from_json(text)
    except ValueError:
        raise Fault(Close.BAD_FRAME, "the frame is not JSON") from None
    if not isinstance(document, dict):
        raise Fault(Close.BAD_FRAME, "the frame is not a JSON object")
    if not isinstance(document.get("kind"), str):
        raise Fault(Close.BAD_FRAME, "kind: missing, or not a string")
    return document
