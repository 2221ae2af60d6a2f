"""Reach a target over SSH, through jump hosts where named, and log in; keys are always checked."""

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import msgspec
import paramiko

from auditor.collect import Limit, Settings
from auditor.collect.known_hosts import (
    KnownHosts,
    Standing,
    fingerprint,
    host_name,
    read_known_hosts,
)
from auditor.model.fact import Why
from auditor.model.inventory import Ssh, Target
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
DEFAULT_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")
_JUMP = re.compile(r"(?:(?P<user>[^@\s]+)@)?(?P<address>\[[^\]]+\]|[^:\s]+)(?::(?P<port>\d{1,5}))?")
_RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")


class Refusal(Exception):  # noqa: N818 - an answer of the target, turned into a gap
    """The target cannot be visited; `key_standing` is set where its host key is the reason."""

    def __init__(
        self, why: Why, detail: str, *, key_standing: str = "", fingerprint: str = ""
    ) -> None:
        super().__init__(detail)
        self.why = why
        self.detail = detail
        self.key_standing = key_standing
        self.fingerprint = fingerprint


class Session(msgspec.Struct, frozen=True):
    """An authenticated connection."""

    transport: paramiko.Transport
    address: str
    fingerprint: str


class Hop(msgspec.Struct, frozen=True):
    """One SSH server on the way; the last one is the target."""

    user: str
    address: str
    port: int


def connect(target: Target, settings: Settings, limit: Limit, stack: ExitStack) -> Session:
    """Open every hop in turn; `stack` closes them. Raises `Refusal`."""
    ssh = target.ssh or Ssh()
    known = read_known_hosts(settings.known_hosts)
    session: Session | None = None
    for hop in _route(target, ssh, settings):
        patience = _patience(settings, limit)
        sock = _socket(hop, session, patience)
        recorded = _preferred(known.types(hop.address, hop.port))
        transport = _negotiate(sock, hop, recorded, patience, stack)
        key = transport.get_remote_server_key()
        print_ = fingerprint(key.asbytes())
        _check_key(known, hop, key.asbytes(), print_)
        _log_in(transport, hop, ssh, settings.password(target), limit)
        session = Session(transport, host_name(hop.address, hop.port), print_)
    assert session is not None  # noqa: S101 - a route has at least the target itself
    return session


def shown_keys(target: Target, settings: Settings, limit: Limit) -> list[tuple[str, bytes]]:
    """Return every host key that a target shows, (type, blob), without logging in to it."""
    ssh = target.ssh or Ssh()
    keys: dict[bytes, str] = {}
    for kind in KEY_TYPES:
        with ExitStack() as stack:
            *jumps, last = _route(target, ssh, settings)
            session: Session | None = None
            if jumps:
                via = msgspec.structs.replace(target, address=jumps[-1].address, ssh=ssh)
                session = connect(via, settings, limit, stack)
            patience = _patience(settings, limit)
            sock = _socket(last, session, patience)
            try:
                transport = _negotiate(sock, last, (kind,), patience, stack)
            except Refusal as refusal:
                if refusal.why is Why.UNSUPPORTED:
                    continue
                raise
            key = transport.get_remote_server_key()
            keys.setdefault(key.asbytes(), key.get_name())
    return [(kind, blob) for blob, kind in keys.items()]


def _route(target: Target, ssh: Ssh, settings: Settings) -> Iterator[Hop]:
    zone = next((z for z in settings.inventory.zones if z.id == target.zone), None)
    jumps = ssh.jump or (zone.jump if zone else None)
    for text in jumps.split(",") if jumps else ():
        match = _JUMP.fullmatch(text.strip())
        if match is None:
            raise Refusal(Why.UNREACHABLE, f"jump {text!r} is not [user@]address[:port]")
        yield Hop(match["user"] or ssh.user, match["address"].strip("[]"), int(match["port"] or 22))
    yield Hop(ssh.user, target.address, ssh.port)


def _patience(settings: Settings, limit: Limit) -> float:
    return max(0.1, min(settings.connect_timeout, limit.left))


def _socket(hop: Hop, through: Session | None, patience: float) -> socket.socket | paramiko.Channel:
    try:
        if through is None:
            return socket.create_connection((hop.address, hop.port), timeout=patience)
        return through.transport.open_channel(
            "direct-tcpip", (hop.address, hop.port), ("127.0.0.1", 0), timeout=patience
        )
    except TimeoutError as error:
        raise Refusal(Why.TIMEOUT, f"no connection to {_at(hop)} in {patience:.0f} s") from error
    except (OSError, paramiko.SSHException) as error:
        raise Refusal(Why.UNREACHABLE, f"{_at(hop)}: {_reason(error)}") from error


