"""So many other war rooms, as bare clients of the stream in a process of their own: `crowd N ENDPOINT KEY SECRET`.

Prints `ready` when all are live, and ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import sys

from warroom.stream.endpoint import Endpoint
from warroom.stream.session import Session


async def attend(endpoint: Endpoint, crowd: int) -> None:
    sessions = [await Session.open(endpoint, deliver=lambda _: None).__aenter__() for _ in range(crowd)]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for session in sessions:
        await session.close()


if __name__ == "__main__":
    asyncio.run(attend(Endpoint(*sys.argv[2:5]), int(sys.argv[1])))
