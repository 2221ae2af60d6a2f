"""The table of suites: against OpenSSL's and sslyze's own tables, and what counts as weak."""

import subprocess

import pytest

from auditor.probe.tls_suite_names import SUITES
from auditor.probe.tls_suites import (
    BATCH,
    Version,
    batches,
    by_key,
    certified,
    forward_secret,
    suite_name,
    weak,
)

CODES = {name: code for code, name in SUITES.items()}


def test_names_agree_with_openssl():
    listed = subprocess.run(
        ["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    theirs = {}
    for line in listed.splitlines():
        code, _, name, *_ = line.split()
        high, low = code.split(",")
        theirs[int(high, 16) << 8 | int(low, 16)] = name

    assert len(theirs) > 100
    assert {code: SUITES.get(code) for code in theirs} == theirs


def test_no_name_stands_for_two_codes():
    assert len(CODES) == len(SUITES)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (0x0001, "TLS_RSA_WITH_NULL_MD5"),
        (0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"),
        (0x0046, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA"),
        (0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA"),
        (0x006D, "TLS_DH_anon_WITH_AES_256_CBC_SHA256"),
        (0x00C7, "TLS_SM4_CCM_SM3"),
        (0x1307, "TLS_AEGIS_128L_SHA256"),
        (0xC0B5, "TLS_SHA384_SHA384"),
        (0xC106, "TLS_GOSTR341112_256_WITH_MAGMA_MGM_S"),
        (0xCCAE, "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256"),
        (0xD003, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256"),
        (0xD005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256"),
    ],
)
def test_every_run_of_codes_ends_where_the_registry_says(code, name):
    assert SUITES[code] == name
    assert suite_name(code) == name


def test_an_unregistered_code_is_shown_as_a_number():
    assert suite_name(0xFAFA) == "0xFAFA"


@pytest.mark.parametrize(
    "name",
    [
        "TLS_RSA_WITH_NULL_SHA256",
        "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
        "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
        "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA",
        "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA",
        "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5",
        "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
        "TLS_RSA_WITH_DES_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
        "TLS_RSA_WITH_IDEA_CBC_SHA",
        "TLS_KRB5_WITH_3DES_EDE_CBC_MD5",
        "TLS_SHA256_SHA256",
    ],
)
def test_weak(name):
    assert weak(CODES[name])


@pytest.mark.parametrize(
    "name",
    [
        "TLS_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_DHE_RSA_WITH_SEED_CBC_SHA",
        "TLS_RSA_WITH_AES_128_CCM_8",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ],
)
def test_not_weak(name):
    assert not weak(CODES[name])


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("TLS_AES_128_GCM_SHA256", True),
        ("TLS_GOSTR341112_256_WITH_MAGMA_MGM_S", True),
        ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", True),
        ("TLS_DHE_PSK_WITH_AES_128_CBC_SHA", True),
        ("TLS_RSA_WITH_AES_256_GCM_SHA384", False),
        ("TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256", False),
        ("TLS_DH_anon_WITH_AES_128_GCM_SHA256", False),
        ("TLS_PSK_WITH_AES_128_GCM_SHA256", False),
    ],
)
def test_forward_secrecy(name, secret):
    assert forward_secret(CODES[name]) is secret


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("TLS_AES_128_GCM_SHA256", True),
        ("TLS_RSA_PSK_WITH_AES_128_CBC_SHA", True),
        ("TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", False),
        ("TLS_DH_anon_WITH_AES_128_GCM_SHA256", False),
        ("TLS_ECCPWD_WITH_AES_128_GCM_SHA256", False),
    ],
)
def test_suites_that_show_a_certificate(name, shown):
    assert certified(CODES[name]) is shown


def test_a_server_has_a_certificate_for_each_kind_of_key():
    anonymous, rsa, ecdsa = 0x0034, 0xC02F, 0xC02B

    assert by_key([anonymous, rsa, ecdsa]) == ((ecdsa,), (rsa,))
    assert by_key([0x1301]) == ((0x1301,),)
    assert by_key([anonymous]) == ()


def test_every_suite_is_offered_in_exactly_one_kind_of_version():
    old = [code for batch in batches(Version.TLS_1_2) for code in batch]
    new = [code for batch in batches(Version.TLS_1_3) for code in batch]

    assert sorted([*old, *new]) == sorted(SUITES)
    assert {0x1301, 0x00C6, 0xC0B4, 0xC103} <= set(new)
    assert batches(Version.SSL_3_0) == batches(Version.TLS_1_2)


def test_no_hello_offers_more_than_old_servers_bear():
    assert max(len(batch) for version in Version for batch in batches(version)) <= BATCH < 127
