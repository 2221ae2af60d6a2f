"""A check proves itself: examples that pass and fail, on facts that its probes could give."""

from collections.abc import Iterator, Mapping

import msgspec

from auditor.bind import bind_params
from auditor.errors import ConfigError
from auditor.examples import example_target
from auditor.load.checks import WrittenCheck
from auditor.load.decode import mistake
from auditor.load.hint import did_you_mean
from auditor.load.yaml import Steps
from auditor.model.check import Example
from auditor.model.fact import GAP, Field, Json, Why
from auditor.model.inventory import Target
from auditor.model.shape import misfits


def lint_examples(written: WrittenCheck, facts: Mapping[str, Field]) -> Iterator[ConfigError]:
    """Yield what is wrong in the examples; `facts` are the types by alias."""
    examples = written.value.tests
    for verdict in ("pass", "fail"):
        if all(example.verdict != verdict for example in examples):
            hint = "each check shows at least one case that passes and one that fails"
            yield written.mistake(("tests",), f"there is no example with verdict {verdict}", hint)
    names: set[str] = set()
    for number, example in enumerate(examples):
        if example.name in names:
            at = ("tests", number, "name")
            yield written.mistake(at, f"the example {example.name!r} is given twice")
        names.add(example.name)
        yield from _example(written, number, example, facts)


def _example(
    written: WrittenCheck, number: int, example: Example, facts: Mapping[str, Field]
) -> Iterator[ConfigError]:
    at: Steps = ("tests", number)
    try:
        bind_params(written.value, example.params)
    except ConfigError as error:
        yield written.mistake((*at, "params"), error.problem, error.hint)
    try:
        example_target(example)
    except msgspec.ValidationError as error:
        path = (*written.at, *at, "target")
        yield mistake(written.document, Target, path, example.target, str(error))
    for alias, value in example.given.items():
        field = facts.get(alias)
        if field is None:
            problem, hint = f"{alias!r} is no probe of this check", did_you_mean(alias, facts)
        else:
            problem, hint = _misfit(alias, value, field)
        if problem:
            problem = f"example {example.name!r}: {problem}"
            yield written.mistake((*at, "given", alias), problem, hint)


def _misfit(alias: str, value: Json, field: Field) -> tuple[str, str]:
    """Return what the probe could not have answered, and a hint."""
    if isinstance(value, dict) and isinstance(value.get(GAP), str):
        if set(value) != {GAP}:
            return "a gap stands alone: {gap: why}", "or beside facts: {gap: {why: …, detail: …}}"
        known = [why.value for why in Why]
        if value[GAP] not in known:
            return f"there is no gap {value[GAP]!r}", did_you_mean(value[GAP], known)
        return "", ""
    path = next(misfits(value, field), None)
    if path is None:
        return "", ""
    here = f"{alias}.{path}".rstrip(".")
    *above, name = [step.partition("[")[0] for step in path.split(".")]
    for step in above:
        field = field.fields.get(step) or field
    wanted = field.fields.get(name, field.others) if path else field
    if wanted is None:
        return f"there is no fact {here!r}", did_you_mean(name, field.fields)
    return f"{here} is missing or not of type {wanted.kind}", ""
