"""The settings: the file, `WARROOM_*` over it, flags over that.

    current_context = "prod"            # which context, when --context names none
    me = "ana"                          # the contact that you are, when your key is bound to none

    [contexts.prod]
    url = "https://warroom.example.com"
    access_key_id = "..."
    secret_access_key = "..."
    region = "eu-west-1"                # what `warroom env` prints; us-east-1 when absent

    [serve]
    listen = "127.0.0.1:8750"
    database = "postgresql+psycopg://warroom@db/warroom"
    account = "111122223333"
    region = "us-east-1"

    [embedded]
    keep = false                        # true: the embedded backend outlives the last war room

Each setting outside `contexts` has a variable: `WARROOM_ME`, `WARROOM_CONTEXT`, `WARROOM_LISTEN`,
`WARROOM_DATABASE`, `WARROOM_ACCOUNT`, `WARROOM_REGION`, `WARROOM_KEEP`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warroom.model.errors import ConfigError

__all__ = ["DEFAULT_REGION", "Context", "Settings", "load_settings", "nearest"]

DEFAULT_REGION = "us-east-1"
DEFAULT_ACCOUNT = "111122223333"


@dataclass(frozen=True)
class Context:
    """A backend somewhere, and the key to it."""

    name: str
    url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = DEFAULT_REGION


@dataclass(frozen=True)
class Settings:
    me: str | None = None
    current_context: str | None = None
    contexts: Mapping[str, Context] = field(default_factory=dict)
    listen: str = "127.0.0.1:8750"
    database: str | None = None
    account: str = DEFAULT_ACCOUNT
    region: str = DEFAULT_REGION
    keep: bool = False


def _text(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError("write a text in quotes")
    return text


def _url(text: Any) -> str:
    if not re.fullmatch(r"https?://[^/\s]+/?", _text(text)):
        raise ValueError("write http://host:port or https://host:port")
    return str(text).rstrip("/")


def _account(text: Any) -> str:
    if not re.fullmatch(r"[0-9]{12}", str(text)):
        raise ValueError('write the 12 digits of an AWS account in quotes, as "111122223333"')
    return str(text)


def _region(text: Any) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}", _text(text)):
        raise ValueError('write the name of an AWS Region, as "us-east-1"')
    return str(text)


def _switch(text: Any) -> bool:
    if isinstance(text, bool):
        return text
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if str(text).lower() not in words:
        raise ValueError("write true or false")
    return words[str(text).lower()]


@dataclass(frozen=True)
class _Setting:
    """A setting: where it is in the file and in the environment, and how its text becomes its value."""

    name: str
    key: str
    variable: str
    read: Callable[[Any], Any]


_SETTINGS = (
    _Setting("me", "me", "WARROOM_ME", _text),
    _Setting("current_context", "current_context", "WARROOM_CONTEXT", _text),
    _Setting("listen", "serve.listen", "WARROOM_LISTEN", _text),
    _Setting("database", "serve.database", "WARROOM_DATABASE", _text),
    _Setting("account", "serve.account", "WARROOM_ACCOUNT", _account),
    _Setting("region", "serve.region", "WARROOM_REGION", _region),
    _Setting("keep", "embedded.keep", "WARROOM_KEEP", _switch),
)
_CONTEXT_SETTINGS: Mapping[str, Callable[[Any], Any]] = {
    "url": _url,
    "access_key_id": _text,
    "secret_access_key": _text,
    "region": _region,
}
_NEEDED_OF_CONTEXT = ("url", "access_key_id", "secret_access_key")


def load_settings(file: Path, env: Mapping[str, str], **flags: Any) -> Settings:
    """The settings of the file, the environment, and the flags that are not None, in rising order.

    Flags are named as the members of `Settings`. Raises `ConfigError`: one line that names the file, variable
    or flag, the key, and what to write there instead.
    """
    document = _read(file)
    found: dict[str, Any] = {}
    for setting in _SETTINGS:
        section, _, key = setting.key.rpartition(".")
        written = (document.get(section, {}) if section else document).get(key)
        if written is not None:
            found[setting.name] = _checked(setting.read, written, f"{file}: {setting.key}")
        if env.get(setting.variable):
            found[setting.name] = _checked(setting.read, env[setting.variable], setting.variable)
        if flags.get(setting.name) is not None:
            found[setting.name] = _checked(setting.read, flags[setting.name], f"--{setting.name.replace('_', '-')}")
    return Settings(**found, contexts=_contexts(file, document.get("contexts", {})))


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean ...?)` when something of `known` is near `word`, and what is known otherwise."""
    import difflib

    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return f"known: {', '.join(choices)}" if choices else "there are none"


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read, {(error.strerror or '').lower()}; make it readable") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is not UTF-8 text; save it as such") from error
    import tomllib  # Most homes have no settings.

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: is not TOML: {error}; correct that line") from error
    sections = {"": ["contexts"]}
    for setting in _SETTINGS:
        section, _, key = setting.key.rpartition(".")
        sections.setdefault(section, []).append(key)
    top = sections.pop("") + list(sections)
    _only(document, top, f"{file}: ")
    for section, keys in sections.items():
        _only(_table(document.get(section, {}), f"{file}: {section}"), keys, f"{file}: {section}.")
    return document


def _contexts(file: Path, written: Any) -> Mapping[str, Context]:
    contexts = {}
    for name, members in _table(written, f"{file}: contexts").items():
        where = f"{file}: contexts.{name}"
        _only(_table(members, where), _CONTEXT_SETTINGS, f"{where}.")
        for needed in _NEEDED_OF_CONTEXT:
            if needed not in members:
                raise ConfigError(f'{where}: {needed} is missing; add a line {needed} = "..."')
        read = {key: _checked(_CONTEXT_SETTINGS[key], text, f"{where}.{key}") for key, text in members.items()}
        contexts[name] = Context(name, **read)
    return contexts


def _table(written: Any, where: str) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise ConfigError(f"{where}: is a section; write it as [{where.rpartition(': ')[2]}]")
    return written


def _only(written: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for key in written:
        if key not in known:
            raise ConfigError(f"{where}{key} is not a setting; {nearest(key, known)}")


def _checked(read: Callable[[Any], Any], written: Any, where: str) -> Any:
    try:
        return read(written)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
