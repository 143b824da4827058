"""Which lines a few typed letters mean: every word must occur in a line as a subsequence, the closest come first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["extends", "positions", "rank"]

_WORD_START = 1
_INSIDE = 2
_SCATTERED = 8


def rank(query: str, texts: Sequence[str], among: Iterable[int]) -> list[int]:
    """The indexes out of `among` whose lower-case text matches `query`, best first, otherwise in the order given.

    A word found whole at the beginning of a word counts most, then whole inside one, then with letters between;
    the fewer between, the better. A number is meant as it is: its digits are not looked for one by one.
    """
    words = query.lower().split()
    if not words:
        return list(among)
    found: list[tuple[int, int]] = []
    for index in among:
        text = texts[index]
        score = 0
        for word in words:
            distance = _distance(word, text)
            if distance is None:
                break
            score += distance
        else:
            found.append((score, index))
    found.sort()
    return [index for _, index in found]


def extends(query: str, before: str) -> bool:
    """Whether all that matches `query` also matched `before`, so that nothing else needs to be looked at."""
    return before != "" and query.startswith(before) and not before[-1].isdigit()


def positions(query: str, text: str) -> set[int]:
    """The offsets of the letters of `text` (as it is shown) that `query` matched, as far as they are in it."""
    lower = text.lower()
    if len(lower) != len(text):
        return set()
    marked: set[int] = set()
    for word in query.lower().split():
        at = _whole(word, lower)
        if at is not None:
            marked.update(range(at, at + len(word)))
        else:
            marked.update(_scattered(word, lower) or ())
    return marked


def _distance(word: str, text: str) -> int | None:
    at = _whole(word, text)
    if at is None:
        letters = _scattered(word, text)
        return None if letters is None else _SCATTERED + letters[-1] - letters[0] + 1 - len(word)
    if at == 0:
        return 0
    return _INSIDE if text[at - 1].isalnum() else _WORD_START


def _whole(word: str, text: str) -> int | None:
    """Where `word` occurs whole, at the beginning of a word if it can be."""
    first = at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    if at >= 0:
        return at
    return first if first >= 0 else None


def _scattered(word: str, text: str) -> list[int] | None:
    """Where the letters of `word` occur in their order, close together: as far as to the first end, then back."""
    if word.isdigit():
        return None
    at = -1
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return None
    letters = [at]
    for letter in reversed(word[:-1]):
        at = text.rfind(letter, 0, at)
        letters.append(at)
    return letters[::-1]
