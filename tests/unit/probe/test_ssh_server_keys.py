"""Host keys and the exchange that shows them: lies first, then the keys that OpenSSH writes."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.ssh_server_codec import Malformed, Offer, mpint, offer, string
from auditor.probe.ssh_server_exchange import (
    GROUPS,
    SMALL,
    USUAL,
    Shown,
    exchange,
    group_exchange,
    takes_part,
)
from auditor.probe.ssh_server_keys import algorithms, key_type, read_key
from tests.unit.probe.test_ssh_server_codec import OFFER, read

ED25519 = string(b"ssh-ed25519") + string(bytes(range(32)))
RSA_NUMBER = (1 << 2047) | 1
RSA = string(b"ssh-rsa") + mpint(65537) + mpint(RSA_NUMBER)
DSA = string(b"ssh-dss") + mpint((1 << 1023) | 1) + mpint(7) + mpint(5) + mpint(3)


def blob_of(key) -> bytes:
    line = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return b64decode(line.split()[1])


def certificate(kind: bytes, *fields: bytes) -> bytes:
    return string(kind + b"-cert-v01@openssh.com") + string(b"nonce") + b"".join(fields) + b"rest"


@pytest.mark.parametrize(
    ("blob", "algorithm"),
    [
        (b"", "ssh-ed25519"),
        (ED25519[:-1], "ssh-ed25519"),
        (ED25519 + b"x", "ssh-ed25519"),
        (string(b"ssh-ed25519") + string(bytes(31)), "ssh-ed25519"),
        (ED25519, "rsa-sha2-512"),
        (ED25519, "ssh-ed25519-cert-v01@openssh.com"),
        (RSA + b"x", "rsa-sha2-256"),
        (string(b"ssh-rsa") + mpint(65537) + mpint(1 << 2047), "ssh-rsa"),
        (string(b"ssh-rsa") + mpint(65537) + mpint((1 << 300_000) | 1), "ssh-rsa"),
        (string(b"ssh-rsa") + mpint(65537) + string(b"\xff"), "ssh-rsa"),
        (string(b"ssh-rsa") + mpint(65537) + string(b""), "ssh-rsa"),
        (
            string(b"ecdsa-sha2-nistp256") + string(b"nistp521") + string(bytes(65)),
            "ecdsa-sha2-nistp256",
        ),
        (
            string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(bytes(64)),
            "ecdsa-sha2-nistp256",
        ),
        (certificate(b"key@vendor", string(b"x")), "key@vendor-cert-v01@openssh.com"),
    ],
)
def test_what_is_no_such_key_is_refused(blob, algorithm):
    with pytest.raises(Malformed):
        read_key(blob, algorithm)


@given(st.binary(max_size=300), st.sampled_from(["ssh-rsa", "ssh-ed25519", "ssh-dss", "odd"]))
def test_any_bytes_are_a_key_or_refused(data, kind):
    for blob in (data, string(kind.encode()) + data):
        try:
            found = read_key(blob, kind)
        except Malformed:
            continue
        assert found.type == kind


@pytest.mark.parametrize(
    ("key", "algorithm", "kind", "bits"),
    [
        (ed25519.Ed25519PrivateKey.generate(), "ssh-ed25519", "ssh-ed25519", 256),
        (ec.generate_private_key(ec.SECP256R1()), "ecdsa-sha2-nistp256", None, 256),
        (ec.generate_private_key(ec.SECP384R1()), "ecdsa-sha2-nistp384", None, 384),
        (ec.generate_private_key(ec.SECP521R1()), "ecdsa-sha2-nistp521", None, 521),
        (rsa.generate_private_key(65537, 1024), "rsa-sha2-512", "ssh-rsa", 1024),
        (rsa.generate_private_key(65537, 1026), "ssh-rsa", "ssh-rsa", 1026),
    ],
)
def test_real_keys_are_read(key, algorithm, kind, bits):
    found = read_key(blob_of(key), algorithm)

    assert (found.type, found.bits) == (kind or algorithm, bits)
    assert found.fingerprint.startswith("SHA256:")
    assert len(found.fingerprint) == 50


def test_a_dsa_key_has_the_size_of_its_modulus():
    assert read_key(DSA, "ssh-dss").bits == 1024


def test_a_key_of_an_unknown_type_has_a_fingerprint_alone():
    found = read_key(string(b"ssh-ed448") + string(bytes(57)), "ssh-ed448")

    assert found.bits is None
    assert found.fingerprint


@pytest.mark.parametrize(
    ("bare", "parts", "kind"),
    [
        (ED25519, (string(bytes(range(32))),), b"ssh-ed25519"),
        (RSA, (mpint(65537), mpint(RSA_NUMBER)), b"ssh-rsa"),
        (
            string(b"ecdsa-sha2-nistp256") + string(b"nistp256") + string(bytes(65)),
            (string(b"nistp256"), string(bytes(65))),
            b"ecdsa-sha2-nistp256",
        ),
    ],
)
def test_a_certificate_has_the_fingerprint_of_its_key(bare, parts, kind):
    name = kind.decode()
    certified = read_key(certificate(kind, *parts), f"{name}-cert-v01@openssh.com")

    assert certified == read_key(bare, name)


def test_each_type_of_key_is_asked_for_once_and_bare_where_that_goes():
    found = algorithms(
        (
            "ssh-rsa",
            "ssh-ed25519-cert-v01@openssh.com",
            "rsa-sha2-256",
            "ssh-ed25519",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "rsa-sha2-512-cert-v01@openssh.com",
        )
    )

    assert found == {
        "ssh-ed25519": "ssh-ed25519",
        "ssh-rsa": "rsa-sha2-256",
        "ecdsa-sha2-nistp256": "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    }
    assert key_type("rsa-sha2-512-cert-v01@openssh.com") == "ssh-rsa"


def talk(kex: str, *answers: bytes, least: int = USUAL) -> Shown:
    """Let an exchange run on answers; returns what was shown."""
    steps = exchange(OFFER, kex, "ssh-ed25519", least)
    next(steps)
    for answer in answers:
        try:
            steps.send(answer)
        except StopIteration as end:
            return end.value
    raise AssertionError("it wants more")


def test_the_key_of_a_plain_exchange_is_shown():
    reply = bytes([31]) + string(ED25519) + string(b"f") + string(b"signature")

    assert talk("curve25519-sha256", reply) == Shown(read_key(ED25519, "ssh-ed25519"))


@pytest.mark.parametrize("least", [SMALL, USUAL])
def test_a_group_of_the_servers_choice_is_measured(least):
    steps = exchange(OFFER, GROUPS[0], "ssh-ed25519", least)
    _, opening, request = read(b"SSH-2.0-x\n" + next(steps))
    assert offer(opening) == Offer(
        kex=(GROUPS[0],),
        host_keys=("ssh-ed25519",),
        ciphers=OFFER.ciphers,
        macs=OFFER.macs,
        compression=OFFER.compression,
    )
    assert request == bytes([34]) + b"".join(n.to_bytes(4, "big") for n in (least, least, 8192))

    group = bytes([31]) + mpint((1 << 1023) | 1) + mpint(2)
    reply = bytes([33]) + string(ED25519)
    assert talk(GROUPS[0], group, reply).group == 1024


@pytest.mark.parametrize(
    "group",
    [
        bytes([31]),
        bytes([33]) + mpint(7),
        bytes([31]) + mpint(8) + mpint(2),
        bytes([31]) + mpint((1 << 20_000) | 1) + mpint(2),
        bytes([31]) + mpint(7),
    ],
)
def test_what_is_no_group_is_refused(group):
    with pytest.raises(Malformed):
        talk(GROUPS[1], group)


def test_an_exchange_is_chosen_that_both_can():
    assert takes_part(("odd", "ecdh-sha2-nistp256", "curve25519-sha256")) == "curve25519-sha256"
    assert takes_part((GROUPS[1],)) == GROUPS[1]
    assert takes_part(("odd",)) is None
    assert group_exchange(("odd", GROUPS[1])) == GROUPS[1]
    assert group_exchange(("odd",)) is None
