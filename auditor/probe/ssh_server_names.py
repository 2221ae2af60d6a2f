"""What is known of the algorithms of SSH, by name: sound, weak and why, or never heard of."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from auditor.probe.ssh_server_keys import CERTIFICATE

STRICT = "kex-strict-s-v00@openssh.com"
"""A server that says so resets its sequence numbers: Terrapin (CVE-2023-48795) gets no hold."""
_SIGNALS = frozenset(
    {STRICT, "kex-strict-c-v00@openssh.com", "ext-info-s", "ext-info-c"}
    | {"kexguess2@matt.ucc.asn.au"}
)
"""Names in a list of key exchanges that are none."""
POST_QUANTUM = frozenset(
    {
        "mlkem768x25519-sha256",
        "mlkem768nistp256-sha256",
        "mlkem1024nistp384-sha384",
        "sntrup761x25519-sha512",
        "sntrup761x25519-sha512@openssh.com",
        "sntrup4591761x25519-sha512@tinyssh.org",
    }
)
CHACHA = "chacha20-poly1305@openssh.com"
ETM = "-etm@openssh.com"
_CBC = "-cbc"


class Use(StrEnum):
    """What an algorithm is for."""

    KEX = "kex"
    HOST_KEY = "host_key"
    CIPHER = "cipher"
    MAC = "mac"


_SHA1 = "SHA-1"
_SMALL_GROUP = "1024-bit group"
_CBC_WHY = "CBC"
_SHORT_BLOCK = "64-bit block"
_RC4 = "RC4"
_SMALL_CURVE = "curve under 224 bits"
_MD5 = "MD5"
_SHORT_TAG = "64-bit tag"
_CUT = "cut to 96 bits"
_NOTHING = "nothing is protected"

_SOUND: Mapping[Use, frozenset[str]] = {
    Use.KEX: POST_QUANTUM
    | {
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "curve448-sha512",
        "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521",
        "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group14-sha256",
        "diffie-hellman-group14-sha256@ssh.com",
        "diffie-hellman-group15-sha512",
        "diffie-hellman-group16-sha512",
        "diffie-hellman-group17-sha512",
        "diffie-hellman-group18-sha512",
    },
    Use.HOST_KEY: frozenset(
        name + end
        for name in (
            "ssh-ed25519",
            "ssh-ed448",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "rsa-sha2-256",
            "rsa-sha2-512",
        )
        for end in ("", CERTIFICATE)
    )
    | {
        "sk-ssh-ed25519@openssh.com",
        "sk-ssh-ed25519-cert-v01@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
        "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
        "ssh-rsa-sha256@ssh.com",
    },
    Use.CIPHER: frozenset(
        {
            CHACHA,
            "chacha20-poly1305",
            "aes128-ctr",
            "aes192-ctr",
            "aes256-ctr",
            "aes128-gcm@openssh.com",
            "aes256-gcm@openssh.com",
            "AEAD_AES_128_GCM",
            "AEAD_AES_256_GCM",
            "camellia128-ctr",
            "camellia192-ctr",
            "camellia256-ctr",
            "camellia128-ctr@openssh.org",
            "camellia192-ctr@openssh.org",
            "camellia256-ctr@openssh.org",
            "twofish128-ctr",
            "twofish192-ctr",
            "twofish256-ctr",
            "serpent128-ctr",
            "serpent192-ctr",
            "serpent256-ctr",
        }
    ),
    Use.MAC: frozenset(
        {
            "umac-128@openssh.com",
            "umac-128-etm@openssh.com",
            "hmac-sha1",
            "hmac-sha1-etm@openssh.com",
            "hmac-sha2-224",
            "hmac-sha2-256",
            "hmac-sha2-384",
            "hmac-sha2-512",
            "hmac-sha2-256-etm@openssh.com",
            "hmac-sha2-512-etm@openssh.com",
            "hmac-sha256",
            "hmac-sha512",
            "hmac-sha224@ssh.com",
            "hmac-sha256@ssh.com",
            "hmac-sha384@ssh.com",
            "hmac-sha512@ssh.com",
            "AEAD_AES_128_GCM",
            "AEAD_AES_256_GCM",
        }
    ),
}
"""HMAC holds with SHA-1: what is broken of it are collisions, which signatures depend on."""

_WEAK: Mapping[Use, Mapping[str, str]] = {
    Use.KEX: {
        "diffie-hellman-group1-sha1": f"{_SHA1}, {_SMALL_GROUP}",
        "diffie-hellman-group14-sha1": _SHA1,
        "diffie-hellman-group-exchange-sha1": _SHA1,
        "rsa1024-sha1": f"{_SHA1}, 1024-bit key",
        "rsa2048-sha256": "no forward secrecy",
        "ecdh-sha2-1.2.840.10045.3.1.1": _SMALL_CURVE,
        "ecdh-sha2-1.3.132.0.1": _SMALL_CURVE,
        "ecdh-sha2-nistp192": _SMALL_CURVE,
        "ecdh-sha2-nistk163": _SMALL_CURVE,
        "diffie-hellman-group1-sha256": _SMALL_GROUP,
    },
    Use.HOST_KEY: {
        "ssh-rsa": _SHA1,
        "ssh-rsa-cert-v01@openssh.com": _SHA1,
        "ssh-rsa-cert-v00@openssh.com": _SHA1,
        "ssh-dss": f"{_SHA1}, 1024-bit key",
        "ssh-dss-cert-v01@openssh.com": f"{_SHA1}, 1024-bit key",
        "ssh-dss-cert-v00@openssh.com": f"{_SHA1}, 1024-bit key",
        "x509v3-sign-rsa": _SHA1,
        "x509v3-sign-dss": f"{_SHA1}, 1024-bit key",
        "x509v3-ssh-rsa": _SHA1,
        "x509v3-ssh-dss": f"{_SHA1}, 1024-bit key",
        "null": _NOTHING,
    },
    Use.CIPHER: {
        "none": _NOTHING,
        "des": f"56-bit key, {_SHORT_BLOCK}",
        "des-cbc": f"56-bit key, {_SHORT_BLOCK}",
        "des-cbc-ssh1": f"56-bit key, {_SHORT_BLOCK}",
        "des-cbc@ssh.com": f"56-bit key, {_SHORT_BLOCK}",
        "3des": _SHORT_BLOCK,
        "3des-ctr": _SHORT_BLOCK,
        "blowfish-ctr": _SHORT_BLOCK,
        "blowfish": _SHORT_BLOCK,
        "cast128-ctr": _SHORT_BLOCK,
        "idea-ctr": _SHORT_BLOCK,
        "arcfour": _RC4,
        "arcfour128": _RC4,
        "arcfour256": _RC4,
        **{f"{name}-cbc": f"{_CBC_WHY}, {_SHORT_BLOCK}" for name in ("3des", "blowfish")},
        **{f"{name}-cbc": f"{_CBC_WHY}, {_SHORT_BLOCK}" for name in ("cast128", "idea")},
        **{
            f"{name}{bits}-cbc": _CBC_WHY
            for name in ("aes", "camellia", "twofish", "serpent")
            for bits in (128, 192, 256)
        },
        "twofish-cbc": _CBC_WHY,
        "cast128-12-cbc@ssh.com": f"{_CBC_WHY}, {_SHORT_BLOCK}",
        "rijndael-cbc@lysator.liu.se": _CBC_WHY,
        "rijndael-cbc@ssh.com": _CBC_WHY,
        "seed-cbc@ssh.com": _CBC_WHY,
    },
    Use.MAC: {
        "none": _NOTHING,
        "hmac-md5": _MD5,
        "hmac-md5-96": f"{_MD5}, {_CUT}",
        "hmac-md5-etm@openssh.com": _MD5,
        "hmac-md5-96-etm@openssh.com": f"{_MD5}, {_CUT}",
        "hmac-sha1-96": f"{_SHA1}, {_CUT}",
        "hmac-sha1-96-etm@openssh.com": f"{_SHA1}, {_CUT}",
        "hmac-sha2-256-96": _CUT,
        "hmac-sha2-512-96": _CUT,
        "hmac-ripemd": "RIPEMD",
        "hmac-ripemd160": "RIPEMD",
        "hmac-ripemd160@openssh.com": "RIPEMD",
        "hmac-ripemd160-etm@openssh.com": "RIPEMD",
        "umac-32@openssh.com": "32-bit tag",
        "umac-64@openssh.com": _SHORT_TAG,
        "umac-64-etm@openssh.com": _SHORT_TAG,
    },
}
"""Name → weakness."""


def weakness(use: Use, name: str) -> str:
    """Return what is wrong with an algorithm, "" where nothing is or the name is not known."""
    known = _WEAK[use].get(name, "")
    if use is Use.KEX and not known and name.startswith("gss-") and "-sha1-" in name:
        return f"{_SHA1}, {_SMALL_GROUP}" if name.startswith("gss-group1-") else _SHA1
    return known


def weak(use: Use, names: Iterable[str]) -> list[str]:
    """Return the names of weak algorithms, in order."""
    return [name for name in names if weakness(use, name)]


def unknown(use: Use, names: Iterable[str]) -> list[str]:
    """Return the names that say nothing to the auditor: neither sound nor weak, in order."""
    return [
        name
        for name in names
        if name not in _SOUND[use] and not weakness(use, name) and not _sound_gss(use, name)
    ]


def _sound_gss(use: Use, name: str) -> bool:
    """A key exchange over GSSAPI carries the mechanism's digest at its end (RFC 8732)."""
    return use is Use.KEX and name.startswith(
        (
            "gss-group14-sha256-",
            "gss-group15-sha512-",
            "gss-group16-sha512-",
            "gss-group17-sha512-",
            "gss-group18-sha512-",
            "gss-nistp256-sha256-",
            "gss-nistp384-sha384-",
            "gss-nistp521-sha512-",
            "gss-curve25519-sha256-",
            "gss-curve448-sha512-",
        )
    )


def exchanges(names: Iterable[str]) -> tuple[str, ...]:
    """Return the key exchanges of a list, without what is only a signal."""
    return tuple(name for name in names if name not in _SIGNALS)


def encrypts_first(mac: str) -> bool:
    """Whether a MAC is made of what was encrypted, or belongs to a cipher that does both."""
    return mac.endswith(ETM) or mac.startswith("AEAD_")


def open_to_terrapin(ciphers: Iterable[str], macs: Iterable[str]) -> bool:
    """Whether some pair of algorithms lets messages be dropped where counting is not strict."""
    offered = list(ciphers)
    cbc = any(_CBC in name for name in offered)
    return CHACHA in offered or (cbc and any(name.endswith(ETM) for name in macs))
