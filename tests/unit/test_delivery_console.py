"""The console: one honest line a message."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import Path

import pytest

from paging_world import world_at
from warroom.delivery.console import Console, console_providers
from warroom.engine.paging.provider import Message, Refused
from warroom.engine.paging.runner import Runner


def message(**changed: str) -> Message:
    members = {
        "attempt_id": "8f1c",
        "kind": "page",
        "channel_type": "SMS",
        "address": "+15550100",
        "subject": "Checkout is down",
        "content": "5xx at 40 %",
        "code": "425440",
    }
    return Message(**members | changed)  # type: ignore[arg-type]


async def test_a_page_is_one_line_that_says_how_to_whom_what_and_the_code() -> None:
    stream = io.StringIO()
    accepted = await Console(stream).send(message())
    assert stream.getvalue() == "console SMS to +15550100: [code 425440] Checkout is down | 5xx at 40 %\n"
    assert accepted.provider_message_id == "console:8f1c"


async def test_an_activation_code_says_that_it_is_one() -> None:
    stream = io.StringIO()
    await Console(stream).send(message(kind="activation"))
    assert "[activation code 425440]" in stream.getvalue()


@pytest.mark.parametrize(
    "hostile", ["a\nconsole SMS to +1: [code 000000] b", "\x1b[2J\x07", "x\u202egnp", "a\r\u2028b"]
)
async def test_what_users_wrote_cannot_command_a_terminal_or_forge_a_line(hostile: str) -> None:
    stream = io.StringIO()
    await Console(stream).send(message(subject=hostile, content=hostile, address=hostile))
    written = stream.getvalue()
    assert written.endswith("\n") and written.count("\n") == 1
    assert written[:-1].isprintable()


async def test_a_stream_that_cannot_be_written_refuses() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(Refused, match="the console cannot be written"):
        await Console(stream).send(message())


async def test_a_pipe_that_nobody_reads_costs_the_attempt_and_says_so(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)
    with open(writing, "w") as pipe:
        async with world_at(tmp_path) as world:
            alice = await world.person("alice", (5, 0))
            world.runner = Runner(world.house, console_providers(pipe), send_timeout=0.2)
            await world.engage(alice)
            await world.at(0)
            (receipt,) = (await world.page(alice)).receipts
            assert receipt.receipt_type == "ERROR"
            assert receipt.receipt_info == "console did not answer within 0.2 s; it may still arrive"
        os.close(reading)  # lets go of the thread that hangs


async def test_it_is_the_way_out_for_every_type_of_channel() -> None:
    stream = io.StringIO()
    providers = console_providers(stream)
    assert set(providers) == {"SMS", "VOICE", "EMAIL"}
    for channel_type, provider in providers.items():
        await provider.send(message(channel_type=channel_type))
    assert [line.split()[1] for line in stream.getvalue().splitlines()] == list(providers)
