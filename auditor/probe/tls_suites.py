"""What is known of protocol versions, cipher suites and key exchange groups.

Weak is a suite that

- does not encrypt: NULL, and the integrity-only suites of RFC 9150;
- does not authenticate the server: anon;
- has a key or cipher that can be broken: EXPORT, DES, RC2, RC4 (RFC 7465);
- has 64-bit blocks, so that a long session leaks (Sweet32): 3DES, IDEA (RFC 5469);
- authenticates records by MD5.

Not weak, though no longer advised: CBC, SHA-1 as the MAC, SEED, CCM_8, and key exchange by static
RSA or Diffie-Hellman. The last have no forward secrecy, which is judged apart.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cache

from auditor.probe.tls_suite_names import SUITES


class Version(IntEnum):
    """A protocol version by its number on the wire."""

    SSL_3_0 = 0x0300
    TLS_1_0 = 0x0301
    TLS_1_1 = 0x0302
    TLS_1_2 = 0x0303
    TLS_1_3 = 0x0304

    @property
    def label(self) -> str:
        """Its usual name, such as "TLSv1.2"."""
        return "SSLv3" if self is Version.SSL_3_0 else f"TLSv1.{self - Version.TLS_1_0}"


_SUITES_1_3 = frozenset(SUITES) & {
    *range(0x1301, 0x1400),
    *(0x00C6, 0x00C7),  # SM4, RFC 8998
    *(0xC0B4, 0xC0B5),  # integrity only, RFC 9150
    *range(0xC103, 0xC107),  # GOST, RFC 9367
}

BATCH = 96
"""Suites in one hello: some old servers fall silent at more than 127."""


@cache
def batches(version: Version) -> tuple[tuple[int, ...], ...]:
    """Return the codes of all suites that a version may use, in groups small enough to offer."""
    modern = version is Version.TLS_1_3
    codes = [code for code in SUITES if (code in _SUITES_1_3) is modern]
    return tuple(tuple(codes[start : start + BATCH]) for start in range(0, len(codes), BATCH))


def suite_name(code: int) -> str:
    """Return the registered name, or the code in hexadecimal."""
    return SUITES.get(code) or f"0x{code:04X}"


_WEAK_WORDS = frozenset(
    {"NULL", "anon", "EXPORT", "EXPORT1024", "RC2", "RC4", "DES", "DES40", "3DES", "IDEA", "MD5"}
)
_INTEGRITY_ONLY = frozenset({0xC0B4, 0xC0B5})


@cache
def weak(code: int) -> bool:
    """Tell whether a suite is weak in the sense of this module."""
    return code in _INTEGRITY_ONLY or not _WEAK_WORDS.isdisjoint(suite_name(code).split("_"))


@cache
def forward_secret(code: int) -> bool:
    """Tell whether each session has a key of its own that an authenticated server agreed to."""
    exchange = suite_name(code).partition("_WITH_")[0].split("_")
    return code in _SUITES_1_3 or not {"DHE", "ECDHE"}.isdisjoint(exchange)


@cache
def cbc(code: int) -> bool:
    """Tell whether a suite chains its blocks, which padding attacks read through."""
    return "CBC" in suite_name(code).split("_")


@cache
def static_rsa(code: int) -> bool:
    """Tell whether the session's key is sent under the certificate's RSA key."""
    exchange = suite_name(code).partition("_WITH_")[0].split("_")
    return exchange[:2] == ["TLS", "RSA"]


@cache
def elliptic(code: int) -> bool:
    """Tell whether a suite before TLS 1.3 agrees on a key over a curve, anew each time."""
    exchange = suite_name(code).partition("_WITH_")[0].split("_")
    return "ECDHE" in exchange or {"ECDH", "anon"} <= set(exchange)


@cache
def finite(code: int) -> bool:
    """Tell whether a suite agrees on a key modulo a prime, anew each time."""
    exchange = suite_name(code).partition("_WITH_")[0].split("_")
    return "DHE" in exchange or {"DH", "anon"} <= set(exchange)


@cache
def hinted(code: int) -> bool:
    """Tell whether the key exchange begins with a hint of a pre-shared key."""
    return "PSK" in suite_name(code).split("_")


@cache
def exported(code: int) -> bool:
    """Tell whether a suite is of those with short keys for export."""
    return not {"EXPORT", "EXPORT1024"}.isdisjoint(suite_name(code).split("_"))


@cache
def certified(code: int) -> bool:
    """Tell whether a server that chooses the suite proves itself by a certificate."""
    exchange = suite_name(code).partition("_WITH_")[0].split("_")
    plain_psk = "PSK" in exchange and "RSA" not in exchange
    return not plain_psk and {"anon", "KRB5", "ECCPWD"}.isdisjoint(exchange)


def by_exchange(codes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Split suites by how a key is agreed on, few enough to offer at once; () if all do alike."""
    parts: dict[str, list[int]] = {}
    for code in codes:
        parts.setdefault(_exchange(code), []).append(code)
    if len(parts) < 2:  # noqa: PLR2004 - one part is what was asked
        return ()
    return tuple(
        tuple(part[start : start + BATCH])
        for part in parts.values()
        for start in range(0, len(part), BATCH)
    )


