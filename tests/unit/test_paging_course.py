"""Whatever the plans and whenever somebody acknowledges: what may happen, and what may not."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from paging_world import World, world_at
from warroom.store import tables
from warroom.store.contacts import pages


class Stage(NamedTuple):
    minutes: int
    targets: list[tuple[int, bool]]
    """(number of the person, essential)"""


minutes = st.integers(0, 6)
persons = st.lists(
    st.lists(st.tuples(minutes, st.sampled_from([0, 1, 2, 5])), min_size=1, max_size=3), min_size=1, max_size=3
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[list[tuple[int, int]]], list[Stage], dict[int, float]]:
    """The plans of persons, an escalation that engages each in at most one stage, and who acknowledges when."""
    plans = draw(persons)
    order = draw(st.permutations(range(len(plans))))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=2)))
    parts = [list(order[begin:end]) for begin, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    stages = [
        Stage(draw(st.integers(0 if part else 1, 6)), [(number, draw(st.booleans())) for number in part])
        for part in parts
    ]
    seconds = st.floats(0, 1500, allow_nan=False).map(lambda found: round(found, 3))
    acknowledged = draw(st.dictionaries(st.sampled_from(range(len(plans))), seconds))
    return plans, stages, acknowledged


@settings(max_examples=25, deadline=None)
@given(situations())
def test_nothing_is_decided_after_an_acknowledgement_and_each_stage_begins_once(
    situation: tuple[list[list[tuple[int, int]]], list[Stage], dict[int, float]],
) -> None:
    asyncio.run(_play(*situation))


async def _play(plans: list[list[tuple[int, int]]], stages: list[Stage], acknowledged: dict[int, float]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with world_at(Path(directory)) as world:
            people = [await world.person(f"person{number}", *plan) for number, plan in enumerate(plans)]
            engaged = [(stage.minutes, [(people[n], essential) for n, essential in stage.targets]) for stage in stages]
            team = await world.escalation("team", *engaged)
            world.recorder.handed.clear()
            await world.engage(team)
            read: dict[int, float] = {}
            for number, at in sorted(acknowledged.items(), key=lambda entry: entry[1]):
                await world.at(at)
                if await _has_page(world, people[number]):
                    await world.read(people[number])
                    read[number] = at
            await world.at(4 * 3600)

            begun = _begun(stages, read)
            for number, plan in enumerate(plans):
                expected = _sends(plan, begun.get(number), read.get(number))
                found = [at for at, message in world.recorder.handed if message.address == f"+1555{number + 1:04d}"]
                assert found == expected, (number, found, expected)
            assert await world.rows(tables.deadlines) == []
            assert not await world.is_paging()


async def _has_page(world: World, person: str) -> bool:
    return bool(await world.store.read(lambda reader: pages.select(reader, pages.c.contact_arn == person)))


def _begun(stages: list[Stage], read: dict[int, float]) -> dict[int, float]:
    """When each person is engaged: stages follow their durations until somebody essential has acknowledged."""
    begun: dict[int, float] = {}
    at = 0.0
    for stage in stages:
        essential = [
            read[number]
            for earlier in stages
            for number, is_essential in earlier.targets
            if is_essential and number in read and number in begun
        ]
        if any(moment < at for moment in essential):
            break
        begun |= {number: at for number, _ in stage.targets}
        at += stage.minutes * 60
    return begun


def _sends(plan: list[tuple[int, int]], begun: float | None, read: float | None) -> list[float]:
    """By the documents: once as a stage begins, then every interval before it ends; until the acknowledgement."""
    if begun is None:
        return []
    sends: list[float] = []
    for minutes_, interval in plan:
        sends += [begun, *(begun + 60 * after for after in range(interval or 60, minutes_, interval or 60))]
        begun += minutes_ * 60
    # What is due at the very moment of the acknowledgement is decided before it.
    return [at for at in sends if read is None or at <= read]
