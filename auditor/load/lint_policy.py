"""A policy says something, of checks that exist, with parameters that they take."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from auditor.bind import bind_params
from auditor.errors import ConfigError
from auditor.load.decode import Written
from auditor.load.hint import did_you_mean
from auditor.model.base import CheckId
from auditor.model.check import Check
from auditor.model.inventory import SystemCategory, TargetKind
from auditor.model.policy import Entry, Policy
from auditor.plan import COMMAND, given


def lint_policies(
    policies: Iterable[Written[Policy]], checks: Mapping[CheckId, Check]
) -> tuple[ConfigError, ...]:
    """Return every mistake, in the order of policies and entries."""
    found: list[ConfigError] = []
    for policy in policies:
        for severity, weight in policy.value.weights.items():
            if weight < 0:
                at = ("weights", severity.value)
                found.append(policy.mistake(at, f"the weight of {severity} is below 0"))
        for severity, days in policy.value.due.items():
            if days < 1:
                at = ("due", severity.value)
                found.append(policy.mistake(at, f"{severity} leaves no day to mend"))
        for number, entry in enumerate(policy.value.checks):
            found += _entry(policy, number, entry, checks)
    return tuple(found)


def asked(entry: Entry, checks: Iterable[str]) -> list[CheckId]:
    """Return the ids that an entry asks, sorted."""
    return [CheckId(name) for name in sorted(checks) if fnmatchcase(name, entry.use)]


def _entry(
    policy: Written[Policy], number: int, entry: Entry, checks: Mapping[CheckId, Check]
) -> Iterator[ConfigError]:
    at = ("checks", number)
    yield from _selector(policy, number, entry)
    if bool(entry.use) == bool(entry.drop):
        yield policy.mistake(at, "an entry has either use or drop", "the id of a check, or ssh.*")
        return
    key = "use" if entry.use else "drop"
    pattern = entry.use or entry.drop
    if not any(fnmatchcase(check, pattern) for check in checks):
        hint = did_you_mean(pattern, checks)
        yield policy.mistake((*at, key), f"no check fits {pattern!r}", hint)
    if entry.drop:
        if not entry.why.strip():
            yield policy.mistake(at, f"drop: {pattern} does not say why", "write why: …")
        if entry.params or entry.severity:
            yield policy.mistake(at, f"drop: {pattern} takes no params and no severity")
        return
    yield from _params(policy, number, entry, checks)
    yield from _commands(policy, number, entry, checks)


def _commands(
    policy: Written[Policy], number: int, entry: Entry, checks: Mapping[CheckId, Check]
) -> Iterator[ConfigError]:
    """Yield the entry whose checks run a program, where the policy does not give leave."""
    running = [
        check
        for check in asked(entry, checks)
        if any(COMMAND in question for question in checks[check].probe.values())
    ]
    if running and not policy.value.allow_commands:
        at = ("checks", number, "use")
        hint = "read the check, then write allow_commands: true into the policy"
        yield policy.mistake(at, f"{running[0]} runs a program on targets", hint)


def _params(
    policy: Written[Policy], number: int, entry: Entry, checks: Mapping[CheckId, Check]
) -> Iterator[ConfigError]:
    for name, value in entry.params.items():
        every = asked(entry, checks)
        knowing = [check for check in every if name in given(entry, checks[check])]
        for check in knowing or every[:1]:
            try:
                bind_params(checks[check], {name: value})
            except ConfigError as error:
                at = ("checks", number, "params", name)
                yield policy.mistake(at, f"{check}: {error.problem}", error.hint)
                break


def _selector(policy: Written[Policy], number: int, entry: Entry) -> Iterator[ConfigError]:
    named = (
        ("kind", entry.for_.kind, [kind.value for kind in TargetKind]),
        ("kategori_se", entry.for_.kategori_se, [one.value for one in SystemCategory]),
    )
    for key, values, known in named:
        for value in values:
            if value not in known:
                at = ("checks", number, "for", key)
                hint = did_you_mean(value, known)
                yield policy.mistake(at, f"for: there is no {key} {value!r}", hint)
