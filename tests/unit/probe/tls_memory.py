"""OpenSSL as a TLS server in memory: no socket, real answers."""

import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.certificates import Issued, ec_key, issue, rsa_key


@lru_cache
def authority() -> Issued:
    return issue("Otoritas Uji", ca=True, key=ec_key(), days=900)


@lru_cache
def server_certificate(kind: str) -> Issued:
    return issue(issuer=authority(), key=rsa_key() if kind == "rsa" else ec_key())


def server(kind: str = "rsa", *, ciphers: str = "ALL:@SECLEVEL=0", **settings) -> ssl.SSLContext:
    """Make a context with the attributes of `settings`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        paths = server_certificate(kind).write(Path(folder), "s", chain=[authority()])
        context.load_cert_chain(*paths)
    context.set_ciphers(ciphers)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def reply(context: ssl.SSLContext, record: bytes) -> bytes:
    """Return all that the server sends in answer to a first flight."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    incoming.write(record)
    with suppress(ssl.SSLError):
        context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
    return outgoing.read()
