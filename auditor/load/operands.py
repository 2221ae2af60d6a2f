"""What an operator may be compared with: the operand's type, and whether it says anything."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from auditor.bind import duration
from auditor.model.check import Op
from auditor.model.fact import Json, Kind

_MODE = re.compile(r"[0-7]{4}")
_PORT = re.compile(r"[0-9]{1,5}/(tcp|udp)")
_NESTED = re.compile(r"\((?:[^()\\]|\\.)*[*+](?:[^()\\]|\\.)*\)[*+{]")
"""A repetition inside a repeated group: on hostile text it can take for ever."""


def operand_mistake(op: Op, kind: Kind, operand: Json) -> str:
    """Return what is wrong with an operand (parameters filled in) for a fact, or nothing."""
    return _OPERANDS[op](kind, operand)


def _scalar(kind: Kind, operand: Json) -> str:
    fits, words = _VALUES[kind]
    return "" if fits(operand) else f"needs {words}"


def _each(kind: Kind, operand: Json) -> str:
    if not isinstance(operand, list):
        return "needs a list"
    return next((words for part in operand if (words := _scalar(kind, part))), "")


def _some(kind: Kind, operand: Json) -> str:
    return _each(kind, operand) or ("" if operand else "needs a list that is not empty")


def _bool(_kind: Kind, operand: Json) -> str:
    return "" if isinstance(operand, bool) else "needs true or false"


def _start(_kind: Kind, operand: Json) -> str:
    return "" if isinstance(operand, str) and operand else "needs a text that is not empty"


def _pattern(kind: Kind, operand: Json) -> str:
    if problem := _start(kind, operand):
        return problem
    try:
        re.compile(operand)
    except re.error as error:
        return f"needs a pattern ({error})"
    if _NESTED.search(operand):
        return "needs a pattern without a repetition inside a repetition"
    return ""


def _version(_kind: Kind, operand: Json) -> str:
    has_number = isinstance(operand, str) and any(sign.isdigit() for sign in operand)
    return "" if has_number else 'needs a version in quotes, such as "1.2"'


def _time(_kind: Kind, operand: Json) -> str:
    return (
        ""
        if operand == "now" or _is_span(operand) or _is_date(operand)
        else ("needs an age (7d, 12h), a date (2026-12-31) or now")
    )


def _is_int(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_span(value: Json) -> bool:
    try:
        duration(value)
    except ValueError:
        return False
    return True


def _is_date(value: Json) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


_VALUES: Mapping[Kind, tuple[Callable[[Json], bool], str]] = {
    Kind.BOOL: (lambda value: isinstance(value, bool), "true or false"),
    Kind.INT: (_is_int, "a number"),
    Kind.DURATION: (_is_span, "a duration, such as 7d, 12h or 90s"),
    Kind.TEXT: (_is_text, "a text (in quotes where it looks like a number)"),
    Kind.TEXTS: (_is_text, "a text (in quotes where it looks like a number)"),
    Kind.VERSION: (_is_text, 'a version in quotes, such as "1.2"'),
    Kind.MODE: (lambda v: _is_text(v) and _MODE.fullmatch(v) is not None, 'a mode: "0640"'),
    Kind.PORTS: (lambda v: _is_text(v) and _PORT.fullmatch(v) is not None, "ports: 22/tcp"),
}

_OPERANDS: Mapping[Op, Callable[[Kind, Json], str]] = {
    Op.EQ: _scalar,
    Op.NE: _scalar,
    Op.IN: _some,
    Op.NOT_IN: _some,
    Op.MIN: _scalar,
    Op.MAX: _scalar,
    Op.MATCHES: _pattern,
    Op.NOT_MATCHES: _pattern,
    Op.STARTS_WITH: _start,
    Op.CONTAINS: _scalar,
    Op.CONTAINS_ALL: _some,
    Op.CONTAINS_NONE: _some,
    Op.SUBSET_OF: _each,
    Op.EMPTY: _bool,
    Op.EXISTS: _bool,
    Op.MODE_MAX: _scalar,
    Op.VERSION_MIN: _version,
    Op.OLDER_THAN: _time,
    Op.NEWER_THAN: _time,
    Op.WRITTEN: _bool,
}
