import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.base import Lang
from auditor.model.result import Status, Tally
from auditor.report.control_score import WORDS, AreaScore, ControlScorer, Evidence, Stage, Word
from auditor.report.law import controls_behind
from tests.unit.law import WORDS as TITLE
from tests.unit.law import check, control, framework, part, question, result

PASS, FAIL, ERROR = Status.PASS, Status.FAIL, Status.ERROR
COUNTS = st.integers(0, 300)


def evidence(good, bad, **tally):
    return Evidence(machine=Tally(passed=good, failed=bad, **tally))


@pytest.mark.parametrize(
    ("good", "bad", "word"),
    [
        (1, 0, Word.EFFECTIVE),
        (951, 49, Word.EFFECTIVE),
        (95, 5, Word.IMPROVE),
        (949, 51, Word.IMPROVE),
        (40, 60, Word.IMPROVE),
        (399, 601, Word.NOT_YET),
        (0, 1, Word.NOT_YET),
    ],
)
def test_the_instrument_s_thresholds(good, bad, word):
    assert evidence(good, bad).word is word


@pytest.mark.parametrize(
    ("tally", "word"),
    [
        ({}, Word.UNEXAMINED),
        ({"not_checked": 3}, Word.UNEXAMINED),
        ({"not_applicable": 3}, Word.NOT_APPLICABLE),
        ({"not_applicable": 3, "not_checked": 1}, Word.UNEXAMINED),
        ({"not_applicable": 3, "errors": 1}, Word.UNSEEN),
        ({"not_checked": 3, "errors": 1}, Word.UNSEEN),
    ],
)
def test_what_was_not_examined_has_a_word_of_its_own(tally, word):
    assert evidence(0, 0, **tally).word is word
    assert evidence(0, 0, **tally).share is None


def test_machines_and_people_are_told_apart_and_count_alike():
    one = Evidence(
        machine=Tally(passed=2, failed=1, errors=1), attested=Tally(passed=1, not_checked=2)
    )

    assert (one.speaking_for, one.against, one.examined, one.unexamined) == (3, 1, 4, 3)
    assert one.share == 75
    assert Evidence(attested=Tally(not_applicable=1)).word is Word.NOT_APPLICABLE


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_silence_is_never_efektif_and_more_failures_never_help(good, bad, unseen, waiting):
    ranks = [Word.NOT_YET, Word.IMPROVE, Word.EFFECTIVE]
    one = evidence(good, bad, errors=unseen, not_checked=waiting)

    if one.examined:
        worse = evidence(good, bad + 1, errors=unseen, not_checked=waiting)
        assert ranks.index(worse.word) <= ranks.index(one.word)
        assert one.unexamined == unseen + waiting
    else:
        assert one.word in (Word.UNEXAMINED, Word.UNSEEN)


def area(*evidences):
    named = {f"PK-1:K{number}": one for number, one in enumerate(evidences)}
    return AreaScore(title=TITLE, controls=named)


def test_an_area_counts_one_point_or_none_as_the_instrument_does():
    one = area(
        evidence(1, 0),
        evidence(1, 1),
        evidence(0, 1),
        evidence(0, 0),
        Evidence(),
        evidence(0, 0, not_applicable=1),
        evidence(0, 0, errors=1),
    )

    assert (one.points, one.examined, one.applicable, one.unexamined) == (2, 3, 6, 3)
    assert one.share == pytest.approx(200 / 3)


def test_the_stage_is_the_mean_of_the_areas_and_says_nothing_while_one_is_silent():
    good, bad, silent = area(evidence(1, 0)), area(evidence(0, 1)), area(Evidence())

    assert Stage(short="a", areas=(good, bad)).share == 50
    assert Stage(short="a", areas=(good, bad)).word is Word.IMPROVE
    assert Stage(short="a", areas=(good, silent)).share is None
    assert Stage(short="a", areas=(good, silent)).word is Word.UNEXAMINED
    assert Stage(short="a", areas=()).share is None


LAW = framework(
    "a",
    control("A-1:1.a", checks=("web.*",), instrument=("PK-1:K1",)),
    control("A-1:1.b", checks=("web.seen",), instrument=("PK-1:K1",)),
    control("A-1:2", "attested", instrument=("PK-1:K2",)),
    control("A-1:3", checks=("web.seen",)),
    parts=(part("A-1:*", area=True), part("A-1:3")),
)
CHECKS = (check("web.seen"), check("web.other"), question("attest.said", "A-1:2"), check("x.y"))


def scored(*results):
    law = [LAW, framework("b", control("B-1:1"))]
    scorer = ControlScorer(law, CHECKS, controls_behind(law, CHECKS))
    for one in results:
        scorer.add(one)
    return scorer.scores()


def test_results_reach_the_controls_behind_their_checks():
    found = scored(
        result("web.seen", PASS),
        result("web.seen", FAIL, "web2"),
        result("web.other", ERROR),
        result("attest.said", PASS, "dinas"),
        result("x.y", FAIL),
        result("gone.check", FAIL),
    )

    assert found.controls["A-1:1.a"].machine == Tally(passed=1, failed=1, errors=1)
    assert found.controls["A-1:1.b"].machine == Tally(passed=1, failed=1)
    assert found.controls["A-1:2"].attested == Tally(passed=1)
    assert found.controls["B-1:1"] == Evidence()


def test_for_the_instrument_a_result_counts_once():
    (stage,) = scored(result("web.seen", PASS), result("attest.said", FAIL)).stages
    (only,) = stage.areas

    assert only.controls == {
        "PK-1:K1": Evidence(machine=Tally(passed=1)),
        "PK-1:K2": Evidence(attested=Tally(failed=1)),
    }
    assert (stage.short, stage.share) == ("a", 50)


def test_every_word_is_told_in_both_languages():
    assert set(WORDS) == set(Word)
    assert WORDS[Word.EFFECTIVE].in_(Lang.ID) == "Efektif"
