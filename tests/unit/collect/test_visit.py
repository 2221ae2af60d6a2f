"""Frames become observations; targets that are alike are worked out once, and never mixed up."""

from datetime import UTC, datetime

from auditor.collect import visit
from auditor.collect.visit import observations
from auditor.model.base import TargetId
from auditor.model.fact import Fact, Gap, Why
from auditor.probe import package, packages, sysctl
from auditor.probe.base import Probe
from tests.unit.probe.asking import frame, text_files

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEY = "net.ipv4.ip_forward"
SYSCTL = Probe(type=sysctl.PROBE, args=sysctl.SysctlArgs(key=KEY))
PACKAGE = Probe(type=package.PROBE, args=package.PackageArgs(name=("sudo",)))
MISSING = (Why.INTERRUPTED, "the session ended early")


def see(target, frames, *probes):
    return list(observations(TargetId(target), probes, frames, NOW, MISSING))


def kernel(value, line=""):
    files = {"/etc/sysctl.d/a.conf": line} if line else {}
    return text_files({"/proc/sys/net/ipv4/ip_forward": value, **files})


def dpkg(*names):
    return frame("packages", "".join(f"{n}\t1.9\t{n}\t1.9\tamd64\tii \n" for n in names))


def test_what_differs_in_one_file_is_not_taken_from_another_target():
    (one,) = see("a", kernel("0"), SYSCTL)
    (two,) = see("b", kernel("1"), SYSCTL)
    (three,) = see("c", kernel("0", f"{KEY} = 1"), SYSCTL)
    (again,) = see("d", kernel("0"), SYSCTL)

    assert [o.value["running"] for o in (one, two, three, again)] == [0, 1, 0, 0]
    assert [o.value["persisted"] for o in (one, two, three, again)] == [0, 1, 1, 0]
    assert [o.target for o in (one, again)] == ["a", "d"]
    assert again.value is one.value
    assert f"{KEY} = 1" in three.evidence.excerpt


def test_a_gap_is_a_gap_again():
    hidden = frame("texts", "! /proc/sys/net/ipv4/ip_forward\n")

    for target in ("a", "b"):
        (gap,) = see(target, hidden, SYSCTL)
        assert isinstance(gap, Gap)
        assert (gap.target, gap.why) == (target, Why.NEEDS_ROOT)


def test_the_evidence_of_a_shared_answer_speaks_of_its_own_question():
    (fact,) = see("a", dpkg("adduser", "sudo"), PACKAGE)

    assert "adduser" not in fact.evidence.excerpt
    assert '"name":"sudo"' in fact.evidence.excerpt


def test_a_status_is_part_of_the_answer():
    good = dpkg("sudo")
    cut = {"packages": frame("packages", good["packages"].text, cut=True)["packages"]}

    (fact,) = see("a", good, PACKAGE)
    (gap,) = see("b", cut, PACKAGE)

    assert isinstance(fact, Fact)
    assert gap.why is Why.CUT


def test_what_no_frame_answers_says_why():
    (gap,) = see("a", {}, PACKAGE)

    assert (gap.why, gap.detail) == MISSING


def test_no_more_answers_are_kept_than_the_bound(monkeypatch):
    monkeypatch.setattr(visit, "MOST_KNOWN", 3)
    visit._known.clear()

    for number in range(10):
        see("a", kernel(str(number)), SYSCTL)
        assert len(visit._known) <= 3


def test_long_records_are_not_kept():
    visit._known.clear()

    see("a", dpkg("sudo"), Probe(type=packages.PROBE, args=packages.PROBE.args()))

    assert len(visit._known) == 0
