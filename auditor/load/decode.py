"""Decode a document into a type of the model; mistakes point to their line, in plain words."""

import re
import typing
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Generic, TypeVar

import msgspec

from auditor.errors import ConfigError
from auditor.load.decode_words import said
from auditor.load.yaml import Document, Steps

T = TypeVar("T")
_PLACE = re.compile(r"(?P<problem>.*) - at `(?P<key>key` in `)?(?P<path>\$[^`]*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class Written(msgspec.Struct, Generic[T], frozen=True):
    """A value with the place where it is written, for messages."""

    value: T
    document: Document
    at: Steps = ()

    def mistake(self, at: Steps, problem: str, hint: str = "") -> ConfigError:
        """Return the error for what stands at a path inside the value."""
        return self.document.mistake((*self.at, *at), problem, hint)


def decode(document: Document, kind: type[T], at: Steps = (), value: Any = msgspec.UNSET) -> T:
    """Convert what stands at a path (or `value` in its place); raises `ConfigError`."""
    if value is msgspec.UNSET:
        value = document.value
        for step in at:
            value = value[step]
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        raise mistake(document, kind, at, value, str(error)) from error


def decode_each(
    document: Document, kind: type[T], at: Steps, values: list[Any], errors: list[ConfigError]
) -> dict[int, T]:
    """Convert a list's items, by index; each item that cannot be adds one to `errors`."""
    try:
        return dict(enumerate(msgspec.convert(values, list[kind], strict=True)))  # type: ignore[valid-type]
    except msgspec.ValidationError:
        pass
    found: dict[int, T] = {}
    for number, value in enumerate(values):
        try:
            found[number] = decode(document, kind, (*at, number), value)
        except ConfigError as error:
            errors.append(error)
    return found


def mistake(document: Document, kind: Any, at: Steps, value: Any, words: str) -> ConfigError:
    """Return the error for msgspec's sentence about `value`, which stands at `at`."""
    match = _PLACE.fullmatch(words)
    path = match["path"] if match else "$"
    *_, (steps, kind, value) = _walk(kind, value, path)
    problem, hint, inside = said(
        match["problem"] if match else words, kind, value, is_key=bool(match and match["key"])
    )
    name = next((step for step in reversed((*at, *steps)) if isinstance(step, str)), "")
    if name and not inside:
        problem = f"{name}: {problem}"
    return document.mistake((*at, *steps, *inside), problem, hint)


def _walk(kind: Any, value: Any, path: str) -> Iterator[tuple[Steps, Any, Any]]:
    """Follow msgspec's path through types and values; it hides the keys of open mappings."""
    steps: Steps = ()
    yield steps, kind, value
    for name, index in _STEP.findall(path):
        kind = _plain(kind)
        step = _hidden(kind, value) if index == "..." else int(index) if index else name
        value, kind = value[step], _inner(kind, step)
        steps = (*steps, step)
        yield steps, kind, value


def _hidden(kind: Any, mapping: Mapping[str, Any]) -> str:
    """Return the first key whose value does not fit the type of an open mapping."""
    return next(key for key, value in mapping.items() if not _fits(value, _inner(kind, key)))


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError:
        return False
    return True


def _plain(kind: Any) -> Any:
    """Strip `Annotated`, and of a union take the first part that is not None."""
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) in (typing.Union, UnionType):
        return _plain(next(p for p in typing.get_args(kind) if p is not type(None)))
    return kind


def _inner(kind: Any, step: Any) -> Any:
    """Return the declared type of a part of a value."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind, include_extras=True)
        names = {field.encode_name: field.name for field in msgspec.structs.fields(kind)}
        return hints[names[str(step)]]
    arguments = typing.get_args(kind)
    return arguments[0] if isinstance(step, int) else arguments[-1]
