"""The keys of a TLS 1.3 handshake, to read the certificates that a server sends encrypted.

Written after RFC 8446, 7.1 (key schedule) and 5.2 (records). The client never answers: nothing is
authenticated here, and no key is used for anything but reading the server's certificate message.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, x448, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, Hash, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auditor.model.base import Value
from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    CERTIFICATE,
    SERVER_HELLO,
    Cursor,
    Handshake,
    HandshakeReader,
    Malformed,
    Message,
    Sealed,
    ServerHello,
    entries,
    extensions,
    server_hello,
)
from auditor.probe.tls_flight import Flight, entry_status
from auditor.probe.tls_suites import X25519

_ALERT, _HANDSHAKE = 21, 22
_ENCRYPTED_EXTENSIONS = 8

Aead: TypeAlias = AESGCM | AESCCM | ChaCha20Poly1305


PrivateKey: TypeAlias = x25519.X25519PrivateKey | x448.X448PrivateKey | ec.EllipticCurvePrivateKey


class Cipher(Value, frozen=True):
    """How a suite encrypts; `key` is in bytes."""

    hash: type[SHA256 | SHA384]
    key: int
    aead: Callable[[bytes], Aead]


READABLE: Mapping[int, Cipher] = {
    0x1301: Cipher(hash=SHA256, key=16, aead=AESGCM),
    0x1302: Cipher(hash=SHA384, key=32, aead=AESGCM),
    0x1303: Cipher(hash=SHA256, key=32, aead=ChaCha20Poly1305),
    0x1304: Cipher(hash=SHA256, key=16, aead=AESCCM),
    0x1305: Cipher(hash=SHA256, key=16, aead=lambda key: AESCCM(key, tag_length=8)),
}
"""Suites that can be decrypted, by code."""

_CURVES: Mapping[int, type[ec.EllipticCurve]] = {
    0x0017: ec.SECP256R1,
    0x0018: ec.SECP384R1,
    0x0019: ec.SECP521R1,
}
_X448 = 0x001E
AGREEABLE = (X25519, *_CURVES, _X448)
"""Groups that a key can be agreed in, the quickest first."""


class KeyShare:
    """The client's half of a key agreement in one of `AGREEABLE`."""

    def __init__(self, group: int) -> None:
        self.group = group
        self._private = _private(group)

    @property
    def public(self) -> bytes:
        """What the hello carries."""
        key = self._private.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    def agree(self, share: bytes) -> bytes:
        """Return the secret shared with a server; `Malformed` where its half is no valid key."""
        private = self._private
        try:
            if isinstance(private, x25519.X25519PrivateKey):
                return private.exchange(x25519.X25519PublicKey.from_public_bytes(share))
            if isinstance(private, x448.X448PrivateKey):
                return private.exchange(x448.X448PublicKey.from_public_bytes(share))
            peer = ec.EllipticCurvePublicKey.from_encoded_point(private.curve, share)
            return private.exchange(ec.ECDH(), peer)
        except ValueError as error:
            raise Malformed("the server's key share is no valid key") from error


def _private(group: int) -> PrivateKey:
    if group == X25519:
        return x25519.X25519PrivateKey.generate()
    if group == _X448:
        return x448.X448PrivateKey.generate()
    return ec.generate_private_key(_CURVES[group]())


class Opener:
    """Decrypts what a server sends between its hello and its finished message."""

    def __init__(self, suite: int, secret: bytes, transcript: bytes) -> None:
        """Derive the keys; `transcript` is both hellos as handshake messages."""
        cipher = READABLE[suite]
        hash_ = cipher.hash()
        nothing = bytes(hash_.digest_size)
        early = _extract(hash_, nothing, nothing)
        derived = _expand(hash_, early, "derived", _digest(hash_, b""), hash_.digest_size)
        handshake = _extract(hash_, derived, secret)
        traffic = _expand(
            hash_, handshake, "s hs traffic", _digest(hash_, transcript), hash_.digest_size
        )
        self._aead = cipher.aead(_expand(hash_, traffic, "key", b"", cipher.key))
        self._iv = int.from_bytes(_expand(hash_, traffic, "iv", b"", 12), "big")
        self._count = 0

    def open(self, record: Sealed) -> tuple[int, bytes]:
        """Return the type and the content of the next record."""
        nonce = (self._iv ^ self._count).to_bytes(12, "big")
        self._count += 1
        try:
            padded = self._aead.decrypt(nonce, record.payload, record.header)
        except InvalidTag as error:
            raise Malformed("a record was not encrypted with the agreed key") from error
        content = padded.rstrip(b"\0")
        if not content:
            raise Malformed("an encrypted record without content")
        return content[-1], content[:-1]


def sealed_flight(hello: bytes, share: KeyShare, messages: Iterable[Message]) -> Flight | None:
    """Return the first flight of a TLS 1.3 server up to its certificates.

    `hello` is the client's hello as a handshake message, `messages` what the server sends from
    its hello on. None where they end before the certificates or an alert comes instead.
    """
    stream = iter(messages)
    first = next(stream, None)
    if first is None or isinstance(first, Alert):
        return None
    chosen = _chosen(share, first)
    raw = first.raw if isinstance(first, Handshake) else b""
    opener = Opener(chosen.suite, share.agree(chosen.share), hello + raw)
    told: tuple[int, ...] = ()
    for part in _parts(opener, stream):
        if part.kind == _ENCRYPTED_EXTENSIONS:
            told = tuple(extensions(Cursor(part.body).vector(2)))
        if part.kind == CERTIFICATE:
            return _flight(msgspec.structs.replace(chosen, extensions=told), part)
    return None


def _flight(chosen: ServerHello, shown: Handshake) -> Flight:
    found = entries(shown.body, modern=True)
    return Flight(
        hello=chosen,
        chain=tuple(certificate for certificate, _ in found),
        staple=entry_status(found[0][1]) if found else b"",
    )


def _chosen(share: KeyShare, first: Handshake | Sealed) -> ServerHello:
    if isinstance(first, Sealed) or first.kind != SERVER_HELLO:
        raise Malformed("the first message is not a server's hello")
    chosen = server_hello(first.body)
    if chosen.suite not in READABLE or chosen.group != share.group or chosen.retry:
        raise Malformed("the server chose what was not offered")
    return chosen


def _parts(opener: Opener, messages: Iterable[Message]) -> Iterator[Handshake]:
    """Yield the encrypted handshake messages, up to an alert."""
    pieces = HandshakeReader()
    for message in messages:
        if isinstance(message, Alert):
            return
        if not isinstance(message, Sealed):
            raise Malformed("a message out of order")
        kind, content = opener.open(message)
        if kind == _ALERT:
            return
        if kind != _HANDSHAKE:
            raise Malformed("an encrypted record of an unexpected type")
        yield from pieces.feed(content)


def _digest(hash_: HashAlgorithm, data: bytes) -> bytes:
    digest = Hash(hash_)
    digest.update(data)
    return digest.finalize()


def _extract(hash_: HashAlgorithm, salt: bytes, secret: bytes) -> bytes:
    mac = HMAC(salt, hash_)
    mac.update(secret)
    return mac.finalize()


def _expand(hash_: HashAlgorithm, secret: bytes, label: str, context: bytes, size: int) -> bytes:
    name = b"tls13 " + label.encode()
    info = size.to_bytes(2, "big") + bytes([len(name)]) + name + bytes([len(context)]) + context
    return HKDFExpand(algorithm=hash_, length=size, info=info).derive(secret)
