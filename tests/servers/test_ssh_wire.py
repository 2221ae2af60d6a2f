"""Packed packets: with real sshds of each setting, and with servers that mean ill."""

import os
import threading
import time
import tracemalloc
import zlib
from contextlib import ExitStack, contextmanager, suppress
from types import MappingProxyType

import msgspec
import paramiko
import pytest

from auditor.collect import Limit
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_login import connect
from auditor.collect.ssh_wire import PACKED, PACKET_LIMIT, Unpacker
from auditor.model.fact import Why
from auditor.model.inventory import Ssh, Target
from tests.servers.ssh_servers import USER, new_key, ssh_server
from tests.servers.tls_servers import scripted

TEXT = "setelan = 1\n" * 8000


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return new_key(tmp_path_factory.mktemp("client") / "key")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@contextmanager
def session(server, key, settings, tmp_path, config="", jump=None):
    known, wanted = tmp_path / "known", tmp_path / "ssh_config"
    known.write_text(server.known + (jump.known if jump else ""))
    wanted.write_text(config)
    wanted.chmod(0o600)
    told = msgspec.structs.replace(settings, known_hosts=(known,), ssh_config=(wanted,))
    by = f"{USER}@{jump.address}:{jump.port}" if jump else None
    ssh = Ssh(user=USER, port=server.port, key=str(key), jump=by)
    target = Target(id="a", opd="o", address=server.address, ssh=ssh)
    with ExitStack() as stack:
        yield connect(target, told, Limit(20, threading.Event(), time.monotonic), stack)


def answer(opened, command):
    """Run a command; return what it says and how many bytes that took."""
    before = opened.transport.packetizer.received
    channel = opened.transport.open_session(timeout=5)
    channel.settimeout(5)
    channel.exec_command(command)
    return channel.makefile().read().decode(), opened.transport.packetizer.received - before


@pytest.mark.parametrize(
    ("server", "client", "packed"),
    [
        ("Compression delayed\n", "", True),
        ("Compression yes\n", "", True),
        ("", "", True),
        ("Compression no\n", "", False),
        ("", "Host *\n  Compression no\n", False),
        ("", "Host *\n  Compression yes\n", True),
    ],
)
def test_an_answer_is_packed_unless_one_side_will_not(
    tmp_path, key, settings, server, client, packed
):
    (tmp_path / "text").write_text(TEXT)
    with (
        ssh_server(tmp_path / "server", key, server) as running,
        session(running, key, settings, tmp_path, client) as opened,
    ):
        said, cost = answer(opened, f"cat {tmp_path}/text")

    assert said == TEXT
    assert (opened.transport.remote_compression == PACKED) is packed
    assert (cost < len(TEXT) / 20) is packed


def test_only_the_last_of_a_way_is_packed(tmp_path, key, settings):
    with (
        ssh_server(tmp_path / "jump", key, address="127.0.0.2") as jump,
        ssh_server(tmp_path / "server", key) as server,
        session(server, key, settings, tmp_path, jump=jump) as opened,
    ):
        assert answer(opened, "echo sampai")[0] == "sampai\n"
        assert opened.transport.remote_compression == PACKED

    assert "Enabling compression" not in jump.log
    assert "compression: none" in jump.log


def test_a_packet_that_swells_is_refused():
    packer = zlib.compressobj(9)
    bomb = packer.compress(bytes(64 * 2**20)) + packer.flush(zlib.Z_SYNC_FLUSH)
    assert len(bomb) < PACKET_LIMIT
    tracemalloc.start()

    with pytest.raises(paramiko.SSHException, match="unpacks to more than"):
        Unpacker()(bomb)

    assert tracemalloc.get_traced_memory()[1] < 4 * PACKET_LIMIT
    tracemalloc.stop()


def test_a_packet_that_is_not_packed_is_refused():
    with pytest.raises(paramiko.SSHException, match="cannot be unpacked"):
        Unpacker()(b"no such thing")


def test_packets_are_one_stream():
    packer, unpacker = zlib.compressobj(), Unpacker()
    texts = [b"satu" * 9, os.urandom(9000), b""]

    for text in texts:
        data = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)
        assert unpacker(data) == text


def test_a_packet_of_gigabytes_is_not_waited_for(tmp_path, key, settings):
    def claim(connection):
        connection.sendall(b"SSH-2.0-x\r\n" + (2**31 - 4).to_bytes(4, "big") + b"\5\x14aa")
        with suppress(OSError):
            while connection.recv(4096):
                pass

    with scripted(claim) as port:
        known = tmp_path / "known"
        known.write_text("")
        told = msgspec.structs.replace(settings, known_hosts=(known,))
        ssh = Ssh(user=USER, port=port, key=str(key))
        target = Target(id="a", opd="o", address="127.0.0.1", ssh=ssh)
        with pytest.raises(Refusal) as caught, ExitStack() as stack:
            connect(target, told, Limit(20, threading.Event(), time.monotonic), stack)

    assert caught.value.why is Why.UNREACHABLE
    assert "claims to have" in caught.value.detail


class _Bomber(paramiko.ServerInterface):
    """Lets anyone in, and answers a command with a packet that swells."""

    def check_auth_publickey(self, username, key):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        _Swelling.now.set()
        return True


class _Swelling:
    """Packs soundly until it is time; then each packet unpacks to 64 MB."""

    now = threading.Event()

    def __init__(self):
        self._packer = zlib.compressobj(9)

    def __call__(self, data):
        more = bytes(64 * 2**20) if self.now.is_set() else b""
        return self._packer.compress(data + more) + self._packer.flush(zlib.Z_SYNC_FLUSH)


class _IllMeant(paramiko.Transport):
    _compression_info = MappingProxyType({PACKED: (_Swelling, Unpacker)})


def test_a_server_whose_answer_swells_breaks_only_its_own_visit(tmp_path, key, settings):
    host = paramiko.ECDSAKey.generate()

    def serve(connection):
        transport = _IllMeant(connection)
        transport.get_security_options().compression = (PACKED,)
        transport.add_server_key(host)
        transport.start_server(server=_Bomber())
        transport.join(10)

    with scripted(serve) as port:
        known = tmp_path / "known"
        known.write_text(f"[127.0.0.1]:{port} {host.get_name()} {host.get_base64()}\n")
        told = msgspec.structs.replace(settings, known_hosts=(known,))
        ssh = Ssh(user=USER, port=port, key=str(key))
        target = Target(id="a", opd="o", address="127.0.0.1", ssh=ssh)
        with ExitStack() as stack:
            opened = connect(target, told, Limit(20, threading.Event(), time.monotonic), stack)
            channel = opened.transport.open_session(timeout=5)
            with pytest.raises(paramiko.SSHException, match="unpacks to more than"):
                channel.exec_command("uname")
            assert not opened.transport.is_active()


def test_a_greeting_without_end_is_given_up_before_it_fills_the_memory(key, settings, tmp_path):
    def pour(connection):
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 65_536)

    with scripted(pour) as port:
        target = Target(
            id="a", opd="o", address="127.0.0.1", ssh=Ssh(user=USER, port=port, key=str(key))
        )
        with ExitStack() as stack, pytest.raises(Refusal) as refused:
            connect(target, settings, Limit(20, threading.Event(), time.monotonic), stack)

    assert "bytes before the handshake" in refused.value.detail
