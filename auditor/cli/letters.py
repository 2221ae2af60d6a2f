"""`auditor letters`: notices of revealed personal data, to be filled in and sent by people."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.errors import StoreError
from auditor.model.base import Lang

if TYPE_CHECKING:
    from auditor.model.inventory import City
    from auditor.model.result import Run
    from auditor.report.breach import Breach

MOST = 100
"""Places that a letter lists; the rest is counted."""
BLANK = "…………………………"


@click.command(
    epilog="""\b
Examples:
  auditor letters                     of the last run, into letters/ of the home folder
  auditor letters 20261124 -o surat   of another run, into surat/
"""
)
@click.argument("run_id", default="last")
@options.home
@options.store
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path))
def letters(*, run_id: str, home: Path, store_url: str | None, output: Path | None) -> None:
    """Write the notices that the law asks for where personal data lay open (UU 27/2022 Ps 46).

    For each office one letter to the data subjects and one to the institution; for vital
    infrastructure a report of the incident as well. They are drafts in Indonesian with blanks for
    what no machine knows, due 72 (24) hours after an audit first saw it. Nothing is sent. A letter
    that is there already is left as it is: somebody may have filled it in.
    """
    from auditor.cli.outcome import since_ever
    from auditor.report.breach import breaches
    from auditor.store import open_store

    with open_store(store_url or home, lock=False) as store:
        run = store.run(run_id)
        inventory = store.context(run.id).inventory
        found = breaches(since_ever(store, run, store.findings(run.id)), inventory)
    if not found:
        click.echo(f"run {run.id} has no finding of revealed personal data: no letter is due")
        return
    folder = output or home / "letters"
    now = options.now()
    for breach in found:
        for name, text in _letters(breach, run, inventory.city, now):
            click.echo(_written(folder / name, text))


def _letters(
    breach: "Breach", run: "Run", city: "City", now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each letter of an office."""
    from auditor.render.words import slug

    page = _template(city, now)
    kinds = {"institution": "surat-lembaga", "subject": "surat-subjek-data"}
    if breach.report_due is not None:
        kinds["bssn"] = "laporan-insiden"
    for to, name in kinds.items():
        text = page.render(to=to, breach=breach, run=run, city=city)
        yield f"{name}-{slug(breach.opd.id)}-{slug(run.id)}.html", text


def _template(city: "City", now: datetime) -> Any:
    import jinja2
    from markupsafe import Markup

    from auditor.render.words import Words, breakable, brief, harmless
    from auditor.resources import shipped

    root = shipped("reports")
    css = (root / "breach.css").read_text(encoding="utf-8")
    words = Words(Lang.ID, city.tz, now)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, finalize=harmless, trim_blocks=True
    )
    environment.globals |= {
        "css": Markup(css),  # noqa: S704 - our own file
        "csp": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
        "moment": words.moment,
        "late": words.late,
        "breakable": breakable,
        "brief": brief,
        "blank": BLANK,
        "most": MOST,
    }
    return environment.from_string((root / "breach.html.j2").read_text(encoding="utf-8"))


def _written(path: Path, text: str) -> str:
    """Write a letter where there is none yet; return what was done."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return f"{path} (is there already; left as it is)"
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    return str(path)
