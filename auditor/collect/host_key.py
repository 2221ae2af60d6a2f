"""Judge what a server showed: a key that is recorded, or a certificate of a recorded authority."""

from datetime import datetime

import msgspec
import paramiko

from auditor.collect.host_certificate import (
    SUFFIX,
    BadCertificate,
    objection,
    read_certificate,
)
from auditor.collect.known_hosts import KnownHosts, Standing, fingerprint
from auditor.model.text import inert

KEY_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
"""Host key algorithms that are accepted, best first; SHA-1 signatures are not."""
_RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")


class Judged(msgspec.Struct, frozen=True):
    """A server's key, its standing, and why its certificate was not enough, if it showed one."""

    standing: Standing
    fingerprint: str
    certificate: str = ""


def judge(known: KnownHosts, address: str, port: int, key: paramiko.PKey, now: datetime) -> Judged:
    """Judge a key; as ssh does, a certificate that is not accepted leaves the bare key to judge."""
    blob = key.asbytes()
    shown = fingerprint(blob)
    standing = known.standing(address, port, blob)
    if key.public_blob is None or standing is Standing.REVOKED:
        return Judged(standing, shown)
    try:
        certificate = read_certificate(key.public_blob.key_blob)
    except BadCertificate as error:
        return Judged(standing, shown, str(error))
    if known.revoked(address, port, certificate.authority, key.public_blob.key_blob):
        return Judged(Standing.REVOKED, shown, "its authority is revoked")
    if certificate.key != blob:
        return Judged(standing, shown, "it can be read in two ways")
    if certificate.authority not in known.authorities(address, port):
        return Judged(standing, shown, "its authority is not recorded for this host")
    problem = inert(objection(certificate, address, now))
    return Judged(standing if problem else Standing.KNOWN, shown, problem)


def algorithms(known: KnownHosts, address: str, port: int) -> tuple[str, ...]:
    """Return the host key algorithms to ask for.

    Certificates come first where an authority is recorded and are not asked for elsewhere; then
    the types of recorded keys, as ssh does it.
    """
    names = [
        name
        for kind in known.types(address, port)
        for name in (_RSA_SIGNATURES if kind == "ssh-rsa" else (kind,))
    ]
    first = tuple(name for name in names if name in KEY_TYPES)
    bare = first + tuple(name for name in KEY_TYPES if name not in first)
    if not known.authorities(address, port):
        return bare
    return tuple(name + SUFFIX for name in KEY_TYPES) + bare
