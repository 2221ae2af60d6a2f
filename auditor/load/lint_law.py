"""Checks refer to the law, and the law to checks: neither names what does not exist."""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from auditor.errors import ConfigError
from auditor.load.checks import WrittenCheck
from auditor.load.decode import Written
from auditor.load.hint import did_you_mean
from auditor.model.policy import Control, Framework, Part, Standing
from auditor.model.reference import PATTERN

REF = re.compile(PATTERN)


class Law:
    """The controls of some frameworks, which checks may refer to."""

    def __init__(self, frameworks: Iterable[Written[Framework]]) -> None:
        self._controls: dict[str, Control] = {
            control.id: control for framework in frameworks for control in framework.value.controls
        }

    def refs(self, written: WrittenCheck) -> Iterator[ConfigError]:
        """Yield the references of a check that no framework knows, or that open with old law."""
        for number, ref in enumerate(written.value.refs):
            for problem, hint in self._ref(ref, first=number == 0):
                yield written.mistake(("refs", number), problem, hint)

    def controls(self, framework: Written[Framework]) -> Iterator[ConfigError]:
        """Yield the same for the references among controls."""
        for number, control in enumerate(framework.value.controls):
            for place, ref in enumerate(control.refs):
                at = ("controls", number, "refs", place)
                for problem, hint in self._ref(ref, first=place == 0):
                    yield framework.mistake(at, f"{control.id}: {problem}", hint)
                if ref == control.id:
                    yield framework.mistake(at, f"{control.id} refers to itself")

    def _ref(self, ref: str, *, first: bool) -> Iterator[tuple[str, str]]:
        control = self._controls.get(ref)
        if not REF.fullmatch(ref):
            yield f"{ref!r} is no reference", "write NORM:locator, such as BSSN-4-2021:27.8.a"
        elif control is None:
            yield f"no framework knows {ref!r}", did_you_mean(ref, self._controls)
        elif control.status is Standing.REVOKED and first:
            yield f"{ref!r} is revoked and cannot come first", "name the norm in force before it"


def lint_law(
    frameworks: Iterable[Written[Framework]], checks: Iterable[str]
) -> tuple[ConfigError, ...]:
    """Return what is wrong in frameworks, and between them and the checks."""
    written = tuple(frameworks)
    law = Law(written)
    known = tuple(checks)
    seen: dict[str, str] = {}
    found: list[ConfigError] = []
    for framework in written:
        found += law.controls(framework)
        found += _parts(framework)
        for number, control in enumerate(framework.value.controls):
            found += _control(framework, number, control, known)
            if control.id in seen:
                at = ("controls", number, "id")
                problem = f"the control {control.id} is given twice"
                found.append(framework.mistake(at, problem, f"first in {seen[control.id]}"))
            seen.setdefault(control.id, framework.value.id)
    return tuple(found)


def _control(
    framework: Written[Framework], number: int, control: Control, checks: tuple[str, ...]
) -> Iterator[ConfigError]:
    at = ("controls", number)
    for place, pattern in enumerate(control.checks):
        if not any(fnmatchcase(check, pattern) for check in checks):
            problem = f"{control.id}: no check fits {pattern!r}"
            yield framework.mistake((*at, "checks", place), problem, did_you_mean(pattern, checks))
    for place, name in enumerate(control.instrument):
        if not REF.fullmatch(name):
            problem = f"{control.id}: {name!r} is no reference"
            hint = "write NORM:locator, such as PK-BSSN-15-2024:K43"
            yield framework.mistake((*at, "instrument", place), problem, hint)
    for lang, words in (("id", control.text.id), ("en", control.text.en)):
        if not words.strip():
            problem = f"{control.id}: there is no text in {lang}"
            yield framework.mistake((*at, "text", lang), problem)


def _parts(framework: Written[Framework]) -> Iterator[ConfigError]:
    for number, part in enumerate(framework.value.parts):
        at = ("parts", number)
        for place, pattern in enumerate(part.controls):
            fitting = [c for c in framework.value.controls if fnmatchcase(c.id, pattern)]
            if not fitting:
                problem = f"no control of this framework fits {pattern!r}"
                hint = did_you_mean(pattern, [c.id for c in framework.value.controls])
                yield framework.mistake((*at, "controls", place), problem, hint)
        yield from _area(framework, number, part)


def _area(framework: Written[Framework], number: int, part: Part) -> Iterator[ConfigError]:
    counted = any(
        control.instrument
        for control in framework.value.controls
        if any(fnmatchcase(control.id, pattern) for pattern in part.controls)
    )
    if part.area and not counted:
        problem = "no control of this area names the official instrument"
        yield framework.mistake(("parts", number), problem, "write `instrument: [NORM:K1]` in them")
