"""YAML without surprises, with the line of everything that was read.

`no`, `1.10`, `022` and dates stay text; only `0`, `42`, `-7`, `true`, `false` and `null` are more.
A repeated key, an alias, a tag, a deep nest or a huge file is a mistake. Values are built from
libyaml's events, without recursion, so that no text can exhaust the stack or the memory.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import yaml

from auditor.errors import ConfigError
from auditor.load.yaml_words import explain

FILE_LIMIT = 8 * 2**20
"""Bytes; 10,000 targets take about 2.5 MB."""
DEPTH_LIMIT = 40
NODE_LIMIT = 1_000_000
"""Values in one file; 10,000 targets have about 250,000."""

Steps: TypeAlias = tuple[str | int, ...]
"""A path into a document: keys and indices."""
Spot: TypeAlias = tuple[Any, Any]
"""Where a value stands: libyaml's mark (of its key, in a mapping), and the spots inside it."""

_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "": None}


class Document(msgspec.Struct, frozen=True):
    """What a file says, and where it says it."""

    path: str
    value: Any
    spot: Spot | None = None

    def place(self, at: Steps) -> tuple[int, int]:
        """Return line and column (from 1) of what stands at a path, or of the nearest above it."""
        if self.spot is None:
            return 1, 1
        mark, inner = self.spot
        for step in at:
            try:
                mark, inner = inner[step]
            except (KeyError, IndexError, TypeError):
                break
        return mark.line + 1, mark.column + 1

    def mistake(self, at: Steps, problem: str, hint: str = "") -> ConfigError:
        """Return the error for what stands at a path."""
        line, column = self.place(at)
        return ConfigError(self.path, problem, line=line, column=column, hint=hint)


def read_yaml(path: Path, hint: str = "") -> Document:
    """Read a file; raises `ConfigError` for whatever is wrong with it, `hint` if it is missing."""
    return parse_yaml(read_text(path, hint), str(path))


def read_text(path: Path, hint: str = "") -> str:
    """Return a file's text (UTF-8, at most `FILE_LIMIT` bytes), or raise `ConfigError`."""
    try:
        with path.open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError as error:
        raise ConfigError(str(path), "there is no such file", hint=hint) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(str(path), f"cannot be read: {why}") from error
    if len(data) > FILE_LIMIT:
        raise ConfigError(str(path), f"is longer than {FILE_LIMIT // 2**20} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            str(path), "is not UTF-8 text", line=line, hint="save the file as UTF-8"
        ) from error


def parse_yaml(text: str, path: str, *, tags: bool = False) -> Document:
    """Read YAML text; `path` names it in errors. With `tags` a tagged scalar is read as text."""
    builder = _Builder(path, tags=tags)
    try:
        builder.read(yaml.parse(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise explain(error, text, path) from error
    return Document(path, builder.value, builder.spot)


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("key", "mark", "spots", "value")

    def __init__(self, value: Any, spots: Any) -> None:
        self.value = value
        self.spots = spots
        self.key: str | None = None
        self.mark: Any = None


class _Builder:
    """Builds values from events and notes where each one stands."""

    def __init__(self, path: str, *, tags: bool) -> None:
        self._path = path
        self._tags = tags
        self._stack: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self.value: Any = None
        self.spot: Spot | None = None

    def read(self, events: Iterable[Any]) -> None:
        """Take all events of a text."""
        steps: Mapping[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        for event in events:
            step = steps.get(type(event))
            if step is not None:
                step(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._mistake(event, "a second document begins (---)", "one file, one document")

    def _alias(self, event: Any) -> None:
        raise self._mistake(event, "aliases (*name) are not read", "write the value out")

    def _scalar(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        top = self._stack[-1] if self._stack else None
        if top is not None and type(top.value) is dict and top.key is None:
            self._name(top, event)
        elif event.style or event.tag:
            self._put(event.value, None, event)
        else:
            self._put(_plain(event.value), None, event)

    def _name(self, top: _Open, event: Any) -> None:
        name = event.value
        if not name:
            raise self._mistake(event, "a key is missing before the colon")
        if name in top.value:
            first = top.spots[name][0].line + 1
            raise self._mistake(event, f"{name!r} is given twice", f"first in line {first}")
        top.key, top.mark = name, event.start_mark

    def _mapping(self, event: Any) -> None:
        self._open({}, {}, event)

    def _sequence(self, event: Any) -> None:
        self._open([], [], event)

    def _open(self, value: Any, spots: Any, event: Any) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        if len(self._stack) >= DEPTH_LIMIT:
            raise self._mistake(event, f"is nested deeper than {DEPTH_LIMIT} levels")
        self._put(value, spots, event)
        self._stack.append(_Open(value, spots))

    def _end(self, _event: Any) -> None:
        self._stack.pop()

    def _put(self, value: Any, inner: Any, event: Any) -> None:
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            raise self._mistake(event, f"the file holds more than {NODE_LIMIT} values")
        if not self._stack:
            self.value, self.spot = value, (event.start_mark, inner)
            return
        top = self._stack[-1]
        if type(top.value) is list:
            top.value.append(value)
            top.spots.append((event.start_mark, inner))
        elif top.key is None:
            raise self._mistake(event, "a key is a word, not a list or a mapping")
        else:
            top.value[top.key] = value
            top.spots[top.key] = (top.mark, inner)
            top.key = None

    def _refuse_tag(self, event: Any) -> None:
        if not self._tags:
            raise self._mistake(
                event,
                f"tags ({event.tag}) are not read",
                "without a tag a value means what it says; quote a text that begins with !",
            )

    def _mistake(self, event: Any, problem: str, hint: str = "") -> ConfigError:
        mark = event.start_mark
        return ConfigError(
            self._path, problem, line=mark.line + 1, column=mark.column + 1, hint=hint
        )


def _plain(text: str) -> Any:
    """Return what a text without quotes means: an integer, a truth value, nothing, or itself."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INT.fullmatch(text) else text
