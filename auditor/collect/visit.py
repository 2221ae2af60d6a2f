"""Frames of a visit become observations: what the SSH and the local collector share."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Json, Observation, Why
from auditor.probe import texts
from auditor.probe.base import Frame, Probe, Section, Unseen
from auditor.probe.script import sections_of

EXCERPT_LIMIT = 4000
"""Characters of evidence that are kept of one probe."""
_KERNEL = ("/proc/", "/sys/")


def observations(
    target: TargetId,
    probes: Iterable[Probe],
    frames: Mapping[str, Frame],
    seen_at: datetime,
    missing: tuple[Why, str],
) -> Iterator[Observation]:
    """Yield a fact or gap for each probe; `missing` says why a frame that is not there is not."""
    for probe in probes:
        assert probe.type.parse is not None  # noqa: S101 - an SSH type has it
        sections = sections_of(probe.type, (probe.args,))
        reads = probe.type.reads((probe.args,)) if probe.type.reads else ()
        keys = [section.key for section in sections] + ([texts.KEY] if reads else [])
        if any(key not in frames for key in keys):
            yield Gap(target=target, probe=probe.key, why=missing[0], detail=missing[1])
            continue
        try:
            value = probe.type.parse(probe.args, frames)
        except Unseen as unseen:
            yield Gap(
                target=target,
                probe=probe.key,
                why=unseen.why,
                detail=unseen.detail,
                evidence=_evidence(sections, reads, {}, frames, seen_at),
            )
            continue
        evidence = _evidence(sections, reads, value, frames, seen_at)
        yield Fact(target=target, probe=probe.key, value=value, evidence=evidence)


def _evidence(
    sections: tuple[Section, ...],
    reads: tuple[str, ...],
    value: Mapping[str, Json],
    frames: Mapping[str, Frame],
    seen_at: datetime,
) -> Evidence:
    """Say what was asked, and show what came: a section whole, of files the lines that count."""
    shown = [section.shown for section in sections]
    parts = [frames[section.key].text.strip("\n") for section in sections]
    if reads:
        shown.append(texts.shown(reads))
        parts = [*_lines(value, reads, frames), *parts]
    excerpt = "\n".join(parts)
    if len(excerpt) > EXCERPT_LIMIT:
        excerpt = f"{excerpt[:EXCERPT_LIMIT]}\n… ({len(excerpt) - EXCERPT_LIMIT} more characters)"
    return Evidence(source="; ".join(shown), excerpt=excerpt, seen_at=seen_at)


def _lines(
    value: Mapping[str, Json], reads: tuple[str, ...], frames: Mapping[str, Frame]
) -> Iterator[str]:
    """Yield the lines that facts come from, and the values that the kernel shows as files."""
    try:
        seen = texts.texts(frames)
    except Unseen:
        return
    for path in (path for path in reads if path.startswith(_KERNEL)):
        file = seen.files.get(path)
        if file is not None and len(file.lines) == 1:
            yield f"{path}: {file.lines[0][1]}"
    for place in dict.fromkeys(_places(value)):
        if line := seen.excerpt(place):
            yield f"{place}: {line.strip()}"


def _places(value: Json) -> Iterator[str]:
    """Yield every place that a record, or a row of its tables, names."""
    if not isinstance(value, Mapping):
        return
    yield from map(str, (value.get("places") or {}).values())
    if "place" in value:
        yield str(value["place"])
    for rows in value.values():
        if isinstance(rows, list):
            for row in rows:
                yield from _places(row)
