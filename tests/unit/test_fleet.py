from datetime import UTC, datetime

import msgspec
import pytest

from auditor.audit import _add, _amended
from auditor.fleet import Fleet, over_fleet, unsettled
from auditor.load.checks import load_checks
from auditor.model.check import Foundation, Severity
from auditor.model.fact import GAP, Evidence, Fact, Gap, Why
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target
from auditor.model.policy import Entry, Policy
from auditor.model.result import Result, Status, TargetState, Visit
from auditor.plan import plan
from auditor.probe.catalogue import CATALOGUE
from tests.unit.evaluate.world import text

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEY = "ab" * 32
CHECKS = {c.id: c for c in load_checks().values()}
ASKED = ("tls.key-shared", "tls.wildcard-shared", "ssh-server.host-key-shared")


def target(name, opd="kominfo", address=None, **more):
    number = sum(name.encode()) % 250
    return Target(id=name, opd=opd, address=address or f"10.0.0.{number}", **more)


def tls(name, key=KEY, names=("a.batu.go.id",)):
    cert = {"spkis": [key], "names": list(names)}
    value = {"endpoints": [{"endpoint": "a.batu.go.id:443", "cert": cert}, {"endpoint": "x:1"}]}
    return Fact(target=name, probe="tls", value=value, evidence=Evidence(source="t"))


def ssh(name, fingerprint="SHA256:abc"):
    value = {"host_keys": [{"type": "ssh-ed25519", "fingerprint": fingerprint}]}
    return Fact(target=name, probe="ssh_server", value=value, evidence=Evidence(source="t"))


def planned(*targets, checks=ASKED):
    inventory = Inventory(
        city=City(name="K"),
        authority=Authority(letter="1", date=NOW.date(), valid_until=NOW.date(), scope=Scope()),
        opds=(Opd(id="kominfo", name="K"),),
        targets=targets,
    )
    policy = Policy(id="p", title=text("p"), checks=tuple(Entry(use=check) for check in checks))
    return plan(inventory, (policy,), CHECKS, CATALOGUE)


def judged(seen):
    """Return the status of each check of each target; `seen` maps targets to observations."""
    fleet = Fleet(planned(*seen).checks)
    for one, observations in seen.items():
        fleet.add(one, observations)
    found = {}
    for one in seen:
        before = Visit(
            target=one.id, state=TargetState.SEEN, reason="", started=NOW, ms=1, results=()
        )
        visit = fleet.amended(before, one, NOW)
        found[one.id] = {result.check: result for result in visit.results}
    return found


def statuses(seen, check):
    return {name: results[check].status for name, results in judged(seen).items()}


def test_a_key_on_two_targets_is_a_finding_of_both():
    seen = {target("web1"): [tls("web1")], target("web2"): [tls("web2")]}

    assert statuses(seen, "tls.key-shared") == {"web1": Status.FAIL, "web2": Status.FAIL}


def test_the_finding_names_key_endpoints_and_the_others():
    found = judged({target("web1"): [tls("web1")], target("web2", "dinkes"): [tls("web2")]})

    (reason,) = found["web1"]["tls.key-shared"].reasons
    assert reason.item == KEY[:16]
    assert "web2" in str(reason.found)


def test_keys_of_their_own_pass():
    seen = {target("web1"): [tls("web1")], target("web2"): [tls("web2", key="cd" * 32)]}

    assert set(statuses(seen, "tls.key-shared").values()) == {Status.PASS}


def test_a_site_and_its_server_at_one_address_share_nothing():
    seen = {
        target("web1", address="10.0.0.1"): [tls("web1")],
        target("site1", address="10.0.0.1"): [tls("site1")],
    }

    assert set(statuses(seen, "tls.key-shared").values()) == {Status.PASS}


def test_with_nothing_to_compare_with_nothing_is_claimed():
    assert statuses({target("web1"): [tls("web1")]}, "tls.key-shared") == {
        "web1": Status.NOT_APPLICABLE
    }


