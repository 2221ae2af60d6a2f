"""What `check lint` refuses: a check that cannot fail, asks what nobody answers, or lacks proof."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

import msgspec

from auditor.bind import TARGET_FIELDS, duration
from auditor.errors import ConfigError
from auditor.load.checks import Written
from auditor.load.yaml import Path_
from auditor.model.base import Text
from auditor.model.check import Assertion, Each, Expectation, Group, Op, Param, ParamType
from auditor.model.fact import GAP, Field, Json, Kind, Why
from auditor.model.operators import OPERATORS, operand_mistake
from auditor.model.policy import Framework, Policy
from auditor.probe.base import ProbeType

_ID = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9][a-z0-9-]*)+")
_REF = re.compile(r"[A-Z0-9][A-Z0-9.\-]*:[A-Za-z0-9.\-]+")
Mistakes = Iterator[ConfigError]
Types = Mapping[str, ProbeType]


def lint(
    checks: Iterable[Written],
    catalogue: Types,
    policies: Iterable[Policy],
    frameworks: Iterable[Framework],
) -> tuple[ConfigError, ...]:
    """Return every mistake, in the order of the files."""
    used = [entry.use for policy in policies for entry in policy.checks if entry.use]
    law = _Law(frameworks)
    found: list[ConfigError] = []
    for written in checks:
        found += _texts(written)
        found += _probes(written, catalogue)
        found += _expectations(written, catalogue)
        found += _params(written)
        found += _examples(written, catalogue)
        found += law.refs(written)
        if not any(fnmatchcase(written.check.id, use) for use in used):
            found.append(_at(written, "id", problem="no policy uses this check"))
    return tuple(found)


def lint_law(frameworks: Iterable[Framework], checks: Iterable[str]) -> tuple[ConfigError, ...]:
    """Return what is wrong between frameworks and checks: ids twice, globs that fit nothing."""
    known = tuple(checks)
    found = []
    for framework in frameworks:
        seen: set[str] = set()
        for control in framework.controls:
            if control.id in seen:
                found.append(ConfigError(framework.id, f"control {control.id} is given twice"))
            seen.add(control.id)
            found += [
                ConfigError(framework.id, f"{control.id}: no check fits {pattern!r}")
                for pattern in control.checks
                if not any(fnmatchcase(check, pattern) for check in known)
            ]
    return tuple(found)


def lint_policy(policies: Iterable[Policy], checks: Iterable[str]) -> tuple[ConfigError, ...]:
    """Return the entries of policies that say nothing, or name checks that do not exist."""
    known = tuple(checks)
    found = []
    for policy in policies:
        for entry in policy.checks:
            pattern = entry.use or entry.drop
            if bool(entry.use) == bool(entry.drop):
                found.append(ConfigError(policy.id, "an entry has either use or drop"))
            elif entry.drop and not entry.why:
                found.append(ConfigError(policy.id, f"drop: {entry.drop} needs why"))
            elif not any(fnmatchcase(check, pattern) for check in known):
                found.append(ConfigError(policy.id, f"no check fits {pattern!r}"))
    return tuple(found)


def _at(written: Written, *at: str | int, problem: str, hint: str = "") -> ConfigError:
    return written.document.mistake((*written.at, *at), f"{written.check.id}: {problem}", hint)


def _texts(written: Written) -> Mistakes:
    check = written.check
    if not _ID.fullmatch(check.id):
        yield _at(written, "id", problem="an id is dotted words, such as ssh.root-login")
    fix = Text(id=check.fix.id, en=check.fix.en)
    for name, text in (("title", check.title), ("why", check.why), ("fix", fix)):
        if not text.id.strip() or not text.en.strip():
            yield _at(written, name, problem=f"{name} needs text in id and en")
        elif text.id == text.en:
            yield _at(written, name, problem=f"{name} is the same in both languages")


def _probes(written: Written, catalogue: Types) -> Mistakes:
    params = {name: _sample(param) for name, param in written.check.params.items()}
    for alias, question in written.check.probe.items():
        if len(question) != 1:
            yield _at(written, "probe", alias, problem="an alias has exactly one probe type")
        for name, args in question.items():
            kind = catalogue.get(name)
            if kind is None:
                known = ", ".join(sorted(catalogue))
                yield _at(
                    written,
                    "probe",
                    alias,
                    problem=f"no probe type {name!r}",
                    hint=f"known: {known}",
                )
                continue
            try:
                msgspec.convert({key: _filled(v, params) for key, v in args.items()}, kind.args)
            except (msgspec.ValidationError, KeyError) as error:
                yield _at(written, "probe", alias, problem=f"arguments of {name}: {error}")


def _sample(param: Param) -> Json:
    return duration(param.default) if param.type is ParamType.DURATION else param.default


def _filled(value: Json, params: Mapping[str, Json]) -> Json:
    """Put a parameter's default, or a text for a target field, where the value names one."""
    if isinstance(value, str) and value.startswith("$"):
        field = value.removeprefix("$target.")
        if field != value and field in TARGET_FIELDS:
            return "x" if field == "address" else []
        return params[value[1:]]
    return value


def _types(written: Written, catalogue: Types) -> dict[str, Field]:
    return {
        alias: catalogue[name].gives
        for alias, question in written.check.probe.items()
        for name in question
        if name in catalogue
    }


