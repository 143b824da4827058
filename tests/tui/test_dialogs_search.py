"""How a few typed letters find a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warroom.tui.dialogs.search import extends, positions, rank

TEXTS = ["database failover", "reset the failover data", "a bad ata", "checkout errors", "inc-1042 checkout is slow"]


def found(query: str, texts: list[str] = TEXTS) -> list[str]:
    return [texts[index] for index in rank(query, texts, range(len(texts)))]


def test_a_word_at_the_beginning_comes_before_one_inside_and_letters_apart_come_last() -> None:
    assert found("data") == ["database failover", "reset the failover data", "a bad ata"]
    assert found("ata") == ["a bad ata", "database failover", "reset the failover data"]
    assert found("dfo") == ["database failover"]


def test_every_word_must_be_there_in_any_order() -> None:
    assert found("slow 1042") == ["inc-1042 checkout is slow"]
    assert found("slow errors") == []


def test_a_number_is_meant_as_it_is() -> None:
    assert found("104", ["inc-1040", "inc-1004", "inc-2104"]) == ["inc-1040", "inc-2104"]
    assert found("inc14", ["inc-1040", "inc-1004", "inc-2104"]) == ["inc-1040", "inc-1004", "inc-2104"]


def test_letters_that_mean_something_in_a_pattern_are_letters() -> None:
    assert found("[b]", ["[bold]", "a.b", "(b)", "x[b]"]) == ["x[b]", "[bold]"]
    assert found(".*", TEXTS) == []


def test_the_letters_that_matched_are_known() -> None:
    assert positions("fail", "Database failover") == {9, 10, 11, 12}
    assert positions("dfo", "Database failover") == {0, 9, 13}
    assert positions("zz", "Database failover") == set()


letters = st.text(alphabet="ab1 -İß", max_size=12)


@given(st.lists(letters, max_size=8), letters, letters)
def test_typing_on_finds_the_same_as_typing_all_at_once(texts: list[str], query: str, more: str) -> None:
    texts = [text.lower() for text in texts]
    before, longer = query.strip(), (query + more).strip()
    among = rank(before, texts, range(len(texts)))
    everything = rank(longer, texts, range(len(texts)))
    if extends(longer, before):
        assert sorted(rank(longer, texts, among)) == sorted(everything)


@given(letters, letters)
def test_what_is_marked_is_in_the_text(query: str, text: str) -> None:
    assert all(0 <= at < len(text) for at in positions(query, text))
