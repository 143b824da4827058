"""Wire JSON -> the keyword arguments of an operation, checked against its shape (`incident-manager.md`, 1.5).

A shape is compiled once into a closure `decode(value, failures)`: it returns the Python value and appends what is
wrong to `failures`. Members get their snake_case names, keys of maps stay as they are, timestamps become aware
UTC datetimes, null means absent, and members that the model does not know are ignored.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore import xform_name
from botocore.model import Shape

from warroom.api.failures import LIMIT, MISSING, Failure, place
from warroom.api.leniency import relaxed
from warroom.api.patterns import PatternUnsupported, compile_pattern

__all__ = ["SECRET_SHAPES", "Decode", "Decoders", "wire_name"]

Decode = Callable[[Any, list[Failure]], Any]

SECRET_SHAPES: Final = frozenset({"AcceptCode", "ActivationCode"})
"""Shapes whose values no message repeats, besides those that the model marks as sensitive."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 1, 1, tzinfo=UTC)
"""Far enough from the ends of `datetime` that every zone and every sum of the engine can still say it."""

_INTEGER_BITS = {"integer": 31, "long": 63}

_log = logging.getLogger(__name__)


def wire_name(member: str, shape: Shape) -> str:
    """What `member` is called in JSON, in a query or in a path."""
    return str(shape.serialization.get("name", member))


