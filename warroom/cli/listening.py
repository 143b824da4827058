"""Where a backend listens: the address, and the socket bound to it."""

from __future__ import annotations

import errno
import re
import socket
from typing import NamedTuple

from warroom.model.errors import ConfigError, WarroomError

__all__ = ["Address", "PortTaken", "bind"]


class PortTaken(WarroomError):
    """Somebody else listens there."""


class Address(NamedTuple):
    host: str
    port: int
    """0: any that is free."""

    @classmethod
    def parse(cls, text: str) -> Address:
        """`HOST:PORT`, `[IPv6]:PORT`. Raises `ConfigError`."""
        form = re.fullmatch(r"(?:\[(?P<v6>[0-9A-Fa-f:.%]+)\]|(?P<host>[^:\[\]\s/]+)):(?P<port>[0-9]{1,5})", text)
        if form is None or int(form["port"]) > 65535:
            raise ConfigError(f"cannot listen on {text!r}: write HOST:PORT, as 127.0.0.1:8750 or [::1]:8750")
        return cls(form["v6"] or form["host"], int(form["port"]))

    @property
    def url(self) -> str:
        """How a client on this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def bind(address: Address) -> socket.socket:
    """A socket bound to the address, not listening yet. Raises `PortTaken` and `ConfigError`."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise ConfigError(f"cannot listen on {address.host!r}: {error.strerror}; give --listen an address") from error
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(where)
        # Without it, two sockets may be bound to one port until the second one listens.
        bound.listen(2048)
    except OSError as error:
        bound.close()
        raise _explained(address, error) from error
    return bound


def _explained(address: Address, error: OSError) -> WarroomError:
    place = f"{address.host}:{address.port}"
    if error.errno == errno.EADDRINUSE:
        return PortTaken(
            f"port {address.port} of {address.host} is in use: stop what listens there, or serve with --listen "
            f"{address.host}:0 (any free port)"
        )
    if error.errno == errno.EACCES:
        return ConfigError(f"not allowed to listen on {place}: ports below 1024 need root; give --listen a higher port")
    if error.errno == errno.EADDRNOTAVAIL:
        return ConfigError(f"{address.host} is not an address of this machine; give --listen one that is")
    return ConfigError(f"cannot listen on {place}: {(error.strerror or str(error)).lower()}; give --listen another")
