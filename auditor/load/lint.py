"""What `check lint` refuses: a check that cannot fail, asks what nobody answers, or lacks proof."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

import msgspec

from auditor.bind import bind_args, bind_params
from auditor.errors import ConfigError
from auditor.examples import ORDINARY
from auditor.load.checks import WrittenCheck
from auditor.load.decode import Written, mistake
from auditor.load.hint import did_you_mean
from auditor.load.lint_examples import lint_examples
from auditor.load.lint_expect import Known, lint_expect
from auditor.load.lint_law import Law
from auditor.model.base import Text
from auditor.model.check import Applies, Check, Param, ParamType, Quantifier
from auditor.model.fact import Field, Json
from auditor.model.inventory import TargetKind
from auditor.model.policy import Framework, Policy
from auditor.plan import Catalogue

ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+")
_ALIAS = re.compile(r"[a-z][a-z0-9_]*")
_OS = re.compile(r"[a-z][a-z0-9._-]*(>=[0-9][0-9.]*)?")
_QUANTIFIERS = tuple(quantifier.value for quantifier in Quantifier)


def lint(
    checks: Iterable[WrittenCheck],
    catalogue: Catalogue,
    policies: Iterable[Written[Policy]],
    frameworks: Iterable[Written[Framework]],
) -> tuple[ConfigError, ...]:
    """Return every mistake in checks, in their order."""
    used = [entry.use for policy in policies for entry in policy.value.checks if entry.use]
    law = Law(frameworks)
    found: list[ConfigError] = []
    for written in checks:
        found += _check(written, catalogue)
        found += law.refs(written)
        if not any(fnmatchcase(written.value.id, pattern) for pattern in used):
            hint = "name it in a policy: `- use: …`"
            found.append(written.mistake(("id",), "no policy uses this check", hint))
    return tuple(found)


def _check(written: WrittenCheck, catalogue: Catalogue) -> Iterator[ConfigError]:
    check = written.value
    yield from _texts(written)
    yield from _unused(written)
    yield from _applies(written, ("applies",), check.applies)
    yield from _probes(written, catalogue)
    wrong = [*_params(written)]
    yield from wrong
    types = _types(check, catalogue)
    if not wrong and len(types) == len(check.probe):
        known = Known(facts=types, params=_defaults(check), target=ORDINARY)
        yield from lint_expect(written, known)
        yield from lint_examples(written, {**_base_types(check.applies, catalogue), **types})


def text_mistake(name: str, text: Text) -> str:
    """Return what a bilingual text lacks, or nothing."""
    for lang, words in (("id", text.id), ("en", text.en)):
        if not words.strip():
            return f"{name} has no text in {lang}"
    return f"{name} says the same in id and en" if text.id == text.en else ""


def _texts(written: WrittenCheck) -> Iterator[ConfigError]:
    check = written.value
    if not ID.fullmatch(check.id):
        hint = "dotted words of small letters, digits and -, such as ssh.root-login"
        yield written.mistake(("id",), "the id does not have the right form", hint)
    fix = Text(id=check.fix.id, en=check.fix.en)
    for name, text in (("title", check.title), ("why", check.why), ("fix", fix)):
        if problem := text_mistake(name, text):
            yield written.mistake((name,), problem)


def _unused(written: WrittenCheck) -> Iterator[ConfigError]:
    check = written.value
    asked = msgspec.json.encode((check.probe, check.expect, check.when)).decode()
    for name in check.params:
        if f'"${name}"' not in asked:
            yield written.mistake(("params", name), f"the parameter {name!r} is not used")


def _params(written: WrittenCheck) -> Iterator[ConfigError]:
    for name, param in written.value.params.items():
        for value in (param.default, *_choices(param)):
            try:
                _value(written.value, name, param, value)
            except ConfigError as error:
                yield written.mistake(("params", name), error.problem, error.hint)
                break


def _choices(param: Param) -> Iterator[Json]:
    many = param.type in (ParamType.STRINGS, ParamType.PORTS)
    return ([choice] if many else choice for choice in param.choices)


def _value(check: Check, name: str, param: Param, value: Json) -> Json:
    return bind_params(msgspec.structs.replace(check, params={name: param}), {name: value})[name]


def _defaults(check: Check) -> Mapping[str, Json]:
    """Return the parameters' defaults as they are bound; a wrong one as it is written."""
    found = {}
    for name, param in check.params.items():
        try:
            found[name] = _value(check, name, param, param.default)
        except ConfigError:
            found[name] = param.default
    return found


