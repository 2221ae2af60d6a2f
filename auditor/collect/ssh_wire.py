"""Packets of an SSH connection: packed where the server will, and none larger than it may be."""

import zlib
from collections.abc import Mapping
from typing import Any, ClassVar

import paramiko
from paramiko.packet import Packetizer

PACKET_LIMIT = 256 * 1024
"""Bytes of a packet, packed or not; OpenSSH itself takes no more. What is usual is 32 kB."""
PACKED = "zlib@openssh.com"
"""Packs only after the login: whoever has none sends nothing to be unpacked."""


GREETING_LIMIT = 64 * 1024
"""Bytes before the first packet: the server's version, and lines before it."""


class Packets(Packetizer):
    """Refuses packets that claim to be larger; paramiko would wait for four gigabytes."""

    received = 0
    """Bytes that came over the wire as packets."""
    greeted = 0
    """Bytes that came before them."""

    def _read_timeout(self, timeout: float) -> bytes:
        """Read a piece of the greeting; raises SSHException where it has no end."""
        piece: bytes = super()._read_timeout(timeout)  # type: ignore[misc]
        self.greeted += len(piece)
        if self.greeted > GREETING_LIMIT:
            raise paramiko.SSHException(f"more than {GREETING_LIMIT} bytes before the handshake")
        return piece

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:  # noqa: FBT001, FBT002 - paramiko's
        """Read `n` bytes; raises SSHException where a packet is too large."""
        if n > PACKET_LIMIT:
            raise paramiko.SSHException(f"a packet claims to have {n} bytes")
        data: bytes = super().read_all(n, check_rekey)
        self.received += len(data)
        return data


class Packer:
    """Packs packets one after the other, at the level that costs the auditor least."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj(zlib.Z_BEST_SPEED)

    def __call__(self, data: bytes) -> bytes:
        """Return a packet that can be unpacked as soon as it is there."""
        return self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class Unpacker:
    """Unpacks packets one after the other; raises SSHException where one is no sound one."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()

    def __call__(self, data: bytes) -> bytes:
        """Return what a packet holds; one that swells beyond the limit is refused."""
        try:
            found = self._stream.decompress(data, PACKET_LIMIT)
        except zlib.error as error:
            raise paramiko.SSHException(f"a packet cannot be unpacked: {error}") from error
        if len(found) >= PACKET_LIMIT:
            raise paramiko.SSHException(f"a packet unpacks to more than {PACKET_LIMIT} bytes")
        return found


class Transport(paramiko.Transport):
    """Offers exactly the host key algorithms that were chosen; bounded in what it takes in.

    paramiko would add a certificate for each of them, asked for or not.
    """

    _compression_info: ClassVar[Mapping[str, tuple[Any, Any]]] = {
        PACKED: (Packer, Unpacker),
        "none": (None, None),
    }

    def __init__(self, sock: Any) -> None:
        super().__init__(sock, packetizer_class=Packets)

    @property
    def preferred_keys(self) -> tuple[str, ...]:
        """The chosen algorithms in order."""
        return tuple(self.get_security_options().key_types)

    def pack(self) -> None:
        """Ask for packed packets, before the connection begins; a server may decline."""
        self.get_security_options().compression = (PACKED, "none")
