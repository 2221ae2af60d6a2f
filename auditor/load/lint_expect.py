"""Every assertion asks a fact that the probe gives, by an operator that fits its type."""

from collections.abc import Iterator, Mapping

import msgspec

from auditor.bind import bind_expectations
from auditor.errors import ConfigError
from auditor.load.checks import WrittenCheck
from auditor.load.hint import did_you_mean
from auditor.load.operands import operand_mistake
from auditor.model.check import Assertion, Each, Op
from auditor.model.expect import Placed
from auditor.model.fact import Field, Json, Kind
from auditor.model.inventory import Target
from auditor.model.operators import OPERATORS, operators_for


class Known(msgspec.Struct, frozen=True):
    """What an expectation may speak of: facts by their first name, parameters, the target."""

    facts: Mapping[str, Field]
    params: Mapping[str, Json]
    target: Target


def lint_expect(written: WrittenCheck, known: Known) -> Iterator[ConfigError]:
    """Yield what is wrong in the expectations of a check whose probes are known."""
    for placed in written.placed:
        yield from _expectation(written, placed, known)


def _expectation(written: WrittenCheck, placed: Placed, known: Known) -> Iterator[ConfigError]:
    match placed.expectation:
        case Assertion() as assertion:
            yield from _assertion(written, placed, assertion, known)
            return
        case Each(path=path):
            field, hint = look(known.facts, path)
            if field is None:
                yield _at(written, placed, f"there is no fact {path!r}", hint)
                return
            if field.kind is not Kind.TABLE:
                yield _at(written, placed, f"each: {path} is no table but of type {field.kind}")
                return
            known = msgspec.structs.replace(known, facts=field.fields)
    for part in placed.parts:
        yield from _expectation(written, part, known)


def _assertion(
    written: WrittenCheck, placed: Placed, assertion: Assertion, known: Known
) -> Iterator[ConfigError]:
    path, op = assertion.path, assertion.op
    field, hint = look(known.facts, path)
    if field is None:
        yield _at(written, placed, f"there is no fact {path!r}", hint)
        return
    if field.kind not in OPERATORS[op]:
        fitting = ", ".join(operators_for(field.kind))
        problem = f"{path} is of type {field.kind}, {op} does not fit it"
        yield _at(written, placed, problem, f"fitting: {fitting}")
        return
    if op is Op.WRITTEN and assertion.operand is False:
        hint = "write true, or a parameter such as $explicit"
        yield _at(written, placed, f"{path}: written: false demands nothing", hint)
        return
    alone = msgspec.structs.replace(written.value, expect=(assertion,))
    try:
        (bound,) = bind_expectations(alone, known.params, known.target)
    except ConfigError as error:
        yield _at(written, placed, error.problem, error.hint)
        return
    assert isinstance(bound, Assertion)  # noqa: S101 - binding keeps the form
    if problem := operand_mistake(op, field.kind, bound.operand):
        yield _at(written, placed, f"{path}: {op} {problem}, not {bound.operand!r}")


def _at(written: WrittenCheck, placed: Placed, problem: str, hint: str = "") -> ConfigError:
    return written.mistake(placed.at, problem, hint)


def look(
    facts: Mapping[str, Field], path: str, others: Field | None = None, above: str = ""
) -> tuple[Field | None, str]:
    """Return the type at a dotted path, else None and a hint what stands there instead."""
    name, dot, rest = path.partition(".")
    field = facts.get(name, others)
    if field is None:
        return None, did_you_mean(name, facts)
    if not dot:
        return field, ""
    here = f"{above}{name}"
    if field.kind is Kind.TABLE:
        return None, f"{here} is a table: ask it by each"
    if field.kind is not Kind.RECORD:
        return None, f"{here} is of type {field.kind} and has no parts"
    return look(field.fields, rest, field.others, f"{here}.")
