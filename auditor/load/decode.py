"""Decode a document into a type of the model; mistakes point to their line, with a hint."""

import difflib
import re
import typing
from typing import Any, TypeVar

import msgspec

from auditor.errors import ConfigError
from auditor.load.yaml import Document, Path_

T = TypeVar("T")
_AT = re.compile(r"(?P<problem>.*?)(?: - at `(?P<key>key in )?(?P<path>\$.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.+)`")
_ENUM = re.compile(r"Invalid enum value '(.*)'")


def decode(document: Document, kind: type[T], under: Path_ = ()) -> T:
    """Convert what stands at `under`; raises `ConfigError` with file, line and column."""
    value = document.value
    for step in under:
        value = value[step]
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        raise _mistake(document, kind, under, str(error)) from error


def _mistake(document: Document, kind: Any, under: Path_, words: str) -> ConfigError:
    match = _AT.fullmatch(words)
    assert match is not None  # noqa: S101 - the pattern takes every text
    path = _path(match["path"] or "$")
    problem = match["problem"]
    here = _type_at(kind, path)
    if unknown := _UNKNOWN.fullmatch(problem):
        return document.mistake(
            (*under, *path, unknown[1]),
            f"unknown key {unknown[1]!r}",
            _close(unknown[1], _fields(here)),
        )
    if enum := _ENUM.fullmatch(problem):
        return document.mistake(
            (*under, *path), f"{enum[1]!r} is not possible here", _choices(here)
        )
    return document.mistake((*under, *path), problem[:1].lower() + problem[1:])


def _path(text: str) -> Path_:
    steps: list[str | int] = []
    for name, index in _STEP.findall(text):
        if index == "...":
            break
        steps.append(int(index) if index else name)
    return tuple(steps)


def _fields(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [field.encode_name for field in msgspec.structs.fields(kind)]
    return []


def _close(name: str, known: list[str]) -> str:
    if close := difflib.get_close_matches(name, known, 1):
        return f"did you mean {close[0]!r}?"
    return f"known here: {', '.join(known)}" if known else ""


def _choices(kind: Any) -> str:
    values = [member.value for member in kind] if hasattr(kind, "__members__") else []
    return f"one of: {', '.join(values)}" if values else ""


def _type_at(kind: Any, path: Path_) -> Any:
    """Follow a path through the declared types, as far as they tell."""
    for step in path:
        kind = _inner(_plain(kind), step)
    return _plain(kind)


def _plain(kind: Any) -> Any:
    """Strip `Annotated`, and of a union the part that says most."""
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    parts = [part for part in typing.get_args(kind) if part is not type(None)]
    is_union = typing.get_origin(kind) is typing.Union or type(kind).__name__ == "UnionType"
    return _plain(parts[0]) if is_union and parts else kind


def _inner(kind: Any, step: str | int) -> Any:
    if isinstance(step, int):
        arguments = typing.get_args(kind)
        return arguments[0] if arguments else Any
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind, include_extras=True)
        names = {field.encode_name: field.name for field in msgspec.structs.fields(kind)}
        return hints.get(names.get(step, ""), Any)
    arguments = typing.get_args(kind)
    return arguments[-1] if arguments else Any
