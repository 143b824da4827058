"""One backend process: the engine, the sockets, and what it tells of itself while it lives."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Coroutine
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette

from warroom import __version__
from warroom.cli.listening import Address, PortTaken, bind
from warroom.cli.logs import log_to_stderr
from warroom.delivery.console import console_providers
from warroom.engine.clock import Clock, SystemClock
from warroom.engine.engine import Engine
from warroom.home import BackendRecord, Home, LocalKey
from warroom.model.errors import StoreError
from warroom.server import create_app
from warroom.store.database import shown
from warroom.stream.frames import MAX_CLIENT_FRAME

__all__ = ["Service", "run_service"]

log = logging.getLogger("warroom")

LINGER = 3.0
"""Seconds that an embedded backend stays after the last war room left."""
FIRST_LINGER = 30.0
"""Seconds that it waits for its first war room."""
GRACE = 2
"""Seconds that requests in progress get at the end."""
STORE_PAUSE = 5.0
"""Seconds until a database that failed is asked again whether anybody is being paged."""


@dataclass(frozen=True)
class Service:
    """What to serve. `address` None: loopback, on the port of the last embedded backend where it is free."""

    home: Home
    address: Address | None
    database: str | None
    account: str
    region: str
    bare: bool
    embedded: bool
    keep: bool
    until_eof: bool
    """End when standard input does: tied to whoever started it."""
    debug: bool

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home.database}"


def run_service(service: Service) -> None:
    """Serve until a signal says to end. Raises `WarroomError` when it cannot begin, having changed nothing."""
    os.umask(0o077)  # The database holds the access keys.
    log_to_stderr(debug=service.debug)
    with service.home.serving():
        bound = _bind(service)
        try:
            uvloop.run(_serve(service, bound))
        finally:
            bound.close()
            if service.home.throw_away_mark.exists():
                shutil.rmtree(service.home.state, ignore_errors=True)


def _bind(service: Service) -> socket.socket:
    if service.address is not None:
        return bind(service.address)
    try:
        return bind(Address("127.0.0.1", service.home.last_port()))
    except PortTaken:
        return bind(Address("127.0.0.1", 0))


async def _serve(service: Service, bound: socket.socket) -> None:
    clock = SystemClock()
    engine = await Engine.open(
        service.database_url, clock=clock, account=service.account, region=service.region, bare=service.bare
    )
    try:
        await _ensure_local_key(service, engine)
        attendance = Attendance()
        app = create_app(engine, now=clock.now, on_clients=attendance.counted)
        server = _Server(service, app, bound, clock)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup and its like ignore SIGHUP, and want that to last.
            if signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, server.end, signal.Signals(number).name)
        if service.until_eof:
            loop.add_reader(sys.stdin.fileno(), _end_at_eof, server)
        alone = [_end_when_alone(server, engine, attendance)] if service.embedded and not service.keep else []
        await _until_served(server.serve(sockets=[bound]), engine.run(console_providers()), *alone)
    finally:
        service.home.retract()
        await engine.close()


async def _until_served(serving: Coroutine[Any, Any, None], *beside: Coroutine[Any, Any, None]) -> None:
    """Serve to the end, and do the others beside it; the first that fails ends all and is raised."""
    main = asyncio.create_task(serving)
    others = [asyncio.create_task(each) for each in beside]
    unfinished = {main, *others}
    try:
        while not main.done():
            finished, unfinished = await asyncio.wait(unfinished, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
    finally:
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)


async def _ensure_local_key(service: Service, engine: Engine) -> None:
    """The admin key of this home: the one in its file if the database knows it, else a new one."""
    held = service.home.read_key()
    known = await engine.keys.find(held.access_key_id) if held else None
    if held and known and (known.account, known.secret_access_key) == (service.account, held.secret_access_key):
        return
    made = await engine.keys.create(service.account, "local", "admin")
    service.home.write_key(LocalKey(made.access_key_id, made.secret_access_key))


class _Server(uvicorn.Server):
    """uvicorn, telling where it is once it accepts, and ended by us and not by its own signal handlers."""

    def __init__(self, service: Service, app: Starlette, bound: socket.socket, clock: Clock) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=MAX_CLIENT_FRAME,
                ws_per_message_deflate=True,
                lifespan="on",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )
        self._service = service
        self._clock = clock
        self._port: int = bound.getsockname()[1]

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()

    def end(self, reason: str) -> None:
        """Stop accepting, let what is in progress finish, and return from `serve`."""
        if not self.should_exit:
            log.info("ending: %s", reason)
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        service = self._service
        url = Address(service.address.host if service.address else "127.0.0.1", self._port).url
        if service.embedded:
            service.home.remember_port(self._port)
        service.home.publish(
            BackendRecord(
                url=url,
                pid=os.getpid(),
                embedded=service.embedded,
                version=__version__,
                region=service.region,
                started=self._clock.now().isoformat(timespec="seconds"),
            )
        )
        print(
            f"warroom {__version__} serving {url} (database {shown(service.database_url)}, account {service.account})",
            flush=True,
        )


class Attendance:
    """How many stream clients there are, and for how long there has been none."""

    def __init__(self) -> None:
        self.present = 0
        self.ever = False
        self._alone_since = time.monotonic()

    def counted(self, present: int) -> None:
        """So many there are from now on."""
        self.present = present
        self.ever = self.ever or present > 0
        self._alone_since = time.monotonic()

    def alone_for(self) -> float:
        """Seconds since the last stream client left, or since the start; 0 while there is one."""
        return 0.0 if self.present else time.monotonic() - self._alone_since


async def _end_when_alone(server: _Server, engine: Engine, attendance: Attendance) -> None:
    while not server.should_exit:
        await asyncio.sleep(0.25)
        patience = LINGER if attendance.ever else FIRST_LINGER
        # Asked last: what is being paged needs the database, and nobody else keeps it paging.
        if attendance.alone_for() > patience and not await _paging(engine) and not attendance.present:
            server.end("no war room is left and nobody is being paged")


async def _paging(engine: Engine) -> bool:
    """Whether anybody is being paged; while the database does not say, somebody may be."""
    try:
        return await engine.paging()
    except StoreError as error:
        log.error("staying, as it is not known whether anybody is being paged: %s", error)
        await asyncio.sleep(STORE_PAUSE)
        return True


def _end_at_eof(server: _Server) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        server.end("whoever started it is gone")
