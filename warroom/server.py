"""The backend's one port: the Incident Manager API, the stream, and a health check."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from warroom import __version__
from warroom.adapter.endpoint import StreamEndpoint
from warroom.api.app import routes as api_routes
from warroom.engine.clock import SystemClock
from warroom.engine.engine import Engine

__all__ = ["create_app"]

_CLOCK = SystemClock()


async def _healthz(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": __version__})


def create_app(
    engine: Engine,
    *,
    now: Callable[[], datetime] = _CLOCK.now,
    on_clients: Callable[[int], None] | None = None,
) -> Starlette:
    """The application over `engine`, which the caller runs and closes.

    `now` is the engine's clock. `on_clients` is told the number of connected stream clients at each change.
    """
    stream = StreamEndpoint(engine, now=now, on_clients=on_clients)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with stream.running():
            yield

    routes = [
        Route("/healthz", _healthz),
        *stream.routes,
        *api_routes(engine.acting_as, engine.keys.find, now),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
