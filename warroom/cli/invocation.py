"""What every command starts from: the home, the settings, and which backend is meant."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from warroom.cli.exits import UsageMistake
from warroom.config import Context, Settings, load_settings, nearest
from warroom.embedded import LocalBackend, local_context
from warroom.home import Home
from warroom.model.errors import BackendUnavailable, ConfigError

__all__ = ["Invocation"]

_BEGINNING = 1.5
"""Seconds in which a backend that was started just before this command takes its home."""

_JUST_STARTING = 10.0
"""Seconds that a command waits for a backend that is on its way: `warroom serve & warroom list`."""


@dataclass(frozen=True)
class Invocation:
    """One run of the command. Home and settings are looked at when they are first needed, not before."""

    url: str | None = None
    context: str | None = None
    debug: bool = False
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def home(self) -> Home:
        return Home.locate(self.env)

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.home.config_file, self.env)

    def named_context(self) -> Context | None:
        """The backend that flags, environment or settings name; None means the one of this home.

        Raises `ConfigError` and `UsageMistake` when what they name does not exist.
        """
        if self.url and self.context:
            raise UsageMistake("--url and --context name two backends: give one of them")
        if self.url or (self.env.get("WARROOM_URL") and not self.context):
            return self._by_url(self.url or self.env["WARROOM_URL"])
        name = self.context or self.settings.current_context
        if name is None or (name == "local" and "local" not in self.settings.contexts):
            return None
        if name not in self.settings.contexts:
            raise ConfigError(
                f"there is no context {name!r} in {self.home.config_file}; {nearest(name, self.settings.contexts)}"
            )
        return self.settings.contexts[name]

    def _by_url(self, url: str) -> Context:
        url = url.rstrip("/")
        if not url.startswith(("http://", "https://")):
            raise UsageMistake(f"{url!r} is not the address of a backend: write http://host:port or https://host:port")
        key, secret = self.env.get("WARROOM_ACCESS_KEY_ID"), self.env.get("WARROOM_SECRET_ACCESS_KEY")
        if not key or not secret:
            raise UsageMistake(f"{url} needs a key: set WARROOM_ACCESS_KEY_ID and WARROOM_SECRET_ACCESS_KEY")
        return Context(url, url, key, secret, self.settings.region)

    def reach(self) -> Context:
        """The backend of a command that needs a running one. Raises `BackendUnavailable` when none runs."""
        if named := self.named_context():
            return named
        self.home.await_start(_BEGINNING)
        record = self.home.await_running(_JUST_STARTING)
        if record is None:
            raise BackendUnavailable(
                f"no backend runs in {self.home.state}: start one with `warroom serve` (or open `warroom`), "
                "or name another with --context or --url"
            )
        return local_context(self.home, record)

    def local_backend(self) -> LocalBackend:
        return LocalBackend(self.home, keep=self.settings.keep)
