"""What is asked about the mail of one domain, and what is made of the answers."""

import pytest

from auditor.model.fact import GAP, Why
from auditor.model.shape import misfits
from auditor.probe.dns_names import absent
from auditor.probe.dns_talk import Door, Knock, Mute, Page
from auditor.probe.mail import PROBE
from auditor.probe.mail_keys import USUAL
from auditor.probe.mail_survey import Mail, survey
from tests.unit.probe.dns_asking import converse, said
from tests.unit.probe.test_mail_records import GOOD, spki

D = "batu.go.id"
TIMEOUT = Mute(why=Why.TIMEOUT, detail="no answer in time")
REFUSED = Mute(why=Why.REFUSED, detail="port 443: connection refused")
OUTSIDE = Mute(why=Why.SCOPE, detail="203.0.113.1, which the authority letter does not cover")
POLICY = GOOD.replace(b"mx.x.id", b"mx.batu.go.id")


@pytest.fixture(scope="module")
def key():
    from cryptography.hazmat.primitives.asymmetric import rsa

    value = f"v=DKIM1; p={spki(rsa.generate_private_key(65537, 2048))}"
    return " ".join(f'"{value[n : n + 200]}"' for n in range(0, len(value), 200))


def book(key):
    return {
        (D, "MX"): ("10 mx.batu.go.id.",),
        ("mx.batu.go.id", "A"): "192.0.2.25",
        ("mx.batu.go.id", "AAAA"): said("mx.batu.go.id", "AAAA"),
        ("_25._tcp.mx.batu.go.id", "TLSA"): "3 1 1 " + "ab" * 32,
        (D, "TXT"): ('"v=spf1 mx -all"',),
        (f"_dmarc.{D}", "TXT"): ('"v=DMARC1; p=reject; rua=mailto:budi@batu.go.id"',),
        (f"_domainkey.{D}", "TXT"): said(f"_domainkey.{D}", "TXT"),
        (f"s1._domainkey.{D}", "TXT"): (key,),
        (f"_mta-sts.{D}", "TXT"): ('"v=STSv1; id=1"',),
        (f"mta-sts.{D}", "A"): "192.0.2.26",
        ("Fetch", f"mta-sts.{D}"): Page(status=200, body=POLICY),
        (f"_smtp._tls.{D}", "TXT"): ('"v=TLSRPTv1; rua=mailto:a@batu.go.id"',),
        ("Knock", "mx.batu.go.id"): Door(
            encrypts=True, lowest="1.2", certificate={"trusted": True}
        ),
    }


@pytest.fixture
def row(key):
    def ask(changes=None, selectors=(), asked=None):
        found = converse(
            survey(D, Mail(selectors=selectors)), {**book(key), **(changes or {})}, asked
        )
        assert list(misfits({"exists": True, "domains": [found]}, PROBE.gives)) == []
        return found

    return ask


def test_a_domain_as_it_should_be(row):
    asked = []
    found = row(asked=asked)
    assert (found["receives"], found["mx_kind"], found["mx_mixed"], found["used"]) == (
        True,
        "mx",
        False,
        True,
    )
    assert found["mx"][0]["dane"] is True
    assert found["spf"]["errors"] == []
    assert found["dmarc"]["policy"] == "reject"
    assert found["dmarc"]["record"] == "v=DMARC1; p=reject; rua=mailto:…@batu.go.id"
    assert found["dkim"]["found"] == 1
    assert found["mta_sts"] == {
        "present": True,
        "errors": [],
        "mode": "enforce",
        "max_age": 604800,
        "uncovered": [],
    }
    assert found["tls_rpt"] == {"present": True, "errors": []}
    assert found["doors"] == [
        {
            "host": "mx.batu.go.id",
            "in_scope": True,
            "encrypts": True,
            "lowest": "1.2",
            "cert": {"trusted": True},
        }
    ]
    assert len(asked) < 40


def test_a_domain_that_does_not_exist_or_is_not_seen(row):
    assert row({(D, "MX"): None}) == {"domain": D, "exists": False}
    assert row({(D, "MX"): TIMEOUT})[GAP]["why"] is Why.TIMEOUT
    assert row({(f"{absent(D)}.{D}", "TXT"): TIMEOUT})[GAP]["why"] is Why.TIMEOUT


@pytest.mark.parametrize(
    ("mx", "seen"),
    [
        (("0 .",), (False, "null", False)),
        (("0 .", "10 mx.batu.go.id."), (True, "mx", True)),
        ((), (False, "none", False)),
    ],
)
def test_domains_without_mail_servers(row, mx, seen):
    found = row({(D, "MX"): said(D, "MX", *mx)})
    assert (found["receives"], found["mx_kind"], found["mx_mixed"]) == seen
    if not seen[0]:
        assert found["doors"] == []
        assert "mta_sts" not in found


