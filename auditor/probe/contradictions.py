"""What an office states, against what was measured on its targets: the two must agree."""

from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatchcase

from auditor.model.attest import CHECKS
from auditor.model.base import Text
from auditor.model.fact import GAP, Json, Kind, Why
from auditor.model.inventory import Target, TargetKind
from auditor.model.result import Status
from auditor.probe import attestation
from auditor.probe.base import Args, Member, Probe, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table

SHOWN = 10
"""Targets that are named at most."""
_CITY = ""
"""Stands for all offices."""
_ATTESTATION = Probe(type=attestation.PROBE, args=attestation.PROBE.args())
_NOT_SEEN = {Status.ERROR: Why.NO_DATA, Status.NOT_CHECKED: Why.NO_TOOL}
"""Why an answer cannot be said to agree with a measurement, the gravest first."""
_Counts = dict[str, dict[Status, int]]


class ContradictionsArgs(Args, frozen=True):
    """Takes no arguments."""


class Contradictions:
    """Which checks failed on which targets of an office, and what its officials state."""

    def __init__(self) -> None:
        self._failed: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._counts: dict[str, _Counts] = defaultdict(
            lambda: defaultdict(lambda: dict.fromkeys(Status, 0))
        )
        self._stated: dict[str, dict[str, Json]] = {}
        self._good: dict[str, frozenset[str]] = {}

    def add(self, member: Member) -> None:
        """Take in the results of a target, and of an office also its answers."""
        target = member.target
        for result in member.results:
            for owner in (target.opd, _CITY):
                self._counts[owner][result.check][result.status] += 1
                if result.status is Status.FAIL:
                    named = self._failed[owner][result.check]
                    named += [target.id] if len(named) < SHOWN else []
        if target.kind is TargetKind.OPD:
            fact = member.facts.get(_ATTESTATION.key, {})
            self._stated[target.id] = dict(fact.get("answers", {}))
            self._good[target.id] = frozenset(
                result.check.removeprefix(CHECKS)
                for result in member.results
                if result.status is Status.PASS and result.check.startswith(CHECKS)
            )

    def record(self, target: Target) -> Record | None:
        """Return which good answers of an office the measurements of its targets contradict.

        An answer is good where its check passes. Without one that something measured could speak
        against, there is nothing to compare.
        """
        if target.id not in self._stated:
            return None
        compared = 0
        met: set[Status] = set()
        rows: list[Record] = []
        for question in sorted(self._good[target.id] & self._stated[target.id].keys()):
            answer = self._stated[target.id][question]
            owner = _CITY if answer.get("city") else target.opd
            measured = self._measured(owner, answer.get("against", ()))
            compared += any(self._judged(owner, check) for check in measured)
            counts = [self._counts[owner][check] for check in measured]
            met |= {status for one in counts for status, number in one.items() if number}
            rows += self._rows(owner, question, str(answer.get("said", "")), measured)
        why = next((why for status, why in _NOT_SEEN.items() if status in met), None)
        if why is not None and not rows:
            gap = {"why": why.value, "detail": "not all that could speak against was seen"}
            return {"compared": compared, GAP: gap} if compared else {GAP: gap}
        return {"compared": compared, "contradictions": rows}

    def _measured(self, owner: str, against: Iterable[str]) -> list[str]:
        """Return the checks that could speak against an answer, other answers left out."""
        patterns = tuple(against)
        return sorted(
            check
            for check in self._counts[owner]
            if not check.startswith(CHECKS) and any(fnmatchcase(check, one) for one in patterns)
        )

    def _judged(self, owner: str, check: str) -> bool:
        counts = self._counts[owner][check]
        return bool(counts[Status.PASS] + counts[Status.FAIL])

    def _rows(self, owner: str, question: str, said: str, measured: Iterable[str]) -> list[Record]:
        return [
            {
                "question": question,
                "said": said,
                "check": check,
                "targets": sorted(self._failed[owner][check]),
                "count": count,
            }
            for check in measured
            if (count := self._counts[owner][check][Status.FAIL])
        ]


PROBE = ProbeType(
    name="contradictions",
    via=Via.FLEET,
    args=ContradictionsArgs,
    doc=Text(
        id="Jawaban baik suatu OPD yang disangkal hasil pemeriksaan pada targetnya",
        en="Good answers of an office that measurements on its targets speak against",
    ),
    gives=record(
        "Pernyataan dan pengukuran",
        "Statements and measurements",
        {
            "compared": leaf(Kind.INT, "Jawaban yang dibandingkan", "Answers compared"),
            "contradictions": table(
                "Pertentangan",
                "Contradictions",
                ("question", "check"),
                {
                    "question": leaf(Kind.TEXT, "Pertanyaan", "Question"),
                    "said": leaf(Kind.TEXT, "Jawaban", "Answer"),
                    "check": leaf(Kind.TEXT, "Pemeriksaan", "Check"),
                    "targets": leaf(Kind.TEXTS, "Gagal pada", "Failed on", may_be_empty=True),
                    "count": leaf(Kind.INT, "Target yang gagal", "Targets that fail"),
                },
                may_be_empty=True,
            ),
        },
    ),
    needs=lambda _args: (_ATTESTATION,),
    gather=lambda _args: Contradictions(),
)
