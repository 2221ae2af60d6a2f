"""Read the public key of a DKIM selector (RFC 6376, RFC 8463)."""

import re
from base64 import b64decode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from auditor.model.base import Value
from auditor.probe.mail_tags import parse_tags

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_ED25519_BYTES = 32


class Dkim(Value, frozen=True):
    """A key: `bits` of RSA, 256 of Ed25519, 0 where it is revoked or cannot be read."""

    kind: str = "rsa"
    bits: int = 0
    revoked: bool = False
    testing: bool = False
    sha1_only: bool = False
    errors: tuple[str, ...] = ()


def is_dkim(text: str) -> bool:
    """Tell whether a TXT record is meant as a key: it has a tag p, and no other version."""
    tags = parse_tags(text)
    return "p" in tags.values and tags.get("v", "DKIM1") == "DKIM1"


def parse_dkim(text: str) -> Dkim:
    """Read a record for which `is_dkim` holds."""
    tags = parse_tags(text)
    errors = [*tags.errors]
    if "v" in tags.values and next(iter(tags.values)) != "v":
        errors.append("v= must come first")
    kind = tags.get("k", "rsa").lower()
    data = re.sub(r"\s", "", tags.get("p"))
    bits = _bits(kind, data)
    if data and not bits:
        errors.append("the key cannot be read")
    hashes = {word.strip().lower() for word in tags.get("h").split(":") if word.strip()}
    return Dkim(
        kind=kind[:20],
        bits=bits,
        revoked=not data,
        testing="y" in [flag.strip().lower() for flag in tags.get("t").split(":")],
        sha1_only=hashes == {"sha1"},
        errors=tuple(errors),
    )


def _bits(kind: str, text: str) -> int:
    if not _BASE64.fullmatch(text) or len(text) % 4:
        return 0
    data = b64decode(text)
    if kind == "ed25519":
        return 256 if len(data) == _ED25519_BYTES else 0
    try:
        key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return 0
    return key.key_size if kind == "rsa" and isinstance(key, RSAPublicKey) else 0
