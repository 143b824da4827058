"""Where a backend is, and the access key to it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from warroom.model.errors import ConfigError

__all__ = ["Endpoint"]


@dataclass(frozen=True)
class Endpoint:
    """`url` is `http(s)://host:port`, of the whole backend.

    Plain http is taken for any host, because the token of `hello` proves the key without showing it, and opens one
    connection only. Who listens on the way then reads all that is shown, the secret of a key that is created there
    among it, but cannot act with what the token says; who can alter the traffic can do what you can. So use https
    beyond your own machine and network.
    """

    url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)

    @property
    def stream_url(self) -> str:
        """The websocket's address. Raises `ConfigError` when `url` is none of a backend."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"{self.url!r} is not the address of a backend: it has the form https://host:port")
        scheme = "wss" if parts.scheme == "https" else "ws"
        return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/stream"

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, where no proxy stands between."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"
