"""The patterns of the models mean here what they mean to the service."""

from __future__ import annotations

import re
import sys
import time
import unicodedata

import pytest
from botocore.session import get_session

from warroom.api.patterns import PatternUnsupported, compile_pattern
from warroom.api.services import CONTACTS, INCIDENTS

TEXT_OF_A_PERSON = r"^[\p{L}\p{Z}\p{N}_.\-]*$"
CONTACTS_ARN = r"arn:(aws|aws-cn|aws-us-gov):ssm-contacts:[-\w+=\/,.@]*:[0-9]+:([\w+=\/,.@:-]+)*"


def patterns_of_the_models() -> set[str]:
    found = set()
    for name in (INCIDENTS, CONTACTS):
        model = get_session().get_service_model(name)
        found |= {model.shape_for(shape).metadata.get("pattern") for shape in model.shape_names}
    return found - {None}


def test_every_pattern_of_the_models_compiles() -> None:
    assert len(patterns_of_the_models()) > 15
    for pattern in patterns_of_the_models():
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", sorted(patterns_of_the_models()))
@pytest.mark.parametrize(
    "start", ["", "arn:aws:ssm-contacts:us-east-1:1:", "arn:aws:iam::111122223333:role/", "related-item/"]
)
def test_no_pattern_hangs_on_text_that_almost_matches(pattern: str, start: str) -> None:
    began = time.monotonic()
    for filling in ("a", "A0", "1", " ", "a-", "a/", "a:"):
        compile_pattern(pattern).fullmatch(start + filling * 8000 + "\x01")
    assert time.monotonic() - began < 2


def test_letters_numbers_and_separators_are_those_of_unicode() -> None:
    matches = compile_pattern(TEXT_OF_A_PERSON).fullmatch
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        wanted = unicodedata.category(character)[0] in "LNZ" or character in "_.-"
        if (matches(character) is not None) != wanted:
            pytest.fail(f"U+{number:04X}")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (TEXT_OF_A_PERSON, "Ana Müller 3", True),
        (TEXT_OF_A_PERSON, "Ana;", False),
        (r"^[a-zA-Z0-9-_]*$", "pay-ments_1", True),
        (r"^[a-zA-Z0-9-_]*$", "payments\n", False),
        (r"^[a-z0-9_\-]*$", "ünal", False),
        (r"^[a-zA-Z0-9_\-\s\.]*$", "first\u00a0line", False),
        (r".*\S.*", "{\n}", True),
        (r".*\S.*", " \n ", False),
        (r"^[.\s\S]*$", "any\nthing.", True),
        (CONTACTS_ARN, "arn:aws:ssm-contacts:us-east-1:111122223333:contact/ana", True),
        (CONTACTS_ARN, "arn:aws:ssm-contacts:us-east-1:111122223333:", True),
        (CONTACTS_ARN, "see arn:aws:ssm-contacts:us-east-1:111122223333:contact/ana", False),
        (CONTACTS_ARN, "arn:aws:ssm-contacts:us-east-1:111122223333:contact/ana !", False),
        (r"^(?!aws:)[A-Za-z0-9 _=@:.+-/]+$", "aws:mine", False),
    ],
)
def test_a_pattern_is_of_the_whole_text(pattern: str, text: str, matches: bool) -> None:
    assert (compile_pattern(pattern).fullmatch(text) is not None) is matches


def test_a_pattern_is_compiled_once() -> None:
    assert compile_pattern(CONTACTS_ARN) is compile_pattern(CONTACTS_ARN)
    assert isinstance(compile_pattern(CONTACTS_ARN), re.Pattern)


@pytest.mark.parametrize("pattern", [r"^[\p{Lu}_]$", r"^[\p{L}]*$", r"^\p{L}*$", r"^[\p{L}\p{N}]*$", "("])
def test_what_has_no_faithful_translation_is_not_guessed(pattern: str) -> None:
    with pytest.raises(PatternUnsupported):
        compile_pattern(pattern)
