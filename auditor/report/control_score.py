"""What the evidence says of each requirement, in the words of BSSN's instrument, as indicative.

The instrument (PK BSSN 15/2024, Bab IV) gives each control one point or none and concludes of a
stage by the share of points: above 95 percent Efektif, 40 to 95 Perlu Peningkatan, below 40 Belum
Efektif. We apply the same shares to the evidence for one control, which the instrument leaves to
its auditors: the word is a hint over what was examined, never the official conclusion.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from auditor.model.base import CheckId, ControlId, Text, Value
from auditor.model.check import Check
from auditor.model.policy import Framework
from auditor.model.result import Result, Status, Tally
from auditor.report.law import is_question
from auditor.report.law_coverage import instrument, members

EFFECTIVE = 95.0
"""A share above this is Efektif."""
IMPROVE = 40.0
"""A share of this or more, up to 95, is Perlu Peningkatan."""


class Word(StrEnum):
    """What is concluded of a control, an area or a stage; always indicative."""

    EFFECTIVE = "efektif"
    IMPROVE = "perlu_peningkatan"
    NOT_YET = "belum_efektif"
    NOT_APPLICABLE = "tidak_berlaku"
    UNEXAMINED = "belum_diperiksa"
    UNSEEN = "galat"
    """Somebody tried to look, and nothing could be seen."""


WORDS: Mapping[Word, Text] = {
    Word.EFFECTIVE: Text(id="Efektif", en="Effective"),
    Word.IMPROVE: Text(id="Perlu Peningkatan", en="Needs improvement"),
    Word.NOT_YET: Text(id="Belum Efektif", en="Not yet effective"),
    Word.NOT_APPLICABLE: Text(id="Tidak Berlaku", en="Not applicable"),
    Word.UNEXAMINED: Text(id="Belum Diperiksa", en="Not examined"),
    Word.UNSEEN: Text(id="Galat", en="Could not be seen"),
}
"""The words in both languages; the Indonesian ones are the instrument's."""


def word_of(share: float) -> Word:
    """Return the word for a share in percent."""
    if share > EFFECTIVE:
        return Word.EFFECTIVE
    return Word.NOT_YET if share < IMPROVE else Word.IMPROVE


class Evidence(Value, frozen=True):
    """The results that speak of one requirement, a check on a target each."""

    machine: Tally = Tally()
    attested: Tally = Tally()

    @property
    def speaking_for(self) -> int:
        """How many speak for it."""
        return self.machine.passed + self.attested.passed

    @property
    def against(self) -> int:
        """How many speak against it."""
        return self.machine.failed + self.attested.failed

    @property
    def examined(self) -> int:
        """How many speak at all."""
        return self.speaking_for + self.against

    @property
    def unexamined(self) -> int:
        """How many should speak and do not: not seen, or not answered."""
        tallies = (self.machine, self.attested)
        return sum(tally.errors + tally.not_checked for tally in tallies)

    @property
    def share(self) -> float | None:
        """Percent of what was examined that speaks for it; None where nothing was."""
        return 100 * self.speaking_for / self.examined if self.examined else None

    @property
    def word(self) -> Word:
        """What it amounts to."""
        if self.share is not None:
            return word_of(self.share)
        if self.machine.errors + self.attested.errors:
            return Word.UNSEEN
        if self.unexamined:
            return Word.UNEXAMINED
        waived = self.machine.not_applicable + self.attested.not_applicable
        return Word.NOT_APPLICABLE if waived else Word.UNEXAMINED


class AreaScore(Value, frozen=True):
    """Controls of the official instrument, one point or none each."""

    title: Text
    controls: Mapping[ControlId, Evidence]

    def _having(self, *words: Word) -> int:
        return sum(one.word in words for one in self.controls.values())

    @property
    def points(self) -> int:
        """One for each that is Efektif or Perlu Peningkatan, as the instrument counts."""
        return self._having(Word.EFFECTIVE, Word.IMPROVE)

    @property
    def examined(self) -> int:
        """How many controls have evidence."""
        return self.points + self._having(Word.NOT_YET)

    @property
    def applicable(self) -> int:
        """How many are left without those that do not apply."""
        return len(self.controls) - self._having(Word.NOT_APPLICABLE)

    @property
    def unexamined(self) -> int:
        """How many apply and have no evidence."""
        return self.applicable - self.examined

    @property
    def share(self) -> float | None:
        """Percent of points over the controls with evidence; None where there are none."""
        return 100 * self.points / self.examined if self.examined else None


class Stage(Value, frozen=True):
    """The areas of one framework together, one to one."""

    short: str
    areas: tuple[AreaScore, ...]

    @property
    def share(self) -> float | None:
        """The mean of the areas' shares; None where an area has no evidence at all."""
        shares = [area.share for area in self.areas]
        known = [share for share in shares if share is not None]
        return sum(known) / len(known) if shares and len(known) == len(shares) else None

    @property
    def word(self) -> Word:
        """What it amounts to; not examined while an area has no evidence."""
        return Word.UNEXAMINED if self.share is None else word_of(self.share)


class ControlScores(Value, frozen=True):
    """Of every control the evidence, and of every framework with areas the stage."""

    controls: Mapping[ControlId, Evidence]
    stages: tuple[Stage, ...]


class _Counts(msgspec.Struct):
    """Results so far."""

    machine: dict[Status, int] = msgspec.field(default_factory=dict)
    attested: dict[Status, int] = msgspec.field(default_factory=dict)

    def evidence(self) -> Evidence:
        return Evidence(machine=Tally.of(self.machine), attested=Tally.of(self.attested))


class ControlScorer:
    """Takes results in one by one, in any order, and gives the evidence for each control.

    For a control of the instrument a result counts once, even if it answers two of its letters.
    `behind` is what `controls_behind` says of the same frameworks and checks.
    """

    def __init__(
        self,
        frameworks: Iterable[Framework],
        checks: Iterable[Check],
        behind: Mapping[CheckId, tuple[ControlId, ...]],
    ) -> None:
        self._frameworks = tuple(frameworks)
        self._asked = frozenset(check.id for check in checks if is_question(check))
        official = {
            control.id: tuple(map(ControlId, control.instrument))
            for framework in self._frameworks
            for control in framework.controls
        }
        self._counts: dict[ControlId, _Counts] = {
            name: _Counts() for one, names in official.items() for name in (one, *names)
        }
        self._behind: dict[CheckId, tuple[ControlId, ...]] = {
            check: tuple(dict.fromkeys(name for one in mine for name in (one, *official[one])))
            for check, mine in behind.items()
        }

    def add(self, result: Result) -> None:
        """Take one result in."""
        asked = result.check in self._asked
        for name in self._behind.get(result.check, ()):
            counts = self._counts[name]
            mine = counts.attested if asked else counts.machine
            mine[result.status] = mine.get(result.status, 0) + 1

    def scores(self) -> ControlScores:
        """Return what everything taken in so far says."""
        return ControlScores(
            controls={
                control.id: self._counts[control.id].evidence()
                for framework in self._frameworks
                for control in framework.controls
            },
            stages=tuple(
                stage for framework in self._frameworks if (stage := self._stage(framework)).areas
            ),
        )

    def _stage(self, framework: Framework) -> Stage:
        return Stage(
            short=framework.short,
            areas=tuple(
                AreaScore(
                    title=part.title,
                    controls={
                        name: self._counts[name].evidence()
                        for name in instrument(members(framework, part))
                    },
                )
                for part in framework.parts
                if part.area
            ),
        )
