"""Expectations with one thing changed: a clause less, another quantifier, operator or operand."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import msgspec

from auditor.model.base import Text, Value
from auditor.model.check import Assertion, Each, Expectation, Group, Quantifier
from auditor.model.fact import Field, Json, Kind
from auditor.mutate.operands import Shown, altered, other_operators
from auditor.mutate.words import became, flow, written

Facts: TypeAlias = Mapping[str, Field]
"""The types of facts by the first name of their path."""
Parts: TypeAlias = tuple[Expectation, ...]

_UNKNOWN = Field(kind=Kind.TEXT, label=Text(id="", en=""))
_OTHER_QUANTIFIERS = {
    Quantifier.ALL: (Quantifier.ANY, Quantifier.NONE),
    Quantifier.ANY: (Quantifier.ALL, Quantifier.NONE),
    Quantifier.NONE: (Quantifier.ANY, Quantifier.ALL),
    Quantifier.COUNT: (),
}


class Change(Value, frozen=True):
    """One change in words, and the expectations that it makes: all of a form must hold."""

    words: str
    forms: tuple[Parts, ...]


def fact_at(facts: Facts, path: str) -> Field:
    """Return the type at a path; a name of the target's own making is text."""
    name, _, rest = path.partition(".")
    field = facts.get(name)
    return (field and field.at(rest)) or _UNKNOWN


def changes(parts: Parts, facts: Facts, shown: Shown) -> Iterator[Change]:
    """Yield every change of expectations that must all hold."""
    if len(parts) > 1:
        told = " and ".join(written(part) for part in parts)
        either = Group(quantifier=Quantifier.ANY, of=parts)
        yield Change(words=f"any instead of all of {told}", forms=((either,),))
    for number, part in enumerate(parts):
        before, after = parts[:number], parts[number + 1 :]
        for one in _part(part, facts, shown):
            forms = tuple((*before, *form, *after) for form in one.forms)
            yield Change(words=one.words, forms=forms)


def dropped(parts: Parts) -> Iterator[Change]:
    """Yield the expectations without one of them."""
    for number, part in enumerate(parts):
        less = (*parts[:number], *parts[number + 1 :])
        yield Change(words=f"{written(part)} dropped", forms=(less,))


def _part(part: Expectation, facts: Facts, shown: Shown) -> Iterator[Change]:
    match part:
        case Assertion():
            return _assertion(part, facts, shown)
        case Group():
            return _group(part, facts, shown)
        case _:
            return _each(part, facts, shown)


def _assertion(part: Assertion, facts: Facts, shown: Shown) -> Iterator[Change]:
    kind = fact_at(facts, part.path).kind
    for op, operand in other_operators(part.op, kind, part.operand):
        yield _changed(part, msgspec.structs.replace(part, op=op, operand=operand))
    for family in _operands(part, kind, shown):
        forms = [msgspec.structs.replace(part, operand=operand) for operand in family]
        words = became(written(part), part.operand, family[0], written(forms[0]))
        yield Change(words=words, forms=tuple((form,) for form in forms))


def _operands(part: Assertion, kind: Kind, shown: Shown) -> Iterator[tuple[Json, ...]]:
    operand = part.operand
    if isinstance(operand, str) and operand.startswith("$"):
        if operand.startswith("$target."):
            yield ([],)
        return
    yield from altered(part.op, kind, operand, shown.at(part.path))


def _changed(part: Expectation, *forms: Expectation) -> Change:
    return Change(
        words=f"{written(part)} -> {written(forms[0])}", forms=tuple((form,) for form in forms)
    )


def _group(group: Group, facts: Facts, shown: Shown) -> Iterator[Change]:
    for quantifier in _OTHER_QUANTIFIERS[group.quantifier]:
        yield _changed(group, msgspec.structs.replace(group, quantifier=quantifier))
    for one in (*dropped(group.of), *changes(group.of, facts, shown)):
        forms = tuple(form for form in one.forms if form)
        yield Change(
            words=f"{group.quantifier}: {one.words}",
            forms=tuple((msgspec.structs.replace(group, of=form),) for form in forms),
        )


def _each(each: Each, facts: Facts, shown: Shown) -> Iterator[Change]:
    for quantifier in _OTHER_QUANTIFIERS[each.quantifier]:
        yield _changed(each, _requantified(each, quantifier))
    yield from _bounds(each)
    within = fact_at(facts, each.path).fields
    for name, parts in (("where", each.where), ("that", each.that)):
        for one in (*dropped(parts), *changes(parts, within, shown)):
            forms = [msgspec.structs.replace(each, **{name: form}) for form in one.forms]
            yield Change(
                words=f"{each.quantifier}: {{each: {each.path}}}, {name}: {one.words}",
                forms=tuple((form,) for form in forms if _says_something(form)),
            )


def _requantified(each: Each, quantifier: Quantifier) -> Each:
    """Where items were only chosen, `all` demands of each what chose it."""
    if quantifier is Quantifier.ALL and not each.that:
        each = msgspec.structs.replace(each, where=(), that=each.where)
    return msgspec.structs.replace(each, quantifier=quantifier)


def _says_something(each: Each) -> bool:
    """Tell whether a policy may be written so: `all` needs `that`, `any` and `none` a clause."""
    match each.quantifier:
        case Quantifier.ALL:
            return bool(each.that)
        case Quantifier.COUNT:
            return True
        case _:
            return bool(each.where or each.that)


def _bounds(each: Each) -> Iterator[Change]:
    for word, name in (("min", "least"), ("max", "most")):
        bound = getattr(each, name)
        for other in () if bound is None else (bound + 1, bound - 1):
            if other >= 0:
                form = msgspec.structs.replace(each, **{name: other})
                words = f"count: {{each: {each.path}}}, {word}: {flow(bound)} -> {flow(other)}"
                yield Change(words=words, forms=((form,),))
