"""The checks of DNS and mail judged on real zones: a good one, a bad one, others between."""

from datetime import UTC, datetime

import pytest

from auditor.collect.dns import DnsCollector
from auditor.evaluate import evaluate
from auditor.load.checks import load_checks
from auditor.load.policies import load_policy
from auditor.model.base import TargetId
from auditor.model.result import Status
from auditor.plan import plan
from auditor.probe.catalogue import CATALOGUE
from tests.servers.dns_asking import observe, settings_for, target_for
from tests.servers.dns_servers import ONE
from tests.servers.dns_zones import city


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Return a function from the names of domains to the statuses of all checks of `mail-dns`."""
    folder = tmp_path_factory.mktemp("knot")
    knot, anchor = city(folder)
    (folder / "anchor").write_text(anchor)
    checks = {id_: one for id_, one in load_checks().items() if id_.startswith(("dns.", "mail."))}

    def ask(*names):
        target = target_for(*(f"{name}.go.id" for name in names), dkim=("s1",))
        settings = settings_for((ONE,), str(folder / "anchor"), targets=(target,))
        collector = DnsCollector(knot.port, https=1, smtp=1)
        facts = [observe(kind, target, settings, collector) for kind in ("dns", "mail")]
        seen = {fact.probe: fact for fact in facts}
        work = plan(settings.inventory, load_policy("mail-dns"), checks, CATALOGUE)
        now = datetime.now(UTC)
        return {
            bound.check.id: evaluate(bound, TargetId("t"), seen, now) for bound in work.checks["t"]
        }

    with knot.running():
        yield ask


def named(results, status):
    return {id_ for id_, result in results.items() if result.status is status}


def test_a_good_domain(judge):
    results = judge("baik")
    assert named(results, Status.FAIL) == {
        "dns.ns-scope",
        "mail.mta-sts-valid",
        "mail.mta-sts-enforced",
    }
    assert named(results, Status.ERROR) == {"mail.mx-starttls", "mail.mx-certificate"}
    assert named(results, Status.NOT_APPLICABLE) == set()
    assert len(named(results, Status.PASS)) >= 45


def test_a_bad_domain(judge):
    assert named(judge("buruk"), Status.FAIL) >= {
        *("dns.signed", "dns.caa", "dns.ns-count", "dns.ns-networks", "dns.transfer"),
        *("dns.takeover", "dns.wildcard", "mail.spf-valid", "mail.spf-strict", "mail.spf-wide"),
        *("mail.spf-pointers", "mail.dmarc-policy", "mail.dmarc-subdomains", "mail.dmarc-percent"),
        *("mail.dmarc-reports-accepted", "mail.dkim-strength", "mail.mx-names", "mail.dane"),
        *("mail.mta-sts-valid", "mail.tls-rpt-valid"),
    }


def test_broken_and_weak_signatures(judge):
    results = judge("kedaluwarsa", "lemah", "nsec3")
    (reason,) = results["dns.signatures-valid"].reasons
    assert reason.item == "kedaluwarsa.go.id"
    assert {r.item.split()[0] for r in results["dns.key-strength"].reasons} == {"lemah.go.id"}
    assert [r.item for r in results["dns.nsec3-iterations"].reasons] == ["nsec3.go.id"]


def test_a_domain_without_mail_is_judged_as_such(judge):
    results = judge("tanpasurel")
    assert results["mail.unused-refused"].status is Status.PASS
    assert results["mail.null-mx"].status is Status.PASS
    assert results["mail.mx-starttls"].status is Status.NOT_APPLICABLE
    assert named(results, Status.ERROR) == set()


def test_a_domain_that_does_not_exist_fails_once(judge):
    results = judge("takada")
    assert named(results, Status.FAIL) == {"dns.exists"}
    assert named(results, Status.ERROR) == set()


def test_servers_outside_the_letter_do_not_pass(judge):
    results = judge("luar")
    for check in (
        "dns.transfer",
        "dns.lame",
        "dns.ns-agree",
        "mail.mx-starttls",
        "mail.mx-certificate",
    ):
        assert results[check].status is Status.NOT_APPLICABLE
    for check in ("dns.ns-scope", "mail.mx-scope"):
        assert results[check].status is Status.FAIL
    assert results["mail.mta-sts-valid"].status is Status.ERROR


def test_a_target_without_domains_is_not_asked(judge):
    results = judge()
    assert {result.status for result in results.values()} == {Status.NOT_APPLICABLE}
