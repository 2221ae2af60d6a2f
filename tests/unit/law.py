"""A small law with checks and a question, for the join, its coverage and its score."""

from auditor.model.base import Text
from auditor.model.check import Check, Fix, Foundation, Severity
from auditor.model.policy import Assurance, Control, Framework, Mark, Part, Standing
from auditor.model.result import Result

WORDS = Text(id="kata", en="word")


def check(name, *refs, probe="world", foundation=Foundation.SECURITY):
    return Check(
        id=name,
        title=WORDS,
        why=WORDS,
        fix=Fix(id="", en=""),
        severity=Severity.LOW,
        foundation=foundation,
        probe={"a": {probe: {}}},
        expect=(),
        refs=refs,
    )


def question(name, *refs, foundation=Foundation.SECURITY):
    return check(name, *refs, probe="attestation", foundation=foundation)


def control(name, assurance="automated", *, checks=(), status=Standing.IN_FORCE, instrument=()):
    return Control(
        id=name,
        article="Pasal",
        text=WORDS,
        mark=Mark.OFFICIAL,
        source="S",
        assurance=Assurance(assurance),
        checks=checks,
        status=status,
        instrument=instrument,
    )


def framework(name, *controls, parts=()):
    return Framework(id=name, title=WORDS, short=name, controls=controls, parts=parts)


def part(*patterns, area=False):
    return Part(title=WORDS, controls=patterns, area=area)


def result(name, status, target="web1"):
    return Result(
        check=name,
        target=target,
        status=status,
        severity=Severity.LOW,
        foundation=Foundation.SECURITY,
    )
