"""Certificates and endpoints of real servers, faulty ones first, through the collector."""

import threading
from datetime import timedelta

import msgspec
import pytest

from auditor.collect.tls import TlsCollector
from auditor.model.fact import Fact, Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.tls import PROBE, TlsArgs
from tests.servers.certificates import NOW, SITE, ec_key, issue, rsa_key
from tests.servers.tls_servers import free_port, nginx_server, openssl_server

WEAK = ("-cipher", "ALL:@SECLEVEL=0")
GOOD = {
    "days_left": 89,
    "valid_now": True,
    "self_signed": False,
    "key_ok": True,
    "chain_complete": True,
    "trusted": True,
    "name_matches": True,
}


def look(port, settings, limit, sites=(SITE,), address="127.0.0.1") -> Fact:
    target = Target(id="t", opd="o", address=address, sites=sites)
    question = Probe(type=PROBE, args=TlsArgs())
    task = Task(via=Via.TLS, targets=(target,), probes=(question,))
    (fact,) = TlsCollector(https=port, known={}).collect(task, settings, limit)
    assert isinstance(fact, Fact)
    return fact


def certificate(port, settings, limit):
    (item,) = look(port, settings, limit).value["endpoints"]
    assert "gap" not in item
    return item["cert"]


def expired(root):
    return issue(issuer=root, begins=NOW - timedelta(days=90), days=80)


def of_tomorrow(root):
    return issue(issuer=root, begins=NOW + timedelta(days=1), days=89)


def self_signed(_root):
    return issue()


def of_another_site(root):
    return issue(issuer=root, names=["lain.kota.test"])


def with_a_short_key(root):
    return issue(issuer=root, key=rsa_key(1024))


def signed_with_sha1(root):
    return issue(issuer=root, key=rsa_key(), hash_="sha1")


def without_its_issuer(root):
    return issue(issuer=issue("Penerbit Uji", root, ca=True))


@pytest.mark.parametrize(
    ("fault", "differs"),
    [
        (expired, {"days_left": -10, "valid_now": False}),
        (of_tomorrow, {"days_left": 90, "valid_now": False}),
        (self_signed, {"self_signed": True, "trusted": False}),
        (of_another_site, {"name_matches": False}),
        (with_a_short_key, {"key_ok": False}),
        (signed_with_sha1, {"trusted": False}),
        (without_its_issuer, {"chain_complete": False, "trusted": False}),
        (lambda root: issue(issuer=root), {}),
    ],
)
def test_a_fault_of_a_certificate_shows_in_its_own_fields(
    fault, differs, root, settings, limit, tmp_path
):
    with openssl_server(tmp_path, fault(root), *WEAK) as port:
        cert = certificate(port, settings, limit)

    assert {name: cert[name] for name in GOOD} == GOOD | differs


def test_a_whole_chain_is_read(root, settings, limit, tmp_path):
    between = issue("Penerbit Uji", root, ca=True)

    with openssl_server(tmp_path, issue(issuer=between), chain=[between]) as port:
        cert = certificate(port, settings, limit)

    assert cert["trusted"] is True
    assert cert["issuer"] == "CN=Penerbit Uji"


@pytest.mark.parametrize("groups", ["X25519", "P-256", "P-384", "P-521", "X448"])
def test_the_chain_of_a_server_that_speaks_only_tls_1_3(groups, root, settings, limit, tmp_path):
    between = issue("Penerbit Uji", root, ca=True)
    leaf = issue(issuer=between)

    with openssl_server(tmp_path, leaf, "-tls1_3", "-groups", groups, chain=[between]) as port:
        (item,) = look(port, settings, limit).value["endpoints"]

    assert item["versions"] == ["TLSv1.3"]
    assert len(item["groups"]) == 1
    assert {name: item["cert"][name] for name in GOOD} == GOOD


def test_a_key_exchange_that_we_cannot_take_part_in_hides_only_the_certificate(
    root, settings, limit, tmp_path
):
    with openssl_server(tmp_path, issue(issuer=root), "-tls1_3", "-groups", "ffdhe2048") as port:
        (item,) = look(port, settings, limit).value["endpoints"]

    assert item["groups"] == ["ffdhe2048"]
    assert item["cert"]["gap"]["why"] is Why.UNSUPPORTED


def test_a_server_without_a_certificate_is_said_to_have_none(settings, limit, tmp_path, root):
    anonymous = ("-tls1_2", "-cipher", "aNULL:@SECLEVEL=0")

    with openssl_server(tmp_path, issue(issuer=root), *anonymous) as port:
        (item,) = look(port, settings, limit).value["endpoints"]

    assert item["weak_suites"] == item["suites"]
    assert item["cert"]["gap"]["why"] is Why.NO_DATA


