"""TLS as it was spoken long ago: what today's OpenSSL refuses to serve.

tlslite-ng is a whole TLS stack: SSL 3.0 to TLS 1.2, RC4, 3DES, NULL, MD5, short Diffie-Hellman.
What it cannot do is scripted: export suites as far as the server's part of the opening goes.
A server is a process of its own: `python -m tests.servers.legacy_tls KIND CERTIFICATE KEY`.
"""

import socketserver
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.x509 import load_pem_x509_certificate
from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey
from tlslite.constants import ContentType, ExtensionType
from tlslite.errors import TLSError
from tlslite.mathtls import RFC2409_GROUP1, RFC2409_GROUP2
from tlslite.messages import ChangeCipherSpec, Message, ServerHello
from tlslite.utils.codec import Parser
from tlslite.utils.cryptomath import bytesToNumber, numberToByteArray

SSL3, TLS1, TLS11, TLS12 = (3, 0), (3, 1), (3, 2), (3, 3)
AES = ["aes128", "aes256"]


class _Quirky(TLSConnection):
    """A server whose hello can be changed before it goes out, and that can compress (RFC 3749)."""

    change: Callable[[ServerHello], None] | None = None
    compresses = False

    def _serverGetClientHello(self, *args, **options):  # noqa: N802 - tlslite's name
        for result in super()._serverGetClientHello(*args, **options):
            if isinstance(result, tuple):
                self.compresses = self.compresses and _ZLIB in result[0].compression_methods
            yield result

    def _sendMsg(self, msg, randomizeFirstBlock=True, update_hashes=True):  # noqa: N802, N803
        if isinstance(msg, ServerHello):
            if self.change:
                self.change(msg)
            if self.compresses:
                msg.compression_method = _ZLIB
                self._packer, self._unpacker = zlib.compressobj(), zlib.decompressobj()
        yield from super()._sendMsg(msg, randomizeFirstBlock, update_hashes)
        if self.compresses and isinstance(msg, ChangeCipherSpec):
            self._packs = True

    _packs = _unpacks = False

    def _sendMsgThroughSocket(self, msg):  # noqa: N802 - tlslite's name
        if self._packs:
            data = self._packer.compress(bytes(msg.write()))
            data += self._packer.flush(zlib.Z_SYNC_FLUSH)
            msg = Message(msg.contentType, bytearray(data))
        yield from super()._sendMsgThroughSocket(msg)

    def _getNextRecordFromSocket(self):  # noqa: N802 - tlslite's name
        for result in super()._getNextRecordFromSocket():
            if isinstance(result, tuple):
                header, parser = result
                if self._unpacks:
                    parser = Parser(bytearray(self._unpacker.decompress(bytes(parser.bytes))))
                if self.compresses and header.type == ContentType.change_cipher_spec:
                    self._unpacks = True
                yield header, parser
            else:
                yield result


_ZLIB = 1


def _forget_renegotiation(hello: ServerHello) -> None:
    hello.extensions = [
        extension
        for extension in hello.extensions or []
        if extension.extType != ExtensionType.renegotiation_info
    ] or None


def _settings(
    lowest: tuple[int, int],
    highest: tuple[int, int],
    ciphers: list[str],
    exchanges: list[str],
    group: tuple[int, int] | None = None,
) -> HandshakeSettings:
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = lowest, highest
    settings.cipherNames = ciphers
    settings.macNames = ["sha", "sha256", "sha384", "aead", "md5"]
    settings.keyExchangeNames = exchanges
    settings.minKeySize = 512
    settings.dhParams = group
    return settings


RSA, DHE = ["rsa"], ["dhe_rsa"]
KINDS = {
    "ssl3": (_settings(SSL3, SSL3, ["rc4", "3des", *AES], [*RSA, *DHE], RFC2409_GROUP2), None),
    "rc4": (_settings(TLS1, TLS12, ["rc4"], [*RSA, "ecdhe_rsa"]), None),
    "null": (_settings(SSL3, TLS12, ["null", "3des"], RSA), None),
    "dh768": (_settings(TLS1, TLS12, AES, DHE, RFC2409_GROUP1), None),
    "no-renegotiation-info": (_settings(TLS1, TLS12, AES, RSA), _forget_renegotiation),
    "compression": (_settings(TLS1, TLS12, AES, RSA), None),
}

EXPORT = {
    0x0003: "RSA",  # RSA_EXPORT_WITH_RC4_40_MD5
    0x0006: "RSA",  # RSA_EXPORT_WITH_RC2_CBC_40_MD5
    0x0008: "RSA",  # RSA_EXPORT_WITH_DES40_CBC_SHA
    0x0014: "DHE",  # DHE_RSA_EXPORT_WITH_DES40_CBC_SHA
    0x0009: "",  # RSA_WITH_DES_CBC_SHA
}


