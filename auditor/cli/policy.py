"""`auditor policy`: list, show and lint policies."""

from typing import Any

import click

from auditor.cli import options
from auditor.model.base import Lang
from auditor.model.policy import Entry


def complete_policy(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Offer the names of the shipped policies to the shell."""
    from auditor.load.policies import shipped_policies

    return [name for name in shipped_policies() if name.startswith(begun)]


_policy = click.argument(
    "name", default="spbe", metavar="[NAME|FILE]", shell_complete=complete_policy
)


@click.group()
def policy() -> None:
    """List, show and lint policies."""


@policy.command(
    "list",
    epilog="""\b
Example:
  auditor policy list --lang en
""",
)
@options.lang
def list_(lang: Lang) -> None:
    """List the shipped policies: name and title."""
    from auditor.load.policies import load_policy, shipped_policies

    for name in shipped_policies():
        click.echo(f"{name:<20} {load_policy(name)[-1].title.in_(lang)}")


@policy.command(
    epilog="""\b
Examples:
  auditor policy show spbe
  auditor policy show ./my-policy.yaml
"""
)
@_policy
@options.lang
def show(name: str, lang: Lang) -> None:
    """Show a policy and those that it extends: entries in order, parameters, for whom."""
    from auditor.load.policies import load_policy

    for one in load_policy(name):
        law = ", ".join(one.frameworks) or "-"
        click.echo(f"{one.id}: {one.title.in_(lang)}\n  frameworks: {law}")
        for entry in one.checks:
            click.echo(f"  {_line(entry)}")


def _line(entry: Entry) -> str:
    import msgspec

    said: dict[str, Any] = msgspec.to_builtins(entry)
    words = [f"use {said.pop('use')}" if entry.use else f"drop {said.pop('drop')}"]
    for key, value in said.items():
        if isinstance(value, dict):
            parts = {k: v for k, v in value.items() if v not in (None, [], ())}
            words += [f"{key} {k}={v}" for k, v in parts.items()]
        elif value:
            words.append(f"{key}: {value}")
    return "; ".join(words)


@policy.command(
    epilog="""\b
Example:
  auditor policy lint ./my-policy.yaml
"""
)
@_policy
def lint(name: str) -> None:
    """Refuse entries that name no check, and parameters that a check does not take."""
    from auditor.load.checks import load_checks
    from auditor.load.frameworks import read_frameworks, read_law
    from auditor.load.lint_law import lint_law
    from auditor.load.lint_policy import asked, lint_policies
    from auditor.load.policies import read_policy
    from auditor.load.refuse import refuse

    policies = read_policy(name)
    checks = load_checks()
    frameworks = read_frameworks(policies)
    refuse((*lint_policies(policies, checks), *lint_law(read_law(policies), checks)))
    chosen = {
        check
        for one in policies
        for entry in one.value.checks
        if entry.use
        for check in asked(entry, checks)
    }
    click.echo(f"{policies[-1].value.id}: {len(chosen)} checks, {len(frameworks)} frameworks: good")
