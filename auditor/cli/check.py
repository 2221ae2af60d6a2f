"""`auditor check`: list, show, lint and test checks."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.errors import AuditorError, ConfigError, ExitCode
from auditor.model.base import CheckId, Lang
from auditor.model.check import Check

_PATHS = click.Path(exists=True, path_type=Path)


def complete_id(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Offer the ids of the shipped checks to the shell."""
    from auditor.load.checks import load_checks

    try:
        return [name for name in load_checks() if name.startswith(begun)]
    except AuditorError:
        return []


_more = click.option(
    "--checks",
    "paths",
    type=_PATHS,
    multiple=True,
    metavar="PATH",
    help="Also the checks of this file or folder.",
)


@click.group()
def check() -> None:
    """List, show, lint and test checks."""


@check.command(
    "list",
    epilog="""\b
Example:
  auditor check list --lang en
""",
)
@options.lang
@_more
def list_(lang: Lang, paths: tuple[Path, ...]) -> None:
    """List the checks: id, severity, foundation, title."""
    from auditor.load.checks import load_checks

    for one in load_checks(paths).values():
        title = one.title.in_(lang)
        click.echo(f"{one.id:<28} {one.severity:<9} {one.foundation:<9} {title}")


@check.command(
    epilog="""\b
Example:
  auditor check show ssh.root-login
"""
)
@click.argument("name", metavar="ID", shell_complete=complete_id)
@options.lang
@_more
def show(name: str, lang: Lang, paths: tuple[Path, ...]) -> None:
    """Show a check: why, how to mend, what is asked and expected, which law asks it."""
    from auditor.load.checks import read_checks
    from auditor.load.hint import did_you_mean

    checks = {written.value.id: written for written in read_checks(paths)}
    if name not in checks:
        raise ConfigError("ID", f"there is no check {name!r}", hint=did_you_mean(name, checks))
    written = checks[CheckId(name)]
    raw = written.document.value[written.at[0]]
    click.echo(_words(written.value, lang))
    click.echo(_question(raw))
    if law := list(_law(written.value, lang)):
        click.echo("law:\n" + "\n".join(law))


def _words(one: Check, lang: Lang) -> str:
    fix = one.fix.id if lang is Lang.ID else one.fix.en
    run = f"\n  $ {one.fix.run}" if one.fix.run else ""
    return (
        f"{one.id} ({one.severity}, {one.foundation})\n{one.title.in_(lang)}\n\n"
        f"{one.why.in_(lang)}\n\n{fix}{run}\n"
    )