class Exporter:
    """The server's part of an opening of TLS 1.0 with an export suite; the rest is refused."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate = load_pem_x509_certificate(certificate.read_bytes()).public_bytes(
            serialization.Encoding.DER
        )
        self._key = serialization.load_pem_private_key(key.read_bytes(), None)

    def serve(self, connection) -> None:
        """Answer one hello."""
        record = self._record(connection)
        if record[:1] != b"\x16":
            return
        body = record[9:]
        client_random, version = body[2:34], int.from_bytes(body[:2], "big")
        rest = body[35 + body[34] :]
        length = int.from_bytes(rest[:2], "big")
        offered = {int.from_bytes(rest[at : at + 2], "big") for at in range(2, 2 + length, 2)}
        chosen = next((suite for suite in EXPORT if suite in offered), None)
        if version < 0x0301:
            connection.sendall(b"\x15\x03\x00\0\x02\x02\x46")  # protocol_version
        elif chosen is None:
            connection.sendall(b"\x15\x03\x01\0\x02\x02\x28")  # handshake_failure
        else:
            connection.sendall(b"".join(self._opening(chosen, client_random, rest[length:])))
            self._record(connection)
            connection.sendall(b"\x15\x03\x01\0\x02\x02\x28")

    @staticmethod
    def _record(connection) -> bytes:
        data = b""
        while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
            more = connection.recv(16384)
            if not more:
                return b""
            data += more
        return data

    def _opening(self, suite: int, client_random: bytes, _rest: bytes) -> Iterator[bytes]:
        random = bytes(range(32))
        secure = b"\0\5\xff\1\0\1\0"
        yield _message(2, b"\3\1" + random + b"\0" + suite.to_bytes(2, "big") + b"\0" + secure)
        yield _message(11, _sized(3, _sized(3, self._certificate)))
        parameters = {"RSA": self._rsa, "DHE": self._dhe, "": bytes}[EXPORT[suite]]()
        if parameters:
            yield _message(12, parameters + self._signed(client_random + random + parameters))
        yield _message(14, b"")

    @staticmethod
    def _rsa() -> bytes:
        modulus = (2**512 - 569).to_bytes(64, "big")  # the length is all that can be seen
        return _sized(2, modulus) + _sized(2, b"\1\0\1")

    @staticmethod
    def _dhe() -> bytes:
        prime = (2**512 - 38117).to_bytes(64, "big")
        return _sized(2, prime) + _sized(2, b"\2") + _sized(2, b"\x7f" * 64)

    def _signed(self, data: bytes) -> bytes:
        digest = b"".join(_digest(kind, data) for kind in (hashes.MD5(), hashes.SHA1()))
        return _sized(2, self._raw(digest))

    def _raw(self, digest: bytes) -> bytes:
        """Sign MD5 and SHA-1 together as TLS 1.0 does: PKCS #1 padding and no name of a hash."""
        with suppress(ValueError, TypeError, AttributeError):
            return self._key.sign(digest, padding.PKCS1v15(), utils.NoDigestInfo())
        numbers = self._key.private_numbers()
        modulus = numbers.public_numbers.n
        size = (modulus.bit_length() + 7) // 8
        padded = b"\0\1" + b"\xff" * (size - 3 - len(digest)) + b"\0" + digest
        return bytes(numberToByteArray(pow(bytesToNumber(padded), numbers.d, modulus), size))


def _digest(kind: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(kind)
    digest.update(data)
    return digest.finalize()


def _sized(size: int, body: bytes) -> bytes:
    return len(body).to_bytes(size, "big") + body


def _message(kind: int, body: bytes) -> bytes:
    return b"\x16\x03\x01" + _sized(2, bytes([kind]) + _sized(3, body))


@contextmanager
def legacy_server(kind: str, certificate: Path, key: Path) -> Iterator[int]:
    """Run one of `KINDS`, or "export", and yield its port."""
    command = [sys.executable, "-m", "tests.servers.legacy_tls", kind, certificate, key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def main(kind: str, certificate: str, key: str) -> None:
    """Serve at a free port of 127.0.0.1, and print it, until the process is ended."""
    serve = Exporter(Path(certificate), Path(key)).serve
    if kind != "export":
        chain = X509CertChain()
        chain.parsePemList(Path(certificate).read_text(encoding="ascii"))
        private = parsePEMKey(Path(key).read_text(encoding="ascii"), private=True)
        settings, change = KINDS[kind]

        def serve(connection) -> None:
            line = _Quirky(connection)
            line.change, line.compresses = change, kind == "compression"
            line.handshakeServer(certChain=chain, privateKey=private, settings=settings)
            line.recv(16384)
            line.send(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
            line.close()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(5)
            with suppress(OSError, TLSError, ValueError, AssertionError, SyntaxError):
                serve(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
