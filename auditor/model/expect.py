"""Read `expect:` as authors write it into expectations.

A list and a mapping mean "all of them"; `{path: {op: operand}}` is an assertion;
`all`, `any`, `none` hold a list, or `{each: table, where: …, that: …}`; `count` an `each` with
`min` or `max`.
"""

from collections.abc import Iterator, Mapping

from auditor.model.check import Assertion, Each, Expectation, Group, Op, Quantifier
from auditor.model.fact import Json

Place = tuple[str | int, ...]
_EACH_KEYS = frozenset({"each", "where", "that", "min", "max"})


class ExpectError(ValueError):
    """What cannot be read, and where: keys and indices from the top of `expect`."""

    def __init__(self, at: Place, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.at = at
        self.problem = problem
        self.hint = hint


def read_expect(raw: Json, at: Place = ()) -> tuple[Expectation, ...]:
    """Return the expectations, all of which must hold; never empty."""
    if isinstance(raw, list):
        found = [part for n, item in enumerate(raw) for part in _one(item, (*at, n))]
    else:
        found = list(_one(raw, at))
    if not found:
        raise ExpectError(at, "expects nothing: such a check could not fail")
    return tuple(found)


def _one(raw: Json, at: Place) -> Iterator[Expectation]:
    if not isinstance(raw, Mapping) or not raw:
        raise ExpectError(at, "an expectation is a mapping, such as {sshd.port: {eq: 22}}")
    for name, body in raw.items():
        here = (*at, name)
        if name in Quantifier.__members__.values():
            yield _quantified(Quantifier(name), body, here)
        else:
            yield from _assertions(str(name), body, here)


def _assertions(path: str, body: Json, at: Place) -> Iterator[Assertion]:
    if not isinstance(body, Mapping) or not body:
        raise ExpectError(at, "needs an operator, such as {eq: 22}", f"operators: {_ops()}")
    for op, operand in body.items():
        if op not in Op.__members__.values():
            raise ExpectError((*at, op), f"there is no operator {op!r}", f"operators: {_ops()}")
        yield Assertion(path=path, op=Op(op), operand=operand)


def _ops() -> str:
    return ", ".join(op.value for op in Op)


def _quantified(quantifier: Quantifier, body: Json, at: Place) -> Expectation:
    if isinstance(body, Mapping) and "each" in body:
        return _each(quantifier, body, at)
    if quantifier is Quantifier.COUNT or not isinstance(body, list):
        raise ExpectError(at, f"{quantifier} needs {{each: table, …}}" + _or_list(quantifier))
    return Group(quantifier=quantifier, of=read_expect(body, at))


def _or_list(quantifier: Quantifier) -> str:
    return "" if quantifier is Quantifier.COUNT else " or a list"


def _each(quantifier: Quantifier, body: Mapping[str, Json], at: Place) -> Each:
    if unknown := sorted(set(body) - _EACH_KEYS):
        raise ExpectError((*at, unknown[0]), f"unknown key {unknown[0]!r} in each")
    where = read_expect(body["where"], (*at, "where")) if "where" in body else ()
    that = read_expect(body["that"], (*at, "that")) if "that" in body else ()
    bounds = (body.get("min"), body.get("max"))
    _check_bounds(quantifier, bounds, at)
    if not where and not that:
        raise ExpectError(at, "needs where or that: it could not fail without")
    if quantifier is Quantifier.ALL and not that:
        raise ExpectError(at, "all needs that: what must hold of the items")
    return Each(
        quantifier=quantifier,
        path=str(body["each"]),
        where=where,
        that=that,
        least=bounds[0],
        most=bounds[1],
    )


def _check_bounds(quantifier: Quantifier, bounds: tuple[Json, Json], at: Place) -> None:
    given = [bound for bound in bounds if bound is not None]
    if quantifier is not Quantifier.COUNT and given:
        raise ExpectError(at, "min and max go with count")
    if quantifier is Quantifier.COUNT and not given:
        raise ExpectError(at, "count needs min or max")
    if not all(isinstance(bound, int) and not isinstance(bound, bool) for bound in given):
        raise ExpectError(at, "min and max are numbers")
