"""Certificates: malformed and lying ones first, then each property by itself."""

import warnings
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, x25519
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe.tls_certificate import MAX_NAMES, judge, names_site, quiet
from auditor.probe.tls_certificate_worst import worst
from auditor.probe.tls_trust import Roots
from tests.servers.certificates import NOW, SITE, ec_key, issue, rsa_key

ROOT = issue("Otoritas Uji", ca=True, days=900)
ROOTS = Roots([ROOT.certificate])
LEAF = issue(issuer=ROOT)


def judged(issued, *chain, name=SITE, roots=ROOTS, now=NOW):
    return judge(
        [issued.der, *(issuer.der for issuer in chain)], [name] if name else [], roots, now
    )


@example(b"", 12, b"\1").via("an unknown version is no ValueError")
@example(b"", 115, b"\0").via("a name of an unknown type is a KeyError")
@given(st.binary(max_size=60), st.integers(0, 400), st.binary(max_size=3))
def test_any_bytes_end_in_a_record(junk, at, patch):
    damaged = LEAF.der[:at] + patch + LEAF.der[at + len(patch) :]

    for der in (junk, damaged):
        record = judge([der], [SITE], ROOTS, NOW)
        assert "fingerprint" in record or record["gap"]["why"] is Why.UNREADABLE


def test_no_certificate_is_a_gap():
    assert judge([], [SITE], ROOTS, NOW)["gap"]["why"] is Why.NO_DATA


def test_a_chain_of_junk_behind_a_good_leaf_leads_nowhere():
    record = judge([LEAF.der, b"junk", LEAF.der[:50]], [SITE], ROOTS, NOW)

    assert record["trusted"] is True


def test_the_chain_that_was_sent_is_used():
    between = issue("Penerbit Uji", ROOT, ca=True)

    record = judged(issue(issuer=between), between)

    assert record["chain_complete"] is True
    assert record["trust_message"] == "leads to CN=Otoritas Uji"


def test_what_is_malformed_is_missing_and_the_rest_is_told():
    broken = LEAF.der.replace(SITE.encode(), b"web\xffkota.test", 2)

    record = judge([broken], [SITE], ROOTS, NOW)

    assert record["gap"]["why"] is Why.UNREADABLE
    assert "names" not in record
    assert record["key_type"] == "EC"
    assert record["valid_now"] is True


def test_control_characters_and_markup_in_names_are_inert():
    name = "a\0b\x1b[31m\u202e<script>\nx"
    record = judged(issue(name, names=[f"{SITE}\0.evil.test", "<b>.test"]))

    assert record["subject"] == record["issuer"]
    for text in (record["subject"], *record["names"]):
        assert text.isprintable()
    assert "<b>.test" in record["names"]
    assert record["name_matches"] is False


def test_ten_thousand_names_are_counted_and_all_looked_at():
    names = [f"n{number}.test" for number in range(10_000)]

    record = judged(issue(names=[*names, SITE]))

    assert record["name_matches"] is True
    assert len(record["names"]) == MAX_NAMES + 1
    assert record["names"][-1] == "(+9801 more)"


def test_a_long_subject_is_cut():
    long = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x" * 60)] * 40)
    leaf = issue(issuer=ROOT, subject=long)

    assert len(judged(leaf)["subject"]) == 300


def test_warnings_about_a_certificate_are_not_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        with quiet():
            warnings.warn("about a certificate", stacklevel=1)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (rsa_key(2048), ("RSA", 2048, True)),
        (rsa_key(1024), ("RSA", 1024, False)),
        (ec_key(), ("EC", 256, True)),
        (ec_key(ec.SECP192R1()), ("EC", 192, False)),
        (ed25519.Ed25519PrivateKey.generate(), ("Ed25519", 256, True)),
        (ed448.Ed448PrivateKey.generate(), ("Ed448", 456, True)),
        (dsa.generate_private_key(2048), ("DSA", 2048, False)),
    ],
)
def test_keys(key, expected):
    record = judged(issue(issuer=ROOT, key=key))

    assert (record["key_type"], record["key_bits"], record["key_ok"]) == expected


