"""One number from many results: the weighted share of passes. Silence never raises it."""

from collections.abc import Iterable, Mapping

import msgspec

from auditor.model.base import OpdId, TargetId
from auditor.model.check import Foundation, Severity
from auditor.model.result import Result, Score, Scores, Status, Tally


class _Sum(msgspec.Struct):
    """Weights so far."""

    good: int = 0
    all: int = 0
    counts: dict[Status, int] = msgspec.field(default_factory=dict)

    def add(self, result: Result, weight: int) -> None:
        self.counts[result.status] = self.counts.get(result.status, 0) + 1
        if result.status in (Status.PASS, Status.FAIL, Status.ERROR):
            self.all += weight
            self.good += weight * (result.status is Status.PASS)

    def score(self) -> Score:
        value = round(100 * self.good / self.all, 1) if self.all else None
        return Score(value=value, tally=Tally.of(self.counts))


class Scorer:
    """Takes results in one by one, in any order, and gives the scores of all levels.

    The score is 100 * weight of passes / weight of passes, failures and errors together;
    a result weighs by its severity. What does not apply and what was not asked leaves both sums.
    """

    def __init__(self, opds: Mapping[TargetId, OpdId], weights: Mapping[Severity, int]) -> None:
        self._opds = opds
        self._weights = weights
        self._city = _Sum()
        self._by_opd: dict[OpdId, _Sum] = {}
        self._by_foundation: dict[Foundation, _Sum] = {}
        self._by_target: dict[TargetId, _Sum] = {}
        self._by_both: dict[tuple[OpdId, Foundation], _Sum] = {}

    def add(self, result: Result) -> None:
        """Take one result in."""
        weight = self._weights.get(result.severity, 0)
        opd = self._opds[result.target]
        for total in (
            self._city,
            self._by_opd.setdefault(opd, _Sum()),
            self._by_foundation.setdefault(result.foundation, _Sum()),
            self._by_target.setdefault(result.target, _Sum()),
            self._by_both.setdefault((opd, result.foundation), _Sum()),
        ):
            total.add(result, weight)

    def scores(self) -> Scores:
        """Return the scores of everything taken in so far."""
        both: dict[str, dict[Foundation, Score]] = {}
        for (opd, foundation), total in self._by_both.items():
            both.setdefault(opd, {})[foundation] = total.score()
        return Scores(
            city=self._city.score(),
            opds={name: total.score() for name, total in self._by_opd.items()},
            foundations={name: total.score() for name, total in self._by_foundation.items()},
            targets={name: total.score() for name, total in self._by_target.items()},
            opd_foundations=both,
        )


def scores(
    results: Iterable[Result], opds: Mapping[TargetId, OpdId], weights: Mapping[Severity, int]
) -> Scores:
    """Return the scores of results."""
    scorer = Scorer(opds, weights)
    for result in results:
        scorer.add(result)
    return scorer.scores()
