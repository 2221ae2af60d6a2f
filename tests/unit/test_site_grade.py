"""The grade of a site, and what it says about rising."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.base import CheckId, TargetId, Text
from auditor.model.check import Foundation, Severity
from auditor.model.inventory import Target
from auditor.model.result import Result, Status
from auditor.report.site_grade import LETTERS, grade, grade_of

SEEN = [("tls.version-min", "pass", "high"), ("site.framing", "pass", "medium")]


def result(check, status, severity):
    return Result(
        check=CheckId(check),
        target=TargetId("web1"),
        status=Status(status),
        severity=Severity(severity),
        foundation=Foundation.SECURITY,
    )


def graded(*rows, seen=SEEN, checks=None):
    return grade([result(*row) for row in (*seen, *rows)], checks or {})


def failing(*severities):
    return [(f"site.x{number}", "fail", severity) for number, severity in enumerate(severities)]


@pytest.mark.parametrize(
    ("severities", "letter", "next_letter"),
    [
        ([], "A", ""),
        (["info"] * 9, "A", ""),
        (["low"] * 2, "A", ""),
        (["low"] * 3, "B", "A"),
        (["medium"], "C", "A"),
        (["medium", "low", "low", "low"], "C", "B"),
        (["medium"] * 20, "C", "A"),
        (["high"], "D", "A"),
        (["high", "medium"], "D", "C"),
        (["high"] * 2, "E", "D"),
        (["high"] * 9 + ["medium"], "E", "D"),
        (["critical"], "F", "A"),
        (["critical", "high", "high"], "F", "E"),
    ],
)
def test_the_worst_failure_decides(severities, letter, next_letter):
    found = graded(*failing(*severities))
    assert (found.letter, found.next_letter) == (letter, next_letter)
    assert len(found.lowers) == len([s for s in severities if s != "info"])


@pytest.mark.parametrize(
    ("unseen", "letter"), [("info", "A"), ("low", "A"), ("medium", "B"), ("critical", "B")]
)
def test_what_was_not_seen_keeps_from_the_best(unseen, letter):
    found = graded(("site.y", "error", unseen))
    assert found.letter == letter
    assert [point.check for point in found.unseen] == ([] if unseen == "info" else ["site.y"])


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ([], "Belum dapat dinilai: TLS dan halaman depan tidak terlihat."),
        (SEEN[:1], "Belum dapat dinilai: halaman depan tidak terlihat."),
        (SEEN[1:], "Belum dapat dinilai: TLS tidak terlihat."),
        (
            [("tls.version-min", "error", "high"), ("site.csp", "fail", "medium")],
            "Belum dapat dinilai: TLS tidak terlihat.",
        ),
        (
            [("tls.version-min", "pass", "high"), ("site.csp", "not_applicable", "medium")],
            "Belum dapat dinilai: halaman depan tidak terlihat.",
        ),
    ],
)
def test_no_letter_without_the_essential(seen, words):
    found = graded(*failing("critical"), seen=seen)
    assert found.letter is None
    assert found.words.id == words
    assert found.next_letter == ""
    assert found.lowers


def test_what_is_looked_at_inside_does_not_count():
    assert graded(("ssh.root-login", "fail", "critical")).letter == "A"
    assert graded(("ssh-server.kex", "fail", "critical")).letter == "F"


def test_the_reasons_in_words():
    title = Text(id="HSTS terpasang", en="HSTS is set")
    check = type("Known", (), {"title": title})()
    found = graded(("site.hsts", "fail", "medium"), checks={"site.hsts": check})
    assert found.words.en == "Grade C: there is a medium failure."
    assert found.next_words.id == "Untuk naik ke A: perbaiki 1 hal berikut: HSTS terpasang."
    assert found.next_words.en == "To rise to A: mend the 1 below: HSTS is set."


def test_only_as_much_as_is_needed():
    assert graded(*failing("high", "high", "high")).next_words.en.startswith(
        "To rise to D: mend 2 of the 3 below:"
    )
    assert graded(*failing(*["low"] * 4)).next_words.id.startswith(
        "Untuk naik ke A: perbaiki 2 dari 4 hal berikut:"
    )


def test_what_is_hidden_has_to_be_shown():
    hidden = ("mail.spf", "error", "high")
    assert graded(hidden).next_words.en == (
        "To rise to A: let the 1 that could not be seen be examined: mail.spf."
    )
    both = graded(*failing("low", "low", "low"), hidden)
    assert both.next_words.en.startswith("To rise to A: mend 1 of the 3 below, and let the 1")
    assert [point.check for point in both.needs][-1] == "mail.spf"


def test_the_gravest_comes_first():
    found = graded(*failing("low", "critical", "medium"))
    assert [point.severity for point in found.lowers] == ["critical", "medium", "low"]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["site.a", "tls.b", "ports.c", "dns.d", "mail.e"]),
        st.sampled_from(list(Status)),
        st.sampled_from(list(Severity)),
    ),
    max_size=12,
)


@given(ROWS, ROWS)
def test_a_failure_more_never_raises_a_grade_and_no_word_promises(rows, more):
    one, two = graded(*rows), graded(*rows, *((c, Status.FAIL, s) for c, _, s in more))
    assert LETTERS.index(one.letter) <= LETTERS.index(two.letter)
    if one.next_letter:
        assert LETTERS.index(one.next_letter) < LETTERS.index(one.letter)
    for words in (one.words.id, one.words.en, one.next_words.id):
        assert not {"comply", "compliant", "patuh", "sesuai", "memenuhi"} & set(
            words.lower().split()
        )


def test_a_target_is_graded_only_where_sites_and_their_outside_were_asked():
    site = Target(id="t", opd="o", address="10.0.0.1", sites=("a.go.id",))
    whole = [result(*row) for row in SEEN]

    assert grade_of(site, whole, {}).letter == "A"
    assert grade_of(msgspec.structs.replace(site, sites=()), whole, {}) is None
    assert grade_of(site, whole[:1], {}) is None
    assert grade_of(site, whole[1:], {}) is None


def test_a_site_without_tls_was_seen_without_it():
    clear = [result("tls.http-in-clear", "fail", "high"), result("site.csp", "pass", "medium")]

    assert grade(clear, {}).letter == "D"
    assert grade([result("tls.http-in-clear", "pass", "high"), clear[1]], {}).letter is None