def _applies(written: WrittenCheck, at: tuple[str, ...], applies: Applies) -> Iterator[ConfigError]:
    for name in applies.os:
        if not _OS.fullmatch(name):
            hint = "write debian, or ubuntu>=20.04"
            yield written.mistake((*at, "os"), f"{name!r} is no operating system", hint)
    for kind in applies.kind:
        if kind not in list(TargetKind):
            hint = did_you_mean(kind, TargetKind)
            yield written.mistake((*at, "kind"), f"there is no kind of target {kind!r}", hint)
    if applies.unless is not None:
        yield from _applies(written, (*at, "unless"), applies.unless)


def _probes(written: WrittenCheck, catalogue: Catalogue) -> Iterator[ConfigError]:
    check = written.value
    if not check.probe:
        yield written.mistake(("probe",), "asks nothing", "write probe: {alias: {type: {}}}")
    looked = {placed_path.partition(".")[0] for placed_path in _paths(written)}
    for alias, question in check.probe.items():
        at = ("probe", alias)
        if not _ALIAS.fullmatch(alias) or alias in _QUANTIFIERS:
            yield written.mistake(at, f"{alias!r} cannot be an alias", "a short word, such as up")
        elif alias not in looked:
            yield written.mistake(at, f"nothing is expected of {alias!r}")
        if len(question) != 1:
            yield written.mistake(at, "an alias has exactly one probe", "write {alias: {type: {}}}")
        for name, args in question.items():
            yield from _question(written, catalogue, alias, name, args)


def _paths(written: WrittenCheck) -> Iterator[str]:
    """Yield the paths that begin at an alias."""
    waiting = list(written.placed)
    for placed in waiting:
        path = getattr(placed.expectation, "path", None)
        if path is None:
            waiting += placed.parts
        else:
            yield path


def _question(
    written: WrittenCheck,
    catalogue: Catalogue,
    alias: str,
    name: str,
    args: Mapping[str, Json],
) -> Iterator[ConfigError]:
    at = ("probe", alias, name)
    if name not in catalogue:
        hint = did_you_mean(name, catalogue)
        yield written.mistake(at, f"there is no probe {name!r}", hint)
        return
    kind = catalogue[name].args
    try:
        bind_args(written.value, kind, args, _defaults(written.value), ORDINARY)
    except ConfigError as error:
        if isinstance(error.__cause__, msgspec.ValidationError):
            path = (*written.at, *at)
            yield mistake(written.document, kind, path, args, str(error.__cause__))
        else:
            yield written.mistake(at, error.problem, error.hint)


def _types(check: Check, catalogue: Catalogue) -> dict[str, Field]:
    """Return the types of facts by alias, of the aliases whose probe is known."""
    return {
        alias: catalogue[name].gives
        for alias, question in check.probe.items()
        for name in question
        if name in catalogue and len(question) == 1
    }


def _base_types(applies: Applies, catalogue: Catalogue) -> dict[str, Field]:
    """Return the types of what `applies` asks, which examples may give too."""
    parts = [applies]
    for part in parts:
        parts += [part.unless] if part.unless is not None else []
    asked = {
        "os": any(part.os or part.container is not None for part in parts),
        "package": any(part.package for part in parts),
    }
    return {name: catalogue[name].gives for name, needed in asked.items() if needed}