def test_a_key_that_cannot_sign_is_a_gap():
    record = judged(issue(issuer=ROOT, key=x25519.X25519PrivateKey.generate()))

    assert "key_ok" not in record
    assert record["gap"]["why"] is Why.UNREADABLE


@pytest.mark.parametrize(
    ("issuer", "hash_", "expected"),
    [
        (ROOT, "sha256", "sha256"),
        (issue("R", ca=True, key=rsa_key()), "sha1", "sha1"),
        (issue("R", ca=True, key=rsa_key()), "md5", "md5"),
        (issue("R", ca=True, key=ed25519.Ed25519PrivateKey.generate()), "sha256", "ed25519"),
    ],
)
def test_signatures(issuer, hash_, expected):
    assert judged(issue(issuer=issuer, hash_=hash_))["signature"] == expected


def test_a_current_certificate():
    record = judged(LEAF)

    assert record["not_before"] == "2026-11-23T08:00:00+00:00"
    assert record["not_after"] == "2027-02-21T08:00:00+00:00"
    assert record["days_left"] == 89
    assert record["valid_now"] is True


def test_an_expired_certificate_is_dated_below_zero_but_judged_by_its_chain():
    record = judged(LEAF, now=NOW + timedelta(days=89, hours=1))

    assert record["days_left"] == -1
    assert record["valid_now"] is False
    assert record["trusted"] is True


def test_a_certificate_of_tomorrow_is_not_valid_yet():
    record = judged(LEAF, now=NOW - timedelta(days=2))

    assert record["valid_now"] is False
    assert record["trusted"] is True


def test_self_signed_needs_the_own_signature_and_not_just_the_own_name():
    other = issue(SITE, key=ec_key())

    assert judged(issue())["self_signed"] is True
    assert judged(issue(issuer=other))["self_signed"] is False
    assert judged(LEAF)["self_signed"] is False


def test_the_fingerprint_is_that_of_the_whole_certificate():
    assert judged(LEAF)["fingerprint"] == LEAF.certificate.fingerprint(hashes.SHA256()).hex()


def test_trust_is_not_told_where_roots_are_missing():
    record = judged(LEAF, roots=Roots([], missing="no roots here"))

    assert record["gap"] == {"why": Why.NO_DATA, "detail": "no roots here"}
    assert not {"trusted", "chain_complete", "trust_message"} & set(record)
    assert record["name_matches"] is True


def test_a_certificate_without_names_matches_nothing_whatever_its_subject_says():
    record = judged(issue(SITE, names=None))

    assert record["names"] == []
    assert record["name_matches"] is False


@pytest.mark.parametrize(
    ("site", "names", "addresses", "matches"),
    [
        ("web.kota.test", ["web.kota.test"], [], True),
        ("WEB.kota.TEST.", ["web.Kota.test"], [], True),
        ("web.kota.test", ["web.kota.test."], [], True),
        ("web.kota.test", ["*.kota.test"], [], True),
        ("kota.test", ["*.kota.test"], [], False),
        ("a.web.kota.test", ["*.kota.test"], [], False),
        ("web.kota.test", ["w*.kota.test"], [], False),
        ("web.kota.test", ["*.*.test"], [], False),
        ("web.kota.test", ["web.*.test"], [], False),
        ("kota.test", ["*.test"], [], False),
        (".kota.test", ["*.kota.test"], [], False),
        ("*", ["*"], [], False),
        ("web.kota.test", ["kota.test"], [], False),
        ("web.kota.test", ["web.kota.test\0.evil"], [], False),
        ("web.kota.test", [], [], False),
        ("10.0.0.1", ["10.0.0.1"], [], False),
        ("10.0.0.1", [], ["10.0.0.1"], True),
        ("10.0.0.1", [], ["10.0.0.2"], False),
        ("2001:db8::1", [], ["2001:db8:0::1"], True),
    ],
)
def test_names(site, names, addresses, matches):
    from ipaddress import ip_address

    assert names_site(site, names, [ip_address(one) for one in addresses]) is matches


