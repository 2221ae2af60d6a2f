"""Frames of a visit become observations: what the SSH and the local collector share."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Json, Observation, Why
from auditor.probe import texts
from auditor.probe.base import Frame, Probe, Record, Section, Unseen
from auditor.probe.script import sections_of

EXCERPT_LIMIT = 4000
"""Characters of evidence that are kept of one probe."""
MOST_LINES = 60
"""Rows of a table whose lines are looked up for the evidence."""
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
        asked = _asked(probe)
        if any(key not in frames for key in asked.keys):
            yield Gap(target=target, probe=probe.key, why=missing[0], detail=missing[1])
            continue
        try:
            value, excerpt = _answer(probe, asked, frames)
        except Unseen as unseen:
            yield Gap(
                target=target,
                probe=probe.key,
                why=unseen.why,
                detail=unseen.detail,
                evidence=Evidence(asked.source, _excerpt(asked, {}, frames), seen_at),
            )
            continue
        evidence = Evidence(asked.source, excerpt, seen_at)
        yield Fact(target=target, probe=probe.key, value=value, evidence=evidence)


class _Asked(NamedTuple):
    """What answers a probe: frames, and which of them are sections, and which files."""

    keys: tuple[str, ...]
    sections: tuple[Section, ...]
    reads: tuple[str, ...]
    kernel: tuple[str, ...]
    own: tuple[str, ...]
    """Frames of its own sections."""
    kept: bool
    """Its answer is kept for the next target that gives the same."""
    shared: bool
    source: str


@lru_cache(maxsize=4096)
def _asked(probe: Probe) -> _Asked:
    sections = sections_of(probe.type, (probe.args,))
    reads = probe.type.reads((probe.args,)) if probe.type.reads else ()
    own = tuple(section.key for section in sections)
    shown = [section.shown for section in sections] + ([texts.shown(reads)] if reads else [])
    return _Asked(
        keys=(*own, texts.KEY) if reads else own,
        sections=tuple(section for section in sections if "" not in section.volatile),
        kernel=tuple(path for path in reads if path.startswith(_KERNEL)),
        reads=reads,
        own=own,
        kept=probe.type.name not in _LARGE and not any(map(_is_of_the_moment, sections)),
        shared=probe.type.shared,
        source="; ".join(shown),
    )


def _is_of_the_moment(section: Section) -> bool:
    """Tell whether no two visits get the same: it holds a clock, or what a walk came upon."""
    return section.walk or (bool(section.volatile) and "" not in section.volatile)


_LARGE = frozenset({"packages"})
"""Types whose records are too long to be kept."""
_known: dict[tuple[object, ...], tuple[Record, str] | Unseen] = {}
MOST_KNOWN = 4096
"""Answers that are kept for the next target that gives the same."""


def _answer(probe: Probe, asked: _Asked, frames: Mapping[str, Frame]) -> tuple[Record, str]:
    """Return record and excerpt; of targets that are alike they are worked out once.

    Raises `Unseen` as the parser does.
    """
    key: tuple[object, ...] = ()
    if asked.kept:
        files = texts.inputs(texts.texts(frames), asked.reads) if asked.reads else ()
        key = (probe, files, *(_said(frames[name]) for name in asked.own))
    found = _known.get(key) if key else None
    if found is None:
        found = _parsed(probe, asked, frames)
        if key:
            if len(_known) >= MOST_KNOWN:
                _known.clear()
            _known[key] = found
    if isinstance(found, Unseen):
        raise Unseen(found.why, found.detail)
    return found


def _parsed(
    probe: Probe, asked: _Asked, frames: Mapping[str, Frame]
) -> tuple[Record, str] | Unseen:
    assert probe.type.parse is not None  # noqa: S101 - an SSH type has it
    try:
        value = probe.type.parse(probe.args, frames)
    except Unseen as unseen:
        return unseen.with_traceback(None)
    return value, _excerpt(asked, value, frames)


def _said(frame: Frame) -> tuple[str, int, bool, bool, bool]:
    return frame.text, frame.rc, frame.cut, frame.denied, frame.busy


def _excerpt(asked: _Asked, value: Mapping[str, Json], frames: Mapping[str, Frame]) -> str:
    """Show what came: of files the lines that count, a section whole."""
    parts = list(_lines(asked, value, frames)) if asked.reads else []
    if asked.shared:
        parts.append(msgspec.json.encode(value).decode())
    else:
        parts += [_lasting(section, frames[section.key].text) for section in asked.sections]
    excerpt = "\n".join(parts)
    if len(excerpt) > EXCERPT_LIMIT:
        excerpt = f"{excerpt[:EXCERPT_LIMIT]}\n… ({len(excerpt) - EXCERPT_LIMIT} more characters)"
    return excerpt


def _lasting(section: Section, text: str) -> str:
    if section.volatile:
        text = "\n".join(x for x in text.split("\n") if not x.startswith(section.volatile))
    return text.strip("\n")


def _lines(asked: _Asked, value: Mapping[str, Json], frames: Mapping[str, Frame]) -> Iterator[str]:
    """Yield the lines that facts come from, and the values that the kernel shows as files."""
    try:
        seen = texts.texts(frames)
    except Unseen:
        return
    for path in asked.kernel:
        file = seen.files.get(path)
        if file is not None and len(file.lines) == 1:
            yield f"{path}: {file.lines[0][1]}"
    for place in dict.fromkeys(_places(value)):
        if line := seen.excerpt(place):
            yield f"{place}: {line.strip()}"


def _places(value: Mapping[str, Json]) -> Iterator[str]:
    """Yield every place that a record, or a row of its tables, names."""
    yield from map(str, (value.get("places") or {}).values())
    for part in value.values():
        if not isinstance(part, list) or not part or not isinstance(part[0], Mapping):
            continue
        for row in part[:MOST_LINES] if "place" in part[0] else ():
            yield str(row.get("place", ""))
