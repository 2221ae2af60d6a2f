"""The ways in that a server names to whom it does not know yet: one `none` request, no secret."""

import logging
import socket
import threading
from contextlib import suppress

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm

from auditor.collect.dial import Deadline, Unreached
from auditor.collect.host_certificate import SUFFIX
from auditor.collect.host_key import KEY_TYPES
from auditor.collect.ssh_wire import Transport
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.ssh_server_codec import NAME
from auditor.probe.ssh_server_facts import Login, Mute

logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False

MOST = 16
"""Ways in that are read."""
END_SECONDS = 1.0
"""How long the end of a connection may take."""
_BROKEN = (
    *(paramiko.SSHException, UnsupportedAlgorithm, OSError, EOFError),
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
)
"""What paramiko raises on packets that no sound server sends."""


def ways_in(ip: str, port: int, user: str, deadline: Deadline) -> Login | Mute:
    """Ask for the ways in for an account; leaves one line in the server's log.

    It is the question with which each login begins (RFC 4252, 5.2), no guess. A server that lets
    the auditor in by it is left at once.
    """
    try:
        with socket.create_connection((ip, port), timeout=max(0.1, deadline.left)) as sock:
            return _ask(sock, user, deadline)
    except TimeoutError:
        return Mute(Why.TIMEOUT, "no answer in time")
    except OSError as error:
        return Mute(Why.UNREACHABLE, f"port {port}: {_reason(error)}")


def _ask(sock: socket.socket, user: str, deadline: Deadline) -> Login | Mute:
    transport = Transport(sock)
    try:
        _meet(transport, deadline)
        transport.auth_timeout = max(0.1, deadline.left)
        further = transport.auth_none(user)
    except paramiko.BadAuthenticationType as refusal:
        return _named(list(refusal.allowed_types))
    except Unreached as error:
        return Mute(error.why, error.detail)
    except paramiko.ssh_exception.IncompatiblePeer as error:
        return Mute(Why.UNSUPPORTED, _reason(error))
    except _BROKEN as error:
        why = Why.REFUSED if deadline.left > 0 else Why.TIMEOUT
        return Mute(why, f"it does not say: {_reason(error)}")
    finally:
        _leave(transport, sock)
    return _named(further) if further else Login(open=True)


def _named(methods: list[str]) -> Login | Mute:
    """Return the ways in that a server named, unless they are no such list."""
    if len(methods) > MOST:
        return Mute(Why.CUT, f"it names more than {MOST} ways in")
    named = [inert(name) for name in methods if name]
    if not named or any(len(name) > NAME for name in named):
        return Mute(Why.UNREADABLE, "it names no way in")
    return Login(tuple(dict.fromkeys(named)))


def _meet(transport: Transport, deadline: Deadline) -> None:
    patience = max(0.1, deadline.left)
    transport.banner_timeout = patience
    transport.handshake_timeout = patience
    certificates = tuple(name + SUFFIX for name in KEY_TYPES)
    transport.get_security_options().key_types = (*KEY_TYPES, *certificates)
    done = threading.Event()
    transport.start_client(event=done)
    while not done.wait(deadline.wait()):
        pass
    if not transport.is_active():
        raise transport.get_exception() or paramiko.SSHException("no SSH handshake")


def _leave(transport: Transport, sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    transport.close()
    if transport.is_alive():
        transport.join(END_SECONDS)


def _reason(error: Exception) -> str:
    return " ".join(inert(str(error) or type(error).__name__).split())[:200]
