"""The public edition: a page for everyone, from a type that holds no name and no weakness."""

from pathlib import Path

from auditor.model.base import Lang
from auditor.model.check import Foundation
from auditor.model.result import Score, Tally
from auditor.render.folder import replaced
from auditor.render.templates import environment
from auditor.render.words import Words
from auditor.report.public import Public


def write_public(edition: Public, folder: Path, lang: Lang) -> Path:
    """Write the page in place of an older one and return its path. Raises `StoreError`."""
    with replaced(folder) as fresh:
        (fresh / "index.html").write_text(page(edition, lang), encoding="utf-8")
    return folder / "index.html"


def page(edition: Public, lang: Lang) -> str:
    """Return the page."""
    words = Words(lang, edition.tz, edition.run_started)
    nothing = Score(value=None, tally=Tally())
    scores = tuple((f.value, edition.foundations.get(f, nothing)) for f in Foundation)
    template = environment(words, lang).get_template("public.html.j2")
    return template.render(edition=edition, foundations=scores)
