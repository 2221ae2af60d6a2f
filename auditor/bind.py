"""Fill parameters and target fields (`$most`, `$target.ports`) into a check."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from auditor.errors import ConfigError
from auditor.model.base import Text
from auditor.model.check import (
    Assertion,
    Check,
    Expectation,
    Group,
    Param,
    ParamType,
    Severity,
)
from auditor.model.fact import Json
from auditor.model.inventory import Target
from auditor.model.result import Status
from auditor.probe.base import Args, Probe

A = TypeVar("A", bound=Args)

TARGET_FIELDS = ("address", "ports", "sites", "domains", "roles")
"""Fields of the target that a check may name as `$target.FIELD`."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d+)([smhdw])")


class BoundCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A check as it is asked of one target: parameters filled in.

    `excluded` says why it is not asked at all. `applies_os` and `applies_package` are the probes
    behind `check.applies`, where it needs any.
    """

    check: Check
    severity: Severity
    params: Mapping[str, Json]
    probes: Mapping[str, Probe]
    expect: tuple[Expectation, ...]
    when: tuple[Expectation, ...] = ()
    applies_os: Probe | None = None
    applies_package: Probe | None = None
    excluded: tuple[Status, Text] | None = None

    def questions(self) -> tuple[Probe, ...]:
        """Return the probes that must be asked, those behind `applies` included."""
        more = (self.applies_os, self.applies_package)
        return (*self.probes.values(), *(probe for probe in more if probe is not None))


def duration(text: object) -> int:
    """Return the seconds of "90s", "30m", "12h", "7d" or "2w"; a bare number is seconds.

    Raises ValueError for anything else.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if match := _DURATION.fullmatch(str(text)):
        return int(match[1]) * _UNITS[match[2]]
    raise ValueError(f"{text!r} is no duration: write 90s, 30m, 12h, 7d or 2w")


def bind_params(check: Check, given: Mapping[str, Json]) -> dict[str, Json]:
    """Return every parameter's value, the policy's before the default; durations in seconds."""
    if unknown := sorted(set(given) - set(check.params)):
        known = ", ".join(sorted(check.params)) or "none"
        raise ConfigError(
            check.id, f"unknown parameter {unknown[0]!r}", hint=f"the check knows: {known}"
        )
    return {
        name: _value(check, name, param, given.get(name, param.default))
        for name, param in check.params.items()
    }


_PYTHON: dict[ParamType, tuple[type, ...]] = {
    ParamType.INT: (int,),
    ParamType.STR: (str,),
    ParamType.BOOL: (bool,),
    ParamType.STRINGS: (list, tuple),
    ParamType.PORTS: (list, tuple),
    ParamType.MODE: (str,),
    ParamType.DURATION: (str, int),
    ParamType.DATE: (str,),
}


def _value(check: Check, name: str, param: Param, value: Json) -> Json:
    try:
        typed = _typed(param, value)
        _within(param, typed)
    except ValueError as error:
        raise ConfigError(check.id, f"parameter {name!r}: {error}") from error
    return typed


def _typed(param: Param, value: Json) -> Json:
    stray_bool = isinstance(value, bool) and param.type is not ParamType.BOOL
    if stray_bool or not isinstance(value, _PYTHON[param.type]):
        raise ValueError(f"{value!r} is not of type {param.type}")
    if param.type is ParamType.DURATION:
        return duration(value)
    return [str(part) for part in value] if isinstance(value, list | tuple) else value


def _within(param: Param, value: Json) -> None:
    parts = value if isinstance(value, list) else [value]
    if param.choices and (wrong := [part for part in parts if part not in param.choices]):
        raise ValueError(f"{wrong[0]!r} is none of {', '.join(map(str, param.choices))}")
    if isinstance(value, int):
        if param.min is not None and value < param.min:
            raise ValueError(f"{value} is below {param.min}")
        if param.max is not None and value > param.max:
            raise ValueError(f"{value} is above {param.max}")


def bind_args(
    check: Check,
    args: type[A],
    raw: Mapping[str, Json],
    params: Mapping[str, Json],
    target: Target,
) -> A:
    """Return a probe's arguments with their types checked."""
    filled = {name: _fill(check, value, params, target) for name, value in raw.items()}
    try:
        return msgspec.convert(filled, args)
    except msgspec.ValidationError as error:
        raise ConfigError(check.id, f"probe arguments: {error}") from error


def bind_expectations(
    check: Check,
    params: Mapping[str, Json],
    target: Target,
    of: tuple[Expectation, ...] | None = None,
) -> tuple[Expectation, ...]:
    """Return the check's expectations, or those given, with operands filled in."""

    def bound(expectation: Expectation) -> Expectation:
        match expectation:
            case Assertion():
                operand = _fill(check, expectation.operand, params, target)
                return msgspec.structs.replace(expectation, operand=operand)
            case Group():
                return msgspec.structs.replace(
                    expectation, of=tuple(bound(part) for part in expectation.of)
                )
            case _:
                return msgspec.structs.replace(
                    expectation,
                    where=tuple(bound(part) for part in expectation.where),
                    that=tuple(bound(part) for part in expectation.that),
                )

    return tuple(bound(part) for part in (check.expect if of is None else of))


def _fill(check: Check, value: Json, params: Mapping[str, Json], target: Target) -> Json:
    if isinstance(value, str) and value.startswith("$"):
        name = value[1:]
        if name in params:
            return params[name]
        field = name.removeprefix("target.")
        if field != name and field in TARGET_FIELDS:
            value = getattr(target, field)
            return list(value) if isinstance(value, tuple) else value
        raise ConfigError(
            check.id,
            f"{value!r} is neither a parameter nor a field of the target",
            hint=f"fields: {', '.join(f'$target.{f}' for f in TARGET_FIELDS)}",
        )
    if isinstance(value, list | tuple):
        return [_fill(check, part, params, target) for part in value]
    return value