def _question(raw: dict[str, Any]) -> str:
    """Return what is asked and expected, as it is written."""
    import yaml

    asked = {
        key: raw[key]
        for key in ("applies", "when", "params", "probe", "expect", "refs")
        if key in raw
    }
    text: str = yaml.safe_dump(
        asked, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
    return text


def _law(one: Check, lang: Lang) -> Iterator[str]:
    from auditor.load.frameworks import load_framework, shipped_frameworks

    for framework in map(load_framework, shipped_frameworks()):
        for control in framework.controls:
            if control.id in one.refs or any(fnmatchcase(one.id, c) for c in control.checks):
                article = f"{framework.short} {control.article}"
                yield f"  {control.id}  {article}: {control.text.in_(lang)} [{control.mark}]"


@check.command(
    epilog="""\b
Examples:
  auditor check lint                 the shipped checks, policies and frameworks
  auditor check lint my-checks/      these too
"""
)
@click.argument("paths", nargs=-1, type=_PATHS, metavar="[PATH]...")
def lint(paths: tuple[Path, ...]) -> None:
    """Refuse checks that could not fail, ask what no probe answers, or lack their proof.

    Policies and frameworks are looked at with them: names that fit no check, references that no
    framework knows. Every mistake names file, line and what to do; the exit code is 2.
    """
    from auditor.load.checks import read_checks
    from auditor.load.frameworks import read_law
    from auditor.load.lint import lint as mistakes
    from auditor.load.lint_law import lint_law
    from auditor.load.lint_policy import lint_policies
    from auditor.load.lint_questionnaires import lint_questionnaires
    from auditor.load.policies import read_policy, shipped_policies
    from auditor.load.questionnaires import read_questionnaires
    from auditor.load.refuse import refuse
    from auditor.probe.catalogue import CATALOGUE

    written = read_checks(paths)
    checks = {one.value.id: one.value for one in written}
    policies = {
        policy.value.id: policy for name in shipped_policies() for policy in read_policy(name)
    }.values()
    frameworks = read_law(policies)
    refuse(
        (
            *mistakes(written, CATALOGUE, policies, frameworks),
            *lint_policies(policies, checks),
            *lint_law(frameworks, checks),
            *lint_questionnaires(read_questionnaires(), checks),
        )
    )
    click.echo(
        f"{len(checks)} checks, {len(policies)} policies, {len(frameworks)} frameworks: good"
    )


@check.command(
    epilog="""\b
Examples:
  auditor check test                              all shipped checks
  auditor check test ssh.root-login 'tls.*'       some of them
  auditor check test --checks my-checks/
  auditor check test --mutate 'ssh.*'             do the examples notice a changed check?
"""
)
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=complete_id)
@click.option(
    "--mutate",
    is_flag=True,
    help="Change each operand, operator, quantifier and clause; the examples must notice.",
)
@_more
def test(names: tuple[str, ...], paths: tuple[Path, ...], *, mutate: bool) -> int:
    """Judge every check on its own examples; no server is needed.

    Examples are judged as of 2026-11-24 08:00 UTC, on a Debian 12 server. Exit 1 where a verdict
    is not the one that its example names, or where a changed check passes all its examples.
    """
    from auditor.load.checks import load_checks

    checks = load_checks(paths)
    for name in names:
        if not any(fnmatchcase(one, name) for one in checks):
            raise ConfigError("ID", f"no check fits {name!r}", hint="see `auditor check list`")
    chosen = [
        one
        for one in checks.values()
        if not names or any(fnmatchcase(one.id, name) for name in names)
    ]
    wrong = _examples(chosen)
    survivors = _mutants(chosen) if mutate and not wrong else 0
    return ExitCode.FINDINGS if wrong or survivors else ExitCode.MET


def _examples(checks: list[Check]) -> int:
    """Say which examples are judged otherwise than they say; return how many."""
    wrong = 0
    for one in checks:
        for line in _verdicts(one):
            wrong += 1
            click.echo(line, err=True)
    click.echo(f"{sum(len(one.tests) for one in checks)} examples, {wrong} wrong")
    return wrong


def _mutants(checks: list[Check]) -> int:
    """Say which changes of each check its examples do not notice; return how many."""
    from auditor.mutate import mutate
    from auditor.probe.catalogue import CATALOGUE

    number = survivors = 0
    for one in checks:
        mutation = mutate(one, CATALOGUE)
        number += mutation.number
        survivors += len(mutation.survivors)
        if mutation.survivors:
            click.echo(f"{one.id}: {len(mutation.survivors)} of {mutation.number} survive")
        for words in mutation.survivors:
            click.echo(f"  {words}")
    noticed = number - survivors
    score = f"{100 * noticed / number:.1f} %" if number else "-"
    click.echo(f"{number} mutants, {noticed} noticed: {score}")
    return survivors


def _verdicts(one: Check) -> Iterator[str]:
    """Yield a sentence for each example that is judged otherwise than it says."""
    from auditor.examples import run_example
    from auditor.probe.catalogue import CATALOGUE

    for example in one.tests:
        result = run_example(one, example, CATALOGUE)
        if result.status != example.verdict:
            words = "; ".join(reason.message.en for reason in result.reasons)
            yield f"{one.id}, {example.name!r}: {result.status}, not {example.verdict} ({words})"
