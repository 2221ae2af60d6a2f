"""The file of waivers: every mistake in it is told, and none is taken for a waiver."""

from collections.abc import Collection, Iterator
from pathlib import Path

from auditor.errors import ConfigError
from auditor.load.decode import decode_each
from auditor.load.hint import did_you_mean
from auditor.load.refuse import refuse
from auditor.load.yaml import Document, read_yaml
from auditor.model.waiver import LONGEST, Waiver
from auditor.probe.personal_numbers import hide

FILE = "waivers.yaml"
"""Beside the inventory, it is read without being asked for."""


def load_waivers(
    path: Path, checks: Collection[str], targets: Collection[str]
) -> tuple[Waiver, ...]:
    """Read waivers; raises `ConfigErrors` with every mistake. `checks`, `targets`: known ids."""
    document = read_yaml(path, "a list of waivers, each begins with `- id: …`")
    if not isinstance(document.value, list):
        raise document.mistake((), "a file of waivers is a list", "each begins with `- id: …`")
    errors: list[ConfigError] = []
    waivers = decode_each(document, Waiver, (), document.value, errors)
    seen: dict[str, int] = {}
    for number, waiver in waivers.items():
        if seen.setdefault(waiver.id, number) != number:
            errors.append(document.mistake((number, "id"), f"{waiver.id!r} is given twice"))
        errors += _waiver(document, number, waiver, checks, targets)
    refuse(errors)
    return tuple(waivers.values())


def _waiver(
    document: Document,
    number: int,
    waiver: Waiver,
    checks: Collection[str],
    targets: Collection[str],
) -> Iterator[ConfigError]:
    def wrong(key: str, problem: str, hint: str = "") -> ConfigError:
        at = (number, key) if key else (number,)
        return document.mistake(at, f"{waiver.id}: {problem}", hint)

    by_check = waiver.check is not None and waiver.target is not None
    if by_check == (waiver.finding is not None) or (waiver.item is not None and not by_check):
        hint = "`finding: ID`, or `check:` and `target:` (and `item:`)"
        yield wrong("", "it must name a finding, or a check on a target", hint)
    if waiver.check is not None and waiver.check not in checks:
        yield wrong(
            "check", f"there is no check {waiver.check!r}", did_you_mean(waiver.check, checks)
        )
    if waiver.target is not None and waiver.target not in targets:
        hint = did_you_mean(waiver.target, targets)
        yield wrong("target", f"the inventory has no {waiver.target!r}", hint)
    for name in _numbered(waiver):
        yield wrong(name, "holds a person's number", "write it without: reports show it")
    if waiver.until < waiver.date:
        yield wrong("until", "it ends before it begins")
    if waiver.until - waiver.date > LONGEST:
        hint = "accept it anew when the time is over"
        yield wrong("until", f"it would hold for more than {LONGEST.days} days", hint)


def _numbered(waiver: Waiver) -> Iterator[str]:
    """Yield the keys of texts that hold the number of a person."""
    texts = {"reason": waiver.reason, "letter": waiver.letter, "role": waiver.role}
    return (name for name, text in texts.items() if hide(text) != text)
