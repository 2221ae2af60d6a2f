"""Say in plain words what libyaml could not read, and what to do about it."""

import re
from collections.abc import Callable
from typing import Any

import yaml

from auditor.errors import ConfigError


def explain(error: yaml.YAMLError | UnicodeEncodeError, text: str, path: str) -> ConfigError:
    """Turn a parser's error into the operator's mistake, with line, column and a hint."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(error, text, path)
    if isinstance(error, UnicodeEncodeError):
        line = text.count("\n", 0, error.start) + 1
        return ConfigError(path, "holds half a character (a surrogate)", line=line)
    position = getattr(error, "position", 0)
    line = text.encode().count(b"\n", 0, position) + 1
    sign = getattr(error, "character", 0)
    return ConfigError(
        path,
        f"holds the control character U+{sign if isinstance(sign, int) else ord(sign):04X}",
        line=line,
        hint="remove it; in double quotes it may be written as an escape",
    )


def _marked(error: yaml.MarkedYAMLError, text: str, path: str) -> ConfigError:
    problem = str(error.problem or error.context)
    here: Any = error.problem_mark or error.context_mark
    opened: Any = error.context_mark
    lines = text.splitlines()
    for part, words in _WORDS.items():
        if part in f"{error.context} {problem}":
            said, hint, mark = words(lines, here, opened)
            break
    else:
        said, hint, mark = (
            f"is not YAML: {problem}",
            "put a text with special signs in quotes",
            here,
        )
    return ConfigError(path, said, line=mark.line + 1, column=mark.column + 1, hint=hint)


_Words = Callable[[list[str], Any, Any], tuple[str, str, Any]]


def _line(lines: list[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _indent(lines: list[str], mark: Any) -> str:
    for number in (mark.line, mark.line - 1):
        line = _line(lines, number)
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return f"line {number + 1} is indented with a tab: use spaces"
    return "lines of one list or mapping begin in the same column"


def _colon(lines: list[str], here: Any, _opened: Any) -> tuple[str, str, Any]:
    before = _line(lines, here.line - 1)
    line = _line(lines, here.line)
    if ": " in line[: here.column]:
        return "a colon stands inside a text", 'put a text that holds ": " in quotes', here
    if re.match(r"\s*(- )?[\w.-]+:\S", before):
        hint = f"put a space after the colon in line {here.line}"
    else:
        hint = _indent(lines, here)
    return "a key cannot begin here", hint, here


def _token(lines: list[str], here: Any, opened: Any) -> tuple[str, str, Any]:
    sign = _line(lines, here.line)[here.column : here.column + 1]
    if sign == "\t":
        return _tab(lines, here, opened)
    if not sign.strip():
        return "the text ends too early", "a bracket or a quote is not closed", here
    return f"a text cannot begin with {sign!r}", "put it in quotes", here


def _tab(_lines: list[str], here: Any, _opened: Any) -> tuple[str, str, Any]:
    return "a tab stands where only spaces may", "indent with spaces, not with tabs", here


def _entry(_lines: list[str], here: Any, _opened: Any) -> tuple[str, str, Any]:
    return "a list cannot begin here", "put each `- ` on a line of its own", here


def _anchor(lines: list[str], _here: Any, opened: Any) -> tuple[str, str, Any]:
    sign = _line(lines, opened.line)[opened.column : opened.column + 1]
    return f"a text cannot begin with {sign!r}", "put it in quotes", opened


def _quote(_lines: list[str], _here: Any, opened: Any) -> tuple[str, str, Any]:
    return "the quote that opens here is not closed", "close it, or double a ' inside '…'", opened


def _escape(_lines: list[str], here: Any, _opened: Any) -> tuple[str, str, Any]:
    return "unknown escape in double quotes", r"write \\ for a backslash, or use '…'", here


def _bracket(_lines: list[str], here: Any, opened: Any) -> tuple[str, str, Any]:
    hint = f"reading stopped in line {here.line + 1}: a comma or the closing bracket is missing"
    return "the bracket that opens here is not closed", hint, opened


def _no_colon(_lines: list[str], _here: Any, opened: Any) -> tuple[str, str, Any]:
    return "this line is neither `key: value` nor `- item`", "is a colon missing?", opened


def _after(lines: list[str], here: Any, _opened: Any) -> tuple[str, str, Any]:
    before = _line(lines, here.line)[: here.column].rstrip()
    if before.endswith(('"', "'", "]", "}")):
        hint = f"after the closing {before[-1]} nothing may follow; quote the whole text"
    else:
        hint = _indent(lines, here)
    return "this line does not fit to the lines above", hint, here


_WORDS: dict[str, _Words] = {
    "mapping values are not allowed": _colon,
    "cannot start any token": _token,
    "tab character": _tab,
    "block sequence entries are not allowed": _entry,
    "while scanning an alias": _anchor,
    "while scanning an anchor": _anchor,
    "found unexpected end of stream": _quote,
    "found unexpected document indicator": _quote,
    "escape": _escape,
    "expected node content": _token,
    "flow sequence": _bracket,
    "flow mapping": _bracket,
    "could not find expected ':'": _no_colon,
    "block mapping": _after,
    "block collection": _after,
}
