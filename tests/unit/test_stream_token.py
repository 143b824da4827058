"""The token of `hello`."""

from __future__ import annotations

import pytest

from warroom.stream.endpoint import Endpoint
from warroom.stream.token import VALIDITY, read_token, sign_token, verify_token


def test_it_proves_the_secret_for_five_minutes_either_side() -> None:
    claim = read_token(sign_token("AKIA1", "secret", 1_000_000.9))
    assert (claim.access_key_id, claim.signed_at) == ("AKIA1", 1_000_000)
    assert verify_token(claim, "secret", 1_000_000 + VALIDITY)
    assert verify_token(claim, "secret", 1_000_000 - VALIDITY)
    assert not verify_token(claim, "secret", 1_000_000 + VALIDITY + 1)
    assert not verify_token(claim, "another", 1_000_000)


def test_it_is_of_one_key_and_one_time() -> None:
    claim = read_token(sign_token("AKIA1", "secret", 1_000_000))
    assert verify_token(claim, "secret", 1_000_000)
    assert not verify_token(claim._replace(access_key_id="AKIA2"), "secret", 1_000_000)
    assert not verify_token(claim._replace(nonce="0" * 32), "secret", 1_000_000)
    assert not verify_token(claim._replace(signed_at=1_000_001), "secret", 1_000_000)


def test_no_two_are_the_same() -> None:
    assert sign_token("AKIA1", "secret", 1_000_000) != sign_token("AKIA1", "secret", 1_000_000)


NONCE, SIGNATURE, NOT_ASCII = "0a" * 16, "0b" * 32, "\u00e4" * 64


def test_its_parts_are_read() -> None:
    assert read_token(f"v1.AKIA1.7.{NONCE}.{SIGNATURE}") == ("AKIA1", 7, NONCE, SIGNATURE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        "v1.a.b",
        f"v1.a.1.{SIGNATURE}",
        f"v1.a.1..{SIGNATURE}",
        f"v1..1.{NONCE}.{SIGNATURE}",
        f"v2.a.1.{NONCE}.{SIGNATURE}",
        f"v1.a.-1.{NONCE}.{SIGNATURE}",
        f"v1.a.1.{NONCE}.{SIGNATURE}.d",
        f"v1.a.1.{NONCE}.{SIGNATURE}\n",
        f"v1.a.9999999999999.{NONCE}.{SIGNATURE}",
        f"v1.a.\u0661.{NONCE}.{SIGNATURE}",
        f"v1.a.1.{NONCE}.{NOT_ASCII}",
        f"v1.a.1.{NONCE * 2}.{SIGNATURE}",
    ],
)
def test_what_is_no_token_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="token"):
        read_token(text)


def test_a_signature_in_any_letters_is_only_wrong() -> None:
    claim = read_token(sign_token("AKIA1", "secret", 1_000_000))
    assert not verify_token(claim._replace(signature=NOT_ASCII), "secret", 1_000_000)


def test_an_endpoint_does_not_show_its_secret() -> None:
    assert "hunter2" not in repr(Endpoint("https://host", "AKIA1", "hunter2"))


@pytest.mark.parametrize(
    ("url", "stream", "local"),
    [
        ("http://127.0.0.1:8750", "ws://127.0.0.1:8750/stream", True),
        ("http://[::1]:8750/", "ws://[::1]:8750/stream", True),
        ("http://localhost:1", "ws://localhost:1/stream", True),
        ("https://war.example.com/room/", "wss://war.example.com/room/stream", False),
    ],
)
def test_an_endpoint_knows_its_websocket(url: str, stream: str, local: bool) -> None:
    endpoint = Endpoint(url, "AKIA1", "secret")
    assert (endpoint.stream_url, endpoint.is_local) == (stream, local)
