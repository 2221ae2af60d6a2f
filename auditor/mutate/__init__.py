"""Prove the proof: change a check a little, and see whether its own examples notice.

Every asserted operand, operator, quantifier and clause is changed, one at a time. A mutant that
all examples judge as the check itself survives: nothing shows that the check is what it says.
"""

from collections.abc import Iterator, Mapping

import msgspec

from auditor.bind import BoundCheck, bind_expectations, duration
from auditor.evaluate import evaluate
from auditor.examples import NOW, Situation, situation
from auditor.model.base import Value
from auditor.model.check import Assertion, Check, Expectation, Group, Op, Param, ParamType
from auditor.model.fact import Field, Json, Kind
from auditor.mutate.expectations import Change, Facts, changes, dropped, fact_at
from auditor.mutate.normal import normal
from auditor.mutate.operands import Shown, altered
from auditor.mutate.words import became, flow
from auditor.plan import Catalogue


class Mutant(Value, frozen=True):
    """A check with one thing changed, in the words of its file.

    Where the change has several forms (one more element, one more permission) the examples need
    to notice one of them: the others are about values that no example shows.
    """

    words: str
    forms: tuple["Form", ...]


class Form(Value, frozen=True):
    """What a mutant expects instead; `params` are other defaults, durations in seconds."""

    expect: tuple[Expectation, ...]
    when: tuple[Expectation, ...]
    params: Mapping[str, Json] = msgspec.field(default_factory=dict)


class Mutation(Value, frozen=True):
    """How many mutants a check has, and the words of those that no example notices."""

    number: int
    survivors: tuple[str, ...]


def mutate(check: Check, catalogue: Catalogue) -> Mutation:
    """Judge every mutant on the examples, which must hold for the check itself."""
    cases = [
        (example.verdict, frozenset(example.params), situation(check, example, catalogue))
        for example in check.tests
    ]
    number, survivors = 0, []
    for mutant in mutants(check, catalogue):
        number += 1
        if not any(_killed(check, form, cases) for form in mutant.forms):
            survivors.append(mutant.words)
    return Mutation(number=number, survivors=tuple(survivors))


def _killed(check: Check, form: Form, cases: list[tuple[str, frozenset[str], Situation]]) -> bool:
    for verdict, own, case in cases:
        params = {
            **case.bound.params,
            **{name: value for name, value in form.params.items() if name not in own},
        }
        bound = _rebound(check, case, form, params)
        if evaluate(bound, case.target.id, case.observations, NOW).status != verdict:
            return True
    return False


def _rebound(check: Check, case: Situation, form: Form, params: Mapping[str, Json]) -> BoundCheck:
    expect = bind_expectations(check, params, case.target, form.expect)
    when = bind_expectations(check, params, case.target, form.when)
    return msgspec.structs.replace(case.bound, expect=expect, when=when)


def mutants(check: Check, catalogue: Catalogue) -> Iterator[Mutant]:
    """Yield every mutant that says something else than the check, each once."""
    facts = {alias: catalogue[name].gives for alias, asked in check.probe.items() for name in asked}
    seen = {_normal(check.expect, check.when)}
    for one in _changes(check, facts):
        forms = tuple(form for form in one.forms if _normal(*form) not in seen)
        if forms:
            seen.update(_normal(*form) for form in forms)
            yield Mutant(
                words=one.words,
                forms=tuple(Form(expect=expect, when=when) for expect, when in forms),
            )
    yield from _defaults(check, facts)


_Both = tuple[tuple[Expectation, ...], tuple[Expectation, ...]]


class _Changed(Value, frozen=True):
    words: str
    forms: tuple[_Both, ...]


def _normal(expect: tuple[Expectation, ...], when: tuple[Expectation, ...]) -> tuple[Json, Json]:
    return normal(expect), normal(when)


def _changes(check: Check, facts: Facts) -> Iterator[_Changed]:
    shown = Shown(check)
    for one in _all_changes(check.expect, facts, shown):
        forms = tuple((form, check.when) for form in one.forms if form)
        yield _Changed(words=f"expect: {one.words}", forms=forms)
    for one in _all_changes(check.when, facts, shown):
        forms = tuple((check.expect, form) for form in one.forms)
        yield _Changed(words=f"when: {one.words}", forms=forms)


def _all_changes(parts: tuple[Expectation, ...], facts: Facts, shown: Shown) -> Iterator[Change]:
    yield from dropped(parts)
    yield from changes(parts, facts, shown)


def _defaults(check: Check, facts: Facts) -> Iterator[Mutant]:
    """Yield mutants of the parameters' defaults, where the parameter is an operand."""
    shown = Shown(check)
    for name, param in check.params.items():
        told: list[tuple[Json, ...]] = []
        for op, field, path in _uses(f"${name}", (*check.expect, *check.when), facts):
            values = (*shown.at(path), *param.choices)
            for family in _other_defaults(op, field.kind, param, values):
                if family not in told:
                    told.append(family)
                    yield _default(check, name, param, family)


def _other_defaults(
    op: Op, kind: Kind, param: Param, values: tuple[Json, ...]
) -> Iterator[tuple[Json, ...]]:
    if param.choices and not isinstance(param.default, list):
        yield from ((choice,) for choice in param.choices if choice != param.default)
    else:
        yield from altered(op, kind, param.default, values)


def _default(check: Check, name: str, param: Param, family: tuple[Json, ...]) -> Mutant:
    typed = duration if param.type is ParamType.DURATION else (lambda value: value)
    return Mutant(
        words=became(
            f"params: {{{name}: {{default: {flow(param.default)}}}}}",
            param.default,
            family[0],
            flow(family[0]),
        ),
        forms=tuple(
            Form(expect=check.expect, when=check.when, params={name: typed(value)})
            for value in family
        ),
    )


def _uses(
    name: str, parts: tuple[Expectation, ...], facts: Facts
) -> Iterator[tuple[Op, Field, str]]:
    """Yield the operators that a parameter is an operand of, with the fact that they ask."""
    for part in parts:
        match part:
            case Assertion(path=path, op=op, operand=operand):
                field = fact_at(facts, path)
                if operand == name:
                    yield op, field, path
                elif isinstance(operand, list) and name in operand:
                    yield Op.EQ, field, path
            case Group(of=of):
                yield from _uses(name, of, facts)
            case _:
                inner = fact_at(facts, part.path).fields
                yield from _uses(name, (*part.where, *part.that), inner)
