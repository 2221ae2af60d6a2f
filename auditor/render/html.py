"""Write a report as HTML pages that need nothing else: no network, no script, no other file."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import msgspec
import yaml
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup

from auditor.model.base import Lang, ProbeKey, TargetId
from auditor.model.check import Check, Foundation, Severity
from auditor.model.fact import WHY, Observation
from auditor.model.inventory import Target
from auditor.model.result import Finding, Score, Tally, TargetState, Visit
from auditor.model.text import inert
from auditor.render.explorer import pack
from auditor.render.folder import MARK, replaced
from auditor.render.patch_section import section
from auditor.report import Summary, TargetPage, target_page
from auditor.report.matrix import LETTERS
from auditor.report.model import OpdRow
from auditor.report.patch import Level, level_of
from auditor.report.patch_groups import is_kernel
from auditor.resources import shipped

Evidence = Callable[[TargetId], Mapping[ProbeKey, Observation]]
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 4096
"""Characters of one text that a page shows; the rest is counted."""
BRIEF = 240
"""Characters of a sentence in a list of findings; the target's page says more."""
PROBLEMS = 100
"""Findings that an office's page shows in full; the rest is counted and stands by target."""


def slug(name: str) -> str:
    """Return a name that is safe in a file name and a fragment: "A:1.b" → "A-1.b"."""
    return _UNSAFE.sub("-", name)


def harmless(value: Any) -> Any:
    """Make a text inert and bound it; markup of our own passes. Applied to all that is printed."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _bounded(value, LONGEST)


def brief(text: str) -> str:
    """Return the beginning of a sentence, and how many characters are left out."""
    return _bounded(text, BRIEF)


def _bounded(text: str, most: int) -> str:
    rest = len(text) - most
    return inert(text) if rest <= 0 else f"{inert(text[:most])}… (+{rest})"


def breakable(text: str) -> Markup:
    """Let a line end after a slash: numbers of letters are long."""
    return Markup("/<wbr>").join(str(harmless(text)).split("/"))


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages are made of; `visits` is read once, one at a time."""

    summary: Summary
    visits: Iterable[Visit]
    evidence: Evidence
    findings: tuple[Finding, ...]


def write_report(
    source: Source,
    folder: Path,
    lang: Lang,
    extra: Mapping[str, Iterable[bytes]] = MappingProxyType({}),
) -> Path:
    """Write all pages in place of an older report and return the path of the first one.

    `extra` holds more files by name, in chunks. The new report is made beside the old one, which
    stays until the new one is whole. Raises `StoreError` where the disk refuses, and where the
    folder holds anything but a report.
    """
    with replaced(folder) as fresh:
        for part in ("opd", "targets", "controls"):
            (fresh / part).mkdir()
        for path, page in _pages(source, lang):
            (fresh / path).write_text(page, encoding="utf-8")
        for path, chunks in extra.items():
            with (fresh / path).open("wb") as file:
                file.writelines(chunks)
    return folder / "index.html"


