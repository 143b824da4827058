"""Who is let in, and that a token lets in once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from warroom.adapter.admission import KEPT, Admission
from warroom.adapter.protocol import Fault
from warroom.engine.access_keys import AccessKey
from warroom.stream.frames import Close
from warroom.stream.token import VALIDITY, TokenClaim, read_token, sign_token

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = AccessKey("WARR1", "secret", "111122223333", "alice", "responder", None, NOW)


def claim(ahead: float = 0, secret: str = "secret") -> TokenClaim:
    return read_token(sign_token("WARR1", secret, NOW.timestamp() + ahead))


def refused(admission: Admission, token: TokenClaim, key: AccessKey | None = KEY, after: float = 0) -> str:
    with pytest.raises(Fault) as caught:
        admission.admit(token, key, NOW + timedelta(seconds=after))
    assert caught.value.code == Close.BAD_TOKEN
    return caught.value.reason


def test_a_token_lets_in_once_for_as_long_as_it_is_good() -> None:
    admission, token = Admission(), claim(ahead=VALIDITY)
    assert admission.admit(token, KEY, NOW) is KEY
    assert "used before" in refused(admission, token)
    assert "used before" in refused(admission, token, after=2 * VALIDITY)
    assert "clock" in refused(admission, token, after=2 * VALIDITY + 1)


def test_each_connection_has_its_own_token_in_the_same_second() -> None:
    admission = Admission()
    for _ in range(3):
        assert admission.admit(claim(), KEY, NOW) is KEY


def test_what_is_no_longer_good_is_forgotten() -> None:
    admission = Admission()
    for _ in range(50):
        admission.admit(claim(), KEY, NOW)
    assert len(admission) == 50
    later = KEPT + 1
    admission.admit(claim(ahead=later), KEY, NOW + timedelta(seconds=later))
    assert len(admission) == 1


def test_what_is_not_proven_is_not_remembered() -> None:
    admission = Admission()
    assert "secret is wrong" in refused(admission, claim(secret="guessed"))
    assert "unknown" in refused(admission, claim(), key=None)
    assert "ahead of" in refused(admission, claim(ahead=VALIDITY + 1))
    assert "behind" in refused(admission, claim(ahead=-VALIDITY - 1))
    assert len(admission) == 0
