"""Who may talk to the API: signatures that are missing, malformed, foreign, old, early, replaced."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from botocore import auth

from contract.recorder import KEYS, Key
from contract.wire import Wire, running_wire, signature_headers

BODY = b'{"maxResults":5}'
PATH = "/listIncidentRecords"


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with running_wire() as running:
        yield running


def headers_for(wire: Wire, **how: Any) -> dict[str, str]:
    how = {"key": KEYS["admin"], "service": "ssm-incidents", "headers": {"Content-Type": "application/json"}} | how
    return signature_headers(wire.url + PATH, BODY, how.pop("key"), how.pop("service"), **how)


def post(wire: Wire, headers: Mapping[str, Any], body: bytes = BODY, path: str = PATH) -> httpx.Response:
    return wire.http.post(wire.url + path, content=body, headers=headers)


def assert_refused(answer: httpx.Response, code: str, text: str = "") -> None:
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (403, code), answer.text
    assert answer.json()["__type"] == code
    assert text in answer.json()["message"]


def test_a_good_signature_is_accepted(wire: Wire) -> None:
    assert post(wire, headers_for(wire)).status_code == 200


def test_also_one_over_more_headers_than_botocore_signs(wire: Wire) -> None:
    left_out = [name for name in auth.SIGNED_HEADERS_BLACKLIST if name != "user-agent"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(auth, "SIGNED_HEADERS_BLACKLIST", left_out)
        headers = headers_for(wire, headers={"Content-Type": "application/json", "User-Agent": "aws-sdk-dotnet   7"})
    assert "user-agent" in headers["Authorization"]
    assert post(wire, headers).status_code == 200
    assert_refused(post(wire, headers | {"User-Agent": "other"}), "InvalidSignatureException")


@pytest.mark.parametrize("service", ["ssm-incidents", "ssm-contacts"])
def test_without_a_signature(wire: Wire, service: str) -> None:
    if service == "ssm-incidents":
        assert_refused(post(wire, {}), "MissingAuthenticationTokenException", "Missing Authentication Token")
        return
    answer = wire.http.post(wire.url + "/", headers={"X-Amz-Target": "SSMContacts.ListContacts"})
    assert answer.status_code == 400
    assert answer.json() == {
        "__type": "MissingAuthenticationTokenException",
        "Message": "Missing Authentication Token",
    }


@pytest.mark.parametrize(
    ("authorization", "text"),
    [
        ("Bearer abc", "algorithm must be AWS4-HMAC-SHA256"),
        ("", "algorithm must be AWS4-HMAC-SHA256"),
        ("AWS4-ECDSA-P256-SHA256 Credential=a", "algorithm must be AWS4-HMAC-SHA256"),
        ("AWS4-HMAC-SHA256", "requires 'Credential' parameter. Authorization header requires 'Signature' parameter."),
        ("AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host", "requires 'Signature' parameter"),
        ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=1", "5 slash-delimited elements"),
        (f"AWS4-HMAC-SHA256 Credential={'a' * 200}/b/c/d/e, SignedHeaders=host, Signature=1", "5 slash-delimited"),
        ("AWS4-HMAC-SHA256 ====,,,;;;", "requires 'Credential' parameter"),
    ],
)
def test_a_malformed_authorization(wire: Wire, authorization: str, text: str) -> None:
    answer = post(wire, headers_for(wire) | {"Authorization": authorization})
    assert_refused(answer, "IncompleteSignatureException", text)


@pytest.mark.parametrize("date", [None, "yesterday", "20260101", "20269901T000000Z", "2026-01-01T00:00:00Z"])
def test_without_a_usable_date(wire: Wire, date: str | None) -> None:
    headers = headers_for(wire)
    del headers["X-Amz-Date"]
    if date is not None:
        headers["X-Amz-Date"] = date
        headers["Authorization"] = re.sub(r"/\d{8}/", f"/{date[:8]}/", headers["Authorization"])
    assert_refused(post(wire, headers), "IncompleteSignatureException", "X-Amz-Date" if date is None else "ISO-8601")


def test_a_presigned_request(wire: Wire) -> None:
    answer = post(wire, {}, path=f"{PATH}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=1")
    assert_refused(answer, "IncompleteSignatureException", "Presigned requests are not served")


@pytest.mark.parametrize("key", [Key("AKIANOBODY", KEYS["admin"].caller, "guessed"), KEYS["revoked"]])
def test_an_unknown_or_revoked_key(wire: Wire, key: Key) -> None:
    answer = post(wire, headers_for(wire, key=key))
    assert_refused(answer, "UnrecognizedClientException", "The security token included in the request is invalid.")


def test_the_secret_of_another_key(wire: Wire) -> None:
    stranger = Key(KEYS["admin"].access_key_id, KEYS["admin"].caller, "guessed")
    answer = post(wire, headers_for(wire, key=stranger))
    assert_refused(answer, "InvalidSignatureException", "The request signature we calculated does not match")


def test_five_minutes_either_way_are_allowed_and_no_more(wire: Wire) -> None:
    for age in (timedelta(minutes=4, seconds=50), timedelta(minutes=-4, seconds=-50)):
        assert post(wire, headers_for(wire, age=age)).status_code == 200
    answer = post(wire, headers_for(wire, age=timedelta(minutes=5, seconds=10)))
    assert_refused(answer, "InvalidSignatureException", "Signature expired: ")
    assert re.search(r"\d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min.\)", answer.text)
    answer = post(wire, headers_for(wire, age=timedelta(minutes=-5, seconds=-10)))
    assert_refused(answer, "InvalidSignatureException", "Signature not yet current: ")


def test_a_scope_of_something_else(wire: Wire) -> None:
    answer = post(wire, headers_for(wire, service="ssm-contacts"))
    assert_refused(
        answer, "InvalidSignatureException", "Credential should be scoped to correct service: 'ssm-incidents'"
    )
    answer = post(wire, headers_for(wire, region="eu-west-1"))
    assert_refused(answer, "InvalidSignatureException", "Credential should be scoped to a valid region: 'us-east-1'")
    headers = headers_for(wire)
    other = headers | {"Authorization": headers["Authorization"].replace("aws4_request", "aws5_request")}
    assert_refused(post(wire, other), "InvalidSignatureException", "valid terminator: 'aws4_request'")
    other = headers | {"Authorization": re.sub(r"/\d{8}/", "/20200101/", headers["Authorization"])}
    assert_refused(post(wire, other), "InvalidSignatureException", "Date in Credential scope does not match")


def test_nothing_of_a_signed_request_can_be_replaced(wire: Wire) -> None:
    headers = headers_for(wire)
    later = re.sub(r"\d\dZ$", lambda found: f"{(int(found.group()[:2]) + 7) % 60:02d}Z", headers["X-Amz-Date"])
    replaced = {
        "body": post(wire, headers, b'{"maxResults":6}'),
        "no body": post(wire, headers, b""),
        "path": post(wire, headers, path="/listResponsePlans"),
        "query": post(wire, headers, path=f"{PATH}?arn=x"),
        "host": post(wire, headers | {"Host": "elsewhere"}),
        "content type": post(wire, headers | {"Content-Type": "application/x-amz-json-1.1"}),
        "date": post(wire, headers | {"X-Amz-Date": later}),
        "method": wire.http.request("DELETE", wire.url + PATH, content=BODY, headers=headers),
        "key": post(wire, headers | {"Authorization": headers["Authorization"].replace("AKIAADMIN", "AKIAECHO")}),
        "signature": post(wire, headers | {"Authorization": f"{headers['Authorization'][:-1]}ü".encode("latin-1")}),
    }
    for what, answer in replaced.items():
        assert answer.status_code == 403, what
        assert answer.headers["x-amzn-errortype"] == "InvalidSignatureException", what


def test_the_target_of_contacts_is_part_of_the_signature(wire: Wire) -> None:
    usual = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "SSMContacts.ListContacts"}
    headers = signature_headers(f"{wire.url}/", b"{}", KEYS["echo"], "ssm-contacts", headers=usual)
    replaced = post(wire, headers | {"X-Amz-Target": "SSMContacts.DeleteContact"}, b"{}", "/")
    assert (replaced.status_code, replaced.json()["__type"]) == (400, "InvalidSignatureException")
    unsigned = signature_headers(f"{wire.url}/", b"{}", KEYS["echo"], "ssm-contacts")
    added = post(wire, unsigned | usual, b"{}", "/")
    assert added.json()["__type"] == "InvalidSignatureException"
    assert added.json()["Message"] == "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization."


def test_the_host_must_be_signed(wire: Wire) -> None:
    headers = headers_for(wire)
    headers["Authorization"] = headers["Authorization"].replace(";host", "")
    assert_refused(post(wire, headers), "InvalidSignatureException", "'Host' must be a 'SignedHeader'")


@pytest.mark.parametrize(
    ("claimed", "text"),
    [
        ("UNSIGNED-PAYLOAD", "The body must be signed"),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "The body must be signed"),
        ("0" * 64, "does not match what was computed"),
    ],
)
def test_the_hash_of_the_body_must_be_true(wire: Wire, claimed: str, text: str) -> None:
    usual = {"Content-Type": "application/json", "X-Amz-Content-SHA256": claimed}
    assert_refused(post(wire, headers_for(wire, headers=usual)), "InvalidSignatureException", text)


def test_a_true_hash_of_the_body_is_accepted(wire: Wire) -> None:
    usual = {"Content-Type": "application/json", "X-Amz-Content-SHA256": hashlib.sha256(BODY).hexdigest()}
    assert post(wire, headers_for(wire, headers=usual)).status_code == 200


def test_a_query_may_be_escaped_in_more_than_one_way(wire: Wire) -> None:
    signed = f"{wire.url}/getIncidentRecord?arn=arn%3Aaws%3Assm-incidents%3A%3A1%3Aincident-record%2Fa"
    sent = f"{wire.url}/getIncidentRecord?arn=arn:aws:ssm-incidents::1:incident-record/a"
    headers = signature_headers(signed, b"", KEYS["echo"], "ssm-incidents", method="GET")
    for url in (signed, sent):
        answer = wire.http.get(httpx.URL(url), headers=headers)
        assert answer.headers["x-amzn-errortype"] == "ValidationException", url


def test_no_secret_reaches_the_log(wire: Wire) -> None:
    assert KEYS["admin"].secret_access_key not in wire.log
    assert "Traceback" not in wire.log