def _expectations(written: Written, catalogue: Types) -> Mistakes:
    roots = _types(written, catalogue)
    params = {name: _sample(param) for name, param in written.check.params.items()}
    for number, expectation in enumerate(written.check.expect):
        yield from _expectation(written, ("expect", number), expectation, roots, params)


def _expectation(
    written: Written,
    at: Path_,
    expectation: Expectation,
    roots: Mapping[str, Field],
    params: Mapping[str, Json],
) -> Mistakes:
    match expectation:
        case Assertion():
            yield from _assertion(written, at, expectation, roots, params)
        case Group():
            for part in expectation.of:
                yield from _expectation(written, at, part, roots, params)
        case Each():
            field = _field(roots, expectation.path)
            if field is None:
                yield _at(written, *at, problem=f"there is no fact {expectation.path!r}")
            elif field.kind is not Kind.TABLE:
                yield _at(written, *at, problem=f"{expectation.path} is no table")
            else:
                for part in (*expectation.where, *expectation.that):
                    yield from _expectation(written, at, part, field.fields, params)


def _field(roots: Mapping[str, Field], path: str) -> Field | None:
    name, _, rest = path.partition(".")
    root = roots.get(name)
    return root.at(rest) if root is not None else None


def _assertion(
    written: Written,
    at: Path_,
    assertion: Assertion,
    roots: Mapping[str, Field],
    params: Mapping[str, Json],
) -> Mistakes:
    field = _field(roots, assertion.path)
    if field is None:
        known = ", ".join(sorted(roots))
        yield _at(
            written, *at, problem=f"there is no fact {assertion.path!r}", hint=f"roots: {known}"
        )
        return
    op = assertion.op
    if field.kind not in OPERATORS[op]:
        yield _at(written, *at, problem=f"{op} does not fit {assertion.path} ({field.kind})")
        return
    try:
        operand = _filled(assertion.operand, params)
    except KeyError:
        yield _at(written, *at, problem=f"{assertion.operand!r} is no parameter")
        return
    if problem := operand_mistake(op, field.kind, operand) or _pattern_mistake(op, operand):
        yield _at(written, *at, problem=f"{op} {problem}, not {operand!r}")


def _pattern_mistake(op: Op, operand: Json) -> str:
    if op in (Op.MATCHES, Op.NOT_MATCHES):
        try:
            re.compile(operand)
        except re.error as error:
            return f"needs a pattern ({error})"
    return ""


def _params(written: Written) -> Mistakes:
    text = msgspec.json.encode((written.check.probe, written.check.expect)).decode()
    for name, param in written.check.params.items():
        if f'"${name}"' not in text:
            yield _at(written, "params", name, problem=f"parameter {name!r} is not used")
        try:
            _sample(param)
        except ValueError as error:
            yield _at(written, "params", name, problem=str(error))


def _examples(written: Written, catalogue: Types) -> Mistakes:
    verdicts = {example.verdict for example in written.check.tests}
    for needed in ("pass", "fail"):
        if needed not in verdicts:
            yield _at(written, "tests", problem=f"has no example with verdict {needed}")
    roots = _types(written, catalogue)
    extra = {name: catalogue[name].gives for name in ("os", "package") if name in catalogue}
    for number, example in enumerate(written.check.tests):
        for alias, value in example.given.items():
            field = roots.get(alias) or extra.get(alias)
            problem = "is no alias of this check" if field is None else _misfit(value, field)
            if problem:
                yield _at(
                    written,
                    "tests",
                    number,
                    "given",
                    alias,
                    problem=f"example {example.name!r}: {alias} {problem}",
                )


def _misfit(value: Json, field: Field) -> str:
    """Return what in an example's record the probe could not give, or nothing."""
    if isinstance(value, dict) and set(value) == {GAP} and isinstance(value[GAP], str):
        return "" if value[GAP] in Why.__members__.values() else f"gap {value[GAP]!r} is unknown"
    if field.kind is Kind.RECORD:
        if not isinstance(value, dict):
            return "is no record"
        return _misfit_fields(value, field)
    if field.kind is Kind.TABLE:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return "is no table"
        return next((words for item in value if (words := _misfit_fields(item, field))), "")
    return ""


def _misfit_fields(value: Mapping[str, Json], field: Field) -> str:
    for name, part in value.items():
        inner = field.fields.get(name, field.others)
        if name == GAP:
            continue
        if inner is None:
            return f"has no field {name!r}"
        if words := _misfit(part, inner):
            return words
    return ""


class _Law:
    """The controls that checks may refer to."""

    def __init__(self, frameworks: Iterable[Framework]) -> None:
        self._ids: set[str] = set()
        self._known: tuple[str, ...] = ()
        self._named: set[str] = set()
        for framework in frameworks:
            self._ids |= {control.id for control in framework.controls}
            self._known += framework.known

    def refs(self, written: Written) -> Mistakes:
        """Refuse references that no framework knows."""
        for number, ref in enumerate(written.check.refs):
            if not _REF.fullmatch(ref):
                yield _at(written, "refs", number, problem=f"{ref!r} is no reference")
            elif ref not in self._ids and not ref.startswith(self._known or ("\0",)):
                yield _at(written, "refs", number, problem=f"no framework knows {ref!r}")