def test_who_uses_a_domain_for_mail(row):
    none = {(D, "MX"): said(D, "MX"), (f"s1._domainkey.{D}", "TXT"): None}
    refuses = {(D, "TXT"): ('"v=spf1 -all"',)}
    assert row(none)["used"] is True
    assert row({**none, **refuses})["used"] is False
    assert row({**none, (D, "TXT"): ('"x"',)})["used"] is False
    assert row({(D, "MX"): said(D, "MX"), **refuses})["used"] is True
    unseen = row({**none, (D, "TXT"): TIMEOUT})
    assert "used" not in unseen
    assert unseen[GAP]["why"] is Why.TIMEOUT


def test_mail_servers_that_lead_nowhere(row):
    gone = row({("mx.batu.go.id", "A"): None, ("mx.batu.go.id", "AAAA"): None})
    assert gone["mx"][0]["resolves"] is False
    assert gone["doors"][0][GAP]["detail"] == "has no address"
    silent = row({("mx.batu.go.id", "A"): TIMEOUT})
    assert silent["mx"][0][GAP]["why"] is Why.TIMEOUT
    assert "in_scope" not in silent["doors"][0]
    many = {(D, "MX"): tuple(f"{n} mx{n}.lain.id." for n in range(20))}
    assert [one["host"] for one in row(many)["mx"]] == [f"mx{n}.lain.id" for n in range(11)]


def test_doors_that_are_closed_or_may_not_be_tried(row):
    knock = ("Knock", "mx.batu.go.id")
    assert row({knock: OUTSIDE})["doors"][0]["in_scope"] is False
    assert row({knock: TIMEOUT})["doors"][0]["in_scope"] is True
    assert "encrypts" not in row({knock: TIMEOUT})["doors"][0]
    plain = row({knock: Door(encrypts=False)})["doors"][0]
    assert plain["encrypts"] is False
    assert "cert" not in plain


def test_a_record_at_every_name_is_no_record(row):
    wild = ('"v=DMARC1; p=reject"', '"v=STSv1; id=1"', '"v=TLSRPTv1; rua=mailto:a@b.id"')
    changes = {(f"{absent(D)}.{D}", "TXT"): wild}
    changes |= {(f"{name}.{D}", "TXT"): wild for name in ("_dmarc", "_mta-sts", "_smtp._tls")}
    found = row(changes)
    assert found["dmarc"]["count"] == 0
    assert found["mta_sts"] == {"present": False}
    assert found["tls_rpt"] == {"present": False}


def test_dmarc_of_the_organisation_counts_below(key):
    name = f"dinkes.{D}"
    changes = {
        (name, "MX"): said(name, "MX"),
        (f"_dmarc.{D}", "TXT"): ('"v=DMARC1; p=reject; sp=none; rua=mailto:a@batu.go.id"',),
    }
    found = converse(survey(name, Mail()), book(key) | changes)
    assert (found["dmarc"]["inherited"], found["dmarc"]["policy"]) == (True, "none")
    two = {(f"_dmarc.{D}", "TXT"): ('"v=DMARC1; p=none"', '"v=DMARC1; p=reject"')}
    found = converse(survey(name, Mail()), book(key) | changes | two)
    assert found["dmarc"] == {"count": 2, "record": "", "inherited": True}


def test_reports_to_strangers_need_their_consent(row):
    outside = {(f"_dmarc.{D}", "TXT"): ('"v=DMARC1; p=reject; rua=mailto:a@x.id,mailto:b@y.id"',)}
    agreed = {(f"{D}._report._dmarc.y.id", "TXT"): ('"v=DMARC1"',)}
    assert row(outside | agreed)["dmarc"]["unwilling"] == ["x.id"]
    assert (
        row(outside | {(f"{D}._report._dmarc.x.id", "TXT"): TIMEOUT})["dmarc"][GAP]["why"]
        is Why.TIMEOUT
    )


def test_without_a_known_selector_no_key_is_no_finding(row):
    found = row({(f"s1._domainkey.{D}", "TXT"): None})["dkim"]
    assert "found" not in found
    assert found["keys"] == []
    assert "write dkim: in the inventory" in found[GAP]["detail"]
    known = row({(f"s1._domainkey.{D}", "TXT"): None}, ("kunci",))["dkim"]
    assert known["found"] == 0
    assert known["keys"] == [
        {"selector": "kunci", "known": True, "present": False, "revoked": False}
    ]