class Decoders:
    """The decoders of one service, each compiled when it is first asked for."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._compiled: dict[str, Decode] = {}

    def of(self, shape: Shape) -> Decode:
        """The decoder of `shape`. Raises `NotImplementedError` for a type that neither service uses."""
        decode = self._compiled.get(shape.name)
        if decode is None:
            compile_type = self._compilers.get(shape.type_name)
            if compile_type is None:
                raise NotImplementedError(f"shape {shape.name} is a {shape.type_name}")
            decode = self._compiled[shape.name] = compile_type(self, shape)
        return decode

    def _rule(self, shape: Shape, rule: str) -> Any:
        return None if relaxed(self._service, shape.name, rule) else shape.metadata.get(rule)

    def _structure(self, shape: Shape) -> Decode:
        members = {
            wire_name(name, member): (xform_name(name), self.of(member)) for name, member in shape.members.items()
        }
        required = [
            (xform_name(name), wire_name(name, shape.members[name]))
            for name in shape.required_members
            if not relaxed(self._service, shape.name, name)
        ]
        union = bool(getattr(shape, "is_tagged_union", False))
        known = ", ".join(members)
        find = members.get

        def decode(value: Any, failures: list[Failure]) -> Any:
            if type(value) is not dict:
                failures.append(Failure("Member must be a structure (a JSON object)"))
                return None
            decoded = {}
            for wire, item in value.items():
                member = find(wire)
                if member is None or item is None:
                    continue
                before = len(failures)
                decoded[member[0]] = member[1](item, failures)
                if len(failures) != before:
                    place(failures, before, wire)
            for name, wire in required:
                if name not in decoded:
                    failures.append(Failure(MISSING))
                    place(failures, len(failures) - 1, wire)
            if union and len(decoded) != 1:
                failures.append(Failure(f"Member must have exactly one of: {known}"))
            return decoded

        return decode

    def _list(self, shape: Shape) -> Decode:
        decode_item = self.of(shape.member)
        check = _length_check(self._rule(shape, "min"), self._rule(shape, "max"))

        def decode(value: Any, failures: list[Failure]) -> Any:
            if type(value) is not list:
                failures.append(Failure("Member must be a list (a JSON array)"))
                return None
            if (problem := check(len(value))) is not None:
                failures.append(Failure(problem))
                return None
            decoded = []
            for number, item in enumerate(value, 1):
                before = len(failures)
                if item is None:
                    failures.append(Failure(MISSING))
                else:
                    decoded.append(decode_item(item, failures))
                if len(failures) != before:
                    place(failures, before, "member", str(number))
                    if len(failures) >= LIMIT:
                        break
            return decoded

        return decode

    def _map(self, shape: Shape) -> Decode:
        decode_key, decode_value = self.of(shape.key), self.of(shape.value)
        check = _length_check(self._rule(shape, "min"), self._rule(shape, "max"))

        def decode(value: Any, failures: list[Failure]) -> Any:
            if type(value) is not dict:
                failures.append(Failure("Member must be a map (a JSON object)"))
                return None
            if (problem := check(len(value))) is not None:
                failures.append(Failure(problem))
                return None
            decoded = {}
            for key, item in value.items():
                before = len(failures)
                decode_key(key, failures)
                if len(failures) != before:
                    place(failures, before, "key")
                elif item is None:
                    failures.append(Failure(MISSING))
                    place(failures, before, key)
                else:
                    decoded[key] = decode_value(item, failures)
                    if len(failures) != before:
                        place(failures, before, key)
                if len(failures) >= LIMIT:
                    break
            return decoded

        return decode

    def _string(self, shape: Shape) -> Decode:
        secret = shape.name in SECRET_SHAPES or bool(shape.metadata.get("sensitive"))
        check_length = _length_check(self._rule(shape, "min"), self._rule(shape, "max"))
        allowed = frozenset(self._rule(shape, "enum") or ())
        allowed_text = ", ".join(self._rule(shape, "enum") or ())
        source = self._rule(shape, "pattern")
        matches = self._pattern(shape, source)

        def problem_of(value: str) -> str | None:
            problem = check_length(len(value))
            if problem is not None:
                return problem
            if allowed and value not in allowed:
                return f"Member must satisfy enum value set: [{allowed_text}]"
            if matches is not None and matches(value) is None:
                return f"Member must satisfy regular expression pattern: {source}"
            if "\0" in value:
                return "Member must not contain the null character"
            return None

        def decode(value: Any, failures: list[Failure]) -> Any:
            if type(value) is not str:
                failures.append(Failure("Member must be a string"))
                return None
            problem = problem_of(value)
            if problem is not None:
                failures.append(Failure(problem, None if secret else value))
            return value

        return decode

    def _pattern(self, shape: Shape, source: str | None) -> Callable[[str], re.Match[str] | None] | None:
        if source is None:
            return None
        try:
            return compile_pattern(source).fullmatch
        except PatternUnsupported as error:
            _log.warning("the pattern of %s %s is not checked: %s", self._service, shape.name, error)
            return None

    def _integer(self, shape: Shape) -> Decode:
        bits = _INTEGER_BITS[shape.type_name]
        low, high = self._rule(shape, "min"), self._rule(shape, "max")
        low = -(2**bits) if low is None else low
        high = 2**bits - 1 if high is None else high

        def decode(value: Any, failures: list[Failure]) -> Any:
            if type(value) is not int:
                failures.append(Failure("Member must be an integer"))
            elif value > high:
                failures.append(Failure(f"Member must have value less than or equal to {high}", value))
            elif value < low:
                failures.append(Failure(f"Member must have value greater than or equal to {low}", value))
            return value

        return decode

    def _boolean(self, shape: Shape) -> Decode:
        def decode(value: Any, failures: list[Failure]) -> Any:
            if type(value) is not bool:
                failures.append(Failure("Member must be true or false"))
            return value

        return decode

    def _timestamp(self, shape: Shape) -> Decode:
        def decode(value: Any, failures: list[Failure]) -> Any:
            moment = _moment(value)
            if moment is None:
                shown = value if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
                failures.append(Failure("Member must be a timestamp: epoch seconds, or ISO 8601 text", shown))
            elif not _EARLIEST <= moment < _LATEST:
                failures.append(Failure("Member must be a timestamp between the years 1900 and 9997", value))
            return moment

        return decode

    _compilers: Final = {
        "structure": _structure,
        "list": _list,
        "map": _map,
        "string": _string,
        "integer": _integer,
        "long": _integer,
        "boolean": _boolean,
        "timestamp": _timestamp,
    }


def _length_check(low: int | None, high: int | None) -> Callable[[int], str | None]:
    least, most = low or 0, float("inf") if high is None else high

    def check(length: int) -> str | None:
        if length > most:
            return f"Member must have length less than or equal to {high}"
        if length < least:
            return f"Member must have length greater than or equal to {low}"
        return None

    return check


def _moment(value: Any) -> datetime | None:
    """Epoch seconds with a fraction, or ISO 8601 text (UTC unless it says otherwise); None when it is neither."""
    try:
        if type(value) is float or type(value) is int:
            return _EPOCH + timedelta(seconds=value)
        if type(value) is str:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return None
