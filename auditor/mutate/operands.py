"""Other operands and operators for an assertion: the nearest that say something else."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from auditor.model.check import Check, Op
from auditor.model.fact import Json, Kind
from auditor.model.operators import OPERATORS

Family = tuple[Json, ...]
"""Operands that are one change: the examples need to notice one of them."""

_SPAN = re.compile(r"(\d+)([smhdw])")
_LAST_NUMBER = re.compile(r"\d+(?=\D*\Z)")
_GROUP_AND_OTHERS = (0o070, 0o007)


class Shown:
    """The values that a check's examples show."""

    def __init__(self, check: Check) -> None:
        self._values: dict[str, dict[str, Json]] = {}
        for example in check.tests:
            self._gather("", example.given)

    def _gather(self, name: str, value: Json) -> None:
        if isinstance(value, Mapping):
            for key, part in value.items():
                self._gather(key, part)
        elif isinstance(value, list | tuple):
            for part in value:
                self._gather(name, part)
        else:
            self._values.setdefault(name, {})[repr(value)] = value

    def at(self, path: str) -> tuple[Json, ...]:
        """Return the scalars under the last name of a path, those of lists one by one."""
        found = self._values.get(path, {}) | self._values.get(path.rpartition(".")[2], {})
        return tuple(found.values())


def other_operators(op: Op, kind: Kind, operand: Json) -> Iterator[tuple[Op, Json]]:
    """Yield the opposite and the neighbours of an operator that fit the fact.

    "At most 0" is no neighbour of "0": few numbers have anything below.
    """
    for other in _OTHERS.get(op, ()):
        at_nought = op is Op.EQ and other is Op.MAX and operand == 0
        if kind in OPERATORS[other] and not at_nought:
            yield other, [operand] if op is Op.CONTAINS else operand


def altered(op: Op, kind: Kind, operand: Json, shown: tuple[Json, ...]) -> Iterator[Family]:
    """Yield other operands of an operator; `shown` are values that examples have."""
    for family in _BY_OP[op](kind, operand, shown):
        if others := tuple(value for value in family if value != operand):
            yield others


def _scalar(kind: Kind, operand: Json, shown: Family) -> Iterator[Family]:
    if isinstance(operand, bool):
        yield (not operand,)
    elif kind is Kind.MODE:
        yield from _mode(kind, operand, shown)
    elif kind is Kind.DURATION or isinstance(operand, int):
        yield from _number(kind, operand, shown)
    else:
        yield (f"{operand}x",)


def _number(_kind: Kind, operand: Json, _shown: Family) -> Iterator[Family]:
    if isinstance(operand, int):
        yield (operand + 1,)
        yield (operand - 1,)
    elif span := _SPAN.fullmatch(str(operand)):
        number, unit = int(span[1]), span[2]
        yield (f"{number + 1}{unit}",)
        if number:
            yield (f"{number - 1}{unit}",)


def _list(_kind: Kind, operand: Json, shown: Family) -> Iterator[Family]:
    for number, part in enumerate(operand):
        rest = [*operand[:number], *operand[number + 1 :]]
        if part not in rest:
            yield (rest,)
    known = {str(part) for part in operand}
    more = [part for part in shown if str(part) not in known and not isinstance(part, bool)]
    yield tuple([*operand, part] for part in more or [_ANOTHER])


_ANOTHER = "another"


def _flag(_kind: Kind, operand: Json, _shown: Family) -> Iterator[Family]:
    yield (not operand,)


def _start(_kind: Kind, operand: Json, _shown: Family) -> Iterator[Family]:
    yield (f"{operand}x",)
    yield (operand[:-1],)


def _mode(_kind: Kind, operand: Json, _shown: Family) -> Iterator[Family]:
    bits = int(operand, 8)
    for mask in _GROUP_AND_OTHERS:
        if more := [bit for bit in _BITS if bit & mask and not bit & bits]:
            yield tuple(f"{bits | bit:04o}" for bit in more)
    for bit in _BITS:
        if bit & bits:
            yield (f"{bits & ~bit:04o}",)


_BITS = tuple(1 << place for place in (2, 1, 0, 5, 4, 3, 8, 7, 6))


def _version(_kind: Kind, operand: Json, _shown: Family) -> Iterator[Family]:
    number = _LAST_NUMBER.search(operand)
    if number is None:
        return
    for step in (1, -1):
        other = max(0, int(number[0]) + step)
        yield (f"{operand[: number.start()]}{other}{operand[number.end() :]}",)


