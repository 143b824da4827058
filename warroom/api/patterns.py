"""The patterns of the service models, which are Java's, as Python's.

Three things differ. `\\p{L}`, `\\p{N}` and `\\p{Z}` are unknown to `re`; elsewhere Java's `\\w`, `\\d` and `\\s` are
ASCII; and a repeated group of one repeated class, `([...]+)*`, takes exponential time to fail in `re`.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["PatternUnsupported", "compile_pattern"]

_SEPARATORS = r" \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PROPERTIES = {"L": r"\w", "N": r"\w", "Z": _SEPARATORS}
"""`\\w` is exactly the letters, the numbers and `_`; it stands for both where a class allows all three."""

_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]")
_REPEATED_REPEAT = re.compile(r"\((\[(?:[^\]\\]|\\.)*\])\+\)\*")


class PatternUnsupported(ValueError):
    """A pattern that has no faithful translation here."""


def _translate_class(match: re.Match[str]) -> str:
    text = match.group()
    properties = set(_PROPERTY.findall(text))
    letters_or_numbers = properties & {"L", "N"}
    if letters_or_numbers and (letters_or_numbers != {"L", "N"} or "_" not in _PROPERTY.sub("", text)):
        raise PatternUnsupported(f"{text} tells letters from numbers or from '_'")
    return _PROPERTY.sub(lambda found: _PROPERTIES[found.group(1)], text)


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern for `fullmatch`: the service matches the whole text, whether or not the pattern has anchors.

    Raises `PatternUnsupported`. Each pattern is compiled once.
    """
    unknown = set(_PROPERTY.findall(pattern)) - _PROPERTIES.keys()
    if unknown or _PROPERTY.search(_CLASS.sub("", pattern)):
        raise PatternUnsupported(f"{pattern} uses Unicode properties that are not known here")
    translated = _CLASS.sub(_translate_class, pattern)
    translated = _REPEATED_REPEAT.sub(r"\1*", translated)
    flags = re.NOFLAG if _PROPERTY.search(pattern) else re.ASCII
    if not pattern.startswith("^"):
        flags |= re.DOTALL  # it speaks of the whole text, lines and all: `.*\S.*` is "not blank"
    try:
        return re.compile(translated, flags)
    except re.error as error:
        raise PatternUnsupported(f"{pattern}: {error}") from None
