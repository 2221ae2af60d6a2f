"""Host keys as a server shows them: type, size and fingerprint."""

from base64 import b64encode
from hashlib import sha256

from auditor.model.base import Value
from auditor.probe.ssh_server_codec import Fields, Malformed, string

CERTIFICATE = "-cert-v01@openssh.com"
"""The end of the name of an algorithm that shows a certificate of the host key."""
RSA = "ssh-rsa"
DSA = "ssh-dss"
MOST_BITS = 16_384
"""No client takes a larger number as a key."""
KINDS = 8
"""Host keys of one server that are asked for at most."""
_RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256", RSA)
_CURVES = {"nistp256": 256, "nistp384": 384, "nistp521": 521}
_ED25519 = 32
_NUMBERS = {RSA: 2, DSA: 4}
"""How many numbers a key consists of."""


class Key(Value, frozen=True):
    """A public key; `bits` is None for a type that is not known here."""

    type: str
    bits: int | None
    fingerprint: str


def key_type(algorithm: str) -> str:
    """Return the type of the key behind a host key algorithm."""
    base = algorithm.removesuffix(CERTIFICATE)
    return RSA if base in _RSA_SIGNATURES else base


def algorithms(offered: tuple[str, ...]) -> dict[str, str]:
    """Return the algorithm to ask for each type of key that is offered, a bare key before all.

    A server has one key of a type: certificates and newer signatures are other views of it.
    """
    found: dict[str, str] = {}
    for name in sorted(offered, key=lambda name: (name.endswith(CERTIFICATE), _preference(name))):
        found.setdefault(key_type(name), name)
    return found


def _preference(name: str) -> int:
    base = name.removesuffix(CERTIFICATE)
    return _RSA_SIGNATURES.index(base) if base in _RSA_SIGNATURES else 0


def read_key(blob: bytes, algorithm: str) -> Key:
    """Read what was shown for an algorithm; raises `Malformed` where it is no such key."""
    fields = Fields(blob)
    kind = fields.string().decode("latin-1")
    wanted = key_type(algorithm)
    certified = algorithm.endswith(CERTIFICATE)
    if kind != (wanted + CERTIFICATE if certified else wanted):
        raise Malformed(f"the key shown for {algorithm} is of another type")
    if certified:
        fields.string()
    bits, public = _public(wanted, fields)
    if not certified:
        if bits is not None and fields.left:
            raise Malformed("more than a key")
        public = blob
    if certified and bits is None:
        raise Malformed("a certificate of an unknown kind of key")
    return Key(wanted, bits, fingerprint(public))


def _public(kind: str, fields: Fields) -> tuple[int | None, bytes]:
    """Return the size of a key and the key alone, as it stands in a file of public keys."""
    name = string(kind.encode())
    if kind in _NUMBERS:
        parts = [fields.string() for _ in range(_NUMBERS[kind])]
        return _size(kind, parts), name + b"".join(string(part) for part in parts)
    curve = kind.removeprefix("ecdsa-sha2-")
    if curve in _CURVES and curve != kind:
        if fields.string() != curve.encode():
            raise Malformed("a key on another curve than its type says")
        return _CURVES[curve], name + string(curve.encode()) + string(_point(fields, curve))
    if kind == "ssh-ed25519":
        point = fields.string()
        if len(point) != _ED25519:
            raise Malformed("an Ed25519 key has 32 bytes")
        return 8 * _ED25519, name + string(point)
    return None, b""


def _point(fields: Fields, curve: str) -> bytes:
    point = fields.string()
    if len(point) != 1 + 2 * -(-_CURVES[curve] // 8):
        raise Malformed("a point that is not on the curve")
    return point


def _size(kind: str, parts: list[bytes]) -> int:
    numbers = [Fields(string(part)).mpint() for part in parts]
    modulus = numbers[1] if kind == RSA else numbers[0]
    if not (modulus % 2 and modulus.bit_length() <= MOST_BITS):
        raise Malformed(f"no modulus of a key: {modulus.bit_length()} bits")
    return modulus.bit_length()


def fingerprint(blob: bytes) -> str:
    """Return the fingerprint as ssh shows it: "SHA256:…"."""
    return "SHA256:" + b64encode(sha256(blob).digest()).decode().rstrip("=")
