"""A key exchange up to the moment at which the server shows its host key, and no further.

The auditor agrees on no secret: what it sends as its public part is the same each time and has the
right form, so that the server answers. What is shown is what the server claims; whether it holds
the private key is left to those who log in.
"""

from collections.abc import Generator, Mapping

from auditor.model.base import Value
from auditor.probe.ssh_server_codec import (
    Fields,
    Malformed,
    Offer,
    kexinit,
    message,
    mpint,
    packet,
    string,
)
from auditor.probe.ssh_server_keys import MOST_BITS, Key, read_key

GROUPS = ("diffie-hellman-group-exchange-sha256", "diffie-hellman-group-exchange-sha1")
"""The server chooses the group, by the size that the client asks for."""
SMALL = 1024
"""Bits of the smallest group that is asked for, to learn how far down a server goes."""
USUAL = 2048
LARGE = 8192
_INIT, _REPLY = 30, 31
_GEX_GROUP, _GEX_INIT, _GEX_REPLY, _GEX_REQUEST = 31, 32, 33, 34
_DH = int.from_bytes(b"\x55" * 64, "big")
"""Between 1 and every modulus in use, with enough bits set for those who count them."""
_X25519 = bytes([9]) + bytes(31)
_X448 = bytes([5]) + bytes(55)
_P256 = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
_P384 = bytes.fromhex(
    "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"
)
_P521 = bytes.fromhex(
    "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"
    "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"
)
"""The base points of the curves."""

_SHARES: Mapping[str, bytes] = {
    "curve25519-sha256": string(_X25519),
    "curve25519-sha256@libssh.org": string(_X25519),
    "ecdh-sha2-nistp256": string(_P256),
    "ecdh-sha2-nistp384": string(_P384),
    "ecdh-sha2-nistp521": string(_P521),
    "diffie-hellman-group14-sha256": mpint(_DH),
    "diffie-hellman-group15-sha512": mpint(_DH),
    "diffie-hellman-group16-sha512": mpint(_DH),
    "diffie-hellman-group17-sha512": mpint(_DH),
    "diffie-hellman-group18-sha512": mpint(_DH),
    "diffie-hellman-group14-sha1": mpint(_DH),
    "diffie-hellman-group1-sha1": mpint(_DH),
    "curve448-sha512": string(_X448),
    "mlkem768x25519-sha256": string(bytes(1184) + _X25519),
    "mlkem768nistp256-sha256": string(bytes(1184) + _P256),
    "mlkem1024nistp384-sha384": string(bytes(1568) + _P384),
    "sntrup761x25519-sha512": string(bytes(1158) + _X25519),
    "sntrup761x25519-sha512@openssh.com": string(bytes(1158) + _X25519),
    "sntrup4591761x25519-sha512@tinyssh.org": string(bytes(1218) + _X25519),
}
"""The client's part of each key exchange that can be taken part in; cheap ones first."""


class Shown(Value, frozen=True):
    """A host key, and the bits of the group that the server chose, 0 where it chose none."""

    key: Key
    group: int = 0


def takes_part(kex: tuple[str, ...]) -> str | None:
    """Return the key exchange by which a host key is best asked for."""
    return next((name for name in (*_SHARES, *GROUPS) if name in kex), None)


def group_exchange(kex: tuple[str, ...]) -> str | None:
    """Return the key exchange in which the server chooses the group."""
    return next((name for name in GROUPS if name in kex), None)


def exchange(
    theirs: Offer, kex: str, host_key: str, least: int = USUAL
) -> Generator[bytes, bytes, Shown]:
    """Yield packets to send, take payloads, return what was shown; raises `Malformed`.

    `least` is how many bits a group must have that the server chooses.
    """
    opening = packet(kexinit(theirs, kex, host_key))
    if kex not in GROUPS:
        reply = yield opening + packet(bytes([_INIT]) + _SHARES[kex])
        return Shown(read_key(message(reply, _REPLY).string(), host_key))
    request = b"".join(size.to_bytes(4, "big") for size in (least, least, LARGE))
    answer = yield opening + packet(bytes([_GEX_REQUEST]) + request)
    group = _modulus(message(answer, _GEX_GROUP))
    reply = yield packet(bytes([_GEX_INIT]) + mpint(_DH))
    return Shown(read_key(message(reply, _GEX_REPLY).string(), host_key), group)


def _modulus(fields: Fields) -> int:
    modulus = fields.mpint()
    fields.mpint()
    if not (modulus % 2 and modulus.bit_length() <= MOST_BITS):
        raise Malformed(f"no modulus of a group: {modulus.bit_length()} bits")
    return modulus.bit_length()
