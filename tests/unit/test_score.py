import random

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.base import Text
from auditor.model.check import Foundation, Severity
from auditor.model.result import Result, Status
from auditor.score import scores

OPDS = {"web1": "kominfo", "web2": "dinkes"}
WEIGHTS = {Severity.HIGH: 6, Severity.LOW: 1, Severity.INFO: 0}
WORDS = Text(id="a", en="b")


def result(status, severity=Severity.HIGH, target="web1", foundation=Foundation.SECURITY):
    return Result(
        check="a.b", target=target, status=status, severity=severity, foundation=foundation
    )


results = st.lists(
    st.builds(
        result,
        status=st.sampled_from(Status),
        severity=st.sampled_from(sorted(WEIGHTS)),
        target=st.sampled_from(sorted(OPDS)),
        foundation=st.sampled_from(Foundation),
    ),
    max_size=30,
)


def city(found):
    return scores(found, OPDS, WEIGHTS).city.value


def test_passes_are_weighed_by_severity():
    assert city([result(Status.PASS), result(Status.FAIL, Severity.LOW)]) == 85.7


def test_nothing_judged_has_no_score():
    assert city([]) is None
    assert city([result(Status.NOT_APPLICABLE), result(Status.PASS, Severity.INFO)]) is None
    assert city([result(Status.PASS, Severity.CRITICAL)]) is None


def test_each_level_has_its_own_score_and_tally():
    found = scores([result(Status.PASS), result(Status.FAIL, target="web2")], OPDS, WEIGHTS)

    assert {opd: score.value for opd, score in found.opds.items()} == {
        "kominfo": 100.0,
        "dinkes": 0.0,
    }
    assert found.targets["web2"].tally.failed == 1
    assert found.opd_foundations["kominfo"][Foundation.SECURITY].value == 100.0
    assert found.foundations[Foundation.SECURITY].tally.passed == 1


@given(results, st.sampled_from(sorted(WEIGHTS)))
def test_what_was_not_seen_never_raises_a_score(found, severity):
    before = city(found)
    after = city([*found, result(Status.ERROR, severity)])

    assert before is None or after <= before


@given(results, st.randoms(use_true_random=False))
def test_order_does_not_matter(found, chance: random.Random):
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert scores(shuffled, OPDS, WEIGHTS) == scores(found, OPDS, WEIGHTS)


@given(results)
def test_a_score_lies_between_0_and_100(found):
    value = city(found)

    assert value is None or 0 <= value <= 100
