from auditor.model.check import Foundation, Severity
from auditor.model.fact import GAP
from auditor.model.inventory import Target, TargetKind
from auditor.model.result import Result, Status
from auditor.model.shape import conforms
from auditor.probe.base import Member
from auditor.probe.contradictions import PROBE, SHOWN

GOOD = {"said": "2026-10-01", "against": ["backup.*"], "city": False}


def target(name="web1", opd="dinkes", kind=TargetKind.SERVER):
    address = "" if kind is TargetKind.OPD else "10.0.0.1"
    return Target(id=name, opd=opd, address=address, kind=kind)


def result(check, status, on="web1"):
    return Result(
        check=check,
        target=on,
        status=status,
        severity=Severity.HIGH,
        foundation=Foundation.SECURITY,
    )


def server(*results, name="web1", opd="dinkes"):
    found = tuple(result(check, status, name) for check, status in results)
    return Member(target=target(name, opd), facts={}, results=found)


def office(answers, *good, opd="dinkes"):
    results = tuple(result(f"attest.{name}", Status.PASS, f"opd.{opd}") for name in good)
    facts = {} if answers is None else {"attestation": {"answers": answers}}
    return Member(target=target(f"opd.{opd}", opd, TargetKind.OPD), facts=facts, results=results)


def record(asked, *members):
    gathering = PROBE.gather(PROBE.args())
    for member in (*members, asked):
        gathering.add(member)
    found = gathering.record(asked.target)
    assert found is None or conforms(found, PROBE.gives)
    return found


def test_a_server_states_nothing():
    assert record(server(("backup.recent", Status.FAIL))) is None


def test_an_office_without_answers_has_nothing_to_contradict():
    empty = {"compared": 0, "contradictions": []}

    assert record(office(None), server(("backup.recent", Status.FAIL))) == empty
    assert record(office({}), server(("backup.recent", Status.FAIL))) == empty


def test_a_good_answer_against_a_failure_is_a_contradiction():
    failing = [server(("backup.recent", Status.FAIL), name=f"web{n}") for n in range(12)]

    assert record(office({"drill": GOOD}, "drill"), *failing) == {
        "compared": 1,
        "contradictions": [
            {
                "question": "drill",
                "said": "2026-10-01",
                "check": "backup.recent",
                "targets": sorted(f"web{n}" for n in range(SHOWN)),
                "count": 12,
            }
        ],
    }


def test_an_answer_that_is_not_good_contradicts_nothing():
    bad = office({"drill": GOOD})

    assert record(bad, server(("backup.recent", Status.FAIL)))["contradictions"] == []


def test_failures_of_another_office_count_only_against_an_answer_for_the_city():
    elsewhere = server(("backup.recent", Status.FAIL), name="db1", opd="kominfo")

    own = record(office({"drill": GOOD}, "drill"), elsewhere)
    city = record(office({"drill": {**GOOD, "city": True}}, "drill"), elsewhere)

    assert own == {"compared": 0, "contradictions": []}
    assert [row["targets"] for row in city["contradictions"]] == [["db1"]]


def test_what_does_not_apply_speaks_neither_for_nor_against():
    found = record(
        office({"drill": GOOD}, "drill"), server(("backup.recent", Status.NOT_APPLICABLE))
    )

    assert found == {"compared": 0, "contradictions": []}


def test_what_agrees_is_compared():
    found = record(office({"drill": GOOD}, "drill"), server(("backup.recent", Status.PASS)))

    assert found == {"compared": 1, "contradictions": []}


def test_what_was_tried_and_not_seen_never_agrees():
    asked = office({"drill": GOOD}, "drill")

    alone = record(asked, server(("backup.recent", Status.ERROR)))
    beside = record(
        asked, server(("backup.recent", Status.ERROR)), server(("backup.closed", Status.PASS))
    )

    assert set(alone) == {GAP}
    assert set(beside) == {"compared", GAP}


def test_what_nobody_looked_at_never_agrees():
    asked = office({"drill": GOOD}, "drill")
    waiting = server(("backup.recent", Status.NOT_CHECKED))
    agreeing = server(("backup.closed", Status.PASS))
    tried = server(("backup.closed", Status.ERROR))

    assert record(asked, waiting)[GAP]["why"] == "no_tool"
    assert record(asked, waiting, agreeing)[GAP]["why"] == "no_tool"
    assert record(asked, waiting, tried)[GAP]["why"] == "no_data"


def test_a_contradiction_counts_even_beside_what_was_not_seen():
    found = record(
        office({"drill": GOOD}, "drill"),
        server(("backup.recent", Status.ERROR)),
        server(("backup.closed", Status.FAIL), name="web2"),
    )

    assert [row["check"] for row in found["contradictions"]] == ["backup.closed"]


def test_one_answer_is_not_measured_by_another():
    answers = {"drill": {**GOOD, "against": ["attest.*"]}}
    asked = office(answers, "drill")
    other = Member(
        target=target("opd2", kind=TargetKind.OPD),
        facts={},
        results=(result("attest.other", Status.FAIL),),
    )

    assert record(asked, other) == {"compared": 0, "contradictions": []}
