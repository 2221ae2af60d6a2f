"""Send the script of a visit over one channel and read its frames, within bounds."""

import contextlib
import threading
from collections.abc import Mapping

import msgspec
import paramiko

from auditor.collect import Limit, Settings
from auditor.collect.ssh_login import Session
from auditor.model.fact import Why
from auditor.model.inventory import Sudo
from auditor.model.text import inert
from auditor.probe.base import Frame
from auditor.probe.script import Script, bootstrap, read_frames

CHUNK = 65_536
TICK = 0.5


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: whole frames, and why the others are missing.

    `root` tells as whom the script ran, `no_root` why not as root.
    """

    frames: Mapping[str, Frame]
    root: bool
    why: Why
    detail: str
    no_root: str = ""


def run_script(
    session: Session,
    script: Script,
    settings: Settings,
    limit: Limit,
    *,
    sudo: Sudo,
    password: str | None,
) -> Answer:
    """Run `script` on a new channel; the password, if any, goes first on its standard input."""
    line = f"{password or ''}\n" if sudo is Sudo.AUTO else ""
    command = bootstrap(sudo, script.digest if sudo is Sudo.PINNED else "")
    patience = max(0.1, min(settings.connect_timeout, limit.left))
    try:
        channel = session.transport.open_session(timeout=patience)
    except (paramiko.SSHException, OSError, EOFError) as error:
        return _nothing(Why.REFUSED, f"no session: {error}")
    try:
        output, why, detail = _talk(
            channel, command, (line + script.text).encode(), settings, limit
        )
    finally:
        hang_up(channel)
    frames = read_frames(output, script.nonce, script.sections)
    uid = frames.pop("uid", None)
    root = uid is not None and uid.text.strip() == "0"
    no_root = "" if root else _no_root(sudo, password)
    return Answer(frames=frames, root=root, why=why, detail=detail, no_root=no_root)


def _no_root(sudo: Sudo, password: str | None) -> str:
    if sudo is Sudo.NO:
        return "the inventory allows no sudo"
    if sudo is Sudo.PINNED:
        return "sudo does not allow this very script: install what `auditor sudoers` writes"
    return "sudo refused the password" if password else "sudo is not allowed without a password"


def _talk(
    channel: paramiko.Channel, command: str, text: bytes, settings: Settings, limit: Limit
) -> tuple[bytes, Why, str]:
    """Return the output and why it may be short of some frames."""
    output = bytearray()
    complaint = bytearray()
    try:
        patience = max(0.1, min(settings.connect_timeout, limit.left))
        channel.settimeout(patience)
        _start(channel, command, patience)
        _send(channel, text)
        channel.settimeout(TICK)
        while limit.left > 0:
            if channel.recv_stderr_ready():
                complaint += channel.recv_stderr(CHUNK)
                del complaint[4096:]
            try:
                chunk = channel.recv(CHUNK)
            except TimeoutError:
                continue
            if not chunk:
                return bytes(output), Why.INTERRUPTED, _ended(complaint)
            output += chunk
            if len(output) > settings.answer_limit:
                return bytes(output), Why.CUT, "the target sends more than the limit allows"
    except (paramiko.SSHException, OSError, EOFError) as error:
        detail = f"the connection broke off: {str(error) or type(error).__name__}"
        return bytes(output), Why.INTERRUPTED, inert(detail)
    if limit.stopped:
        return bytes(output), Why.INTERRUPTED, "the run was stopped"
    return bytes(output), Why.TIMEOUT, "the target did not finish in time"


def _send(channel: paramiko.Channel, text: bytes) -> None:
    """Send the script; a shell that ended before it took all of it may have said why."""
    try:
        channel.sendall(text)
        channel.shutdown_write()
    except OSError:
        if not (channel.closed and channel.get_transport().is_active()):
            raise


def _start(channel: paramiko.Channel, command: str, patience: float) -> None:
    """Ask for the command; paramiko itself would wait for the answer without end."""
    timer = threading.Timer(patience, hang_up, (channel,))
    timer.daemon = True
    timer.start()
    try:
        channel.exec_command(command)
    finally:
        timer.cancel()


def hang_up(channel: paramiko.Channel) -> None:
    """Close the channel; to say so to a server that is gone is no error."""
    with contextlib.suppress(paramiko.SSHException, OSError, EOFError):
        channel.close()


def _ended(complaint: bytearray) -> str:
    words = " ".join(inert(complaint.decode("utf-8", "replace")).split())[:200]
    return f"the session ended early: {words}" if words else "the session ended early"


def _nothing(why: Why, detail: str) -> Answer:
    return Answer(frames={}, root=False, why=why, detail=inert(detail))
