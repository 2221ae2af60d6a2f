"""How a scan ends for its caller: report written, summary printed, exit code said in words."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from auditor.errors import ConfigError, ExitCode, StoreError
from auditor.model.base import Lang, TargetId, Text
from auditor.model.check import Severity
from auditor.model.fact import Observation
from auditor.model.result import Finding, FindingState, Run, Visit
from auditor.report import Summary
from auditor.report.breach import REVEALS
from auditor.store import Store

if TYPE_CHECKING:
    from auditor.cli.scan import ScanOptions

JSON_FILE = "run.json"
_WORDS = {
    ExitCode.MET: Text(id="kebijakan terpenuhi", en="policy met"),
    ExitCode.INCOMPLETE: Text(
        id="tidak lengkap: ada yang tidak terlihat", en="incomplete: something was not seen"
    ),
}
_NEWS = Text(id="ada temuan baru atau kambuh", en="new or relapsed findings")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A run with all that its reports need; `visits` reads them anew at each call."""

    run: Run
    summary: Summary
    findings: tuple[Finding, ...]
    visits: Callable[[], Iterable[Visit]]
    look: Callable[[TargetId], Iterable[Observation]]
    """What was observed on a target; nothing where the run did not come to it."""


def stored(store: Store, run: Run) -> Outcome:
    """Return what a store holds of a run."""
    from auditor.report import city, gather

    context = store.context(run.id)
    previous = store.previous(run)
    findings = since_ever(store, run, store.findings(run.id))
    summary = gather(
        run,
        store.visits(run.id),
        inventory=context.inventory,
        policies=context.policies,
        checks=context.checks,
        frameworks=context.frameworks,
        targets=context.targets,
        findings=findings,
        waivers=context.waivers,
        previous=previous,
        digest=store.digest(run.id),
    )
    look = looking(store, run)
    before = looking(store, previous) if previous else None
    patch = city(run, summary.targets, look, findings=findings, previous=before)
    return Outcome(
        run=run,
        summary=msgspec.structs.replace(summary, patch=patch),
        findings=findings,
        visits=lambda: store.visits(run.id),
        look=look,
    )


def since_ever(store: Store, run: Run, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return findings; personal data in the open date from the first sight in a run of any scope.

    The clock of UU-27-2022:46 does not ask by which policy it was seen.
    """
    wanted = {finding.id: finding.first_seen for finding in findings if finding.check in REVEALS}
    if not wanted:
        return findings
    for other in store.runs():
        if other.started < run.started:
            for seen in store.findings(other.id):
                if seen.id in wanted and seen.state is not FindingState.FIXED:
                    wanted[seen.id] = min(wanted[seen.id], seen.first_seen)
    return tuple(
        msgspec.structs.replace(finding, first_seen=wanted[finding.id])
        if finding.id in wanted
        else finding
        for finding in findings
    )


def looking(store: Store, run: Run) -> Callable[[TargetId], Iterable[Observation]]:
    """Return what gives a run's observations of a target; none where it did not come to it."""
    visited = store.visited(run.id)
    return lambda target: store.observations(run.id, target) if target in visited else ()


def write_html(outcome: Outcome, folder: Path, lang: Lang) -> Path:
    """Write the HTML report with `run.json` in it and return the path of its first page."""
    from auditor.render.html import Source, write_report

    source = Source(
        summary=outcome.summary,
        visits=outcome.visits(),
        evidence=lambda target: {o.probe: o for o in outcome.look(target)},
        findings=outcome.findings,
    )
    return write_report(source, folder, lang, extra={JSON_FILE: json_chunks(outcome)})


def write_edition(outcome: Outcome, folder: Path, lang: Lang) -> Path:
    """Write the public edition and return its path."""
    from auditor.render.public import write_public
    from auditor.report.public import public

    return write_public(public(outcome.summary), folder, lang)


def json_chunks(outcome: Outcome) -> Iterable[bytes]:
    """Return the run as `auditor-run/1`, in chunks."""
    from auditor.render import json_v1

    return json_v1.document(outcome.summary, outcome.visits(), outcome.findings, outcome.look)


def print_json(outcome: Outcome) -> None:
    """Write the run as `auditor-run/1` to stdout."""
    for chunk in json_chunks(outcome):
        click.echo(chunk, nl=False)


def conclude(store: Store, run: Run, asked: "ScanOptions", *, stopped: bool) -> int:
    """Write the report, print the summary, say the exit code in words and return it.

    The summary is printed even where the report cannot be written; that is raised after it.
    """
    outcome = stored(store, run)
    page, refused = "", None
    try:
        folder = asked.output or asked.home / "report"
        page = str(write_html(outcome, folder, asked.lang))
    except StoreError as error:
        refused = error
    if asked.format == "json":
        print_json(outcome)
    else:
        from auditor.render.console import summarise

        click.echo(summarise(outcome.summary, asked.lang, page))
    if refused is not None:
        raise refused
    code = exit_code(
        outcome.summary, outcome.findings, asked.fail_on, asked.max_unseen, stopped=stopped
    )
    say_exit(code, asked.fail_on, asked.lang)
    return code


def say_exit(code: ExitCode, fail_on: str, lang: Lang) -> None:
    """Say an exit code in words on stderr."""
    click.echo(f"exit {code.value}: {_words(code, fail_on).in_(lang)}", err=True)


def _words(code: ExitCode, fail_on: str) -> Text:
    from auditor.render.console import SEVERITY

    if code is not ExitCode.FINDINGS:
        return _WORDS[code]
    if fail_on == "new":
        return _NEWS
    least = SEVERITY[Severity(fail_on)]
    return Text(
        id=f"ada temuan pada tingkat {least.id} ke atas", en=f"findings at or above {least.en}"
    )


def exit_code(
    summary: Summary, findings: tuple[Finding, ...], fail_on: str, most: str, *, stopped: bool
) -> ExitCode:
    """Findings weigh more than gaps, gaps more than a met policy."""
    if _fails((f for f in findings if f.id not in summary.waivers.findings), fail_on):
        return ExitCode.FINDINGS
    unseen = summary.coverage.targets - summary.coverage.seen
    if stopped or unseen > most_unseen(most, summary.coverage.targets):
        return ExitCode.INCOMPLETE
    return ExitCode.MET


def _fails(findings: Iterable[Finding], fail_on: str) -> bool:
    if fail_on == "none":
        return False
    fresh = (FindingState.NEW, FindingState.REGRESSED)
    if fail_on == "new":
        return any(finding.state in fresh for finding in findings)
    standing = (*fresh, FindingState.OPEN)
    least = Severity(fail_on).rank
    return any(f.state in standing and f.severity.rank >= least for f in findings)


def most_unseen(text: str, targets: int) -> float:
    """Return how many targets may stay unseen: "3" or "5%". Raises `ConfigError`."""
    number = text.removesuffix("%")
    if not number.isdecimal():
        raise ConfigError("--max-unseen", f"{text!r} is neither a number nor a share such as 5%")
    return targets * int(number) / 100 if text.endswith("%") else int(number)
