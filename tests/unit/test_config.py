"""The settings: what wins over what, and the one line that a mistake gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from warroom.config import Settings, load_settings
from warroom.model.errors import ConfigError

CONTEXT = """
[contexts.prod]
url = "https://warroom.example.com/"
access_key_id = "AKIAPROD"
secret_access_key = "hush"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refusal(file: Path, text: str, env: dict[str, str] | None = None, **flags: object) -> str:
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_settings(file, env or {}, **flags)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_without_a_file_everything_has_its_default(file: Path) -> None:
    assert load_settings(file, {}) == Settings()


def test_the_environment_goes_over_the_file_and_flags_over_both(file: Path) -> None:
    file.write_text('me = "ana"\n[serve]\nregion = "eu-west-1"\nlisten = "127.0.0.1:1"\n')
    settings = load_settings(file, {"WARROOM_REGION": "eu-west-2", "WARROOM_LISTEN": "127.0.0.1:2"}, listen="[::1]:3")
    assert (settings.me, settings.region, settings.listen) == ("ana", "eu-west-2", "[::1]:3")


def test_an_empty_variable_and_an_absent_flag_say_nothing(file: Path) -> None:
    file.write_text('[serve]\nregion = "eu-west-1"\n')
    assert load_settings(file, {"WARROOM_REGION": ""}, region=None).region == "eu-west-1"


def test_a_context_is_an_address_and_a_key_whose_secret_is_not_shown(file: Path) -> None:
    file.write_text(CONTEXT)
    prod = load_settings(file, {}).contexts["prod"]
    assert (prod.url, prod.access_key_id, prod.secret_access_key) == ("https://warroom.example.com", "AKIAPROD", "hush")
    assert "hush" not in repr(prod)


@pytest.mark.parametrize("word", ["1", "true", "yes", "on", "TRUE"])
def test_a_switch_of_the_environment_is_a_word(file: Path, word: str) -> None:
    assert load_settings(file, {"WARROOM_KEEP": word}).keep is True


def test_an_unknown_setting_is_named_with_the_nearest_known_one(file: Path) -> None:
    assert refusal(file, "[serve]\nlitsen = ''") == (f"{file}: serve.litsen is not a setting; did you mean listen?")
    assert "curent_context is not a setting; did you mean current_context?" in refusal(file, "curent_context = 'a'")
    assert "contexts.prod.urll is not a setting; did you mean url?" in refusal(file, CONTEXT + "urll = 'x'")


def test_an_unknown_setting_unlike_any_is_answered_with_what_there_is(file: Path) -> None:
    assert refusal(file, "[embedded]\nzzz = 1").endswith("embedded.zzz is not a setting; known: keep")


def test_what_is_not_toml_is_named_with_its_line(file: Path) -> None:
    told = refusal(file, 'me = "ana"\nme =\n')
    assert told.startswith(f"{file}: is not TOML:")
    assert "line 2" in told


def test_a_wrong_value_is_named_with_what_to_write(file: Path) -> None:
    assert refusal(file, "[serve]\naccount = 12") == (
        f'{file}: serve.account: write the 12 digits of an AWS account in quotes, as "111122223333"'
    )
    assert "embedded.keep: write true or false" in refusal(file, "[embedded]\nkeep = 'maybe'")
    assert "contexts.prod.url: write http://host:port" in refusal(file, CONTEXT.replace("https://", ""))


def test_a_wrong_variable_or_flag_is_named_as_such(file: Path) -> None:
    assert refusal(file, "", {"WARROOM_REGION": "home"}).startswith("WARROOM_REGION: ")
    assert refusal(file, "", account="1").startswith("--account: ")


def test_a_context_without_its_key_says_which_line_is_missing(file: Path) -> None:
    told = refusal(file, '[contexts.prod]\nurl = "http://h:1"\n')
    assert told == f'{file}: contexts.prod: access_key_id is missing; add a line access_key_id = "..."'


def test_a_section_written_as_a_value_says_how_a_section_is_written(file: Path) -> None:
    assert refusal(file, "serve = 3").endswith("serve: is a section; write it as [serve]")
    assert refusal(file, "contexts = 3").endswith("contexts: is a section; write it as [contexts]")


def test_no_mistake_in_a_context_shows_its_secret(file: Path) -> None:
    assert "hush" not in refusal(file, CONTEXT + 'region = "nowhere"')


def test_what_is_not_text_is_refused_in_one_line(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00me")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        load_settings(file, {})
