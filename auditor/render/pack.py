"""Evidence packs: for each control of a framework a folder that an assessor can be given as it is.

In it: index.html (what was examined, by whom, with which result), results.csv, the evidence behind
each result as text, the files that officials attached, and the SHA-256 of each file. The same run
makes the same bytes, folder or ZIP.
"""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import msgspec

from auditor.errors import StoreError
from auditor.model.base import CheckId, Lang, ProbeKey, TargetId
from auditor.model.fact import Gap, Observation
from auditor.model.result import Result, Status, Visit
from auditor.model.text import inert
from auditor.render.csv_lines import line
from auditor.render.folder import replaced
from auditor.render.templates import environment
from auditor.render.words import Words, brief, slug
from auditor.report.model import ControlRow, FrameworkRow, Summary

MOST_EVIDENCE = 200
"""Pieces of evidence in one pack; the rest is counted on its page."""
MOST_VALUE = 20_000
"""Characters of a fact in a piece of evidence."""
_EPOCH = (2026, 1, 1, 0, 0, 0)
"""Date of every file in a ZIP: the same content makes the same bytes."""
_COLUMNS = ("opd", "target", "check", "title", "status", "severity", "message", "evidence")
_SHOWN = (Status.FAIL, Status.ERROR, Status.PASS, Status.NOT_CHECKED)


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A file that an official attached to a statement; `body` reads it."""

    opd: str
    name: str
    body: Callable[[], bytes]


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What packs are made of; `visits` and `look` read a target at a time."""

    summary: Summary
    visits: Callable[[], Iterable[Visit]]
    look: Callable[[TargetId], Iterable[Observation]]
    attached: Callable[[tuple[CheckId, ...]], Iterable[Attached]] = lambda _checks: ()
    """The files that officials attached to the questions behind some checks."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One result in a pack; `evidence` names a file of the pack, "" where there is none."""

    result: Result
    opd: str
    evidence: str


def write_packs(
    material: Material, framework: FrameworkRow, controls: Iterable[str], folder: Path, lang: Lang
) -> tuple[Path, ...]:
    """Write a folder for each control into `folder`; return their paths. Raises `StoreError`."""
    wanted = frozenset(controls)
    made = []
    for row in framework.controls:
        if not wanted or row.control.id in wanted:
            place = folder / pack_name(row)
            with replaced(place) as fresh:
                for name, body in _files(material, row, lang):
                    (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                    (fresh / name).write_bytes(body)
            made.append(place)
    return tuple(made)


def zip_packs(folders: Iterable[Path], file: Path) -> Path:
    """Put packs into one ZIP, whole or not at all. Raises `StoreError`."""
    fresh = file.with_name(f".{file.name}.new")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for folder in folders:
                for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                    name = f"{folder.name}/{path.relative_to(folder)}"
                    info = zipfile.ZipInfo(name, _EPOCH)
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)
        fresh.replace(file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"cannot write {file}: {error.strerror}") from error
    return file


def pack_name(row: ControlRow) -> str:
    """Return a pack's name, code first: "I8-pelindungan-data-pribadi"."""
    code = row.control.id.rpartition(":")[2]
    words = re.sub(r"[^a-z0-9]+", "-", row.control.text.id.lower()).strip("-")
    return f"{slug(code)}-{words[:60]}".strip("-")


def _files(material: Material, row: ControlRow, lang: Lang) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one pack by name, one at a time; the list of digests comes last."""
    evidence: dict[str, bytes] = {}
    lines = tuple(_lines(material, row, evidence))
    attached = {
        f"attached/{number:03}-{slug(file.opd)}-{slug(file.name)}": file.body
        for number, file in enumerate(material.attached(row.checks), 1)
    }
    page = _page(material, row, lines, tuple(attached), lang)
    made = {"index.html": page, "results.csv": _table(material, lines, lang), **evidence}
    whole = chain(made.items(), ((name, read()) for name, read in attached.items()))
    digests = []
    for name, body in whole:
        yield name, body
        digests.append((name, hashlib.sha256(body).hexdigest()))
    sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests))
    yield "SHA256SUMS", sums.encode()


def _lines(material: Material, row: ControlRow, evidence: dict[str, bytes]) -> Iterator[Line]:
    """Yield the results behind a control, and note their evidence under the names of files."""
    checks = frozenset(row.checks)
    owners = {target.target.id: target.opd.name for target in material.summary.targets}
    room = dict.fromkeys(_SHOWN, MOST_EVIDENCE)
    room[Status.PASS] = max(0, MOST_EVIDENCE - row.evidence.against)
    for visit in material.visits():
        mine = [r for r in visit.results if r.check in checks and r.status in _SHOWN]
        seen = {o.probe: o for o in material.look(visit.target)} if mine else {}
        for result in sorted(mine, key=lambda r: (_SHOWN.index(r.status), r.check)):
            name = f"evidence/{slug(visit.target)}-{slug(result.check)}.txt"
            left = min(room[result.status], MOST_EVIDENCE - len(evidence))
            text = _text(result, seen) if left > 0 else ""
            if text:
                evidence[name] = text.encode()
                room[result.status] -= 1
            yield Line(
                result=result, opd=owners.get(visit.target, ""), evidence=name if text else ""
            )


def _text(result: Result, seen: Mapping[ProbeKey, Observation]) -> str:
    """Return the evidence of a result as text, "" where none is kept."""
    parts = []
    for key in result.probes:
        found = seen[key].evidence if key in seen else None
        if found is not None and (found.source or found.excerpt):
            when = found.seen_at.isoformat() if found.seen_at else ""
            parts.append(
                f"{inert(found.source)}\n{when}\n\n{inert(found.excerpt)}\n{_value(seen[key])}"
            )
    if not parts:
        return ""
    said = "\n".join(f"{r.status}: {inert(r.message.id)}" for r in result.reasons[:50])
    return f"{result.target} {result.check} {result.status}\n{said}\n\n" + "\n---\n".join(parts)


def _value(seen: Observation) -> str:
    """Return what was seen as JSON, its beginning where it is long."""
    if isinstance(seen, Gap):
        return f"not seen: {seen.why}: {inert(seen.detail)}\n"
    text = msgspec.json.format(msgspec.json.encode(seen.value), indent=1).decode()
    rest = len(text) - MOST_VALUE
    return f"{inert(text[:MOST_VALUE])}{f'… (+{rest})' if rest > 0 else ''}\n"


def _page(
    material: Material,
    row: ControlRow,
    lines: tuple[Line, ...],
    attached: tuple[str, ...],
    lang: Lang,
) -> bytes:
    head = material.summary.head
    words = Words(lang, head.tz, head.run.started)
    template = environment(words, lang, summary=material.summary).get_template("pack.html.j2")
    page = template.render(row=row, lines=lines, attached=attached)
    return page.encode()


def _table(material: Material, lines: tuple[Line, ...], lang: Lang) -> bytes:
    checks = material.summary.checks
    rows = [line(_COLUMNS)]
    for one in lines:
        result = one.result
        check = checks.get(result.check)
        rows.append(
            line(
                (
                    one.opd,
                    result.target,
                    result.check,
                    check.title.in_(lang) if check else "",
                    result.status.value,
                    result.severity.value,
                    " / ".join(brief(reason.message.in_(lang)) for reason in result.reasons[:10]),
                    one.evidence,
                )
            )
        )
    return b"".join(rows)
