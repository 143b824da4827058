"""Input that no client should send: each gets one clear error in the form of the service, and the next one works."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from contract.recorder import KEYS
from contract.wire import Wire, running_wire, signature_headers

MEBIBYTE = 1024 * 1024
DEEP = b'{"filters":' + b"[" * 400 + b"]" * 400 + b"}"

UNPARSABLE = {
    "not JSON": (b"title=down", "is not JSON"),
    "cut off": (b'{"maxResults":', "is not JSON"),
    "a number that is none": (b'{"maxResults":NaN}', "is not JSON"),
    "two documents": (b"{}{}", "is not JSON"),
    "invalid UTF-8": (b'{"nextToken":"\xff"}', "is not JSON"),
    "half a surrogate": (b'{"nextToken":"\\ud800"}', "is not JSON"),
    "a raw null byte": (b'{"nextToken":"\0"}', "is not JSON"),
    "a list": (b"[]", "must be a JSON object"),
    "a string": (b'"{}"', "must be a JSON object"),
    "null": (b"null", "must be a JSON object"),
    "a key twice": (b'{"maxResults":1,"maxResults":2}', "has the key 'maxResults' twice"),
    "a key twice, escaped": (b'{"nextToken":"\\u0022\\u0022","x":1,"x":2}', "has the key 'x' twice"),
    "a key twice, deep inside": (b'{"filters":[{"key":"a","key":"b"}]}', "has the key 'key' twice"),
    "nested 400 deep": (DEEP, "nested too deeply"),
    "nested 100,000 deep": (b"[" * 100_000, "is not JSON"),
}


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running_wire() as running:
        yield running
        assert "Traceback" not in running.log


@pytest.mark.parametrize("name", UNPARSABLE)
def test_a_body_that_cannot_be_parsed(wire: Wire, name: str) -> None:
    body, text = UNPARSABLE[name]
    answer = wire.incidents("/listIncidentRecords", body)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert set(answer.json()) == {"__type", "message"}
    assert text in answer.json()["message"]
    answer = wire.contacts("ListContacts", body, key="echo")
    assert answer.status_code == 400
    assert answer.json()["__type"] == "ValidationException"
    assert answer.json()["Reason"] == "CANNOT_PARSE"
    assert text in answer.json()["Message"]


def test_quotation_marks_alone_are_no_repeated_key(wire: Wire) -> None:
    for token in ('\\"', "\\u0022", "\\\\", '\\\\\\"'):
        body = f'{{"nextToken":"{token}"}}'.encode()
        assert wire.incidents("/listIncidentRecords", body).status_code == 200, token


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type(wire: Wire, content_type: str) -> None:
    answer = wire.incidents("/listIncidentRecords", b"{}", headers={"Content-Type": content_type})
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert "Content-Type" in answer.json()["message"]


def test_the_type_may_name_its_character_set(wire: Wire) -> None:
    answer = wire.incidents("/listIncidentRecords", b"{}", headers={"Content-Type": "Application/JSON; charset=UTF-8"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/noSuchOperation"),
        ("GET", "/startIncident"),
        ("PUT", "/tags/arn"),
        ("GET", "/tags/"),
        ("POST", "/startIncident/"),
        ("POST", "//startIncident"),
        ("GET", "/tags/a//b"),
        ("GET", "/tags/a/../b"),
    ],
)
def test_a_path_or_method_that_no_operation_has(wire: Wire, method: str, path: str) -> None:
    answer = raw(wire, wire_request(wire, method, path))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"x-amzn-errortype: UnknownOperationException" in answer


def wire_request(wire: Wire, method: str, path: str) -> bytes:
    """Signed, and sent as it is: httpx would tidy the path."""
    headers = signature_headers(wire.url + path, b"", KEYS["echo"], "ssm-incidents", method=method)
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "Content-Length: 0", "Connection: close", "", ""]).encode()


def raw(wire: Wire, sent: bytes, *, then: bytes = b"") -> bytes:
    """All that the server answers on one connection."""
    host, port = wire.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        if then:
            connection.sendall(then)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    "target", ["SSMContacts.NoSuchThing", "ListContacts", "Other.ListContacts", "", ".", "SSMContacts."]
)
def test_a_target_that_no_operation_has(wire: Wire, target: str) -> None:
    answer = wire.contacts("", b"{}", key="echo", headers={"X-Amz-Target": target})
    assert (answer.status_code, answer.json()["__type"]) == (400, "UnknownOperationException")
    assert "X-Amz-Target" in answer.json()["Message"]


@pytest.mark.parametrize(
    "path",
    ["/getIncidentRecord", "/getIncidentRecord?arn=", "/getIncidentRecord?arn=%00", "/getIncidentRecord?arn=a&arn=b"],
)
def test_a_query_without_its_member(wire: Wire, path: str) -> None:
    answer = wire.incidents(path, method="GET")
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert "at 'arn' failed to satisfy constraint" in answer.json()["message"]


@pytest.mark.parametrize("path", ["/getIncidentRecord?arn=%FF", "/tags/%FF"])
def test_a_path_or_query_that_is_not_utf_8(wire: Wire, path: str) -> None:
    answer = wire.incidents(path, method="GET")
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert "not UTF-8" in answer.json()["message"]


def test_a_null_character_is_refused_wherever_it_hides(wire: Wire) -> None:
    answer = wire.contacts("StartEngagement", b'{"ContactId":"\\u0000"}')
    assert answer.status_code == 400
    created = {"name": "p", "incidentTemplate": {"title": "a\0b", "impact": 1}}
    answer = wire.incidents("/createResponsePlan", created)
    assert answer.json()["message"].endswith("Member must not contain the null character")


def test_a_body_of_a_mebibyte_is_read_and_one_more_byte_is_not(wire: Wire) -> None:
    body = b'{"nextToken":"%s"}'
    answer = wire.incidents("/listIncidentRecords", body % (b"a" * (MEBIBYTE - len(body) + 2)))
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
    assert len(answer.text) < 1000
    for size in (1, 5 * MEBIBYTE):
        answer = wire.incidents("/listIncidentRecords", body % (b"a" * (MEBIBYTE - len(body) + 2 + size)))
        assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (413, "RequestEntityTooLargeException")
        assert answer.headers["connection"] == "close"
    answer = wire.contacts("ListContacts", b" " * (MEBIBYTE + 1))
    assert (answer.status_code, answer.json()["__type"]) == (413, "RequestEntityTooLargeException")


def test_a_huge_body_is_refused_before_it_comes(wire: Wire) -> None:
    sent = b"POST /startIncident HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n"
    answer = b""
    host, port = wire.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        while b"larger than" not in answer:
            chunk = connection.recv(65536)
            assert chunk
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_chunks_are_counted_as_they_come(wire: Wire) -> None:
    head = b"POST /startIncident HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answer = raw(wire, head + chunk * 17, then=b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_caller_that_goes_away_harms_nobody(wire: Wire) -> None:
    host, port = wire.url.removeprefix("http://").split(":")
    for _ in range(5):
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(b"POST /startIncident HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
    assert wire.incidents("/listIncidentRecords", b"{}").status_code == 200


def test_boto3_reads_the_refusal_of_a_large_body(wire: Wire) -> None:
    contacts: Any = wire.client("ssm-contacts", parameter_validation=False)
    with pytest.raises(contacts.exceptions.ClientError) as refusal:
        contacts.put_contact_policy(ContactArn="a", Policy="x" * (2 * MEBIBYTE))
    assert refusal.value.response["Error"]["Code"] == "RequestEntityTooLargeException"