def test_a_missing_ca_file_leaves_trust_unseen(root, settings, limit, tmp_path):
    inventory = msgspec.structs.replace(settings.inventory, ca_file=str(tmp_path / "none.pem"))

    with openssl_server(tmp_path, issue(issuer=root)) as port:
        cert = certificate(port, msgspec.structs.replace(settings, inventory=inventory), limit)

    assert cert["gap"]["why"] is Why.NO_DATA
    assert "none.pem" in cert["gap"]["detail"]
    assert "trusted" not in cert
    assert cert["name_matches"] is True


def test_without_a_ca_file_an_internal_authority_is_not_trusted(root, settings, limit, tmp_path):
    inventory = msgspec.structs.replace(settings.inventory, ca_file=None)

    with openssl_server(tmp_path, issue(issuer=root)) as port:
        cert = certificate(port, msgspec.structs.replace(settings, inventory=inventory), limit)

    assert cert["trusted"] is False
    assert "CN=Otoritas Uji" in cert["trust_message"]


def nginx_site(port, folder, name, *certificates):
    lines = "".join(
        f"ssl_certificate {certificate}; ssl_certificate_key {key};"
        for certificate, key in (
            issued.write(folder, f"{name}-{number}") for number, issued in enumerate(certificates)
        )
    )
    return f"server {{ listen 127.0.0.1:{port} ssl; server_name {name}; {lines} }}"


def test_the_worse_of_two_certificates_is_judged(root, settings, limit, tmp_path):
    port = free_port()
    current = issue(issuer=root, key=ec_key())
    forgotten = issue(issuer=root, key=rsa_key(), begins=NOW - timedelta(days=90), days=80)

    with nginx_server(tmp_path, nginx_site(port, tmp_path, SITE, current, forgotten)):
        cert = certificate(port, settings, limit)

    assert (cert["key_type"], cert["valid_now"]) == ("RSA", False)


def test_each_site_of_a_target_is_asked_by_its_name(root, settings, limit, tmp_path):
    port = free_port()
    other = "lain.kota.test"
    servers = [
        nginx_site(port, tmp_path, name, issue(name, root, names=[name])) for name in (SITE, other)
    ]

    with nginx_server(tmp_path, "".join(servers)):
        fact = look(port, settings, limit, sites=(SITE, other))

    items, bare = fact.value["endpoints"], fact.value["bare"]
    assert (bare["endpoint"], bare["offered"]) == (f"127.0.0.1:{port}", True)
    assert bare["cert"]["names"] == [SITE]
    assert [item["endpoint"] for item in items] == [f"{SITE}:{port}", f"{other}:{port}"]
    assert [item["cert"]["subject"] for item in items] == [f"CN={SITE}", f"CN={other}"]
    assert all(item["cert"]["name_matches"] for item in items)
    assert fact.evidence.seen_at == NOW
    assert "TLSv1.2: TLS_ECDHE" in fact.evidence.excerpt
    assert f"{SITE}:{port}" in fact.evidence.source


def test_the_address_may_show_another_certificate(root, settings, limit, tmp_path):
    port = free_port()
    other = "bawaan.kota.test"
    servers = [
        nginx_site(port, tmp_path, name, issued)
        for name, issued in (
            (other, issue(other, names=[other])),
            (SITE, issue(issuer=root)),
        )
    ]

    with nginx_server(tmp_path, "".join(servers)):
        value = look(port, settings, limit).value

    assert value["endpoints"][0]["cert"]["trusted"] is True
    bare = value["bare"]["cert"]
    assert (bare["names"], bare["trusted"], bare["self_signed"]) == ([other], False, True)
    assert "name_matches" not in bare


def test_a_target_may_be_a_name_and_its_site_an_address(root, settings, limit, tmp_path):
    leaf = issue(issuer=root, names=["127.0.0.1"])

    with openssl_server(tmp_path, leaf) as port:
        fact = look(port, settings, limit, sites=("127.0.0.1",), address="localhost")

    (item,) = fact.value["endpoints"]
    assert item["cert"]["name_matches"] is True


def test_no_thread_is_left_behind(root, settings, limit, tmp_path):
    before = threading.active_count()

    with openssl_server(tmp_path, issue(issuer=root)) as port:
        look(port, settings, limit)

    assert threading.active_count() <= before + 1  # the one that reads the server's output