def _negotiate(
    sock: socket.socket | paramiko.Channel,
    hop: Hop,
    key_types: tuple[str, ...],
    patience: float,
    stack: ExitStack,
) -> paramiko.Transport:
    """Agree on keys; host key types that are recorded are asked for first, as OpenSSH does."""
    try:
        transport = paramiko.Transport(sock)
    except (OSError, paramiko.SSHException) as error:
        raise Refusal(Why.UNREACHABLE, f"{_at(hop)}: {_reason(error)}") from error
    stack.callback(transport.close)
    transport.banner_timeout = patience
    transport.handshake_timeout = patience
    transport.auth_timeout = patience
    transport.get_security_options().key_types = key_types
    done = threading.Event()
    transport.start_client(event=done)
    if not done.wait(patience * 2):
        raise Refusal(Why.TIMEOUT, f"{_at(hop)}: no SSH handshake in {patience * 2:.0f} s")
    if not transport.is_active():
        raise _handshake_refusal(transport.get_exception(), hop)
    return transport


def _handshake_refusal(error: Exception | None, hop: Hop) -> Refusal:
    why = Why.UNREACHABLE
    if isinstance(error, paramiko.ssh_exception.IncompatiblePeer):
        why = Why.UNSUPPORTED
    elif isinstance(error, TimeoutError) or "imeout" in str(error):
        why = Why.TIMEOUT
    return Refusal(why, f"{_at(hop)}: no SSH handshake: {_reason(error)}")


def _preferred(recorded: tuple[str, ...]) -> tuple[str, ...]:
    names = [n for kind in recorded for n in (_RSA_SIGNATURES if kind == "ssh-rsa" else (kind,))]
    first = tuple(name for name in names if name in KEY_TYPES)
    return first + tuple(name for name in KEY_TYPES if name not in first)


def _check_key(known: KnownHosts, hop: Hop, blob: bytes, shown: str) -> None:
    standing = known.standing(hop.address, hop.port, blob)
    details = {
        Standing.UNKNOWN: "host key {} of {} is not recorded: confirm it with `auditor trust`",
        Standing.CHANGED: "host key {} of {} is not the recorded one: find out why before you "
        "trust it again",
        Standing.REVOKED: "host key {} of {} is revoked",
    }
    if standing is not Standing.KNOWN:
        detail = details[standing].format(shown, _at(hop))
        raise Refusal(Why.HOST_KEY, detail, key_standing=standing, fingerprint=shown)


def _log_in(
    transport: paramiko.Transport, hop: Hop, ssh: Ssh, password: str | None, limit: Limit
) -> None:
    """Try the named key alone, else agent and default keys; the password last."""
    failures: list[str] = []
    for name, key in _keys(ssh):
        if limit.left <= 0:
            raise Refusal(Why.TIMEOUT, f"{_at(hop)}: login took too long")
        if _authenticated(lambda key=key: transport.auth_publickey(hop.user, key), hop):
            return
        failures.append(name)
    if password is not None:
        if _authenticated(lambda: transport.auth_password(hop.user, password), hop):
            return
        failures.append("password")
    tried = ", ".join(failures) or "no key at hand"
    raise Refusal(Why.REFUSED, f"{_at(hop)} refuses the login of {hop.user} (tried: {tried})")


def _authenticated(attempt: object, hop: Hop) -> bool:
    try:
        attempt()  # type: ignore[operator]
    except paramiko.AuthenticationException:
        return False
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise Refusal(Why.REFUSED, f"{_at(hop)}: login broke off: {_reason(error)}") from error
    return True


def _keys(ssh: Ssh) -> Iterator[tuple[str, paramiko.PKey]]:
    if ssh.key:
        yield ssh.key, _private_key(ssh.key)
        return
    if os.environ.get("SSH_AUTH_SOCK"):
        for key in paramiko.Agent().get_keys():
            yield f"agent {key.get_name()}", key
    for name in DEFAULT_KEYS:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            yield str(path), _private_key(str(path))


@lru_cache(maxsize=64)
def _private_key(path: str) -> paramiko.PKey:
    try:
        return paramiko.PKey.from_path(Path(path).expanduser())
    except (OSError, paramiko.SSHException, ValueError) as error:
        raise Refusal(Why.REFUSED, f"key {path} cannot be used: {_reason(error)}") from error


def _at(hop: Hop) -> str:
    return host_name(hop.address, hop.port)


def _reason(error: BaseException | None) -> str:
    """What went wrong in one short inert line; a server's own words may be in it."""
    text = str(error) if error is not None and str(error) else type(error).__name__
    return " ".join(inert(text).split())[:200]
