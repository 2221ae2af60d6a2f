"""A normal form of expectations: two that have the same form hold in the same cases."""

from collections.abc import Mapping

from auditor.model.check import Assertion, Each, Expectation, Group, Op, Quantifier
from auditor.model.fact import Json

Form = tuple[Json, ...] | frozenset[Json]

_ALIKE = (Op.IN, Op.NOT_IN)
_LISTS = (Op.CONTAINS_ALL, Op.CONTAINS_NONE, Op.SUBSET_OF)
_ONE: Mapping[Op, Op] = {Op.IN: Op.EQ, Op.NOT_IN: Op.NE}


def normal(parts: tuple[Expectation, ...]) -> frozenset[Json]:
    """Return the form of several expectations that must all hold: order and repeats are naught."""
    return frozenset(_form(part) for part in parts)


def _form(part: Expectation) -> Json:
    match part:
        case Assertion():
            return _assertion(part)
        case Group(quantifier=quantifier, of=of):
            forms = normal(of)
            if len(forms) == 1 and quantifier is not Quantifier.NONE:
                return next(iter(forms))
            return (quantifier, forms)
        case _:
            return _each(part)


def _each(each: Each) -> Json:
    """Chosen items of which some must satisfy something: for all but `all` that is one question."""
    if each.quantifier is Quantifier.ALL:
        return (each.quantifier, each.path, normal(each.where), normal(each.that))
    least = each.least or None
    return (each.quantifier, each.path, normal((*each.where, *each.that)), least, each.most)


def _assertion(assertion: Assertion) -> Json:
    op, operand = assertion.op, assertion.operand
    if isinstance(operand, list) and op in _ALIKE:
        alike = frozenset(_alike(part) for part in operand)
        return (
            (assertion.path, _ONE[op], *alike) if len(alike) == 1 else (assertion.path, op, alike)
        )
    if isinstance(operand, list) and op in _LISTS:
        return (assertion.path, op, frozenset((type(part), part) for part in operand))
    if op is Op.CONTAINS:
        return (assertion.path, Op.CONTAINS_ALL, frozenset([(type(operand), operand)]))
    if op is Op.NE and isinstance(operand, bool):
        return (assertion.path, Op.EQ, (bool, not operand))
    if op in (Op.EQ, Op.NE):
        return (assertion.path, op, _alike(operand))
    return (assertion.path, op, (type(operand), operand))


def _alike(value: Json) -> Json:
    """Numbers and texts that look alike are alike to `eq` and `in`; true is not 1."""
    return (bool, value) if isinstance(value, bool) else str(value)