def _pages(source: Source, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every page."""
    summary = source.summary
    pages = _Pages(summary, lang)
    yield "index.html", pages.index()
    if summary.patch is not None:
        yield "patch.html", pages.render("patch", city=summary.patch)
    for office in summary.opds:
        yield f"opd/{slug(office.opd.id)}.html", pages.opd(office)
    for control in summary.controls:
        yield f"controls/{slug(control.control.id)}.html", pages.render("control", row=control)
    known = {finding.id: finding for finding in source.findings}
    unvisited = {row.target.id for row in summary.targets}
    for visit in source.visits:
        unvisited.discard(visit.target)
        seen = source.evidence(visit.target)
        page = target_page(visit, seen, summary.checks, summary.law, known)
        level = level_of(seen.values())
        yield f"targets/{slug(visit.target)}.html", pages.target(visit.target, page, level)
    for name in sorted(unvisited):
        yield f"targets/{slug(name)}.html", pages.target(name, _EMPTY)


_EMPTY = TargetPage(failed=(), unseen=(), passed=(), others=())
"""The page of a target that a stopped run did not come to."""


class _Pages:
    """The templates, with everything that all pages share."""

    def __init__(self, summary: Summary, lang: Lang) -> None:
        self._summary = summary
        self._lang = lang
        self._zone = ZoneInfo(summary.head.tz)
        self._texts = load_texts(lang)
        self._rows = {row.target.id: row for row in summary.targets}
        self._patches = {o.opd.id: o for o in summary.patch.opds} if summary.patch else {}
        root = shipped("reports")
        self._environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(lambda n: (root / n).read_text(encoding="utf-8")),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=harmless,
            trim_blocks=True,
        )
        css = (root / "report.css").read_text(encoding="utf-8")
        js = (root / "report.js").read_text(encoding="utf-8")
        self._environment.globals |= {
            "summary": summary,
            "t": self._texts,
            "lang": lang,
            "slug": slug,
            "day": self.day,
            "moment": self.moment,
            "number": self.number,
            "age": self.age,
            "mark": MARK,
            "about": self.about,
            "breakable": breakable,
            "brief": brief,
            "why": lambda why: WHY[why].in_(lang),
            "is_kernel": is_kernel,
            "some": self.some,
            "css": Markup(css),  # noqa: S704 - our own file
            "js": Markup(js),  # noqa: S704 - our own file
            "csp": _policy(css, js),
        }
        self._about: dict[str, Markup] = {}

    def render(self, name: str, **values: Any) -> str:
        return self._environment.get_template(f"{name}.html.j2").render(values)

    def index(self) -> str:
        return self.render(
            "index",
            foundations=_foundations(self._summary.foundations),
            examined=sum(row.status is None for row in self._summary.controls),
            weights=tuple((s.value, w) for s, w in self._summary.weights.items()),
            explorer=Markup(pack(self._summary, self._lang)),  # noqa: S704 - base64
            letters=tuple((s.value, letter) for s, letter in LETTERS.items()),
            severities=tuple(s.value for s in Severity),
        )

    def opd(self, row: OpdRow) -> str:
        targets = tuple(r for r in self._summary.targets if r.opd.id == row.opd.id)
        problems = tuple(p for p in self._summary.problems if p.opd.id == row.opd.id)
        return self.render(
            "opd",
            row=row,
            targets=targets,
            seen=sum(r.state is TargetState.SEEN for r in targets),
            problems=problems[:PROBLEMS],
            more=max(0, len(problems) - PROBLEMS),
            foundations=_foundations(row.foundations),
            patches=self._patches.get(row.opd.id),
        )

    def target(self, name: TargetId, page: TargetPage, level: Level | None = None) -> str:
        row = self._rows[name]
        return self.render(
            "target",
            row=row,
            page=page,
            tags=self._tags(row.target),
            level=level,
            section=section(self._environment, level) if level else "",
        )

    def about(self, check: Check) -> Markup:
        """Return what every target's page says of a check, rendered once."""
        if check.id not in self._about:
            law = self._summary.law.get(check.id, ())
            page = self._environment.get_template("check.html.j2")
            self._about[check.id] = Markup(page.render(check=check, refs=law))  # noqa: S704 - autoescaped
        return self._about[check.id]

    def _tags(self, target: Target) -> tuple[str, ...]:
        tags = target.tags
        category = [self._texts["kategori_se"].format(v=tags.kategori_se)] * bool(tags.kategori_se)
        marks = [self._texts[name] for name in ("iiv", "data_pribadi") if getattr(tags, name)]
        return (*category, *marks, *tags.other)

    def day(self, moment: date | datetime) -> str:
        """Return a date in words."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self._zone).date()
        return format_date(moment, "d MMMM y", locale=self._lang.value)

    def moment(self, moment: datetime) -> str:
        """Return date and time in the city's zone: "24 November 2026 pukul 08.00 WIB"."""
        local = moment.astimezone(self._zone)
        words = format_datetime(local, self._texts["moment"], locale=self._lang.value)
        return f"{words} {_ZONES.get(self._summary.head.tz, local.tzname() or '')}"

    def age(self, since: datetime) -> str:
        """Return how many days lie between a moment and this run."""
        days = (self._summary.head.run.started - since).days
        return self._texts["age"].format(n=days) if days > 0 else self._texts["age_today"]

    def some(self, texts: Sequence[str], most: int) -> str:
        """Return the first of some texts in one line, and how many are left out."""
        shown = ", ".join(texts[:most])
        rest = len(texts) - most
        return shown if rest <= 0 else f"{shown} {self._texts['patch_and_more'].format(n=rest)}"

    def number(self, value: float) -> str:
        """Return a number as the language writes it."""
        return format_decimal(value, format="#,##0.#", locale=self._lang.value)


_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def _foundations(scores: Mapping[Foundation, Score]) -> tuple[tuple[str, Score], ...]:
    """Return all four, those too of which nothing was asked."""
    nothing = Score(value=None, tally=Tally())
    return tuple((f.value, scores.get(f, nothing)) for f in Foundation)


def load_texts(lang: Lang) -> dict[str, str]:
    """Return the words of a language."""
    source = shipped("reports") / "texts" / f"{lang.value}.yaml"
    words: dict[str, str] = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes texts only
    return words


def _policy(css: str, js: str) -> str:
    """Return the Content-Security-Policy: our own style and script by their hash, nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
