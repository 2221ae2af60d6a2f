"""How a scan ends for its caller: report written, summary printed, exit code said in words."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.errors import ConfigError, ExitCode
from auditor.model.base import Lang, Text
from auditor.model.check import Severity
from auditor.model.result import Finding, FindingState, Run
from auditor.report import Summary
from auditor.store import Store

if TYPE_CHECKING:
    from auditor.cli.scan import ScanOptions

_WORDS = {
    ExitCode.MET: Text(id="kebijakan terpenuhi", en="policy met"),
    ExitCode.FINDINGS: Text(id="ada temuan pada atau di atas {}", en="findings at or above {}"),
    ExitCode.INCOMPLETE: Text(
        id="tidak lengkap: ada yang tidak terlihat", en="incomplete: something was not seen"
    ),
}


def summarised(store: Store, run: Run) -> Summary:
    """Return the summary of a stored run."""
    from auditor.report import gather

    context = store.context(run.id)
    return gather(
        run,
        store.visits(run.id),
        inventory=context.inventory,
        policies=context.policies,
        checks=context.checks,
        frameworks=context.frameworks,
        targets=context.targets,
        findings=store.findings(run.id),
        previous=store.previous(run),
        digest=store.digest(run.id),
    )


def write_html(store: Store, run: Run, summary: Summary, folder: Path, lang: Lang) -> Path:
    """Write the HTML report of a stored run and `run.json` in it."""
    from auditor.render import json_v1
    from auditor.render.html import Source, write_report

    source = Source(
        summary=summary,
        visits=store.visits(run.id),
        evidence=lambda target: {o.probe: o for o in store.observations(run.id, target)},
        findings=store.findings(run.id),
        frameworks=store.context(run.id).frameworks,
    )
    document = json_v1.document(summary, store.visits(run.id), source.findings)
    return write_report(source, folder, lang, extra={"run.json": json_v1.encode(document)})


def conclude(store: Store, run: Run, asked: "ScanOptions", *, stopped: bool) -> int:
    """Write the report, print the summary, say the exit code in words and return it."""
    from auditor.render import json_v1
    from auditor.render.console import summarise

    summary = summarised(store, run)
    findings = store.findings(run.id)
    page = write_html(store, run, summary, asked.output or asked.home / "report", asked.lang)
    if asked.format == "json":
        click.echo(json_v1.encode(json_v1.document(summary, store.visits(run.id), findings)))
    else:
        click.echo(summarise(summary, asked.lang, str(page)))
    code = exit_code(summary, findings, asked.fail_on, asked.max_unseen, stopped=stopped)
    words = _WORDS[code].in_(asked.lang).format(asked.fail_on)
    click.echo(f"exit {code.value}: {words}", err=True)
    return code


def exit_code(
    summary: Summary, findings: tuple[Finding, ...], fail_on: str, most: str, *, stopped: bool
) -> ExitCode:
    """Findings weigh more than gaps, gaps more than a met policy."""
    if _fails(findings, fail_on):
        return ExitCode.FINDINGS
    unseen = summary.coverage.targets - summary.coverage.seen
    if stopped or unseen > _most(most, summary.coverage.targets):
        return ExitCode.INCOMPLETE
    return ExitCode.MET


def _fails(findings: tuple[Finding, ...], fail_on: str) -> bool:
    if fail_on == "none":
        return False
    fresh = (FindingState.NEW, FindingState.REGRESSED)
    if fail_on == "new":
        return any(finding.state in fresh for finding in findings)
    standing = (*fresh, FindingState.OPEN)
    least = Severity(fail_on).rank
    return any(f.state in standing and f.severity.rank >= least for f in findings)


def _most(text: str, targets: int) -> float:
    """Return how many targets may stay unseen: "3" or "5%"."""
    number = text.removesuffix("%")
    if not number.isdecimal():
        raise ConfigError("--max-unseen", f"{text!r} is neither a number nor a share such as 5%")
    return targets * int(number) / 100 if text.endswith("%") else int(number)
