"""`auditor eval`: judge what a stored run has seen by another policy, without a connection."""

from pathlib import Path

import click
import msgspec

from auditor.cli import options
from auditor.errors import ExitCode
from auditor.model.base import Lang
from auditor.model.result import Status, Visit


@click.command(
    "eval",
    epilog="""\b
Examples:
  auditor eval --policy ./strict.yaml           the last run, by another policy
  auditor eval 20261124 --policy spbe --lang en
""",
)
@click.argument("run_id", default="last")
@options.policy
@options.home
@options.store
@options.lang
def evaluate(run_id: str, policy: str, home: Path, store_url: str | None, lang: Lang) -> int:
    """Judge a stored run again, as of its own time; nothing is visited and nothing is stored."""
    from auditor.audit import Request, judge_again
    from auditor.collect import Settings
    from auditor.feeds import load_feeds
    from auditor.findings import track
    from auditor.load.checks import load_checks
    from auditor.load.frameworks import load_frameworks
    from auditor.load.policies import load_policy
    from auditor.render.console import summarise
    from auditor.report import gather
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        run = store.run(run_id)
        context = store.context(run.id)
        policies = load_policy(policy)
        checks = load_checks()
        request = Request(
            settings=Settings(inventory=context.inventory, now=options.now),
            policies=policies,
            checks=checks,
            frameworks=load_frameworks(policies),
            feeds=load_feeds(home),
            targets=tuple(t for t in context.inventory.targets if t.id in context.targets),
            scope=run.scope,
        )
        visits = [visit for visit, _ in judge_again(request, store, run)]
        results = [result for visit in visits for result in visit.results]
        previous = {finding.id: finding for finding in store.findings(run.id)}
        findings = track(previous, results, run.started)
        summary = gather(
            msgspec.structs.replace(run, policy=policies[-1].id),
            visits,
            inventory=context.inventory,
            policies=policies,
            checks=tuple(checks.values()),
            frameworks=request.frameworks,
            targets=context.targets,
            findings=findings,
            previous=run,
        )
    click.echo(summarise(summary, lang))
    return _code(visits)


def _code(visits: list[Visit]) -> ExitCode:
    statuses = {result.status for visit in visits for result in visit.results}
    if Status.FAIL in statuses:
        return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if Status.ERROR in statuses else ExitCode.MET
