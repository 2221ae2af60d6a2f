"""`auditor policy`: list, show and lint policies."""

from collections import Counter

import click

from auditor.cli import options
from auditor.errors import ConfigErrors
from auditor.model.base import Lang


@click.group()
def policy() -> None:
    """List, show and lint policies."""


@policy.command(
    "list",
    epilog="""\b
Example:
  auditor policy list
""",
)
@options.lang
def list_(lang: Lang) -> None:
    """List the shipped policies."""
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
@click.argument("name", default="spbe")
@options.lang
def show(name: str, lang: Lang) -> None:
    """Show a policy: its entries in order, with parameters and whom they are for."""
    import msgspec

    from auditor.load.policies import load_policy

    for one in load_policy(name):
        click.echo(f"{one.id}: {one.title.in_(lang)} (law: {', '.join(one.frameworks) or 'none'})")
        for entry in one.checks:
            said = {k: v for k, v in msgspec.to_builtins(entry).items() if v not in ("", None, {})}
            said["for"] = {k: v for k, v in said["for"].items() if v not in (None, [], ())}
            words = ", ".join(f"{key} {value}" for key, value in said.items() if value)
            click.echo(f"  {words}")


@policy.command(
    epilog="""\b
Example:
  auditor policy lint ./my-policy.yaml
"""
)
@click.argument("name", default="spbe")
def lint(name: str) -> None:
    """Refuse entries that name no check, and parameters that a check does not take."""
    from auditor.bind import bind_params
    from auditor.load.checks import load_checks
    from auditor.load.lint import lint_policy
    from auditor.load.policies import load_policy
    from auditor.plan import chosen_by

    policies = load_policy(name)
    checks = load_checks()
    if mistakes := lint_policy(policies, checks):
        raise ConfigErrors(mistakes)
    counts: Counter[str] = Counter()
    for one in policies:
        for entry in one.checks:
            for check in chosen_by(entry, checks):
                bind_params(checks[check], entry.params)
                counts[check] += 1
    click.echo(f"{policies[-1].id}: {len(counts)} checks, good")
