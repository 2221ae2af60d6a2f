"""`auditor eval`: judge what a stored run has seen by another policy, without a connection."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from auditor.cli import options
from auditor.model.base import Lang, TargetId
from auditor.model.fact import Observation
from auditor.model.result import Run, Visit

if TYPE_CHECKING:
    from auditor.audit import Request
    from auditor.cli.outcome import Outcome
    from auditor.store import Store

FAIL_ON = "low"


@click.command(
    "eval",
    epilog="""\b
Examples:
  auditor eval --policy ./strict.yaml           the last run, by another policy
  auditor eval 20261124 --policy spbe --lang en
  auditor eval --policy ./strict.yaml -o strict    with a report in strict/
""",
)
@click.argument("run_id", default="last")
@options.policy
@options.home
@options.store
@options.lang
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write an HTML report into this folder.",
)
def evaluate(
    *,
    run_id: str,
    policy: str,
    home: Path,
    store_url: str | None,
    lang: Lang,
    output: Path | None,
) -> int:
    """Judge a stored run again, as of its own time; nothing is visited and nothing is stored.

    Changes are told against the findings of that run. Exit codes are those of a scan.
    """
    from auditor.cli.outcome import exit_code, say_exit, write_html
    from auditor.render.console import summarise
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        outcome = _judged(store, store.run(run_id), policy, home)
        page = str(write_html(outcome, output, lang)) if output else ""
    click.echo(summarise(outcome.summary, lang, page))
    code = exit_code(outcome.summary, outcome.findings, FAIL_ON, "0", stopped=False)
    say_exit(code, FAIL_ON, lang)
    return code


def _judged(store: "Store", run: Run, policy: str, home: Path) -> "Outcome":
    from auditor.audit import Request
    from auditor.cli.outcome import Outcome
    from auditor.cli.request import priorities
    from auditor.collect import Settings
    from auditor.feeds import open_library
    from auditor.findings import track
    from auditor.fleet import unsettled
    from auditor.load.checks import load_checks
    from auditor.load.frameworks import load_frameworks
    from auditor.load.policies import load_policy
    from auditor.report import city, gather

    context = store.context(run.id)
    policies = load_policy(policy)
    checks = load_checks()
    request = Request(
        settings=Settings(inventory=context.inventory, now=options.now),
        policies=policies,
        checks=checks,
        frameworks=load_frameworks(policies),
        feeds=open_library(home, priorities(home)),
        targets=tuple(t for t in context.inventory.targets if t.id in context.targets),
        scope=run.scope,
    )
    visits, look = _again(request, store, run)
    results = [result for visit in visits for result in visit.results]
    before = {f.id: f for f in store.findings(run.id)}
    findings = track(before, results, run.started, unsettled(results))
    judged = msgspec.structs.replace(run, policy=policies[-1].id)
    summary = gather(
        judged,
        visits,
        inventory=context.inventory,
        policies=policies,
        checks=tuple(checks.values()),
        frameworks=request.frameworks,
        targets=context.targets,
        findings=findings,
        waivers=context.waivers,
        previous=run,
        digest=store.digest(run.id),
    )
    return Outcome(
        run=judged,
        summary=msgspec.structs.replace(
            summary, patch=city(judged, summary.targets, look, findings=findings)
        ),
        findings=findings,
        visits=lambda: visits,
        look=look,
    )


def _again(
    request: "Request", store: "Store", run: Run
) -> tuple[list[Visit], Callable[[TargetId], Iterable[Observation]]]:
    """Return the visits, judged anew, and what gives the observations behind them."""
    from auditor.audit import judge_again
    from auditor.cli.outcome import looking

    look = looking(store, run)
    visits: list[Visit] = []
    joined: dict[TargetId, tuple[Observation, ...]] = {}
    for visit, seen in judge_again(request, store, run):
        visits.append(visit)
        old = {observation.probe for observation in look(visit.target)}
        joined[visit.target] = tuple(one for one in seen if one.probe not in old)
    return visits, lambda target: (*look(target), *joined.get(target, ()))
