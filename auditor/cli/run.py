"""`auditor run`: stored runs, one run, what changed between two."""

from pathlib import Path

import click

from auditor.cli import options
from auditor.model.base import Lang
from auditor.model.result import Finding, FindingState, Status


@click.group()
def run() -> None:
    """List, show and compare stored runs."""


@run.command(
    "list",
    epilog="""\b
Example:
  auditor run list
""",
)
@options.home
@options.store
def list_(home: Path, store_url: str | None) -> None:
    """List the stored runs, newest first."""
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        for one in store.runs():
            click.echo(f"{one.id}  {one.started:%Y-%m-%d %H:%M} UTC  {one.state:<10} {one.scope}")


@run.command(
    epilog="""\b
Examples:
  auditor run show                  the last run
  auditor run show 20261124-0100    by the beginning of its id
"""
)
@click.argument("run_id", default="last")
@options.home
@options.store
@options.lang
def show(run_id: str, home: Path, store_url: str | None, lang: Lang) -> None:
    """Show one run: each target with its failures and what was not seen."""
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        one = store.run(run_id)
        click.echo(f"{one.id}  {one.started:%Y-%m-%d %H:%M} UTC  {one.state}  {one.scope}")
        for visit in store.visits(one.id):
            click.echo(f"{visit.target}: {visit.state} {visit.reason}".rstrip())
            for result in visit.results:
                if result.status in (Status.FAIL, Status.ERROR):
                    for reason in result.reasons:
                        words = ": ".join(filter(None, (reason.message.in_(lang), reason.detail)))
                        click.echo(
                            f"  {result.status:<6}{result.severity:<9}{result.check}  {words}"
                        )


@run.command(
    epilog="""\b
Examples:
  auditor run diff                  the last run against the one before it
  auditor run diff OLD NEW          two runs by the beginning of their ids
"""
)
@click.argument("old", default="")
@click.argument("new", default="last")
@options.home
@options.store
@options.lang
def diff(old: str, new: str, home: Path, store_url: str | None, lang: Lang) -> None:
    """Show the findings that are new, fixed or no longer seen."""
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        later = store.run(new)
        earlier = store.run(old) if old else store.previous(later)
        before = {f.id: f for f in store.findings(earlier.id)} if earlier else {}
        for finding in store.findings(later.id):
            if word := _change(before.get(finding.id), finding):
                words = finding.message.in_(lang)
                click.echo(
                    f"{word:<10}{finding.severity:<9}{finding.target}  {finding.check}  {words}"
                )


def _change(before: Finding | None, now: Finding) -> str:
    """Say in a word how a finding changed; nothing where it stands as it stood."""
    open_before = before is not None and before.state is not FindingState.FIXED
    if now.state is FindingState.FIXED:
        return "fixed" if open_before else ""
    if now.state is FindingState.UNSEEN:
        return "unseen" if before is None or before.state is not FindingState.UNSEEN else ""
    if before is None:
        return "new"
    return "" if open_before else "regressed"