def test_a_target_whose_tls_was_not_seen_does_not_pass():
    gap = Gap(target="web3", probe="tls", why=Why.TIMEOUT, detail="silent")
    seen = {
        target("web1"): [tls("web1", key="cd" * 32)],
        target("web2"): [tls("web2")],
        target("web3"): [gap],
    }

    assert statuses(seen, "tls.key-shared") == {
        "web1": Status.PASS,
        "web2": Status.PASS,
        "web3": Status.ERROR,
    }


@pytest.mark.parametrize(("opd", "status"), [("kominfo", Status.PASS), ("dinkes", Status.FAIL)])
def test_a_wildcard_may_be_shared_within_an_office_only(opd, status):
    names = ("*.batu.go.id", "batu.go.id")
    seen = {
        target("web1"): [tls("web1", names=names)],
        target("web2", opd): [tls("web2", key="cd" * 32, names=names)],
    }

    assert set(statuses(seen, "tls.wildcard-shared").values()) == {status}


def test_clones_share_host_keys():
    seen = {
        target("web1"): [ssh("web1")],
        target("web2"): [ssh("web2")],
        target("web3"): [ssh("web3", "SHA256:def")],
        target("web4"): [],
    }

    assert statuses(seen, "ssh-server.host-key-shared") == {
        "web1": Status.FAIL,
        "web2": Status.FAIL,
        "web3": Status.PASS,
        "web4": Status.ERROR,
    }


def test_host_keys_that_were_not_read_do_not_pass():
    unread = Fact(target="web2", probe="ssh_server", value={}, evidence=Evidence(source="t"))
    seen = {target("web1"): [ssh("web1")], target("web2"): [unread]}

    assert statuses(seen, "ssh-server.host-key-shared")["web2"] is Status.ERROR


def test_other_results_of_the_visit_stay_and_all_are_in_order():
    one = target("web1")
    kept = Result(
        target="web1",
        check="a.b",
        status=Status.PASS,
        severity=Severity.LOW,
        foundation=Foundation.SECURITY,
    )
    late = msgspec.structs.replace(kept, check="z.z")
    visit = Visit(
        target="web1", state=TargetState.PARTLY, reason="r", started=NOW, ms=7, results=(late, kept)
    )
    fleet = Fleet(planned(one, checks=("tls.key-shared",)).checks)

    amended = fleet.amended(visit, one, NOW)

    assert [r.check for r in amended.results] == ["a.b", "tls.key-shared", "z.z"]
    assert (amended.state, amended.reason, amended.ms) == (TargetState.PARTLY, "r", 7)


def test_without_such_checks_there_is_no_fleet():
    work = planned(target("web1"), checks=("tls.version-min",))

    assert not Fleet(work.checks)
    assert not any(over_fleet(bound) for bound in work.checks["web1"])


def test_nobody_is_visited_for_what_is_joined():
    work = planned(target("web1"), target("web2"))

    assert {probe.type.name for task in work.tasks for probe in task.probes} == {
        "tls",
        "ssh_server",
    }


UNSEEN = {"endpoint": "b.batu.go.id:443", GAP: {"why": "timeout", "detail": "silent"}}
UNREAD = {"endpoint": "b.batu.go.id:443", "offered": True, "cert": {GAP: UNSEEN[GAP]}}
CLEAR = {"endpoint": "b.batu.go.id:25", "offered": False, "cert": {}}


def beside(name, *more, **its):
    """A target that shows a certificate, and more endpoints."""
    fact = tls(name, **its)
    return msgspec.structs.replace(fact, value={"endpoints": [fact.value["endpoints"][0], *more]})


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [(UNSEEN, Status.ERROR), (UNREAD, Status.ERROR), (CLEAR, Status.PASS)],
)
def test_a_certificate_of_its_own_that_was_not_seen_does_not_pass(endpoint, status):
    seen = {
        target("web1"): [beside("web1", endpoint)],
        target("web2", "dinkes"): [tls("web2", key="cd" * 32)],
    }

    for check in ("tls.key-shared", "tls.wildcard-shared"):
        assert statuses(seen, check) == {"web1": status, "web2": Status.PASS}


def test_what_is_shared_is_found_beside_what_was_not_seen():
    seen = {
        target("web1"): [beside("web1", UNSEEN, names=("*.batu.go.id",))],
        target("web2", "dinkes"): [tls("web2", names=("*.batu.go.id",))],
    }

    assert statuses(seen, "tls.key-shared")["web1"] is Status.FAIL
    assert statuses(seen, "tls.wildcard-shared")["web1"] is Status.FAIL


