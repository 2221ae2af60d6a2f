"""Read `expect:` as authors write it into expectations, each with its place.

    [ … ]  and  { … }                    all of them hold
    {alias.path: {op: operand}}          an assertion; several operators: all
    {all|any|none: [ … ]}                a group
    {all|any|none: {each: alias.table, where: …, that: …}}
    {count: {each: alias.table, where: …, min: n, max: n}}

Paths inside `where` and `that` begin at the item. What could not fail is refused.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from auditor.model.base import Value
from auditor.model.check import Assertion, Each, Expectation, Group, Op, Quantifier
from auditor.model.fact import Json

Place: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the top of `expect`."""

_EACH_KEYS = ("each", "where", "that", "min", "max")
_OPS = tuple(op.value for op in Op)
_QUANTIFIERS = tuple(quantifier.value for quantifier in Quantifier)


class ExpectError(ValueError):
    """What cannot be read, and where."""

    def __init__(self, at: Place, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.at = at
        self.problem = problem
        self.hint = hint


class Placed(Value, frozen=True):
    """An expectation and where it is written; `parts` are those inside, `where` before `that`."""

    at: Place
    expectation: Expectation
    parts: tuple["Placed", ...] = ()


def read_expect(raw: Json) -> tuple[Expectation, ...]:
    """Return the expectations, all of which must hold; never empty. Raises `ExpectError`."""
    return _bare(place_expect(raw))


def place_expect(raw: Json, at: Place = ()) -> tuple[Placed, ...]:
    """Return the same with their places."""
    if isinstance(raw, list):
        found = tuple(part for n, item in enumerate(raw) for part in _mapping(item, (*at, n)))
    else:
        found = tuple(_mapping(raw, at))
    if not found:
        raise ExpectError(at, "expects nothing: it could not fail", "write {alias.fact: {eq: …}}")
    return found


def _bare(placed: tuple[Placed, ...]) -> tuple[Expectation, ...]:
    return tuple(part.expectation for part in placed)


def _mapping(raw: Json, at: Place) -> Iterator[Placed]:
    if not isinstance(raw, Mapping) or not raw:
        raise ExpectError(at, "is no expectation", "write {alias.fact: {eq: …}}")
    for name, body in raw.items():
        here = (*at, name)
        if name in _QUANTIFIERS:
            yield _quantified(Quantifier(name), body, here)
        else:
            yield from _assertions(name, body, here)


def _assertions(path: str, body: Json, at: Place) -> Iterator[Placed]:
    if not path:
        raise ExpectError(at, "the name of a fact is missing")
    if not isinstance(body, Mapping) or not body:
        raise ExpectError(at, f"{path}: an operator is missing", "write {eq: …}, {max: …}, …")
    for op, operand in body.items():
        here = (*at, op)
        if op not in _OPS:
            close = difflib.get_close_matches(str(op)[:40], _OPS, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"operators: {', '.join(_OPS)}"
            raise ExpectError(here, f"{path}: there is no operator {op!r}", hint)
        if operand is None:
            raise ExpectError(here, f"{path}: {op} has no value to compare with")
        yield Placed(at=here, expectation=Assertion(path=path, op=Op(op), operand=operand))


def _quantified(quantifier: Quantifier, body: Json, at: Place) -> Placed:
    if isinstance(body, Mapping) and "each" in body:
        return _each(quantifier, body, at)
    if isinstance(body, list) and quantifier is not Quantifier.COUNT:
        parts = place_expect(body, at)
        return Placed(at=at, expectation=Group(quantifier=quantifier, of=_bare(parts)), parts=parts)
    forms = "{each: alias.table, …}" + ("" if quantifier is Quantifier.COUNT else " or a list")
    raise ExpectError(at, f"{quantifier} needs {forms}")


def _each(quantifier: Quantifier, body: Mapping[str, Json], at: Place) -> Placed:
    for key in body:
        if key not in _EACH_KEYS:
            raise ExpectError((*at, key), f"unknown key {key!r}", f"known: {', '.join(_EACH_KEYS)}")
    path = body["each"]
    if not isinstance(path, str) or not path:
        raise ExpectError((*at, "each"), "each names a table, such as up.security")
    where = place_expect(body["where"], (*at, "where")) if "where" in body else ()
    that = place_expect(body["that"], (*at, "that")) if "that" in body else ()
    least, most = _bounds(quantifier, body, at)
    _refuse_idle(quantifier, where, that, at)
    each = Each(
        quantifier=quantifier,
        path=path,
        where=_bare(where),
        that=_bare(that),
        least=least,
        most=most,
    )
    return Placed(at=at, expectation=each, parts=(*where, *that))


def _refuse_idle(
    quantifier: Quantifier, where: tuple[Placed, ...], that: tuple[Placed, ...], at: Place
) -> None:
    """Refuse a statement that says nothing about the items."""
    if quantifier is Quantifier.ALL and not that:
        raise ExpectError(at, "all needs that: what must hold of the items", "where only chooses")
    if quantifier in (Quantifier.ANY, Quantifier.NONE) and not where and not that:
        raise ExpectError(at, f"{quantifier} needs where or that", "a table alone: {empty: true}")


def _bounds(
    quantifier: Quantifier, body: Mapping[str, Json], at: Place
) -> tuple[int | None, int | None]:
    least, most = _bound(body, "min", at), _bound(body, "max", at)
    if quantifier is not Quantifier.COUNT:
        if least is not None or most is not None:
            raise ExpectError(at, f"min and max go with count, not with {quantifier}")
        return None, None
    if most is None and not least:
        raise ExpectError(at, "count needs max, or min from 1 upwards: it could not fail")
    if most is not None and least is not None and least > most:
        raise ExpectError(at, f"no number is at least {least} and at most {most}")
    return least, most


def _bound(body: Mapping[str, Json], name: str, at: Place) -> int | None:
    if name not in body:
        return None
    bound = body[name]
    if not isinstance(bound, int) or isinstance(bound, bool) or bound < 0:
        raise ExpectError((*at, name), f"{name} is a number from 0 upwards")
    return bound
