"""`auditor report`: make a report of a stored run."""

from pathlib import Path

import click

from auditor.cli import options
from auditor.model.base import Lang


@click.command(
    epilog="""\b
Examples:
  auditor report                              the last run, in Indonesian
  auditor report --lang both -o laporan       laporan/id and laporan/en
  auditor report 20261124 --format json > run.json
"""
)
@click.argument("run_id", default="last")
@options.home
@options.store
@click.option("--lang", type=click.Choice(["id", "en", "both"]), default="id", show_default=True)
@click.option(
    "--format", "kind", type=click.Choice(["html", "json"]), default="html", show_default=True
)
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path))
def report(
    *, run_id: str, home: Path, store_url: str | None, lang: str, kind: str, output: Path | None
) -> None:
    """Make the report of a stored run again; nothing is scanned."""
    from auditor.cli.outcome import summarised, write_html
    from auditor.render import json_v1
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        run = store.run(run_id)
        summary = summarised(store, run)
        if kind == "json":
            found = json_v1.document(summary, store.visits(run.id), store.findings(run.id))
            click.echo(json_v1.encode(found), nl=False)
            return
        folder = output or home / "report"
        for one in Lang if lang == "both" else (Lang(lang),):
            place = folder / one.value if lang == "both" else folder
            click.echo(write_html(store, run, summary, place, one))
