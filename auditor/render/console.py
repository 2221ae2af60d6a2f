"""A run on one screen of a terminal: 80 columns, 24 lines, no control characters."""

from babel.dates import format_date

from auditor.model.base import Lang, Text
from auditor.model.check import Severity
from auditor.model.result import Score
from auditor.model.text import inert
from auditor.report import Summary

WIDTH = 80
NAME = 44
"""Columns of an office's name: room for the score and the bar stays."""
BAR = 24
OPDS = 6
WORST = 5
SEVERITY = {
    Severity.CRITICAL: Text(id="kritis", en="critical"),
    Severity.HIGH: Text(id="tinggi", en="high"),
    Severity.MEDIUM: Text(id="sedang", en="medium"),
    Severity.LOW: Text(id="rendah", en="low"),
    Severity.INFO: Text(id="informasi", en="info"),
}


def summarise(summary: Summary, lang: Lang, report: str = "") -> str:
    """Return the lines to print; `report` is where the whole report stands."""
    lines = [
        *_head(summary, lang),
        *_scores(summary, lang),
        "",
        *_worst(summary, lang),
        "",
    ]
    whole = [_say(lang, "Laporan: ", "Report: ") + inert(report)] if report else []
    return "\n".join([*(_fit(line) for line in lines), *whole])


def _say(lang: Lang, id_: str, en: str) -> str:
    return Text(id=id_, en=en).in_(lang)


def _fit(line: str) -> str:
    line = inert(line[: 2 * WIDTH]).replace("\n", " ").replace("\t", " ")
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _head(summary: Summary, lang: Lang) -> list[str]:
    authority, cover, changed = summary.head.authority, summary.coverage, summary.changes
    until = format_date(authority.valid_until, "d MMMM y", locale=lang.value)
    share = "-" if cover.share is None else f"{cover.share:g} %"
    unseen = cover.targets - cover.seen
    return [
        f"{summary.head.city} · {summary.head.run.id}",
        _say(lang, "Dasar: ", "Authority: ")
        + f"{authority.letter}, "
        + _say(lang, f"berlaku sampai {until}", f"valid until {until}"),
        _say(
            lang,
            f"Terperiksa: {cover.seen} dari {cover.targets} target utuh, {unseen} tidak; "
            f"{share} pertanyaan terjawab",
            f"Examined: {cover.seen} of {cover.targets} targets in full, {unseen} not; "
            f"{share} of questions answered",
        ),
        _say(
            lang,
            f"Temuan: {changed.new} baru, {changed.regressed} kambuh, {changed.open} terbuka, "
            f"{changed.fixed} selesai, {changed.unseen} tak terlihat",
            f"Findings: {changed.new} new, {changed.regressed} relapsed, {changed.open} open, "
            f"{changed.fixed} fixed, {changed.unseen} not seen",
        ),
        *_patches(summary, lang),
    ]


def _patches(summary: Summary, lang: Lang) -> list[str]:
    """Say how the patch level stands; a blank line where nobody asked."""
    if summary.patch is None:
        return [""]
    sums = summary.patch.totals
    lines = [
        _say(
            lang,
            f"Pembaruan keamanan: {sums.pending} tertunda di {sums.waiting} target, "
            f"{sums.kev} dari KEV, {sums.overdue} lewat tenggat",
            f"Security updates: {sums.pending} pending on {sums.waiting} targets, "
            f"{sums.kev} of KEV, {sums.overdue} overdue",
        )
    ]
    if sums.unseen or sums.stale or sums.ended:
        lines.append(
            _say(
                lang,
                f"  {sums.unseen} target tidak terlihat, {sums.stale} dengan data usang, "
                f"{sums.ended} lewat masa dukungan",
                f"  {sums.unseen} targets not seen, {sums.stale} with stale data, "
                f"{sums.ended} past their support",
            )
        )
    return lines


def _scores(summary: Summary, lang: Lang) -> list[str]:
    rows = sorted(summary.opds, key=lambda row: (row.score.value is None, row.score.value or 0))
    lines = [_row(_say(lang, "Kota", "City"), summary.score)]
    lines += [_row(row.opd.name, row.score) for row in rows[:OPDS]]
    if (rest := len(rows) - OPDS) > 0:
        lines.append(
            _say(lang, f"  dan {rest} perangkat daerah lagi", f"  and {rest} more offices")
        )
    return lines


def _row(name: str, score: Score) -> str:
    short = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
    if score.value is None:
        return f"  {short:<{NAME}}     -"
    filled = round(score.value / 100 * BAR)
    return f"  {short:<{NAME}} {score.value:>5g} {'█' * filled}{'░' * (BAR - filled)}"


def _worst(summary: Summary, lang: Lang) -> list[str]:
    if not summary.problems:
        return [
            _say(
                lang,
                "Tidak ada temuan terbuka pada yang terperiksa.",
                "No open finding in what was examined.",
            )
        ]
    lines = [_say(lang, "Yang pertama-tama perlu dipenuhi:", "To be met first:")]
    for number, problem in enumerate(summary.problems[:WORST], 1):
        more = f" (+{problem.count - 1})" if problem.count > 1 else ""
        grave = SEVERITY[problem.severity].in_(lang)
        wanted = problem.check.title.in_(lang)
        lines.append(f"  {number}. [{grave}] {problem.target.id}: {wanted}{more}")
    if (rest := len(summary.problems) - WORST) > 0:
        lines.append(_say(lang, f"  dan {rest} temuan lagi", f"  and {rest} more findings"))
    return lines
