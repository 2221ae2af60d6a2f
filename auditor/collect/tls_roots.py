"""The roots that this machine trusts, and those that the inventory adds."""

import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates

from auditor.probe.tls_certificate import UNREADABLE, quiet
from auditor.probe.tls_trust import Roots


def trusted_roots(ca_file: str | None) -> Roots:
    """Return the system's roots (SSL_CERT_FILE counts) and those of a PEM file; read once."""
    with _READING:  # all threads of a run ask at the same moment
        return read(ca_file)


_READING = Lock()


@lru_cache(maxsize=4)
def read(ca_file: str | None) -> Roots:
    """Read the roots of `trusted_roots`."""
    found = _system()
    if not found:
        return Roots((), missing="this machine has no trusted roots (package ca-certificates)")
    if ca_file is None:
        return Roots(found)
    try:
        with quiet():
            own = load_pem_x509_certificates(Path(ca_file).expanduser().read_bytes())
    except (OSError, *UNREADABLE) as error:
        return Roots(found, missing=f"ca_file {ca_file}: {error}")
    return Roots((*found, *own))


def _system() -> tuple[Certificate, ...]:
    """Roots that cannot be parsed are left out: nothing can lead to them."""
    found = []
    with quiet():
        for der in ssl.create_default_context().get_ca_certs(binary_form=True):
            with suppress(*UNREADABLE):
                found.append(load_der_x509_certificate(der))
    return tuple(found)
