"""How much of the law the checks and questions reach: by machine, by people, by nothing."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase

from auditor.model.base import CheckId, ControlId, Text, Value
from auditor.model.check import Check, Foundation
from auditor.model.policy import Assurance, Control, Framework, Part
from auditor.report.law import answers, is_question

PILLARS: Mapping[Foundation, ControlId] = {
    Foundation.SECURITY: ControlId("LIT-SAFETY"),
    Foundation.ETHICS: ControlId("LIT-ETHICS"),
    Foundation.CULTURE: ControlId("LIT-CULTURE"),
    Foundation.SKILL: ControlId("LIT-SKILLS"),
}
"""The pillar of the national literacy framework behind each foundation."""


class Reach(StrEnum):
    """What a requirement is answered by."""

    AUTOMATED = "automated"
    """Machines alone can answer it, and at least one check does."""
    MIXED = "mixed"
    """Checks give part of the answer; people must give the rest."""
    ATTESTED = "attested"
    """Only questions to people."""
    NOTHING = "nothing"


class Covered(Value, frozen=True):
    """One requirement, or one control of the official instrument, and what answers it."""

    id: ControlId
    assurance: Assurance
    signals: tuple[CheckId, ...]
    """Checks that a machine answers."""
    questions: tuple[CheckId, ...]

    @property
    def reach(self) -> Reach:
        """What it is answered by, in truth: signals for a mixed one do not answer it alone."""
        if self.signals:
            return Reach.AUTOMATED if self.assurance is Assurance.AUTOMATED else Reach.MIXED
        return Reach.ATTESTED if self.questions else Reach.NOTHING

    @property
    def lacks(self) -> tuple[str, ...]:
        """What its kind of assurance asks for and is not there: "check", "question"."""
        lacking = []
        if not self.signals and self.assurance is not Assurance.ATTESTED:
            lacking.append("check")
        if not self.questions and self.assurance is not Assurance.AUTOMATED:
            lacking.append("question")
        return tuple(lacking)


class PartCoverage(Value, frozen=True):
    """Some requirements that are counted together."""

    title: Text
    covered: tuple[Covered, ...]

    def count(self, reach: Reach) -> int:
        """Return how many are reached so."""
        return sum(one.reach is reach for one in self.covered)

    @property
    def reached(self) -> int:
        """How many have a check or a question."""
        return len(self.covered) - self.count(Reach.NOTHING)


class FrameworkCoverage(Value, frozen=True):
    """One framework: all its requirements, and the parts that it names."""

    framework: Framework
    whole: PartCoverage
    parts: tuple[PartCoverage, ...]


class Signals(Value, frozen=True):
    """What advances one foundation."""

    signals: tuple[CheckId, ...]
    questions: tuple[CheckId, ...]


class LawCoverage(Value, frozen=True):
    """Every framework, and each foundation."""

    frameworks: tuple[FrameworkCoverage, ...]
    foundations: Mapping[Foundation, Signals]


def coverage(frameworks: Iterable[Framework], checks: Iterable[Check]) -> LawCoverage:
    """Return what answers each requirement among these checks and questions."""
    law, known = tuple(frameworks), tuple(checks)
    asked = frozenset(check.id for check in known if is_question(check))
    behind = answers(law, known)
    return LawCoverage(
        frameworks=tuple(_framework(one, behind, asked) for one in law),
        foundations={
            foundation: _foundation(foundation, known, behind, asked) for foundation in Foundation
        },
    )


def _framework(
    framework: Framework,
    behind: Mapping[ControlId, tuple[CheckId, ...]],
    asked: frozenset[CheckId],
) -> FrameworkCoverage:
    covered = {
        control.id: _covered(control.id, control.assurance, behind[control.id], asked)
        for control in framework.controls
    }
    return FrameworkCoverage(
        framework=framework,
        whole=PartCoverage(title=framework.title, covered=tuple(covered.values())),
        parts=tuple(_part(framework, part, covered) for part in framework.parts),
    )


def _covered(
    name: ControlId,
    assurance: Assurance,
    checks: Iterable[CheckId],
    asked: frozenset[CheckId],
) -> Covered:
    known = tuple(checks)
    return Covered(
        id=name,
        assurance=assurance,
        signals=tuple(one for one in known if one not in asked),
        questions=tuple(one for one in known if one in asked),
    )


def members(framework: Framework, part: Part) -> tuple[Control, ...]:
    """Return the controls of a part, in the framework's order."""
    return tuple(
        control
        for control in framework.controls
        if any(fnmatchcase(control.id, pattern) for pattern in part.controls)
    )


def instrument(controls: Iterable[Control]) -> Mapping[ControlId, tuple[Control, ...]]:
    """Return the controls of the official instrument that these answer, in their order."""
    found: dict[ControlId, tuple[Control, ...]] = {}
    for control in controls:
        for name in map(ControlId, control.instrument):
            found[name] = (*found.get(name, ()), control)
    return found


def _part(framework: Framework, part: Part, covered: Mapping[ControlId, Covered]) -> PartCoverage:
    mine = members(framework, part)
    if not part.area:
        return PartCoverage(title=part.title, covered=tuple(covered[c.id] for c in mine))
    return PartCoverage(
        title=part.title,
        covered=tuple(
            _together(name, [covered[control.id] for control in group])
            for name, group in instrument(mine).items()
        ),
    )


def _together(name: ControlId, group: list[Covered]) -> Covered:
    """Return several requirements as one; it is of one kind of assurance only if all are."""
    kinds = {one.assurance for one in group}
    return Covered(
        id=name,
        assurance=kinds.pop() if len(kinds) == 1 else Assurance.MIXED,
        signals=tuple(dict.fromkeys(check for one in group for check in one.signals)),
        questions=tuple(dict.fromkeys(check for one in group for check in one.questions)),
    )


def _foundation(
    foundation: Foundation,
    checks: tuple[Check, ...],
    behind: Mapping[ControlId, tuple[CheckId, ...]],
    asked: frozenset[CheckId],
) -> Signals:
    """Return what is of the foundation itself, or speaks for its pillar of literacy."""
    pillar = frozenset(behind.get(PILLARS[foundation], ()))
    mine = [check.id for check in checks if check.foundation is foundation or check.id in pillar]
    return Signals(
        signals=tuple(one for one in mine if one not in asked),
        questions=tuple(one for one in mine if one in asked),
    )
