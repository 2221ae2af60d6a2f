"""`auditor report`: make a report of a stored run."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from auditor.cli import options
from auditor.errors import ConfigError, StoreError
from auditor.model.base import Lang

if TYPE_CHECKING:
    from auditor.cli.outcome import Outcome


class ReportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """In which form and language, for whom, and where to."""

    lang: str
    kind: str
    edition: str
    output: Path | None


@click.command(
    epilog="""\b
Examples:
  auditor report                              the last run, in Indonesian
  auditor report --lang both -o laporan       laporan/id and laporan/en
  auditor report 20261124 --format json > run.json
  auditor report --edition public -o publik   one page for everyone: no names, no weaknesses
"""
)
@click.argument("run_id", default="last")
@options.home
@options.store
@click.option("--lang", type=click.Choice(["id", "en", "both"]), default="id", show_default=True)
@click.option(
    "--format", "kind", type=click.Choice(["html", "json"]), default="html", show_default=True
)
@click.option(
    "--edition",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help="public: one page of counts, without names and weaknesses.",
)
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path))
def report(*, run_id: str, home: Path, store_url: str | None, **rest: Any) -> None:
    """Make the report of a stored run again; nothing is scanned.

    HTML goes to a folder, by default `report` (or `public`) in the home folder. JSON goes to
    stdout, or with -o into the folder as run.json; it holds both languages.
    """
    from auditor.cli.outcome import print_json, stored, write_edition, write_html
    from auditor.store import open_store

    asked = ReportOptions(**rest)
    if asked.edition == "public" and asked.kind == "json":
        raise ConfigError("--edition", "the public edition is HTML")
    with open_store(store_url or home, lock=False) as store:
        outcome = stored(store, store.run(run_id))
        if asked.kind == "json":
            if asked.output is None:
                print_json(outcome)
            else:
                click.echo(_write_json(outcome, asked.output))
            return
        public = asked.edition == "public"
        write = write_edition if public else write_html
        folder = asked.output or home / ("public" if public else "report")
        for one in Lang if asked.lang == "both" else (Lang(asked.lang),):
            place = folder / one.value if asked.lang == "both" else folder
            click.echo(write(outcome, place, one))


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
