"""Say in plain words why a value does not fit its type, and what to write instead."""

import re
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import UnionType
from typing import Any

import msgspec

from auditor.load.hint import did_you_mean
from auditor.model.check import Example
from auditor.model.inventory import Address, AddressOrNone, Identifier, PortName
from auditor.model.policy import Control

SHOWN = 60
"""Characters of a wrong value that a message repeats."""

_SECRETS = frozenset({"password", "passphrase", "passwd", "secret", "token", "sudo_password"})
_NAMES: Mapping[str, str] = {
    "str": "a text",
    "int": "a number",
    "float": "a number with a point",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "date": "a date",
}
_TYPE_HINTS: Mapping[tuple[str, str], str] = {
    ("str", "int"): "put it in quotes",
    ("str", "bool"): "put it in quotes",
    ("int", "str"): "write a number without quotes",
    ("bool", "str"): "write true or false",
    ("date", "int"): "write it as 2026-12-31",
    ("array", "str"): "write a list: [a, b]",
    ("array", "int"): "write a list: [a, b]",
    ("object", "str"): "write a mapping: {key: value}",
    ("object", "array"): "write a mapping: {key: value}",
}

Said = tuple[str, str, tuple[str, ...]]
"""The problem, a hint, and the key inside the value that it is about."""


def said(problem: str, kind: Any, value: Any, *, is_key: bool = False) -> Said:
    """Translate msgspec's sentence about `value`, which should have been of type `kind`."""
    if is_key:
        return _unknown_key(kind, value)
    for pattern, words in _RULES:
        if match := pattern.fullmatch(problem):
            return words(match, kind, value)
    return f"{_shown(value)} does not have the right form", _form(kind), ()


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _unknown(match: re.Match[str], kind: Any, _value: Any) -> Said:
    name = match[1]
    if name in _SECRETS:
        hint = "secrets never stand in a file: use --ask-password or AUDITOR_PASSWORD"
        return f"{name!r} is not read from a file", hint, (name,)
    names = [field.encode_name for field in _fields(kind)]
    return f"unknown key {name!r}", did_you_mean(name, names), (name,)


def _unknown_key(kind: Any, value: Any) -> Said:
    keys = typing.get_args(_first(kind))
    known = _values(keys[0]) if keys else []
    wrong = next((key for key in value if key not in known), "")
    return f"unknown key {wrong!r}", did_you_mean(wrong, known), (wrong,)


def _missing(match: re.Match[str], _kind: Any, _value: Any) -> Said:
    return f"the key {match[1]!r} is missing", "", ()


def _type(match: re.Match[str], kind: Any, _value: Any) -> Said:
    given = match[2]
    if given == "null":
        return "has no value", "write a value, or leave the key out", ()
    wanted = [name for name in match[1].split(" | ") if name != "null"]
    words = " or ".join(_NAMES.get(name, name) for name in wanted)
    hint = _form(kind) or _choices(kind) or _TYPE_HINTS.get((wanted[0], given), "")
    return f"needs {words}, not {_NAMES.get(given, given)}", hint, ()


def _bound(match: re.Match[str], _kind: Any, value: Any) -> Said:
    size, limit = ("small", "least") if match[1] == ">=" else ("large", "most")
    return f"{_shown(value)} is too {size}", f"at {limit} {match[2]}", ()


def _length(_match: re.Match[str], _kind: Any, value: Any) -> Said:
    return f"{_shown(value)} does not have the right length" if value else "is empty", "", ()


def _enum(_match: re.Match[str], kind: Any, value: Any) -> Said:
    return f"{_shown(value)} is not possible here", _choices(kind), ()


def _date(_match: re.Match[str], _kind: Any, value: Any) -> Said:
    return f"{_shown(value)} is no date", "write it as 2026-12-31", ()


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Any, Any], Said]], ...] = (
    (re.compile(r"Object contains unknown field `(.*)`", re.DOTALL), _unknown),
    (re.compile(r"Object missing required field `(.*)`"), _missing),
    (re.compile(r"Expected `(.*)`, got `(.*)`"), _type),
    (re.compile(r"Expected `\w+` (>=|<=) (.*)"), _bound),
    (re.compile(r"Expected `\w+` of length .*"), _length),
    (re.compile(r"Invalid enum value .*", re.DOTALL), _enum),
    (re.compile(r"Invalid .* date"), _date),
)


def _fields(kind: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    kind = _first(kind)
    is_struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return msgspec.structs.fields(kind) if is_struct else ()


def _first(kind: Any) -> Any:
    """Strip `Annotated`, and of a union take the first part."""
    while typing.get_origin(kind) in (typing.Annotated, typing.Union, UnionType):
        kind = typing.get_args(kind)[0]
    return kind


def _values(kind: Any) -> list[str]:
    kind = _first(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [member.value for member in kind]
    return list(typing.get_args(kind)) if typing.get_origin(kind) is typing.Literal else []


def _choices(kind: Any) -> str:
    values = _values(kind)
    return f"one of: {', '.join(values)}" if values else ""


def _pattern(kind: Any) -> str | None:
    if typing.get_origin(kind) is not typing.Annotated:
        return None
    return next((m.pattern for m in kind.__metadata__ if isinstance(m, msgspec.Meta)), None)


def _form(kind: Any) -> str:
    """Return in words what a pattern asks for."""
    pattern = _pattern(kind)
    return "" if pattern is None else _FORMS.get(pattern, f"as in {pattern}")


_ADDRESS = "write an IP address or a host name, without http:// and without a port"


def _forms() -> Mapping[str, str]:
    control = typing.get_type_hints(Control, include_extras=True)["id"]
    verdict = typing.get_type_hints(Example, include_extras=True)["verdict"]
    words = {
        Identifier: "an id is small letters, digits, dots, - and _, at most 63, such as web-1",
        PortName: "a port is written with its protocol: 22/tcp, 53/udp",
        Address: _ADDRESS,
        AddressOrNone: _ADDRESS,
        control: "a control is NORM:locator, such as BSSN-4-2021:27.8.a",
        verdict: "one of: pass, fail, error, not_applicable, not_checked",
    }
    return {pattern: text for kind, text in words.items() if (pattern := _pattern(kind))}


_FORMS = _forms()
