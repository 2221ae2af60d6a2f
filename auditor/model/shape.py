"""Does a record have the shape that its probe type promises."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from auditor.model.fact import GAP, Field, Json, Kind, Why

PLACES = "places"
"""Key in a record: field name → "file:line" that sets it, or `DEFAULT`."""
DEFAULT = "default"
"""The place of a value that no file sets."""

_MODE = re.compile(r"[0-7]{4}")
_PORT = re.compile(r"[0-9]{1,5}/(tcp|udp)")


def conforms(value: Json, field: Field) -> bool:
    """Tell whether a value has the type of its field; absent fields of a record are no misfit."""
    return next(misfits(value, field), None) is None


def misfits(value: Json, field: Field, path: str = "") -> Iterator[str]:
    """Yield the dotted path of every part that is not what the field says."""
    if field.kind is Kind.RECORD:
        yield from _record_misfits(value, field, path)
    elif field.kind is Kind.TABLE:
        yield from _table_misfits(value, field, path)
    elif not _LEAVES[field.kind](value):
        yield path


def _record_misfits(value: Json, field: Field, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield path
        return
    for name, part in value.items():
        here = f"{path}.{name}".lstrip(".")
        inner = field.fields.get(name, field.others)
        if name == GAP:
            if not _is_gap(part):
                yield here
        elif name == PLACES and name not in field.fields:
            if not _is_texts(list(part.values()) if isinstance(part, dict) else None):
                yield here
        elif inner is None:
            yield here
        else:
            yield from misfits(part, inner, here)


def _table_misfits(value: Json, field: Field, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield path
        return
    for number, item in enumerate(value):
        here = f"{path}[{number}]"
        yield from _record_misfits(item, field, here)
        if isinstance(item, dict):
            yield from (f"{here}.{key}" for key in field.key if key not in item)


def _is_gap(value: Json) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"why", "detail"}
        and value["why"] in list(Why)
        and isinstance(value["detail"], str)
    )


def _is_int(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_time(value: Json) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


_LEAVES: Mapping[Kind, Callable[[Json], bool]] = {
    Kind.BOOL: lambda value: isinstance(value, bool),
    Kind.INT: _is_int,
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.TEXTS: _is_texts,
    Kind.MODE: lambda value: isinstance(value, str) and _MODE.fullmatch(value) is not None,
    Kind.DURATION: _is_int,
    Kind.TIME: _is_time,
    Kind.VERSION: lambda value: isinstance(value, str),
    Kind.PORTS: lambda value: _is_texts(value) and all(map(_PORT.fullmatch, value)),
}