def test_addresses_in_a_certificate_are_shown_and_matched():
    record = judged(issue(names=["10.0.0.1"]), name="10.0.0.1")

    assert record["names"] == ["10.0.0.1"]
    assert record["name_matches"] is True


def test_the_worst_of_two_certificates_is_the_one_that_counts():
    good, expired, untrusted = (
        judged(LEAF),
        judged(issue(issuer=ROOT, days=0.5)),
        judged(issue()),
    )
    unseen = {"gap": {"why": Why.UNREADABLE, "detail": ""}}

    fingerprints = [
        worst(two)["fingerprint"] for two in ([good, expired], [expired, untrusted], [good])
    ]
    assert fingerprints == [one["fingerprint"] for one in (expired, untrusted, good)]
    assert worst([untrusted, unseen]) == unseen
    assert worst([good]) == good


def test_a_fault_of_one_certificate_hides_none_of_another():
    ending = {**judged(LEAF), "days_left": 3, "lifetime_days": 900, "signature": "sha1"}
    strange = {**judged(LEAF), "name_matches": False, "must_staple": True}

    for two in ([ending, strange], [strange, ending]):
        record = worst(two)
        assert record["name_matches"] is False
        assert record["must_staple"] is True
        assert (record["days_left"], record["lifetime_days"]) == (3, 900)
        assert record["signature"] == "sha1"


def test_what_is_unseen_of_one_certificate_is_unseen_of_both():
    broken = {name: value for name, value in judged(LEAF).items() if name != "days_left"}
    gap = {"why": Why.UNREADABLE, "detail": ""}
    other = {"valid_now": True, "days_left": 60, "gap": gap}

    record = worst([{**broken, "gap": gap}, other])

    assert record["gap"] == gap
    assert "days_left" not in record
    assert record["valid_now"] is True
    assert "key_ok" not in record


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ((), False),
        (((x509.TLSFeature([x509.TLSFeatureType.status_request]), False),), True),
        (((x509.TLSFeature([x509.TLSFeatureType.status_request_v2]), False),), False),
    ],
)
def test_a_certificate_may_demand_a_staple(extensions, expected):
    assert judged(issue(issuer=ROOT, extensions=extensions))["must_staple"] is expected


def test_no_name_is_matched_where_none_was_asked_for():
    record = judged(LEAF, name="")

    assert "name_matches" not in record
    assert "gap" not in record


def test_a_nul_in_one_name_spoils_the_others():
    assert judged(issue(issuer=ROOT, names=[SITE, "a.test\0.b.test"]))["name_matches"] is False


@pytest.mark.parametrize(
    ("names", "present", "wildcard"),
    [(None, False, False), (["*.kota.test"], True, True), (["10.0.0.1"], True, False)],
)
def test_alternative_names(names, present, wildcard):
    record = judged(issue(issuer=ROOT, names=names))

    assert (record["san_present"], record["wildcard"]) == (present, wildcard)


@pytest.mark.parametrize(("days", "told"), [(90, 90), (89.99999, 90), (398, 398), (398.1, 399)])
def test_a_part_of_a_day_of_life_counts_as_one(days, told):
    assert judged(issue(issuer=ROOT, days=days))["lifetime_days"] == told


def test_the_key_has_one_fingerprint_in_all_its_certificates():
    first, second = issue(issuer=ROOT, key=LEAF.key), issue(issuer=ROOT, key=LEAF.key)

    assert judged(first)["spkis"] == judged(second)["spkis"] != judged(ROOT)["spkis"]
    assert [len(key) for key in judged(first)["spkis"]] == [64]


