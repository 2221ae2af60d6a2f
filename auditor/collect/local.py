"""Ask this machine itself, without SSH: the same script, on the standard input of `sh`."""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

from auditor.collect import Limit, Settings
from auditor.collect.visit import observations
from auditor.model.fact import Observation, Why
from auditor.plan import Task
from auditor.probe.script import compile_script, new_nonce, read_frames

CHUNK = 65_536
TICK = 0.25


class LocalCollector:
    """Answers SSH probes for a local target: as root, by `sudo -n` where allowed, or as it is."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe."""
        (target,) = task.targets
        script = compile_script(task.probes, new_nonce())
        seen_at = settings.now()
        output, missing = _run(_shell(), script.text.encode(), settings.answer_limit, limit)
        frames = read_frames(output, script.nonce, script.sections)
        yield from observations(target.id, task.probes, frames, seen_at, missing)


def _shell() -> list[str]:
    sudo = shutil.which("sudo")
    if os.geteuid() != 0 and sudo is not None:
        allowed = subprocess.run(  # noqa: S603 - fixed words
            [sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if allowed.returncode == 0:
            return [sudo, "-n", "sh", "-s"]
    return ["sh", "-s"]


def _run(command: list[str], text: bytes, most: int, limit: Limit) -> tuple[bytes, tuple[Why, str]]:
    """Return the output and why it may lack frames; nothing of the command outlives the call."""
    process = subprocess.Popen(  # noqa: S603 - `sh -s`, the text goes on its input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return _talk(process, text, most, limit)
    finally:
        _end(process)


def _talk(
    process: subprocess.Popen[bytes], text: bytes, most: int, limit: Limit
) -> tuple[bytes, tuple[Why, str]]:
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    os.set_blocking(process.stdin.fileno(), False)
    output = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdin, selectors.EVENT_WRITE)
        selector.register(process.stdout, selectors.EVENT_READ)
        while limit.left > 0:
            for key, _ in selector.select(TICK):
                if key.fileobj is process.stdin:
                    text = _send(process.stdin.fileno(), text)
                    if not text:
                        selector.unregister(process.stdin)
                        process.stdin.close()
                    continue
                chunk = os.read(process.stdout.fileno(), CHUNK)
                if not chunk:
                    return bytes(output), (Why.INTERRUPTED, "the script ended early")
                output += chunk
                if len(output) > most:
                    return bytes(output), (Why.CUT, "more output than the limit allows")
    why = Why.INTERRUPTED if limit.stopped else Why.TIMEOUT
    return bytes(output), (why, "the script did not finish in time")


def _send(descriptor: int, text: bytes) -> bytes:
    """Write a piece and return what is left; a reader that is gone leaves nothing to do."""
    try:
        return text[os.write(descriptor, text[:CHUNK]) :]
    except BrokenPipeError:
        return b""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group and reap the child."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None and number is signal.SIGKILL:
            break
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        until = time.monotonic() + 1
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
