from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from auditor.findings import REMEMBERED, Changes, changes, identify, track
from auditor.model.base import Text
from auditor.model.check import Foundation, Severity
from auditor.model.result import FindingState, Reason, Result, Status

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TUESDAY = MONDAY + DAY
WORDS = Text(id="Port terbuka: 21/tcp", en="Open port: 21/tcp")


def result(status=Status.FAIL, items=("",), target="web1", check="ports.unexpected", **more):
    reasons = tuple(Reason(status=status, message=WORDS, item=item) for item in items)
    return Result(
        check=check,
        target=target,
        status=status,
        severity=Severity.HIGH,
        foundation=Foundation.SECURITY,
        reasons=reasons,
        **more,
    )


def after(previous, *results, now=TUESDAY):
    return track({finding.id: finding for finding in previous}, results, now)


FIRST = after((), result(items=("21/tcp",)), now=MONDAY)


def states(findings):
    return [finding.state for finding in findings]


def test_the_first_failure_is_new():
    (finding,) = FIRST

    assert finding.state is FindingState.NEW
    assert (finding.first_seen, finding.last_seen) == (MONDAY, MONDAY)
    assert finding.id == identify("web1", "ports.unexpected", "21/tcp")


def test_identity_ignores_position_and_message():
    again = after((), result(items=("443/tcp", "21/tcp")), now=MONDAY)

    assert FIRST[0].id in {finding.id for finding in again}


def test_each_failing_item_is_a_finding_of_its_own():
    assert len(after((), result(items=("21/tcp", "23/tcp", "21/tcp")))) == 2


def test_a_failure_that_stays_is_open_since_it_was_first_seen():
    (finding,) = after(FIRST, result(items=("21/tcp",)))

    assert finding.state is FindingState.OPEN
    assert (finding.first_seen, finding.last_seen) == (MONDAY, TUESDAY)


@pytest.mark.parametrize(
    "answer",
    [
        result(Status.PASS),
        result(Status.NOT_APPLICABLE),
        result(items=("23/tcp",)),
    ],
)
def test_a_definite_answer_without_it_means_fixed(answer):
    found = {finding.id: finding for finding in after(FIRST, answer)}

    assert found[FIRST[0].id].state is FindingState.FIXED
    assert found[FIRST[0].id].fixed_at == TUESDAY


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (result(Status.ERROR),),
        (result(Status.NOT_CHECKED),),
        (result(items=("23/tcp",), more=7),),
        (result(Status.PASS, target="web2"),),
        (result(Status.PASS, check="ports.hidden"),),
    ],
)
def test_what_was_not_seen_is_never_called_fixed(answers):
    found = {finding.id: finding for finding in after(FIRST, *answers)}

    assert found[FIRST[0].id].state is FindingState.UNSEEN
    assert found[FIRST[0].id].last_seen == MONDAY


def test_a_fixed_finding_that_returns_is_a_relapse():
    fixed = after(FIRST, result(Status.PASS))

    (finding,) = after(fixed, result(items=("21/tcp",)), now=TUESDAY + DAY)

    assert finding.state is FindingState.REGRESSED
    assert finding.first_seen == MONDAY


def test_a_fixed_finding_is_remembered_and_then_forgotten():
    fixed = after(FIRST, result(Status.PASS))

    assert states(after(fixed, result(Status.PASS), now=TUESDAY + REMEMBERED)) == [
        FindingState.FIXED
    ]
    assert after(fixed, result(Status.PASS), now=TUESDAY + REMEMBERED + DAY) == ()


def test_a_fixed_finding_without_a_date_counts_from_when_it_was_seen():
    fixed = msgspec.structs.replace(FIRST[0], state=FindingState.FIXED)

    assert states(after((fixed,))) == [FindingState.FIXED]


def test_passing_results_make_no_finding():
    assert after((), result(Status.PASS), result(Status.ERROR)) == ()


def test_the_graver_come_first():
    low = msgspec.structs.replace(result(target="a"), severity=Severity.LOW)

    found = after((), low, result(target="b"))

    assert [finding.target for finding in found] == ["b", "a"]


def test_changes_count_what_this_run_found():
    fixed = after(FIRST, result(Status.PASS))
    later = after(fixed, result(items=("23/tcp",)), now=TUESDAY + DAY)

    assert changes(fixed, TUESDAY) == Changes(fixed=1)
    assert changes(later, TUESDAY + DAY) == Changes(new=1)


@pytest.mark.parametrize("status", [Status.PASS, Status.NOT_APPLICABLE])
def test_a_check_that_hangs_on_targets_that_were_not_seen_fixes_nothing(status):
    gone = result(status=status, items=())
    before = {finding.id: finding for finding in FIRST}

    kept = track(before, [gone], TUESDAY, {"ports.unexpected"})
    fixed = track(before, [gone], TUESDAY, {"another.check"})

    assert states(kept) == [FindingState.UNSEEN]
    assert states(fixed) == [FindingState.FIXED]


def test_a_failure_that_did_not_see_all_fixes_nothing():
    (now_failing, before) = sorted(
        after(FIRST, result(items=("23/tcp",), partial=True)), key=lambda f: f.item, reverse=True
    )

    assert (now_failing.item, now_failing.state) == ("23/tcp", FindingState.NEW)
    assert (before.item, before.state) == ("21/tcp", FindingState.UNSEEN)
