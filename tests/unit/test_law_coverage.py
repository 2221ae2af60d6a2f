import pytest

from auditor.model.check import Foundation
from auditor.report.law_coverage import Reach, coverage
from tests.unit.law import check, control, framework, part, question

SIGNAL = check("web.seen", "A-1:1", "A-1:2", "A-1:4")
ASKED = question("attest.said", "A-1:2", "A-1:3", "A-1:5")


def covered(*controls, checks=(SIGNAL, ASKED), parts=()):
    (one,) = coverage([framework("a", *controls, parts=parts)], checks).frameworks
    return one


@pytest.mark.parametrize(
    ("name", "assurance", "reach", "lacks"),
    [
        ("A-1:1", "automated", Reach.AUTOMATED, ()),
        ("A-1:2", "automated", Reach.AUTOMATED, ()),
        ("A-1:2", "mixed", Reach.MIXED, ()),
        ("A-1:4", "mixed", Reach.MIXED, ("question",)),
        ("A-1:3", "mixed", Reach.ATTESTED, ("check",)),
        ("A-1:3", "attested", Reach.ATTESTED, ()),
        ("A-1:3", "automated", Reach.ATTESTED, ("check",)),
        ("A-1:1", "attested", Reach.MIXED, ("question",)),
        ("A-1:9", "automated", Reach.NOTHING, ("check",)),
        ("A-1:9", "mixed", Reach.NOTHING, ("check", "question")),
        ("A-1:9", "attested", Reach.NOTHING, ("question",)),
    ],
)
def test_what_answers_a_requirement(name, assurance, reach, lacks):
    (one,) = covered(control(name, assurance)).whole.covered

    assert (one.reach, one.lacks) == (reach, lacks)


def test_sums_of_a_framework_and_of_its_parts():
    one = covered(
        control("A-1:1"),
        control("A-1:2", "mixed"),
        control("A-1:3", "attested"),
        control("A-1:9"),
        parts=(part("A-1:[12]"), part("A-1:9")),
    )

    assert [one.whole.count(reach) for reach in Reach] == [1, 1, 1, 1]
    assert one.whole.reached == 3
    assert [(len(p.covered), p.reached) for p in one.parts] == [(2, 2), (1, 0)]


def test_an_area_is_counted_by_the_instrument():
    one = covered(
        control("A-1:1", instrument=("PK-1:K1",)),
        control("A-1:2", "mixed", instrument=("PK-1:K1", "PK-1:K2")),
        control("A-1:4", instrument=("PK-1:K3",)),
        control("A-1:5", "attested"),
        parts=(part("*", area=True),),
    )

    first, second, third = one.parts[0].covered

    assert (first.id, first.assurance, first.signals) == ("PK-1:K1", "mixed", ("web.seen",))
    assert (second.id, second.questions) == ("PK-1:K2", ("attest.said",))
    assert third.reach is Reach.AUTOMATED


def test_a_foundation_advances_by_its_own_checks_and_by_its_pillar():
    law = framework("l", control("LIT-ETHICS", "mixed", checks=("web.seen",)))
    checks = (
        check("web.seen"),
        check("web.other"),
        check("privacy.notice", foundation=Foundation.ETHICS),
        question("attest.code", foundation=Foundation.ETHICS),
    )

    found = coverage([law], checks).foundations

    assert set(found) == set(Foundation)
    assert found[Foundation.ETHICS].signals == ("web.seen", "privacy.notice")
    assert found[Foundation.ETHICS].questions == ("attest.code",)
    assert found[Foundation.SECURITY].signals == ("web.seen", "web.other")
    assert found[Foundation.SKILL].signals == ()
