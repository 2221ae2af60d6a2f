"""`auditor check`: list, show, lint and test checks."""

from pathlib import Path

import click

from auditor.cli import options
from auditor.errors import ConfigError, ConfigErrors, ExitCode
from auditor.model.base import CheckId, Lang
from auditor.model.check import Check

folder = click.argument(
    "folders", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FOLDER]..."
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
def list_(lang: Lang) -> None:
    """List the shipped checks."""
    from auditor.load.checks import load_checks

    for one in load_checks().values():
        title = one.title.in_(lang)
        click.echo(f"{one.id:<26} {one.severity:<9} {one.foundation:<9} {title}")


@check.command(
    epilog="""\b
Example:
  auditor check show ssh.root-login
"""
)
@click.argument("name")
@options.lang
def show(name: str, lang: Lang) -> None:
    """Show a check: why, how to mend, what is expected, which law."""
    from auditor.load.checks import load_checks

    checks = load_checks()
    if name not in checks:
        raise ConfigError("check", f"there is no check {name!r}", hint="see `auditor check list`")
    _show(checks[CheckId(name)], lang)


def _show(one: Check, lang: Lang) -> None:
    import msgspec
    import yaml

    fix = one.fix.id if lang is Lang.ID else one.fix.en
    click.echo(f"{one.id} ({one.severity}, {one.foundation})\n{one.title.in_(lang)}\n")
    click.echo(f"{one.why.in_(lang)}\n\n{fix}")
    if one.fix.run:
        click.echo(f"  $ {one.fix.run}")
    shown = {
        "applies": msgspec.to_builtins(one.applies),
        "probe": one.probe,
        "params": msgspec.to_builtins(one.params),
        "refs": list(one.refs),
    }
    applies = {key: value for key, value in shown["applies"].items() if value not in (None, [], ())}
    shown["applies"] = applies
    click.echo("\n" + yaml.safe_dump(shown, sort_keys=False, allow_unicode=True).rstrip())


@check.command(
    epilog="""\b
Examples:
  auditor check lint                 the shipped checks, policies and frameworks
  auditor check lint my-checks/      these too
"""
)
@folder
def lint(folders: tuple[Path, ...]) -> None:
    """Refuse checks that could not fail, ask what no probe answers, or lack their proof."""
    from auditor.load.checks import read_checks
    from auditor.load.frameworks import load_frameworks
    from auditor.load.lint import lint as find_mistakes
    from auditor.load.lint import lint_law, lint_policy
    from auditor.load.policies import load_policy, shipped_policies
    from auditor.probe.catalogue import CATALOGUE

    checks = read_checks(folders)
    policies = [policy for name in shipped_policies() for policy in load_policy(name)]
    frameworks = load_frameworks(policies)
    ids = [written.check.id for written in checks]
    mistakes = (
        *find_mistakes(checks, CATALOGUE, policies, frameworks),
        *lint_law(frameworks, ids),
        *lint_policy(policies, ids),
    )
    if mistakes:
        raise ConfigErrors(mistakes)
    click.echo(
        f"{len(checks)} checks, {len(policies)} policies, {len(frameworks)} frameworks: good"
    )


@check.command(
    epilog="""\b
Examples:
  auditor check test                       all shipped checks
  auditor check test --only ssh.root-login my-checks/
"""
)
@folder
@click.option("--only", multiple=True, metavar="ID", help="Only these checks.")
def test(folders: tuple[Path, ...], only: tuple[str, ...]) -> int:
    """Judge every check on its own examples; no server is needed."""
    from auditor.examples import run_example
    from auditor.load.checks import load_checks
    from auditor.probe.catalogue import CATALOGUE

    number = wrong = 0
    for one in load_checks(folders).values():
        if only and one.id not in only:
            continue
        for example in one.tests:
            number += 1
            result = run_example(one, example, CATALOGUE)
            if result.status != example.verdict:
                wrong += 1
                words = "; ".join(reason.message.en for reason in result.reasons)
                click.echo(
                    f"{one.id} / {example.name}: {result.status}, not {example.verdict} ({words})",
                    err=True,
                )
    click.echo(f"{number} examples, {wrong} wrong")
    return ExitCode.FINDINGS if wrong else ExitCode.MET
