"""Paths to a root: hostile chains first, then the faults that real servers have."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from auditor.probe import tls_trust
from auditor.probe.tls_trust import Roots, trust
from tests.servers.certificates import NOW, ec_key, issue, rsa_key

ROOT = issue("Otoritas Uji", ca=True, days=900)
BETWEEN = issue("Penerbit Uji", ROOT, ca=True, days=500)
LEAF = issue(issuer=BETWEEN)


def trusted(leaf, *sent, roots=(ROOT,), moment=NOW):
    return trust(
        leaf.certificate,
        [issued.certificate for issued in sent],
        Roots(root.certificate for root in roots),
        moment,
    )


def test_certificates_that_all_issue_each_other_cost_a_bounded_number_of_signatures(monkeypatch):
    key = ec_key()
    pair = [issue(name, ca=True, key=key) for name in ("A", "B")]
    ring = [issue("AB"[n % 2], pair[1 - n % 2], ca=True, key=key) for n in range(16)]
    asked = []
    real = tls_trust.issues
    monkeypatch.setattr(tls_trust, "issues", lambda *two: asked.append(1) or real(*two))

    found = trusted(issue(issuer=ring[0]), *ring)

    assert not found.trusted
    assert tls_trust.MAX_STEPS < len(asked) <= tls_trust.MAX_STEPS * 17


def test_a_leaf_that_signs_itself():
    found = trusted(issue())

    assert (found.complete, found.trusted) == (True, False)
    assert found.message == "the certificate is signed by itself"


def test_a_leaf_that_signs_itself_and_is_trusted_here():
    own = issue()

    found = trusted(own, roots=[own])

    assert found.complete
    assert found.trusted


def test_a_chain_without_its_intermediate_is_incomplete():
    found = trusted(LEAF)

    assert (found.complete, found.trusted) == (False, False)
    assert "CN=Penerbit Uji" in found.message


def test_a_chain_whose_intermediate_only_bears_the_name():
    found = trusted(LEAF, issue("Penerbit Uji", ROOT, ca=True))

    assert (found.complete, found.trusted) == (False, False)


def test_a_chain_to_a_root_that_is_sent_but_not_trusted():
    found = trusted(LEAF, BETWEEN, ROOT, roots=[issue("Lain", ca=True)])

    assert (found.complete, found.trusted) == (True, False)
    assert found.message == "CN=Otoritas Uji is no root that is trusted here"


def test_hostile_words_in_names_are_inert_in_the_message():
    root = issue("\x1b[31m\u202eroot", ca=True)

    found = trusted(issue(issuer=root), root)

    assert found.message.isprintable()


def test_an_issuer_without_a_name_is_said_so():
    nameless = x509.Name([])
    leaf = issue(issuer=issue(ca=True))
    builder = x509.CertificateBuilder(
        nameless,
        nameless,
        leaf.key.public_key(),
        1,
        leaf.certificate.not_valid_before_utc,
        leaf.certificate.not_valid_after_utc,
    )
    certificate = builder.sign(ec_key(), hashes.SHA256())

    found = trust(certificate, [], Roots([ROOT.certificate]), NOW)

    assert "(no name)" in found.message


@pytest.mark.parametrize("sent", [(BETWEEN,), (BETWEEN, ROOT), (ROOT, BETWEEN), (LEAF, BETWEEN)])
def test_a_whole_chain_is_trusted_in_any_order(sent):
    found = trusted(LEAF, *sent)

    assert (found.complete, found.trusted) == (True, True)
    assert found.message == "leads to CN=Otoritas Uji"


def test_one_of_two_roots_of_a_name_is_enough():
    twin = issue("Otoritas Uji", ca=True, days=900)

    assert trusted(LEAF, BETWEEN, roots=[twin, ROOT]).trusted
    assert trusted(LEAF, BETWEEN, roots=[ROOT, twin]).trusted


def test_a_second_path_is_tried_where_the_first_has_expired():
    key = ec_key()
    old = issue("Penerbit Uji", ROOT, ca=True, key=key, days=1.001)
    new = issue("Penerbit Uji", ROOT, ca=True, key=key, days=500)
    moment = NOW.replace(hour=9)

    assert not trusted(issue(issuer=old), old, moment=moment).trusted
    assert trusted(issue(issuer=old), old, new, moment=moment).trusted


def usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.mark.parametrize(
    ("between", "words"),
    [
        (issue("P", ROOT, names=None), "basicConstraints.cA must be asserted in a CA certificate"),
        (
            issue("P", ROOT, ca=True, extensions=[(usage(sign=False), True)]),
            "an issuer's key is not meant to sign certificates",
        ),
        (issue("P", ROOT, ca=True, days=0.5), "cert is not valid at validation time"),
    ],
)
def test_faulty_issuers(between, words):
    found = trusted(issue(issuer=between), between)

    assert (found.complete, found.trusted) == (True, False)
    assert words in found.message


def test_an_issuer_with_an_ordinary_key_usage():
    between = issue("P", ROOT, ca=True, extensions=[(usage(sign=True), True)])

    assert trusted(issue(issuer=between), between).trusted


@pytest.mark.parametrize(
    ("purposes", "fits"),
    [
        ([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH], True),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], True),
        ([ExtendedKeyUsageOID.CLIENT_AUTH], False),
    ],
)
def test_purposes(purposes, fits):
    found = trusted(issue(issuer=ROOT, extensions=[(x509.ExtendedKeyUsage(purposes), False)]))

    assert found.trusted is fits
    assert fits or found.message == "the certificate is not meant for servers"


@pytest.mark.parametrize(("hash_", "fits"), [("sha256", True), ("sha1", False), ("md5", False)])
def test_signatures_that_can_be_forged_are_not_trusted(hash_, fits):
    root = issue("Otoritas RSA", ca=True, key=rsa_key(), days=900)

    found = trusted(issue(issuer=root, hash_=hash_), roots=[root])

    assert found.complete
    assert found.trusted is fits


def test_a_leaf_with_a_weak_key_is_judged_by_its_chain_here():
    assert trusted(issue(issuer=ROOT, key=rsa_key(1024))).trusted


def test_names_outside_the_constraints_of_the_issuer_are_not_trusted():
    constraints = x509.NameConstraints([x509.DNSName("lain.test")], None)
    between = issue("P", ROOT, ca=True, extensions=[(constraints, True)])

    assert not trusted(issue(issuer=between), between).trusted