@pytest.mark.parametrize(
    ("purposes", "meant"),
    [
        ((), True),
        ((ExtendedKeyUsageOID.SERVER_AUTH,), True),
        ((ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,), True),
        ((ExtendedKeyUsageOID.CLIENT_AUTH,), False),
    ],
)
def test_purposes(purposes, meant):
    told = [(x509.ExtendedKeyUsage(purposes), False)] if purposes else []

    assert judged(issue(issuer=ROOT, extensions=told))["server_auth"] is meant


def test_proofs_of_transparency_are_counted():
    one = b"\0" + bytes(32) + bytes(8) + b"\0\0" + b"\4\3" + b"\0\2ok"
    listed = len(one).to_bytes(2, "big") + one
    whole = len(listed + listed).to_bytes(2, "big") + listed + listed
    oid = x509.PrecertificateSignedCertificateTimestamps.oid
    der = b"\x04" + bytes([len(whole)]) + whole
    leaf = issue(issuer=ROOT, extensions=[(x509.UnrecognizedExtension(oid, der), False)])

    assert judged(leaf)["ct_scts"] == 2
    assert judged(LEAF)["ct_scts"] == 0


OUTER = issue("Luar", ROOT, ca=True)
INNER = issue("Dalam", OUTER, ca=True)
UNDER = issue(issuer=INNER)


@pytest.mark.parametrize(
    ("sent", "ordered", "root"),
    [
        ((), True, False),
        ((INNER, OUTER), True, False),
        ((INNER, OUTER, ROOT), True, True),
        ((OUTER, INNER), False, False),
        ((UNDER, INNER, OUTER), False, False),
        ((INNER, ROOT), False, True),
    ],
)
def test_the_order_of_the_chain(sent, ordered, root):
    record = judged(UNDER, *sent)

    assert (record["chain_ordered"], record["chain_sends_root"]) == (ordered, root)


@pytest.mark.parametrize("sent", [(b"junk",), (b"junk", INNER.der), (INNER.der, b"junk")])
def test_a_chain_with_junk_is_in_no_order(sent):
    assert judge([UNDER.der, *sent], [SITE], ROOTS, NOW)["chain_ordered"] is False


def title(**values):
    oids = {"cn": x509.NameOID.COMMON_NAME, "o": x509.NameOID.ORGANIZATION_NAME}
    return x509.Name([x509.NameAttribute(oids[key], value) for key, value in values.items()])


@pytest.mark.parametrize(
    ("subject", "details", "made"),
    [
        (title(cn="web.kota.test", o="Internet Widgits Pty Ltd"), {}, True),
        (title(cn="TRAEFIK DEFAULT CERT"), {}, True),
        (title(cn="Kubernetes Ingress Controller Fake Certificate", o="Acme Co"), {}, True),
        (title(o="Acme Co"), {}, True),
        (title(o="Acme Corporation"), {}, False),
        (title(cn="web", o="Plesk"), {}, True),
        (title(cn="localhost"), {}, True),
        (title(cn="web1"), {"days": 3650, "names": ["web1"]}, True),
        (title(cn="web1"), {"days": 3650, "names": ["web1", "web2"]}, False),
        (title(cn="web1"), {"days": 3650, "names": None}, False),
        (title(cn="web1"), {"days": 365, "names": ["web1"]}, False),
        (title(cn="web1", o="Dinas"), {"days": 3650, "names": ["web1"]}, False),
        (title(cn="web1"), {"days": 3650, "names": ["web1"], "issuer": ROOT}, False),
    ],
)
def test_certificates_that_came_with_software(subject, details, made):
    assert judged(issue(subject, **details))["snakeoil"] is made


def test_one_of_several_names_is_enough():
    names = ["lain.kota.test", SITE]

    assert judge([LEAF.der], names, ROOTS, NOW)["name_matches"] is True
    assert judge([LEAF.der], names[:1], ROOTS, NOW)["name_matches"] is False
