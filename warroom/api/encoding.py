"""What an operation returned -> wire JSON, by its output shape (`incident-manager.md`, 1.5).

A shape is compiled once into a closure. Structures may be dicts or records with snake_case members; members that
are absent, None or unknown to the shape are left out; a union without a member is left out; timestamps become
epoch seconds with a fraction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from botocore import xform_name
from botocore.model import Shape

from warroom.api.decoding import wire_name

__all__ = ["Encode", "Encoders"]

Encode = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


class Encoders:
    """The encoders of one service, each compiled when it is first asked for."""

    def __init__(self) -> None:
        self._compiled: dict[str, Encode] = {}

    def of(self, shape: Shape) -> Encode:
        """The encoder of `shape`. Scalars that JSON has go through as they are."""
        encode = self._compiled.get(shape.name)
        if encode is None:
            compile_type = self._compilers.get(shape.type_name)
            encode = _as_it_is if compile_type is None else compile_type(self, shape)
            self._compiled[shape.name] = encode
        return encode

    def _structure(self, shape: Shape) -> Encode:
        plan = [(xform_name(name), wire_name(name, member), self.of(member)) for name, member in shape.members.items()]
        union = bool(getattr(shape, "is_tagged_union", False))

        def encode(value: Any) -> Any:
            find = (value if isinstance(value, dict) else vars(value)).get
            encoded = {}
            for name, wire, encode_member in plan:
                item = find(name)
                if item is not None:
                    item = encode_member(item)
                    if item is not None:
                        encoded[wire] = item
            return encoded if encoded or not union else None

        return encode

    def _list(self, shape: Shape) -> Encode:
        encode_item = self.of(shape.member)
        if encode_item is _as_it_is:
            return list
        return lambda value: [encoded for item in value if (encoded := encode_item(item)) is not None]

    def _map(self, shape: Shape) -> Encode:
        encode_value = self.of(shape.value)
        if encode_value is _as_it_is:
            return dict
        return lambda value: {key: encode_value(item) for key, item in value.items()}

    def _timestamp(self, shape: Shape) -> Encode:
        return lambda moment: moment.timestamp()

    _compilers: Final = {"structure": _structure, "list": _list, "map": _map, "timestamp": _timestamp}
