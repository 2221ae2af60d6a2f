"""What is known of algorithms, and the facts that an offer becomes."""

import subprocess

import msgspec
import pytest

from auditor.model.fact import Why
from auditor.probe.ssh_server import PROBE
from auditor.probe.ssh_server_codec import Offer, hello
from auditor.probe.ssh_server_facts import (
    Login,
    Mute,
    greeting,
    group_fact,
    key_facts,
    key_notes,
    login_fact,
    notes,
    offered,
)
from auditor.probe.ssh_server_keys import Key
from auditor.probe.ssh_server_names import Use, exchanges, unknown, weak, weakness
from tests.unit.probe.test_ssh_server_codec import OFFER

MUTE = Mute(Why.TIMEOUT, "no answer in time")
GAP = {"why": "timeout", "detail": "no answer in time"}
SIGNAL = "kex-strict-s-v00@openssh.com"


def changed(**fields) -> dict:
    return offered(msgspec.structs.replace(OFFER, **fields))


@pytest.mark.parametrize(
    ("question", "use"),
    [
        ("kex", Use.KEX),
        ("cipher", Use.CIPHER),
        ("mac", Use.MAC),
        ("HostKeyAlgorithms", Use.HOST_KEY),
    ],
)
def test_every_algorithm_of_openssh_is_known(question, use):
    names = subprocess.run(["ssh", "-Q", question], check=True, capture_output=True, text=True)

    assert unknown(use, names.stdout.split()) == []


@pytest.mark.parametrize(
    ("use", "name"),
    [
        (Use.KEX, "diffie-hellman-group1-sha1"),
        (Use.KEX, "diffie-hellman-group14-sha1"),
        (Use.KEX, "diffie-hellman-group-exchange-sha1"),
        (Use.KEX, "gss-group1-sha1-toWM5Slw5Ew8Mqkay+al2g=="),
        (Use.KEX, "gss-gex-sha1-toWM5Slw5Ew8Mqkay+al2g=="),
        (Use.HOST_KEY, "ssh-dss"),
        (Use.HOST_KEY, "ssh-rsa"),
        (Use.CIPHER, "none"),
        (Use.CIPHER, "3des-cbc"),
        (Use.CIPHER, "aes256-cbc"),
        (Use.CIPHER, "arcfour256"),
        (Use.CIPHER, "blowfish-cbc"),
        (Use.CIPHER, "cast128-cbc"),
        (Use.CIPHER, "rijndael-cbc@lysator.liu.se"),
        (Use.MAC, "none"),
        (Use.MAC, "hmac-md5"),
        (Use.MAC, "hmac-sha1-96-etm@openssh.com"),
        (Use.MAC, "umac-64@openssh.com"),
    ],
)
def test_a_weak_algorithm_has_its_reason(use, name):
    assert weakness(use, name)
    assert weak(use, [name, "sound"]) == [name]
    assert unknown(use, [name]) == []


def test_what_nobody_knows_is_neither_sound_nor_weak():
    for use in Use:
        assert unknown(use, ["odd@vendor.example"]) == ["odd@vendor.example"]
        assert weak(use, ["odd@vendor.example"]) == []
    assert unknown(Use.KEX, ["gss-odd-toWM5Slw5Ew8Mqkay+al2g=="]) != []
    assert unknown(Use.KEX, ["gss-group16-sha512-toWM5Slw5Ew8Mqkay+al2g=="]) == []


def test_no_name_is_both_sound_and_weak():
    from auditor.probe import ssh_server_names

    for use in Use:
        assert not ssh_server_names._SOUND[use] & set(ssh_server_names._WEAK[use])


def test_signals_are_no_exchanges():
    assert exchanges(("a", SIGNAL, "ext-info-s")) == ("a",)


@pytest.mark.parametrize(
    ("ciphers", "macs", "open_"),
    [
        ("chacha20-poly1305@openssh.com", "hmac-sha2-256", True),
        ("aes128-cbc", "hmac-sha2-256-etm@openssh.com", True),
        ("aes128-cbc", "hmac-sha2-256", False),
        ("aes128-ctr", "hmac-sha2-256-etm@openssh.com", False),
        ("aes128-gcm@openssh.com", "hmac-sha2-256", False),
    ],
)
@pytest.mark.parametrize("way", [0, 1])
def test_terrapin_depends_on_the_pair_in_either_direction(ciphers, macs, open_, way):
    def one_way(name, other):
        return ((name,), (other,)) if way else ((other,), (name,))

    fields = {
        "ciphers": one_way(ciphers, "aes128-ctr"),
        "macs": one_way(macs, "hmac-sha2-512"),
    }

    assert changed(kex=("curve25519-sha256",), **fields)["terrapin"] is open_
    assert changed(kex=("curve25519-sha256", SIGNAL), **fields)["terrapin"] is False


def test_both_directions_count():
    found = changed(
        macs=(("hmac-sha2-256-etm@openssh.com",), ("hmac-md5", "AEAD_AES_128_GCM")),
        compression=(("none",), ("zlib",)),
    )

    assert found["macs"] == ["hmac-sha2-256-etm@openssh.com", "hmac-md5", "AEAD_AES_128_GCM"]
    assert found["weak_macs"] == ["hmac-md5"]
    assert found["macs_not_etm"] == ["hmac-md5"]
    assert found["compression"] == ["none", "zlib"]
    assert found["strict_kex"] is True
    assert found["post_quantum"] is False
    assert changed(kex=("mlkem768x25519-sha256",))["post_quantum"] is True


def test_every_fact_has_its_field():
    servers = PROBE.gives.fields["servers"]
    row = {
        "port": "22/tcp",
        **greeting(hello(b"SSH-2.0-x y")),
        **offered(OFFER),
        "gex": group_fact(2048, offers=True),
        "login": login_fact(Login(("publickey",))),
    }

    assert set(row) == set(servers.fields)


def test_the_group_of_the_servers_choice():
    assert group_fact(1024, offers=True) == {"offered": True, "bits": 1024}
    assert group_fact(0, offers=False) == {"offered": False}
    assert group_fact(MUTE, offers=True) == {"offered": True, "gap": GAP}


def test_ways_in():
    assert login_fact(Login(("publickey",))) == {"open": False, "methods": ["publickey"]}
    assert login_fact(MUTE) == {"gap": GAP}
    opened = login_fact(Login(open=True))
    assert opened["open"] is True
    assert "methods" not in opened
    assert "gap" in opened


def test_host_keys():
    keys = {
        "ssh-ed25519": Key("ssh-ed25519", 256, "SHA256:a"),
        "odd": Key("odd", None, "SHA256:b"),
        "ssh-rsa": MUTE,
    }

    sound, odd, unseen = key_facts("22/tcp", keys)

    assert sound["bits"] == 256
    assert odd["fingerprint"] == "SHA256:b"
    assert odd["gap"]["why"] == "unsupported"
    assert unseen == {"server": "22/tcp", "type": "ssh-rsa", "gap": GAP}
    assert key_notes(keys) == [
        "ssh-ed25519: 256 bits, SHA256:a",
        "odd: ? bits, SHA256:b",
        "ssh-rsa: no answer in time",
    ]


def test_the_evidence_says_what_is_wrong():
    weak_offer: Offer = msgspec.structs.replace(OFFER, kex=("diffie-hellman-group1-sha1",))

    lines = notes(hello(b"SSH-2.0-x"), weak_offer)

    assert lines[:2] == ["SSH-2.0-x", "kex: diffie-hellman-group1-sha1 (SHA-1, 1024-bit group)"]
    assert lines[-1] == "compression: none, zlib"
