"""YAML without surprises, with the line of everything that was read.

`no`, `1.10`, `022` and dates stay text; a repeated key, an alias, a deep nest or a huge file is
a mistake. Values are built from the nodes themselves, so each path has its line and column.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from auditor.errors import ConfigError

FILE_LIMIT = 32 * 2**20
"""Bytes; 10,000 targets take about 3 MB."""
DEPTH_LIMIT = 40

Path_ = tuple[str | int, ...]
_INT = re.compile(r"0|-?[1-9][0-9]{0,17}")
_BOOLS = {"true": True, "false": False}


class Document(msgspec.Struct, frozen=True):
    """What a file says; `places` gives line and column (from 1) of each path in it."""

    path: str
    value: Any
    places: Mapping[Path_, tuple[int, int]]

    def mistake(self, at: Path_, problem: str, hint: str = "") -> ConfigError:
        """Return the error for what stands at a path, or at the nearest path above it."""
        while at and at not in self.places:
            at = at[:-1]
        line, column = self.places.get(at, (1, 1))
        return ConfigError(self.path, problem, line=line, column=column, hint=hint)


class _Loader(yaml.CSafeLoader):
    """libyaml's parser; only its nodes are used."""


def read_yaml(path: Path) -> Document:
    """Read a file; raises `ConfigError` for whatever is wrong with it."""
    try:
        size = path.stat().st_size
        if size > FILE_LIMIT:
            raise ConfigError(
                str(path), f"the file has {size} bytes, at most {FILE_LIMIT} are read"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "the file is not UTF-8 text", hint=str(error)) from error
    except OSError as error:
        raise ConfigError(
            str(path), f"cannot be read: {error.strerror}", hint="`auditor init` writes a first one"
        ) from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, path: str) -> Document:
    """Read YAML text; `path` names it in errors."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise _explained(error, path) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(path, f"is not YAML: {error}") from error
    builder = _Builder(path)
    value = builder.build(node, (), 0) if node is not None else None
    return Document(path, value, builder.places)


_HINTS = (
    ("\\t", "YAML is indented with spaces, not with tabs"),
    ("mapping values are not allowed", "quote a text that holds a colon"),
    ("could not find expected ':'", "is a colon or a closing quote missing above?"),
    ("unexpected end of stream", "a quote or bracket is not closed"),
    ("did not find expected", "look at the indentation and the brackets of the lines above"),
)


def _explained(error: yaml.MarkedYAMLError, path: str) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    problem = " ".join(filter(None, (error.context, error.problem)))
    hint = next((words for part, words in _HINTS if part in problem), "")
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return ConfigError(path, problem, line=line, column=column, hint=hint)


class _Builder:
    """Builds values from nodes and notes where each one stands."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen: set[int] = set()
        self.places: dict[Path_, tuple[int, int]] = {}

    def build(self, node: yaml.Node, at: Path_, depth: int) -> Any:
        mark = node.start_mark
        self.places[at] = (mark.line + 1, mark.column + 1)
        if depth > DEPTH_LIMIT:
            raise self._mistake(node, f"nested deeper than {DEPTH_LIMIT} levels")
        if id(node) in self._seen:
            raise self._mistake(node, "aliases (*name) are not allowed", "write the value out")
        self._seen.add(id(node))
        if not node.tag.startswith("tag:yaml.org,2002:"):
            raise self._mistake(node, f"tags ({node.tag}) are not allowed")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(one, (*at, n), depth + 1) for n, one in enumerate(node.value)]
        return _scalar(str(node.value), quoted=bool(getattr(node, "style", "")))

    def _mapping(self, node: yaml.MappingNode, at: Path_, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._mistake(key, "a key must be a word")
            name = str(key.value)
            if name in found:
                raise self._mistake(key, f"{name!r} is given twice")
            found[name] = self.build(value, (*at, name), depth + 1)
            self.places[*at, name] = (key.start_mark.line + 1, key.start_mark.column + 1)
        return found

    def _mistake(self, node: yaml.Node, problem: str, hint: str = "") -> ConfigError:
        mark = node.start_mark
        return ConfigError(
            self._path, problem, line=mark.line + 1, column=mark.column + 1, hint=hint
        )


def _scalar(text: str, *, quoted: bool) -> Any:
    """Quoted is text; plain is an integer, a truth value, nothing, or text."""
    if quoted:
        return text
    if text in ("", "null", "~"):
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    return int(text) if _INT.fullmatch(text) else text
