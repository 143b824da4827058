"""Valid requests made from the service models, and ways to break exactly one rule of theirs."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from botocore.model import Shape
from hypothesis import strategies as st

from warroom.api.decoding import wire_name
from warroom.api.leniency import relaxed
from warroom.api.patterns import compile_pattern
from warroom.api.services import CONTACTS, INCIDENTS, service

__all__ = ["OPERATIONS", "Breach", "breaches", "fits_a_path", "in_body", "input_shape", "request_parts", "values"]

OPERATIONS = [(name, operation) for name in (INCIDENTS, CONTACTS) for operation in service(name).operations]

_MORE = 3
"""Elements or characters beyond the minimum."""
_YEAR_2100 = 4_102_444_800_000


def input_shape(service_name: str, operation: str) -> Shape:
    shape = service(service_name).operations[operation]._input
    assert shape is not None
    return shape


def values(shape: Shape) -> st.SearchStrategy[Any]:
    """Wire values of `shape` that break no rule."""
    build: Callable[[Shape], st.SearchStrategy[Any]] = {
        "structure": _structures,
        "list": _lists,
        "map": _maps,
        "string": _strings,
        "integer": _integers,
        "boolean": lambda _: st.booleans(),
        "timestamp": lambda _: st.integers(0, _YEAR_2100).map(lambda milliseconds: milliseconds / 1000),
    }[shape.type_name]
    return build(shape)


def _bounds(shape: Shape) -> tuple[int, int]:
    low = shape.metadata.get("min", 0)
    return low, min(shape.metadata.get("max", low + _MORE), low + _MORE)


def _structures(shape: Shape) -> st.SearchStrategy[Any]:
    members = {wire_name(name, member): values(member) for name, member in shape.members.items()}
    if shape.is_tagged_union:
        return st.one_of(*(st.fixed_dictionaries({name: member}) for name, member in members.items()))
    required = {wire_name(name, shape.members[name]) for name in shape.required_members}
    return st.fixed_dictionaries(
        {name: member for name, member in members.items() if name in required},
        optional={name: member for name, member in members.items() if name not in required},
    )


def _lists(shape: Shape) -> st.SearchStrategy[Any]:
    low, high = _bounds(shape)
    return st.lists(values(shape.member), min_size=low, max_size=high)


def _maps(shape: Shape) -> st.SearchStrategy[Any]:
    low, high = _bounds(shape)
    return st.dictionaries(values(shape.key), values(shape.value), min_size=low, max_size=high)


def _strings(shape: Shape) -> st.SearchStrategy[Any]:
    if "enum" in shape.metadata:
        return st.sampled_from(shape.metadata["enum"])
    low, high = _bounds(shape)
    pattern = shape.metadata.get("pattern")
    if pattern is None:
        return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=low, max_size=high)
    compiled = compile_pattern(pattern)
    counted = re.compile(re.sub(r"[*+]\$$", f"{{{max(low, 1)},{high + 1}}}$", compiled.pattern), compiled.flags)
    limit = shape.metadata.get("max", 10**6)
    fits = st.from_regex(counted, fullmatch=True)
    return fits.filter(lambda text: low <= len(text) <= limit and "\0" not in text and compiled.fullmatch(text))


def _integers(shape: Shape) -> st.SearchStrategy[Any]:
    low = shape.metadata.get("min", -(2**31))
    return st.integers(low, shape.metadata.get("max", 2**31 - 1))


class Breach(NamedTuple):
    """A request with one rule broken, and the path of the member that breaks it."""

    path: str
    document: Any


def breaches(shape: Shape, document: Any, service_name: str) -> list[Breach]:
    """All the ways known here to break one rule in `document`, a valid value of `shape`."""
    found = []
    for path, change in _changes(shape, document, service_name):
        broken = copy.deepcopy(document)
        change(broken)
        found.append(Breach(path, broken))
    return found


Change = Callable[[Any], None]


def _changes(shape: Shape, value: Any, service_name: str) -> Iterator[tuple[str, Change]]:
    """(path, change); a change is made to a copy of `value` in place."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            wire = wire_name(name, member)
            if name in shape.required_members and not relaxed(service_name, shape.name, name):
                yield wire, lambda owner, wire=wire: owner.pop(wire)  # type: ignore[misc]
            if wire in value:
                yield from _inside(wire, wire, member, value[wire], service_name)
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _inside(index, f"{index + 1}.member", shape.member, item, service_name)
    elif shape.type_name == "map":
        for key, item in value.items():
            if key.isprintable() and len(key) < 60 and "." not in key:
                yield from _inside(key, key, shape.value, item, service_name)


def _inside(key: Any, step: str, shape: Shape, value: Any, service_name: str) -> Iterator[tuple[str, Change]]:
    for wrong in _wrong_values(shape, service_name):
        yield step, lambda owner, wrong=wrong: owner.__setitem__(key, wrong)  # type: ignore[misc]
    for path, change in _changes(shape, value, service_name):
        yield f"{step}.{path}", lambda owner, change=change: change(owner[key])  # type: ignore[misc]


def _wrong_values(shape: Shape, service_name: str) -> Iterator[Any]:
    rules = shape.metadata
    if shape.type_name == "string":
        yield 17
        yield "nul\0"
        if "enum" in rules:
            yield "NOT_ONE_OF_THEM"
        elif rules.get("max", 10**6) < 20_000:
            yield "a" * (rules["max"] + 1)
        if rules.get("min", 0) > 0:
            yield ""
    elif shape.type_name == "integer":
        yield "17"
        yield True
        yield rules.get("max", 2**31 - 1) + 1
        yield rules.get("min", -(2**31)) - 1
    elif shape.type_name == "boolean":
        yield "true"
    elif shape.type_name == "timestamp":
        yield "yesterday"
        yield 10**15
        yield False
    elif shape.type_name == "structure":
        yield []
        if shape.is_tagged_union:
            yield {}
    else:
        yield "text"
        if rules.get("min", 0) > 0 and not relaxed(service_name, shape.name, "min"):
            yield [] if shape.type_name == "list" else {}


class Parts(NamedTuple):
    path: str
    method: str
    body: dict[str, Any]


def request_parts(service_name: str, operation: str, document: Any) -> Parts:
    """Where the members of `document` travel in a request of rest-json."""
    found = service(service_name).operations[operation]
    path, query, body = found.uri, [], dict(document)
    for name, member in input_shape(service_name, operation).members.items():
        location = member.serialization.get("location")
        wire = wire_name(name, member)
        if location is None or wire not in body:
            continue
        sent = body.pop(wire)
        if location == "uri":
            path = path.replace(f"{{{wire}}}", quote(sent, safe=""))
        else:
            texts = sent if isinstance(sent, list) else [sent]
            query += [f"{wire}={quote(text, safe='')}" for text in texts]
    return Parts(path + (f"?{'&'.join(query)}" if query else ""), found.http_method, body)


def fits_a_path(document: Any) -> bool:
    """A label of a path has at least one character, and no dot segments."""
    return document.get("resourceArn", "x").strip("./") != ""


def in_body(shape: Shape, path: str) -> bool:
    """Whether the member of the request `shape` at `path` travels in the body."""
    return "location" not in shape.members[path.partition(".")[0]].serialization
