"""A run on one screen of a terminal: 80 columns, 24 lines, no control characters."""

from babel.dates import format_date

from auditor.model.base import Lang, Text
from auditor.model.check import Severity
from auditor.model.result import Score
from auditor.model.text import inert
from auditor.render.words import load_texts
from auditor.report import Summary

WIDTH = 80
NAME = 44
"""Columns of an office's name: room for the score and the bar stays."""
BAR = 24
OPDS = 3
WORST = 3
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
        *_foundations(summary, lang),
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
        *_waived(summary, lang),
        *_patches(summary, lang),
    ]


def _waived(summary: Summary, lang: Lang) -> list[str]:
    """Say what is waived; a waiver that lapsed or fits nothing is told by name."""
    waivers = summary.waivers
    parts = []
    if waivers.findings:
        n = len(waivers.findings)
        parts.append(_say(lang, f"{n} temuan dikecualikan", f"{n} findings waived"))
    for some, id_, en in (
        (waivers.expired, "berakhir", "lapsed"),
        (waivers.idle, "tanpa temuan", "without a finding"),
    ):
        if some:
            parts.append(f"{_say(lang, id_, en)}: {', '.join(waiver.id for waiver in some)}")
    return [f"{_say(lang, 'Pengecualian', 'Waivers')}: {'; '.join(parts)}"] if parts else []


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


def _foundations(summary: Summary, lang: Lang) -> list[str]:
    """Say of each foundation how it stands and who answered."""
    words = load_texts(lang)
    lines = []
    for foundation, share in summary.shares.items():
        score = summary.foundations.get(foundation)
        value = "-" if score is None or score.value is None else f"{score.value:g}"
        who = _say(lang, "tidak ditanyakan", "not asked")
        if share.asked:
            parts = [f"{100 * n / share.asked:.0f} %" for n in (share.machine, share.people)]
            rest = f"{100 * share.nothing / share.asked:.0f} %"
            who = _say(
                lang,
                f"{parts[0]} mesin, {parts[1]} pernyataan, {rest} belum diperiksa",
                f"{parts[0]} machines, {parts[1]} statements, {rest} not examined",
            )
        lines.append(f"  {words[foundation]:<10} {value:>5}  {who}")
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