def _exchange(code: int) -> str:
    words = suite_name(code).partition("_WITH_")[0].removeprefix("TLS_")
    return words if words in {"RSA", "ECDHE_RSA", "ECDHE_ECDSA", "DHE_RSA"} else ""


def by_key(codes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """Split suites by the certificate that they show: one for an ECDSA key, one for any other.

    TLS 1.3 suites leave the choice to the server and count as the other.
    """
    shown = [code for code in codes if certified(code)]
    elliptic = tuple(code for code in shown if "ECDSA" in suite_name(code))
    other = tuple(code for code in shown if code not in elliptic)
    return tuple(suites for suites in (elliptic, other) if suites)


X25519 = 0x001D

GROUPS_1_3: dict[int, str] = {
    0x11EC: "X25519MLKEM768",
    0x11EB: "SecP256r1MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
    0x0200: "MLKEM512",
    0x0201: "MLKEM768",
    0x0202: "MLKEM1024",
    0x6399: "X25519Kyber768Draft00",
    X25519: "x25519",
    0x0017: "secp256r1",
    0x0018: "secp384r1",
    0x0019: "secp521r1",
    0x001E: "x448",
    0x001F: "brainpoolP256r1tls13",
    0x0020: "brainpoolP384r1tls13",
    0x0021: "brainpoolP512r1tls13",
    0x0029: "curveSM2",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
}
"""Groups of TLS 1.3 by code, those that withstand quantum computers first."""

PQ_GROUPS = frozenset(code for code, name in GROUPS_1_3.items() if "KEM" in name or "Kyber" in name)
"""Groups that withstand quantum computers, alone or beside a curve."""

FFDHE = tuple(range(0x0100, 0x0105))
"""Primes by name (RFC 7919)."""

CURVES = (X25519, *range(0x0017, 0x001A), 0x001E, *range(0x001A, 0x001D), *range(1, 0x0017))
"""Curves for TLS 1.2 and before. No ffdhe groups: naming them forbids a server all others."""


_SECT = (
    *("sect163k1", "sect163r1", "sect163r2", "sect193r1", "sect193r2", "sect233k1", "sect233r1"),
    *("sect239k1", "sect283k1", "sect283r1", "sect409k1", "sect409r1", "sect571k1", "sect571r1"),
)
_SECP = (
    *("secp160k1", "secp160r1", "secp160r2", "secp192k1", "secp192r1", "secp224k1", "secp224r1"),
    *("secp256k1", "secp256r1", "secp384r1", "secp521r1"),
)
_OTHERS = ("brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "x25519", "x448")
CURVE_NAMES = dict(enumerate((*_SECT, *_SECP, *_OTHERS), start=1))
"""Curves for TLS 1.2 and before, by code."""
