"""Write a report as HTML pages that need nothing else: no network, no script, no other file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from markupsafe import Markup

from auditor.model.base import Lang, ProbeKey, TargetId
from auditor.model.check import Check, Foundation, Severity
from auditor.model.fact import Observation
from auditor.model.inventory import Target
from auditor.model.result import Finding, Score, Tally, TargetState, Visit
from auditor.render.explorer import pack
from auditor.render.folder import replaced
from auditor.render.patch_section import section
from auditor.render.templates import environment
from auditor.render.words import Words, slug
from auditor.report import Summary, TargetPage, target_page
from auditor.report.matrix import LETTERS
from auditor.report.model import OpdRow
from auditor.report.patch import Level, level_of
from auditor.report.patch_groups import is_kernel
from auditor.report.problems import actions
from auditor.report.unexamined import Unexamined

Evidence = Callable[[TargetId], Mapping[ProbeKey, Observation]]
FIRST = 10
"""Actions on the first page."""
PROBLEMS = 100
"""Findings that an office's page shows in full; the rest is counted and stands by target."""


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
        for part in ("opd", "audit", "targets", "frameworks", "controls"):
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
    yield "method.html", pages.method()
    if summary.patch is not None:
        yield "patch.html", pages.render("patch", city=summary.patch)
    for office in summary.opds:
        yield f"opd/{slug(office.opd.id)}.html", pages.opd(office)
        yield f"audit/{slug(office.opd.id)}.html", pages.audit(office)
    for framework in summary.frameworks:
        yield f"frameworks/{slug(framework.id)}.html", pages.render("framework", row=framework)
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
        words = Words(lang, summary.head.tz, summary.head.run.started)
        self._texts = words.texts
        self._rows = {row.target.id: row for row in summary.targets}
        self._patches = {o.opd.id: o for o in summary.patch.opds} if summary.patch else {}
        self._environment = environment(
            words, lang, summary=summary, about=self.about, is_kernel=is_kernel
        )
        self._about: dict[str, Markup] = {}

    def render(self, name: str, **values: Any) -> str:
        return self._environment.get_template(f"{name}.html.j2").render(values)

    def index(self) -> str:
        return self.render(
            "index",
            foundations=_foundations(self._summary.foundations),
            first=actions(self._summary.problems)[:FIRST],
            explorer=Markup(pack(self._summary, self._lang)),  # noqa: S704 - base64
            letters=tuple((s.value, letter) for s, letter in LETTERS.items()),
            severities=tuple(s.value for s in Severity),
        )

    def method(self) -> str:
        return self.render(
            "method",
            weights=tuple((s.value, w) for s, w in self._summary.weights.items()),
            due_days=tuple((s.value, days) for s, days in self._summary.due.items()),
        )

    def opd(self, row: OpdRow) -> str:
        targets = tuple(r for r in self._summary.targets if r.opd.id == row.opd.id)
        problems = tuple(p for p in self._summary.problems if p.opd.id == row.opd.id)
        shares = row.shares.values()
        return self.render(
            "opd",
            row=row,
            targets=targets,
            hidden=tuple(r for r in targets if r.state is not TargetState.SEEN),
            good=sum(share.good for share in shares),
            nothing=sum(share.nothing for share in shares),
            asked=sum(share.asked for share in shares),
            actions=actions(problems),
            accepted=tuple(a for a in self._summary.accepted if a.opd.id == row.opd.id),
            breaches=tuple(b for b in self._summary.breaches if b.opd.id == row.opd.id),
            waits=_waits(row),
            problems=problems[:PROBLEMS],
            more=max(0, len(problems) - PROBLEMS),
            foundations=_foundations(row.foundations),
            patches=self._patches.get(row.opd.id),
        )

    def audit(self, row: OpdRow) -> str:
        """Return an office's findings in the shape that an internal audit reports them."""
        mine = actions(self._summary.problems, row.opd.id)
        targets = (r for r in self._summary.targets if r.opd.id == row.opd.id)
        return self.render(
            "audit",
            row=row,
            seen=sum(r.state is TargetState.SEEN for r in targets),
            actions=mine[:PROBLEMS],
            more=max(0, len(mine) - PROBLEMS),
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


def _foundations(scores: Mapping[Foundation, Score]) -> tuple[tuple[str, Score], ...]:
    """Return all four, those too of which nothing was asked."""
    nothing = Score(value=None, tally=Tally())
    return tuple((f.value, scores.get(f, nothing)) for f in Foundation)


def _waits(row: OpdRow) -> tuple[tuple[str, tuple[Unexamined, ...]], ...]:
    """Return what an office waits for, by what it waits for."""
    tried = tuple(u for u in row.unexamined if u.tried)
    people = tuple(u for u in row.unexamined if not u.tried and u.statement)
    tool = tuple(u for u in row.unexamined if not u.tried and not u.statement)
    named = ("unexamined_tried", "unexamined_people", "unexamined_tool")
    return tuple(zip(named, (tried, people, tool), strict=True))
