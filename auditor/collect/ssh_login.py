"""Reach a target over SSH, through jump hosts where named, and log in; keys are always checked."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing, suppress

import msgspec
import paramiko

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.host_key import KEY_TYPES, algorithms, judge
from auditor.collect.known_hosts import (
    KnownHosts,
    Standing,
    read_known_hosts,
)
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_config import Misconfigured
from auditor.collect.ssh_keys import Unusable, keys_for
from auditor.collect.ssh_route import Hop, route
from auditor.collect.ssh_way import chosen
from auditor.collect.ssh_wire import Transport
from auditor.model.fact import Why
from auditor.model.inventory import Target
from auditor.model.text import inert

__all__ = ["Refusal", "Session", "connect", "known_as", "shown_keys"]

READER_SECONDS = 1.0
"""How long the end of a connection may take."""


class Session(msgspec.Struct, frozen=True):
    """An authenticated connection."""

    transport: paramiko.Transport
    address: str
    fingerprint: str


def connect(target: Target, settings: Settings, limit: Limit, stack: ExitStack) -> Session:
    """Open every hop in turn; `stack` closes them. Raises `Refusal`."""
    way = route(target, settings)
    session = _follow(way, target, settings, limit, stack, packed=way[-1])
    assert session is not None  # noqa: S101 - a route has at least the target itself
    return session


def shown_keys(target: Target, settings: Settings, limit: Limit) -> list[tuple[str, bytes]]:
    """Return every host key that a target shows, (type, blob), without logging in to it."""
    *jumps, last = route(target, settings)
    keys: dict[bytes, str] = {}
    with ExitStack() as way:
        session = _follow(jumps, target, settings, limit, way)
        for kind in KEY_TYPES:
            patience = _patience(last, settings, limit)
            with ExitStack() as stack:
                try:
                    sock = _socket(
                        last, session, patience, _address(last, session, settings, limit)
                    )
                    transport = _negotiate(sock, last, (kind,), patience, stack)
                except Refusal as refusal:
                    if refusal.why is Why.UNSUPPORTED:
                        continue
                    raise
                key = transport.get_remote_server_key()
                keys.setdefault(key.asbytes(), key.get_name())
    return [(kind, blob) for blob, kind in keys.items()]


def known_as(target: Target, settings: Settings) -> tuple[str, int]:
    """Return address and port under which a target's keys are recorded. Raises `Refusal`."""
    return route(target, settings)[-1].known_as


def _follow(
    hops: Iterable[Hop],
    target: Target,
    settings: Settings,
    limit: Limit,
    stack: ExitStack,
    *,
    packed: Hop | None = None,
) -> Session | None:
    """Log in to every hop; what passes through the others is ciphertext, which does not pack."""
    session: Session | None = None
    for hop in hops:
        known = _known(hop, settings)
        patience = _patience(hop, settings, limit)
        offered = _chosen(hop, "hostkeyalgorithms", algorithms(known, *hop.known_as))
        sock = _socket(hop, session, patience, _address(hop, session, settings, limit))
        pack = hop is packed and hop.way.compression
        transport = _negotiate(sock, hop, offered, patience, stack, pack=pack)
        shown = _check_key(known, hop, transport.get_remote_server_key(), settings)
        _log_in(transport, hop, settings.password(target), limit)
        silence = settings.keepalive if hop.way.keepalive is None else hop.way.keepalive
        transport.set_keepalive(int(silence))
        session = Session(transport, str(hop), shown)
    return session


def _known(hop: Hop, settings: Settings) -> KnownHosts:
    try:
        return read_known_hosts((*settings.known_hosts, *hop.way.known_hosts))
    except OSError as error:
        detail = f"{error.filename}: host keys cannot be read: {error.strerror}"
        raise Refusal(Why.HOST_KEY, detail) from error


def _patience(hop: Hop, settings: Settings, limit: Limit) -> float:
    return max(0.1, min(hop.way.connect_timeout or settings.connect_timeout, limit.left))


def _address(hop: Hop, through: Session | None, settings: Settings, limit: Limit) -> str:
    """Return where to connect: what a target's name leads to must lie within the letter's scope.

    A name that is resolved by a jump host is not known here, nor is a jump host audited.
    """
    if through is not None or not hop.audited:
        return hop.address
    try:
        deadline = Deadline(limit, _patience(hop, settings, limit))
        return reach(hop.address, settings, deadline)
    except Unreached as error:
        raise Refusal(error.why, f"{hop}: {error.detail}") from error


def _socket(
    hop: Hop, through: Session | None, patience: float, address: str
) -> socket.socket | paramiko.Channel:
    door = (address, hop.port)
    source = (hop.way.bind, 0) if hop.way.bind else None
    try:
        if through is None:
            return socket.create_connection(door, timeout=patience, source_address=source)
        return through.transport.open_channel(
            "direct-tcpip", door, ("127.0.0.1", 0), timeout=patience
        )
    except TimeoutError as error:
        raise Refusal(Why.TIMEOUT, f"no connection to {hop} in {patience:.0f} s") from error
    except (OSError, UnicodeError, paramiko.SSHException, EOFError) as error:
        by = f" by {through.address}" if through else ""
        raise Refusal(Why.UNREACHABLE, f"{hop}: not reached{by}: {_reason(error)}") from error


