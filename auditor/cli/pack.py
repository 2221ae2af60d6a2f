"""`auditor pack`: the evidence of each indicator, as an assessor asks for it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from auditor.cli import options
from auditor.errors import ConfigError
from auditor.model.base import CheckId, Lang, OpdId
from auditor.model.inventory import TargetKind
from auditor.model.result import Status
from auditor.store import Store, open_store

if TYPE_CHECKING:
    from auditor.cli.outcome import Outcome
    from auditor.render.pack import Attached
    from auditor.report.model import FrameworkRow, Summary


class PackOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which controls, in which language, and where to."""

    lang: Lang
    framework: str
    controls: tuple[str, ...]
    zipped: bool
    output: Path | None


@click.command(
    epilog="""\b
Examples:
  auditor pack                                   a folder for each indicator of Pemdi
  auditor pack --control PEMDI-2026:I8 --zip     one indicator, and a ZIP of it
  auditor pack --framework bssn-4-2021 -o bukti  the same for the controls of a regulation
"""
)
@click.argument("run_id", default="last")
@options.home
@options.store
@options.lang
@click.option(
    "--framework", default="pemdi-2026", show_default=True, help="A framework of the run."
)
@click.option("--control", "controls", multiple=True, help="One of its controls; may be repeated.")
@click.option("--zip", "zipped", is_flag=True, help="Put the folders into one ZIP as well.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path))
def pack(*, run_id: str, home: Path, store_url: str | None, **rest: Any) -> None:
    """Write evidence packs: for each control a folder with results, evidence and digests.

    A pack holds weaknesses in detail: it is meant for assessors, not for the public.
    """
    from auditor.cli.outcome import stored
    from auditor.render.pack import Material, write_packs, zip_packs

    asked = PackOptions(**rest)
    folder = asked.output or home / "packs"
    with open_store(store_url or home, lock=False) as store:
        outcome = stored(store, store.run(run_id))
        row = _framework(outcome.summary, asked)
        material = Material(
            summary=outcome.summary,
            visits=outcome.visits,
            look=outcome.look,
            attached=_attached(store, outcome),
        )
        made = write_packs(material, row, asked.controls, folder, asked.lang)
    for place in made:
        click.echo(place)
    if asked.zipped:
        click.echo(zip_packs(made, folder / f"{asked.framework}.zip"))


def _framework(summary: "Summary", asked: PackOptions) -> "FrameworkRow":
    rows = {row.id: row for row in summary.frameworks}
    if asked.framework not in rows:
        hint = f"the run was judged by: {', '.join(rows) or 'none'}"
        problem = f"the run has no framework {asked.framework!r}"
        raise ConfigError("--framework", problem, hint=hint)
    row = rows[asked.framework]
    known = {one.control.id for one in row.controls}
    for control in asked.controls:
        if control not in known:
            raise ConfigError("--control", f"{asked.framework} has no control {control!r}")
    return row


def _attached(
    store: Store, outcome: "Outcome"
) -> "Callable[[tuple[CheckId, ...]], Iterable[Attached]]":
    """Return what finds the files behind questions, among the answers that counted in the run."""
    from auditor.model.attest import CHECKS, latest
    from auditor.render.pack import Attached

    run = outcome.run
    counted = _counted(store, outcome)
    answers = {
        opd: latest(one for one in store.statements(opd) if one.imported <= run.started)
        for opd in counted
    }

    def attached(checks: tuple[CheckId, ...]) -> "Iterable[Attached]":
        for opd, stated in sorted(answers.items()):
            for question, answer in sorted(stated.items()):
                check = CheckId(f"{CHECKS}{question}")
                for file in answer.evidence if check in counted[opd].intersection(checks) else ():
                    read = partial(store.evidence, file.sha256)
                    yield Attached(opd=opd, name=file.name, body=read)

    return attached


def _counted(store: Store, outcome: "Outcome") -> Mapping[OpdId, frozenset[CheckId]]:
    """Return the checks of each office of the run that have a definite answer."""
    visited = store.visited(outcome.run.id)
    offices = [
        row.target
        for row in outcome.summary.targets
        if row.target.kind is TargetKind.OPD and row.target.id in visited
    ]
    waiting = (Status.ERROR, Status.NOT_CHECKED)
    return {
        office.opd: frozenset(
            result.check
            for result in store.visit(outcome.run.id, office.id).results
            if result.status not in waiting
        )
        for office in offices
    }