@pytest.mark.parametrize("endpoints", [[UNSEEN], [UNREAD]])
def test_a_target_none_of_whose_certificates_was_seen_is_an_error(endpoints):
    unseen = msgspec.structs.replace(tls("web1"), value={"endpoints": endpoints})
    seen = {target("web1"): [unseen], target("web2"): [tls("web2")], target("web3"): [tls("web3")]}

    assert statuses(seen, "tls.key-shared")["web1"] is Status.ERROR


def test_checks_over_the_fleet_are_settled_when_every_target_was_seen():
    gap = Gap(target="web2", probe="tls", why=Why.TIMEOUT, detail="silent")
    whole = judged({target("web1"): [tls("web1")], target("web2"): [tls("web2")]})
    part = judged({target("web1"): [tls("web1"), ssh("web1")], target("web2"): [gap, ssh("web2")]})

    def of(found):
        return unsettled([result for results in found.values() for result in results.values()])

    assert of(whole) == {"ssh-server.host-key-shared"}
    assert of(part) == {"tls.key-shared", "tls.wildcard-shared"}


def test_an_error_of_another_check_or_of_one_that_is_no_more_unsettles_nothing():
    result = Result(
        target="web1", check="a.b", status=Status.ERROR, severity=Severity.LOW,
        foundation=Foundation.SECURITY, probes=("tls", "gone{}"),
    )  # fmt: skip

    assert unsettled([result]) == frozenset()


def test_after_a_fault_nothing_that_is_joined_passes():
    targets = (target("web1"), target("web2"))
    fleet = Fleet(planned(*targets).checks)
    for one in targets:
        fleet.add(one, [tls(one.id, key=one.id * 16)])
    fleet.failed("KeyError: 'spki'")
    before = Visit(target="web1", state=TargetState.SEEN, reason="", started=NOW, ms=1, results=())

    visit = fleet.amended(before, targets[0], NOW)

    assert {result.status for result in visit.results} == {Status.ERROR}
    assert "KeyError" in str(visit.results)


def test_a_fact_of_another_shape_is_an_error_of_the_checks_and_not_of_the_run():
    """As in a run that another version of the auditor began."""
    odd = msgspec.structs.replace(tls("web1"), value={"endpoints": [{"cert": {"spkis": [KEY]}}]})
    targets = (target("web1"), target("web2"))
    fleet = Fleet(planned(*targets).checks)
    before = Visit(target="web2", state=TargetState.SEEN, reason="", started=NOW, ms=1, results=())

    _add(fleet, targets[0], [odd], before)
    _add(fleet, targets[1], [tls("web2")], before)
    visit = _amended(fleet, before, targets[1], NOW)

    assert {result.status for result in visit.results} == {Status.ERROR}


def test_a_fault_in_the_end_is_an_error_as_well(monkeypatch):
    one = target("web1")
    fleet = Fleet(planned(one).checks)
    before = Visit(target="web1", state=TargetState.SEEN, reason="", started=NOW, ms=1, results=())
    monkeypatch.setattr("auditor.probe.shared_keys.SharedKeys.record", lambda *_: 1 / 0)

    visit = _amended(fleet, before, one, NOW)

    assert {result.status for result in visit.results} == {Status.ERROR}
    assert "ZeroDivisionError" in str(visit.results)


def test_a_host_key_that_was_not_shown_may_be_shared():
    hidden = Fact(
        target="web2",
        probe="ssh_server",
        value={"host_keys": [{"type": "ssh-rsa", "gap": {"why": "timeout", "detail": "silent"}}]},
        evidence=Evidence(source="t"),
    )
    without = Fact(
        target="web3", probe="ssh_server", value={"host_keys": []}, evidence=Evidence(source="t")
    )
    seen = {target("web1"): [ssh("web1")], target("web2"): [hidden], target("web3"): [without]}

    assert statuses(seen, "ssh-server.host-key-shared") == {
        "web1": Status.NOT_APPLICABLE,
        "web2": Status.ERROR,
        "web3": Status.NOT_APPLICABLE,
    }
