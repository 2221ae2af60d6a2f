"""What is to be done on all targets, by due date, for a terminal: no control characters."""

from collections.abc import Iterable, Iterator
from datetime import date

from auditor.model.base import Lang, Text
from auditor.model.text import inert
from auditor.render.patches_v1 import Named
from auditor.report.patch import Action, Word
from auditor.report.patch_groups import is_kernel

WIDTHS = (10, 2, 20, 34, 30, 7, 8)
"""Columns: due, mark, target, action, versions, CVEs, exposure."""
LONGEST = 200
"""Characters of a reason."""
_HEADS = (
    Text(id="tenggat", en="due"),
    Text(id="", en=""),
    Text(id="target", en="target"),
    Text(id="tindakan", en="action"),
    Text(id="versi", en="versions"),
    Text(id="CVE", en="CVEs"),
    Text(id="terpapar", en="exposed"),
)
_NEXT = Text(id="berikutnya", en="next")
_REBOOT = Text(id="muat ulang kernel", en="restart the kernel")
_RESTART = Text(id="jalankan ulang: {}", en="restart: {}")
_NONE = Text(
    id="Tidak ada tindakan tertunda pada target yang terlihat.",
    en="No action is pending on targets that were seen.",
)
_NO_TARGET = Text(
    id="Audit ini tidak menanyakan tingkat tambalan: pakai kebijakan dengan pemeriksaan patch.*",
    en="This run did not ask for patch levels: use a policy with the checks patch.*",
)
_UNSURE = Text(id="Tidak diketahui seluruhnya:", en="Not known to the full:")
_WORDS = {
    Word.PARTLY: Text(id="sebagian", en="in part"),
    Word.STALE: Text(id="data usang", en="stale data"),
    Word.UNSUPPORTED: Text(id="tidak didukung", en="unsupported"),
    Word.UNSEEN: Text(id="tidak terlihat", en="not seen"),
}
_MARKS = Text(
    id="! lewat tenggat   K sudah dieksploitasi (KEV)",
    en="! overdue   K known to be exploited (KEV)",
)


def listing(levels: Iterable[Named], lang: Lang) -> Iterator[str]:
    """Yield the lines: actions by due date, then the targets that are not known to the full."""
    lines: list[tuple[tuple[object, ...], str]] = []
    unsure: list[str] = []
    asked = False
    for target, _, level in levels:
        asked = True
        lines += [((*a.haste, target), _line(target, a, lang)) for a in level.actions]
        if level.word is not Word.COMPLETE:
            told = ": ".join(filter(None, (level.reason.in_(lang), level.detail)))
            reason = inert(told[:LONGEST]).replace("\n", " ")
            unsure.append(f"  {target}: {_WORDS[level.word].in_(lang)}; {reason}")
    if lines:
        yield _columns([head.in_(lang) for head in _HEADS])
        yield from (text for _, text in sorted(lines))
        yield _MARKS.in_(lang)
    else:
        yield (_NONE if asked else _NO_TARGET).in_(lang)
    if unsure:
        yield _UNSURE.in_(lang)
        yield from unsure


def _line(target: str, action: Action, lang: Lang) -> str:
    return _columns(
        [
            _due(action.day, lang),
            f"{'!' if action.overdue else ' '}{'K' if action.kev else ' '}",
            target,
            _title(action, lang),
            f"{action.have} → {action.want}",
            str(len(action.cves)) if action.cves else "-",
            action.exposed.value,
        ]
    )


def _due(day: date | None, lang: Lang) -> str:
    return _NEXT.in_(lang) if day is None else day.isoformat()


def _title(action: Action, lang: Lang) -> str:
    if not action.restart:
        return action.source
    words = _REBOOT if is_kernel(action.source) else _RESTART
    return words.in_(lang).format(action.source)


def _columns(cells: Iterable[str]) -> str:
    fitted = (_fit(cell, width) for cell, width in zip(cells, WIDTHS, strict=True))
    return "  ".join(fitted).rstrip()


def _fit(cell: str, width: int) -> str:
    text = inert(cell[:LONGEST]).replace("\n", " ").replace("\t", " ")
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"
