"""Every assertion asks a fact that the probe gives, by an operator that fits its type."""

from collections.abc import Iterator, Mapping

import msgspec

from auditor.bind import bind_expectations
from auditor.errors import ConfigError
from auditor.load.checks import WrittenCheck
from auditor.load.hint import did_you_mean
from auditor.load.operands import operand_mistake
from auditor.model.check import Assertion, Each
from auditor.model.expect import Placed
from auditor.model.fact import Field, Json, Kind
from auditor.model.inventory import Target
from auditor.model.operators import OPERATORS, operators_for


class Frame(msgspec.Struct, frozen=True):
    """What an expectation may speak of: facts by their first name, parameters, the target."""

    facts: Mapping[str, Field]
    params: Mapping[str, Json]
    target: Target


def lint_expect(written: WrittenCheck, frame: Frame) -> Iterator[ConfigError]:
    """Yield what is wrong in the expectations of a check whose probes are known."""
    for placed in written.placed:
        yield from _expectation(written, placed, frame)


def _expectation(written: WrittenCheck, placed: Placed, frame: Frame) -> Iterator[ConfigError]:
    match placed.expectation:
        case Assertion() as assertion:
            yield from _assertion(written, placed, assertion, frame)
            return
        case Each(path=path):
            field, hint = look(frame.facts, path)
            if field is None:
                yield _at(written, placed, f"there is no fact {path!r}", hint)
                return
            if field.kind is not Kind.TABLE:
                yield _at(written, placed, f"each: {path} is no table but of type {field.kind}")
                return
            frame = msgspec.structs.replace(frame, facts=field.fields)
    for part in placed.parts:
        yield from _expectation(written, part, frame)


def _assertion(
    written: WrittenCheck, placed: Placed, assertion: Assertion, frame: Frame
) -> Iterator[ConfigError]:
    path, op = assertion.path, assertion.op
    field, hint = look(frame.facts, path)
    if field is None:
        yield _at(written, placed, f"there is no fact {path!r}", hint)
        return
    if field.kind not in OPERATORS[op]:
        fitting = ", ".join(operators_for(field.kind))
        problem = f"{path} is of type {field.kind}, {op} does not fit it"
        yield _at(written, placed, problem, f"fitting: {fitting}")
        return
    alone = msgspec.structs.replace(written.value, expect=(assertion,))
    try:
        (bound,) = bind_expectations(alone, frame.params, frame.target)
    except ConfigError as error:
        yield _at(written, placed, error.problem, error.hint)
        return
    assert isinstance(bound, Assertion)  # noqa: S101 - binding keeps the form
    if problem := operand_mistake(op, field.kind, bound.operand):
        yield _at(written, placed, f"{path}: {op} {problem}, not {bound.operand!r}")


def _at(written: WrittenCheck, placed: Placed, problem: str, hint: str = "") -> ConfigError:
    return written.mistake(("expect", *placed.at), problem, hint)


def look(facts: Mapping[str, Field], path: str) -> tuple[Field | None, str]:
    """Return the type at a dotted path, else None and a hint what stands there instead."""
    others: Field | None = None
    passed: list[str] = []
    for name in path.split("."):
        field = facts.get(name, others)
        if field is None:
            return None, did_you_mean(name, facts)
        passed.append(name)
        here = ".".join(passed)
        if here == path:
            return field, ""
        if field.kind is Kind.TABLE:
            return None, f"{here} is a table: ask it by each"
        if field.kind is not Kind.RECORD:
            return None, f"{here} is of type {field.kind} and has no parts"
        facts, others = field.fields, field.others
    return None, ""