def test_keys_that_are_revoked_silent_or_wild(row, key):
    revoked = row({(f"s1._domainkey.{D}", "TXT"): ('"v=DKIM1; p="',)}, ("s1",))["dkim"]
    assert (revoked["found"], revoked["keys"][0]["revoked"]) == (0, True)
    silent = row({(f"s1._domainkey.{D}", "TXT"): TIMEOUT}, ("s1",))["dkim"]
    assert silent[GAP]["why"] is Why.TIMEOUT
    assert silent["keys"][0][GAP]["why"] is Why.TIMEOUT
    unknown = row({(f"s1._domainkey.{D}", "TXT"): None, (f"k1._domainkey.{D}", "TXT"): TIMEOUT})[
        "dkim"
    ]
    assert unknown["keys"] == []
    wild = {(f"{name}._domainkey.{D}", "TXT"): (key,) for name in (absent(D), *USUAL)}
    assert "found" not in row(wild)["dkim"]
    several = row({(f"s1._domainkey.{D}", "TXT"): (key, '"v=DKIM1; p="')})["dkim"]["keys"][0]
    assert "several records" in several["errors"]


def test_without_any_key_usual_selectors_are_not_asked(row):
    asked = []
    row({(f"_domainkey.{D}", "TXT"): None}, ("kunci",), asked)
    names = [one.name for one in asked if not isinstance(one, Knock) and hasattr(one, "kind")]
    assert sum("._domainkey." in name for name in names) == 1


@pytest.mark.parametrize(
    ("heard", "error"),
    [
        (REFUSED, "not served: port 443"),
        (Page(trusted=False, problem="TLS failed"), "no valid certificate: TLS failed"),
        (Page(status=404), "status 404"),
        (Page(status=200, problem="longer than 65536 bytes"), "longer than"),
        (Page(status=200, body=b"<html>"), "a line without a key"),
    ],
)
def test_policies_that_are_not_served_well(row, heard, error):
    found = row({("Fetch", f"mta-sts.{D}"): heard})["mta_sts"]
    assert any(error in one for one in found["errors"])


def test_policies_that_are_not_seen(row):
    fetch = ("Fetch", f"mta-sts.{D}")
    assert row({fetch: OUTSIDE})["mta_sts"] == {
        "present": True,
        GAP: {"why": Why.SCOPE, "detail": OUTSIDE.detail},
    }
    assert row({(f"mta-sts.{D}", "A"): TIMEOUT})["mta_sts"][GAP]["why"] is Why.TIMEOUT
    gone = row({(f"mta-sts.{D}", "A"): None})["mta_sts"]
    assert gone["errors"] == [f"mta-sts.{D} has no address"]


def test_policies_that_forget_a_server(row):
    short = Page(status=200, body=GOOD)
    assert row({("Fetch", f"mta-sts.{D}"): short})["mta_sts"]["uncovered"] == ["mx.batu.go.id"]
    none = Page(status=200, body=b"version: STSv1\nmode: none\nmax_age: 1")
    assert row({("Fetch", f"mta-sts.{D}"): none})["mta_sts"]["uncovered"] == []


def test_several_records_are_a_mistake(row):
    two = {
        (f"_mta-sts.{D}", "TXT"): ('"v=STSv1; id=1"', '"v=STSv1; id=2"'),
        (f"_smtp._tls.{D}", "TXT"): ('"v=TLSRPTv1; rua=x"', '"v=TLSRPTv1; rua=mailto:a@b.id"'),
    }
    found = row(two)
    assert found["mta_sts"]["errors"] == ["several records"]
    assert "several records" in found["tls_rpt"]["errors"]


def test_servers_and_selectors_beyond_the_limit_are_unseen(row):
    hosts = tuple(f"{n} mx{n}.lain.id." for n in range(12))
    changes = {(D, "MX"): hosts}
    changes |= {(f"mx{n}.lain.id", "A"): "192.0.2.1" for n in range(12)}
    changes |= {("Knock", f"mx{n}.lain.id"): Door(encrypts=True) for n in range(12)}
    policy = b"version: STSv1\nmode: enforce\nmax_age: 604800\n"
    policy += b"".join(b"mx: mx%d.lain.id\n" % n for n in range(11))
    changes["Fetch", f"mta-sts.{D}"] = Page(status=200, body=policy)
    found = row(changes, selectors=tuple(f"k{n}" for n in range(11)))
    assert [one[GAP]["why"] for one in found["mx"] if GAP in one] == [Why.CUT]
    assert [one[GAP]["why"] for one in found["doors"] if GAP in one] == [Why.CUT]
    assert found["mta_sts"]["uncovered"] == ["mx11.lain.id"]
    assert [one["selector"] for one in found["dkim"]["keys"] if GAP in one] == ["k10"]


@pytest.mark.parametrize(
    ("tags", "below"),
    [
        ("np=none", "none"),
        ("sp=none; np=reject", "none"),
        ("np=reject", "reject"),
        ("np=x", "reject"),
    ],
)
def test_the_weakest_policy_of_names_below_counts(row, tags, below):
    found = row({(f"_dmarc.{D}", "TXT"): (f'"v=DMARC1; p=reject; {tags}"',)})
    assert found["dmarc"]["subdomain_policy"] == below
