"""`auditor report`: make a report of a stored run."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.errors import StoreError
from auditor.model.base import Lang

if TYPE_CHECKING:
    from auditor.cli.outcome import Outcome


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
    """Make the report of a stored run again; nothing is scanned.

    HTML goes to a folder, by default `report` in the home folder. JSON goes to stdout, or with
    -o into the folder as run.json; it holds both languages.
    """
    from auditor.cli.outcome import print_json, stored, write_html
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        outcome = stored(store, store.run(run_id))
        if kind == "json":
            if output is None:
                print_json(outcome)
            else:
                click.echo(_write_json(outcome, output))
            return
        folder = output or home / "report"
        for one in Lang if lang == "both" else (Lang(lang),):
            place = folder / one.value if lang == "both" else folder
            click.echo(write_html(outcome, place, one))


def _write_json(outcome: "Outcome", folder: Path) -> Path:
    """Write `run.json` whole or not at all."""
    from auditor.cli.outcome import JSON_FILE, json_chunks

    path = folder / JSON_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".run-") as name:
            fresh = Path(name) / JSON_FILE
            with fresh.open("wb") as file:
                file.writelines(json_chunks(outcome))
            fresh.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    return path