def _negotiate(
    sock: socket.socket | paramiko.Channel,
    hop: Hop,
    key_types: tuple[str, ...],
    patience: float,
    stack: ExitStack,
    *,
    pack: bool = False,
) -> paramiko.Transport:
    """Agree on algorithms; which host key types are asked for, and in which order, is given."""
    try:
        transport = Transport(sock)
    except (OSError, paramiko.SSHException) as error:
        _hang_up(sock)
        raise Refusal(Why.UNREACHABLE, f"{hop}: {_reason(error)}") from error
    stack.callback(_end, transport, sock)
    transport.banner_timeout = patience
    transport.handshake_timeout = patience
    transport.auth_timeout = patience
    if pack:
        transport.pack()
    options = transport.get_security_options()
    options.key_types = key_types
    options.ciphers = _chosen(hop, "ciphers", tuple(options.ciphers))
    options.digests = _chosen(hop, "macs", tuple(options.digests))
    options.kex = _chosen(hop, "kexalgorithms", tuple(options.kex))
    done = threading.Event()
    began = time.monotonic()
    transport.start_client(event=done)
    if not done.wait(patience * 2):
        raise Refusal(Why.TIMEOUT, f"{hop}: no SSH handshake in {patience * 2:.0f} s")
    if not transport.is_active():
        late = time.monotonic() - began >= patience
        raise _handshake_refusal(transport.get_exception(), hop, late=late)
    return transport


def _end(transport: paramiko.Transport, sock: socket.socket | paramiko.Channel) -> None:
    """End a connection and wait for its reader, which may still write to the hop before it."""
    _hang_up(sock)
    transport.close()
    if transport.is_alive():
        transport.join(READER_SECONDS)


def _hang_up(sock: socket.socket | paramiko.Channel) -> None:
    """End a connection now; paramiko's close alone leaves it open until its reader looks up."""
    with suppress(OSError, EOFError, paramiko.SSHException):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def _chosen(hop: Hop, keyword: str, known: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return chosen(hop.way.algorithms.get(keyword), known)
    except Misconfigured as error:
        raise Refusal(Why.UNSUPPORTED, f"ssh_config: {error}") from error


def _handshake_refusal(error: Exception | None, hop: Hop, *, late: bool) -> Refusal:
    """Name what went wrong; paramiko has one message for a server that is silent or talks wrong."""
    why = Why.TIMEOUT if late else Why.UNREACHABLE
    if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
        why = Why.UNSUPPORTED
    return Refusal(why, f"{hop}: no SSH handshake: {_reason(error)}")


def _check_key(known: KnownHosts, hop: Hop, key: paramiko.PKey, settings: Settings) -> str:
    """Return the fingerprint of a key that is known; raises `Refusal` for every other."""
    judged = judge(known, *hop.known_as, key, settings.now())
    details = {
        Standing.UNKNOWN: "host key {} of {} is not recorded: confirm it with `auditor trust`",
        Standing.CHANGED: "host key {} of {} is not the recorded one: find out why before you "
        "trust it again",
        Standing.REVOKED: "host key {} of {} is revoked",
    }
    if judged.standing is not Standing.KNOWN:
        detail = details[judged.standing].format(judged.fingerprint, hop)
        if judged.certificate:
            detail += f"; its certificate is not accepted: {judged.certificate}"
        raise Refusal(
            Why.HOST_KEY, detail, key_standing=judged.standing, fingerprint=judged.fingerprint
        )
    return judged.fingerprint


def _log_in(transport: paramiko.Transport, hop: Hop, password: str | None, limit: Limit) -> None:
    """Try the named key alone, else agent and default keys; the password last."""
    failures: list[str] = []
    try:
        with closing(keys_for(hop)) as keys:
            for name, key in keys:
                if limit.left <= 0:
                    raise Refusal(Why.TIMEOUT, f"{hop}: login took too long")
                if key is not None and _by_key(transport, hop, key):
                    return
                failures.append(name)
    except Unusable as error:
        raise Refusal(Why.REFUSED, str(error)) from error
    if password is not None and hop.way.password:
        if _authenticated(lambda: transport.auth_password(hop.user, password), hop):
            return
        failures.append("password")
    tried = ", ".join(failures) or "no key at hand"
    raise Refusal(Why.REFUSED, f"{hop} refuses the login of {hop.user} (tried: {tried})")


def _by_key(transport: paramiko.Transport, hop: Hop, key: paramiko.PKey) -> bool:
    return _authenticated(lambda: transport.auth_publickey(hop.user, key), hop)


def _authenticated(attempt: Callable[[], list[str]], hop: Hop) -> bool:
    """Tell whether a login is complete: a server may demand a second step, which nobody takes."""
    try:
        return not attempt()
    except paramiko.AuthenticationException:
        return False
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise Refusal(Why.REFUSED, f"{hop}: login broke off: {_reason(error)}") from error


def _reason(error: BaseException | None) -> str:
    """What went wrong in one short inert line; a server's own words may be in it."""
    text = str(error) if error is not None and str(error) else type(error).__name__
    return " ".join(inert(text).split())[:200]
