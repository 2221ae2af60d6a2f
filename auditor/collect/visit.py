"""Frames of a visit become observations: what the SSH and the local collector share."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.probe.base import Frame, Probe, Section, Unseen

EXCERPT_LIMIT = 4000
"""Characters of evidence that are kept of one probe."""


def observations(
    target: TargetId,
    probes: Iterable[Probe],
    frames: Mapping[str, Frame],
    seen_at: datetime,
    missing: tuple[Why, str],
) -> Iterator[Observation]:
    """Yield a fact or gap for each probe; `missing` says why a frame that is not there is not."""
    for probe in probes:
        assert probe.type.parse is not None  # noqa: S101 - an SSH type has both
        assert probe.type.sections is not None  # noqa: S101
        sections = probe.type.sections([probe.args])
        evidence = _evidence(sections, frames, seen_at)
        absent = [section.key for section in sections if section.key not in frames]
        if absent:
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
                evidence=evidence,
            )
            continue
        yield Fact(target=target, probe=probe.key, value=value, evidence=evidence)


def _evidence(
    sections: Iterable[Section], frames: Mapping[str, Frame], seen_at: datetime
) -> Evidence:
    shown = [section.shown for section in sections]
    texts = [frames[section.key].text for section in sections if section.key in frames]
    excerpt = "\n".join(text.strip("\n") for text in texts)
    if len(excerpt) > EXCERPT_LIMIT:
        excerpt = f"{excerpt[:EXCERPT_LIMIT]}\n… ({len(excerpt) - EXCERPT_LIMIT} more characters)"
    return Evidence(source="; ".join(shown), excerpt=excerpt, seen_at=seen_at)