def _age(kind: Kind, operand: Json, shown: Family) -> Iterator[Family]:
    if operand == "now":
        yield ("1d",)
    elif isinstance(operand, int) or _SPAN.fullmatch(operand):
        yield from _number(kind, operand, shown)
    else:
        for days in (1, -1):
            yield ((datetime.fromisoformat(operand) + timedelta(days=days)).isoformat(),)


def _pattern(_kind: Kind, operand: Json, _shown: Family) -> Iterator[Family]:
    """Nothing matches, everything matches, an anchor less, an alternative less."""
    texts = ["(?!)", "", *_without_anchor(operand), *_without_alternative(operand)]
    yield from ((text,) for text in dict.fromkeys(texts) if text != operand and _compiles(text))


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _signs(pattern: str) -> Iterator[tuple[int, str]]:
    """Yield the signs outside character classes that have a meaning, with their places."""
    inside, place = False, 0
    while place < len(pattern):
        sign = pattern[place : place + 2] if pattern[place] == "\\" else pattern[place]
        if sign == "[" and not inside:
            inside = True
            first = place + 1 + pattern.startswith("^", place + 1)
            place = first + pattern.startswith("]", first)
            continue
        if sign == "]" and inside:
            inside = False
        elif not inside:
            yield place, sign
        place += len(sign)


def _without_anchor(pattern: str) -> Iterator[str]:
    for place, sign in _signs(pattern):
        if sign in ("^", "$", "\\b", "\\B", "\\A", "\\Z"):
            yield pattern[:place] + pattern[place + len(sign) :]


def _without_alternative(pattern: str) -> Iterator[str]:
    """Yield the pattern without one of the alternatives of a group, or of the whole."""
    open_groups: list[list[int]] = [[0]]
    for place, sign in (*_signs(pattern), (len(pattern), ")")):
        if sign == "(":
            ahead = re.match(r"\?(?:P<\w+>|[:=!]|<[=!]|[a-z]+:)?", pattern[place + 1 :])
            open_groups.append([place + 1 + (ahead.end() if ahead else 0)])
        elif sign == "|":
            open_groups[-1].append(place + 1)
        elif sign == ")" and open_groups:
            starts = open_groups.pop()
            ends = [start - 1 for start in starts[1:]] + [place]
            if len(starts) > 1:
                for start, end in zip(starts, ends, strict=True):
                    last = end == place
                    cut = (start - 1, end) if last else (start, end + 1)
                    yield pattern[: cut[0]] + pattern[cut[1] :]


_Changes = Callable[[Kind, Json, Family], Iterator[Family]]
_BY_OP: Mapping[Op, _Changes] = {
    Op.EQ: _scalar,
    Op.NE: _scalar,
    Op.IN: _list,
    Op.NOT_IN: _list,
    Op.MIN: _number,
    Op.MAX: _number,
    Op.MATCHES: _pattern,
    Op.NOT_MATCHES: _pattern,
    Op.STARTS_WITH: _start,
    Op.CONTAINS: _scalar,
    Op.CONTAINS_ALL: _list,
    Op.CONTAINS_NONE: _list,
    Op.SUBSET_OF: _list,
    Op.EMPTY: _flag,
    Op.EXISTS: _flag,
    Op.MODE_MAX: _mode,
    Op.VERSION_MIN: _version,
    Op.OLDER_THAN: _age,
    Op.NEWER_THAN: _age,
    Op.WRITTEN: _flag,
}
_OTHERS: Mapping[Op, tuple[Op, ...]] = {
    Op.EQ: (Op.NE, Op.MIN, Op.MAX),
    Op.NE: (Op.EQ,),
    Op.IN: (Op.NOT_IN,),
    Op.NOT_IN: (Op.IN,),
    Op.MIN: (Op.MAX, Op.EQ),
    Op.MAX: (Op.MIN, Op.EQ),
    Op.MATCHES: (Op.NOT_MATCHES,),
    Op.NOT_MATCHES: (Op.MATCHES,),
    Op.STARTS_WITH: (Op.EQ,),
    Op.CONTAINS: (Op.CONTAINS_NONE,),
    Op.CONTAINS_ALL: (Op.CONTAINS_NONE,),
    Op.CONTAINS_NONE: (Op.CONTAINS_ALL,),
    Op.SUBSET_OF: (Op.CONTAINS_ALL,),
    Op.MODE_MAX: (Op.EQ,),
    Op.VERSION_MIN: (Op.EQ,),
    Op.OLDER_THAN: (Op.NEWER_THAN,),
    Op.NEWER_THAN: (Op.OLDER_THAN,),
}
