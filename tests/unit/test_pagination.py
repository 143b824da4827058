"""Tokens of lists: opaque, and good for the list that they came from alone."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.engine.pagination import Listing
from warroom.model.errors import ValidationException

MOMENT = datetime(2026, 11, 20, 3, 12, 0, 123456, tzinfo=UTC)


def token_of(listing: Listing, *place: Any) -> str:
    _, token = listing.page([place, place], 1, lambda each: each)
    assert token is not None
    return token


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.integers(0, 2**53),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50),
)
def test_a_place_comes_back_as_it_was(moment: datetime, number: int, text: str) -> None:
    listing = Listing("ListThings", (datetime, int, str), "111122223333")
    token = token_of(listing, moment, number, text)
    assert listing.after(token) == (moment, number, text)
    assert re.fullmatch(r"[\\/a-zA-Z0-9_+=-]*", token)


def test_the_last_page_has_no_token() -> None:
    listing = Listing("ListThings", (str,))
    assert listing.page(["a", "b"], 2, lambda each: (each,)) == (["a", "b"], None)
    shown, token = listing.page(["a", "b", "c"], 2, lambda each: (each,))
    assert (shown, listing.after(token)) == (["a", "b"], ("b",))
    assert listing.after(None) is None
    assert listing.after("") is None


@pytest.mark.parametrize(
    "other",
    [
        Listing("ListOthers", (datetime, str), "111122223333", ["OPEN"]),
        Listing("ListThings", (datetime, str), "444455556666", ["OPEN"]),
        Listing("ListThings", (datetime, str), "111122223333", ["RESOLVED"]),
    ],
)
def test_a_token_of_another_list_is_refused(other: Listing) -> None:
    listing = Listing("ListThings", (datetime, str), "111122223333", ["OPEN"])
    with pytest.raises(ValidationException, match="start again without it"):
        other.after(token_of(listing, MOMENT, "x"))


def forged(listing: Listing, *place: Any) -> str:
    digest = json.loads(base64.urlsafe_b64decode(token_of(listing, MOMENT, "x")))[0]
    return base64.urlsafe_b64encode(json.dumps([digest, *place]).encode()).decode()


@pytest.mark.parametrize(
    "place",
    [
        ["2026-11-20T03:12:00", "x"],  # without a time zone
        ["yesterday", "x"],
        [1, "x"],
        ["2026-11-20T03:12:00Z", 1],
        ["2026-11-20T03:12:00Z", None],
        ["2026-11-20T03:12:00Z"],
        ["2026-11-20T03:12:00Z", "x", "x"],
        ["0001-01-01T00:00:00+23:59", "x"],  # before the first moment in UTC
        ["2026-11-20T03:12:00Z", "x\0"],  # which PostgreSQL cannot compare with
    ],
)
def test_a_place_that_was_tampered_with_is_refused(place: list[Any]) -> None:
    listing = Listing("ListThings", (datetime, str))
    with pytest.raises(ValidationException):
        listing.after(forged(listing, *place))


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, True, 1.5])
def test_a_position_that_no_database_can_compare_with_is_refused(number: Any) -> None:
    listing = Listing("ListThings", (int,))
    with pytest.raises(ValidationException):
        listing.after(forged(listing, number))
    assert listing.after(forged(listing, 2**63 - 1)) == (2**63 - 1,)


@given(st.text(min_size=1, max_size=60))
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(ValidationException):
        Listing("ListThings", (datetime, str)).after(garbage)


@pytest.mark.parametrize("document", [b"{}", b"[]", b"null", b"1", b'"x"', b"[[1]]", b"\xff"])
def test_other_documents_are_refused(document: bytes) -> None:
    with pytest.raises(ValidationException):
        Listing("ListThings", (str,)).after(base64.urlsafe_b64encode(document).decode())


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    listing = Listing("ListThings", (datetime, str))
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=9)))
    assert listing.after(token_of(listing, elsewhere, "x")) == (MOMENT, "x")
