"""`auditor framework`: the law as data, and how far checks and questions reach it."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

import click

from auditor.cli import options
from auditor.errors import AuditorError, ConfigError
from auditor.model.base import CheckId, Lang
from auditor.model.check import Check
from auditor.model.policy import Framework, Policy


def complete_name(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Offer the names of the shipped frameworks to the shell."""
    from auditor.load.frameworks import shipped_frameworks

    return [name for name in shipped_frameworks() if name.startswith(begun)]


def complete_any(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Offer frameworks and the ids of their requirements."""
    from auditor.load.frameworks import load_framework, shipped_frameworks

    try:
        law = [load_framework(name) for name in shipped_frameworks()]
    except AuditorError:
        return []
    names = [name for one in law for name in (one.id, *(c.id for c in one.controls))]
    return [name for name in names if name.startswith(begun)]


_kind = click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: auditor-law/1.",
)


@click.group()
def framework() -> None:
    """List and show the law as data, and what answers it."""


@framework.command(
    "list",
    epilog="""\b
Example:
  auditor framework list --lang en
""",
)
@options.lang
@_kind
def list_(lang: Lang, kind: str) -> None:
    """List the frameworks: id, number of requirements, title, standing, marks."""
    from auditor.render import law_text, law_v1

    law = _shipped()
    if kind == "json":
        click.echo(law_v1.listed(law))
        return
    for line in law_text.listed(law, lang):
        click.echo(line)


@framework.command(
    epilog="""\b
Examples:
  auditor framework show uu-27-2022
  auditor framework show BSSN-4-2021:27.8.c
  auditor framework show PDP-27-2022:53             an older name of the norm
  auditor framework show PK-BSSN-15-2024:MK8        a control of BSSN's instrument
"""
)
@click.argument("name", metavar="FRAMEWORK|REQUIREMENT|FILE", shell_complete=complete_any)
@options.lang
@_kind
def show(name: str, lang: Lang, kind: str) -> None:
    """Show a framework, or one requirement: text, mark, source, checks and questions."""
    from auditor.load.checks import load_checks
    from auditor.load.hint import did_you_mean
    from auditor.model.reference import resolved
    from auditor.render import law_text, law_v1
    from auditor.report.law_coverage import coverage

    checks = load_checks()
    whole = coverage(_named(name), checks.values()).frameworks
    ref = resolved(name)
    chosen = [
        (one.framework, control, covered)
        for one in whole
        for control, covered in zip(one.framework.controls, one.whole.covered, strict=True)
        if ref in (control.id, *control.instrument) or _is(one.framework, name)
    ]
    if not chosen:
        known = [word for one in whole for word in (one.framework.id, *_ids(one.framework))]
        raise ConfigError("NAME", f"no framework knows {name!r}", hint=did_you_mean(name, known))
    if kind == "json":
        click.echo(law_v1.shown(chosen))
        return
    for one in whole:
        if _is(one.framework, name):
            click.echo("\n".join(law_text.framework(one, lang)))
            return
    parts = (
        "\n".join(law_text.control(control, covered, checks, lang, short=one.short))
        for one, control, covered in chosen
    )
    click.echo("\n\n".join(parts))


@framework.command(
    epilog="""\b
Examples:
  auditor framework coverage                          sums over all frameworks
  auditor framework coverage bssn-4-2021              each requirement too
  auditor framework coverage --policy ethics          by the checks of one policy only
"""
)
@click.argument("name", default="", metavar="[FRAMEWORK|FILE]", shell_complete=complete_name)
@click.option("-p", "--policy", "policy", metavar="NAME|FILE", help="Only checks that it uses.")
@options.lang
@_kind
def coverage(name: str, policy: str | None, lang: Lang, kind: str) -> None:
    """Show what answers each requirement: checks, questions to people, or nothing yet.

    "Automated alone" counts requirements that machines can answer and that a check does answer;
    "mixed" those of which people must tell a part; "attested only" those that only questions
    reach. A check is evidence for or against a requirement, not proof that it is met.
    """
    from auditor.load.checks import load_checks
    from auditor.load.frameworks import load_framework
    from auditor.load.policies import load_policy
    from auditor.render import law_text, law_v1
    from auditor.report.law_coverage import coverage as reach

    checks = load_checks()
    chosen = _used(load_policy(policy), checks) if policy else checks.values()
    found = reach([load_framework(name)] if name else _shipped(), chosen)
    if kind == "json":
        click.echo(law_v1.covering(found))
        return
    for line in law_text.coverage(found, lang, whole=bool(name)):
        click.echo(line)


def _shipped() -> list[Framework]:
    from auditor.load.frameworks import load_framework, shipped_frameworks

    return [load_framework(name) for name in shipped_frameworks()]


def _named(name: str) -> list[Framework]:
    """Return all that ships, and the framework of a file where `name` is one."""
    from auditor.load.frameworks import load_framework
    from auditor.load.policies import SUFFIXES

    return [load_framework(name)] if name.endswith(SUFFIXES) else _shipped()


def _is(one: Framework, name: str) -> bool:
    from auditor.load.policies import SUFFIXES

    return name == one.id or name.endswith(SUFFIXES)


def _ids(one: Framework) -> Iterable[str]:
    return (control.id for control in one.controls)


def _used(policies: Iterable[Policy], checks: Mapping[CheckId, Check]) -> list[Check]:
    """Return the checks that policies ask of anybody; a drop for some targets takes none out."""
    used: dict[CheckId, bool] = {}
    for entry in (entry for policy in policies for entry in policy.checks):
        pattern, use = entry.use or entry.drop, bool(entry.use)
        if use or entry.for_ == type(entry.for_)():
            used |= {name: use for name in checks if fnmatchcase(name, pattern)}
    return [check for name, check in checks.items() if used.get(name)]
