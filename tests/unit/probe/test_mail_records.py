"""DMARC, DKIM, MTA-STS and TLS-RPT: records as they should be, odd, and hostile."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.mail_dkim import is_dkim, parse_dkim
from auditor.probe.mail_dmarc import parse_dmarc, without_people
from auditor.probe.mail_sts import covers, parse_policy, record_errors, report_errors
from auditor.probe.mail_tags import MAX_TAGS, parse_tags, starts


def test_tags():
    tags = parse_tags(" v = DMARC1 ;p=reject;; x=a=b ")
    assert tags.values == {"v": "DMARC1", "p": "reject", "x": "a=b"}
    assert tags.errors == ()
    assert tags.get("q") == ""
    assert parse_tags("v=1; V=2; 9=x; nothing").errors == (
        "v= stands there twice",
        "entry 3 is no tag",
        "entry 4 is no tag",
    )
    assert "longer" in parse_tags(";".join(f"a{n}=1" for n in range(MAX_TAGS + 5))).errors[0]
    assert "longer" in parse_tags("v=" + "x" * 9000).errors[0]
    assert len(parse_tags("?;" * 60).errors) == 20


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("v=DMARC1; p=none", True),
        ("V = DMARC1;", True),
        ("v=DMARC1", True),
        ("v=dmarc1; p=none", False),
        ("p=none; v=DMARC1", False),
        ("v=DMARC12;", False),
    ],
)
def test_versions(text, does):
    assert starts(text, "DMARC1") is does


def test_dmarc_as_it_should_be():
    found = parse_dmarc(
        "v=DMARC1; p=Reject; sp=quarantine; adkim=s; aspf=r; pct=100; fo=1; ri=86400; "
        "rua=mailto:a@X.id!10m, mailto:b@y.id.; ruf=mailto:c@z.id"
    )
    assert found.errors == ()
    assert (found.policy, found.subdomains, found.percent) == ("reject", "quarantine", 100)
    assert found.reports == ("x.id", "y.id")
    assert parse_dmarc("v=DMARC1; p=none; t=y").testing
    assert parse_dmarc("v=DMARC1; p=quarantine").subdomains == "quarantine"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("v=DMARC1", "p= is missing"),
        ("v=DMARC1; p=rejct", "p= is none of none, quarantine, reject"),
        ("v=DMARC1; p=none; sp=x", "sp= is none of none, quarantine, reject"),
        ("v=DMARC1; p=none; pct=101", "pct= is no percentage"),
        ("v=DMARC1; p=none; pct=", "pct= is no percentage"),
        ("v=DMARC1; p=none; rua=budi@x.id", "rua=: is no list of mailto: addresses"),
        ("v=DMARC1; p=none; policy=x", "policy=: unknown tag"),
        ("v=DMARC1; p=none p=reject", "p= is none of none, quarantine, reject"),
    ],
)
def test_dmarc_with_mistakes(text, error):
    assert error in parse_dmarc(text).errors


def test_no_mailbox_is_kept():
    assert (
        without_people("rua=mailto:budi@x.id,mailto:siti@y.id") == "rua=mailto:…@x.id,mailto:…@y.id"
    )
    for text in ("v=DMARC1; p=budi@x.id; budi@x.id; pct=budi@x.id", "v=DMARC1; budi=1"):
        assert "budi@" not in " ".join(parse_dmarc(text).errors)
    assert parse_dmarc("v=DMARC1; p=x").policy == ""


def spki(key):
    return b64encode(
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()


def test_dkim_keys():
    found = parse_dkim(f"v=DKIM1; k=rsa; t=s; p={spki(rsa.generate_private_key(65537, 1024))}")
    assert (found.kind, found.bits, found.revoked, found.testing, found.errors) == (
        "rsa",
        1024,
        False,
        False,
        (),
    )
    raw = (
        ed25519.Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(Encoding.Raw, PublicFormat.Raw)
    )
    assert parse_dkim(f"v=DKIM1; k=ed25519; p={b64encode(raw).decode()}").bits == 256
    assert parse_dkim("v=DKIM1; p=").revoked
    assert parse_dkim("p=; t=y:s; h=sha1").testing
    assert parse_dkim("p=; h=sha1").sha1_only
    assert not parse_dkim("p=; h=sha1:sha256").sha1_only
    assert parse_dkim("p=; v=DKIM1").errors == ("v= must come first",)
    spaced = spki(rsa.generate_private_key(65537, 1024))
    assert parse_dkim(f"p={spaced[:20]} {spaced[20:]}").bits == 1024


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("rsa", "AAAA"),
        ("rsa", "???"),
        ("rsa", "AAA"),
        ("ed25519", "AAAA"),
        ("rsa", spki(ec.generate_private_key(ec.SECP256R1()))),
        ("x", spki(rsa.generate_private_key(65537, 1024))),
        ("rsa", "A" * 8000),
    ],
)
def test_keys_that_cannot_be_read(kind, key):
    found = parse_dkim(f"v=DKIM1; k={kind}; p={key}")
    assert (found.bits, found.revoked) == (0, False)
    assert "the key cannot be read" in found.errors


def test_what_is_a_dkim_record():
    assert is_dkim("v=DKIM1; p=")
    assert is_dkim("k=rsa; p=x")
    assert not is_dkim("v=DMARC1; p=reject")
    assert not is_dkim("v=spf1 -all")


def test_records_of_mta_sts_and_tls_rpt():
    assert record_errors("v=STSv1; id=20261124T08") == []
    assert record_errors("v=STSv1") == ["id= is missing or odd"]
    assert record_errors("v=STSv1; id=a-b; x") == ["entry 3 is no tag", "id= is missing or odd"]
    assert report_errors("v=TLSRPTv1; rua=mailto:a@x.id,https://x.id/t") == []
    for odd in ("v=TLSRPTv1", "v=TLSRPTv1; rua=http://x.id", "v=TLSRPTv1; rua=mailto:x"):
        assert report_errors(odd)


GOOD = b"version: STSv1\r\nmode: enforce\r\nmx: mx.x.id\r\nmx: *.Y.id.\r\nmax_age: 604800\r\n"


def test_a_policy():
    found = parse_policy(GOOD)
    assert (found.mode, found.max_age, found.mx, found.errors) == (
        "enforce",
        604800,
        ("mx.x.id", "*.y.id"),
        (),
    )
    assert parse_policy(b"version: STSv1\nmode: none\nmax_age: 1").errors == ()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "version: is not STSv1"),
        (b"<html>404</html>", "a line without a key"),
        (GOOD + b"mode: none\n", "mode: stands there twice"),
        (GOOD.replace(b"enforce", b"force"), "mode: is none of"),
        (GOOD.replace(b"604800", b"-1"), "max_age: is missing or odd"),
        (GOOD.replace(b"604800", b"99999999"), "max_age: is missing or odd"),
        (GOOD.replace(b"mx.x.id", b"mx x"), "mx: mx x is no name"),
        (b"version: STSv1\nmode: enforce\nmax_age: 1", "mx: is missing"),
        (GOOD + b"x\n" * 300, "more than 200 lines"),
    ],
)
def test_policies_with_mistakes(body, error):
    assert any(one.startswith(error) for one in parse_policy(body).errors)


def test_which_servers_a_policy_covers():
    assert covers("mx.x.id", "mx.x.id")
    assert covers("*.x.id", "mx.x.id")
    assert not covers("*.x.id", "a.mx.x.id")
    assert not covers("*.x.id", "x.id")
    assert not covers("mx.x.id", "m.x.id")


@given(st.text(max_size=300), st.binary(max_size=300))
def test_no_text_breaks_the_parsers(text, data):
    parse_dmarc(f"v=DMARC1; {text}")
    parse_dkim(f"p={text}")
    record_errors(text)
    report_errors(text)
    assert parse_policy(data).mode in ("", "enforce", "testing", "none")
