"""Run sslyze over a target's TLS endpoints, in a process of its own that ends in time.

sslyze talks through an OpenSSL of its own, of an old version that still knows the old holes: what
a hostile server does to it stays in that process.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.probe.base import Probe, Unseen
from auditor.probe.tls import HTTPS, Endpoint
from auditor.probe.tls_deep import COMMANDS, place, points, read

MODULE = "sslyze"
REPORT_LIMIT = 4 * 2**20
"""Bytes of sslyze's report: about 6 kB an endpoint."""
_SOURCE_LIMIT = 4000
_WORDS = [
    *(f"--{command}" for command in COMMANDS),
    "--mozilla_config=disable",
    "--slow_connection",
    "--json_out=-",
    "--",
]


def observe(
    target: Target, probe: Probe, settings: Settings, limit: Limit, https: int = HTTPS
) -> Observation:
    """Answer the probe `tls_deep` on a target. `https` is the port of the sites."""
    asked = points(target, https)
    try:
        if not asked:
            return _fact(target, probe, settings, "the inventory", ())
        ip = reach(
            target.address, settings, Deadline(limit, settings.connect_timeout), local=target.local
        )
        report = _run([place(point, ip) for point in asked], limit)
        items = read(report, asked, https)
    except (Unreached, Unseen) as error:
        return Gap(target=TargetId(target.id), probe=probe.key, why=error.why, detail=error.detail)
    return _fact(target, probe, settings, _source(target, asked, ip, settings), items)


def _source(target: Target, asked: Sequence[Endpoint], ip: str, settings: Settings) -> str:
    where = ", ".join(point.key for point in asked)
    return f"sslyze to {ip}: {where} seen from {settings.inventory.seen_from(target)}"


def _fact(
    target: Target, probe: Probe, settings: Settings, source: str, items: Sequence[object]
) -> Fact:
    return Fact(
        target=TargetId(target.id),
        probe=probe.key,
        value={"exists": bool(items), "endpoints": list(items)},
        evidence=Evidence(source=source[:_SOURCE_LIMIT], seen_at=settings.now()),
    )


def _run(places: Sequence[str], limit: Limit) -> bytes:
    """Return sslyze's report in JSON. It exits with 0 where nothing answered, too."""
    if find_spec(MODULE) is None:
        raise Unseen(Why.UNSUPPORTED, "sslyze is not installed: pip install 'auditor[deep]'")
    command = [sys.executable, "-I", "-W", "ignore", "-m", MODULE, *_WORDS, *places]
    with (
        tempfile.TemporaryFile() as report,
        subprocess.Popen(  # noqa: S603 - fixed words, names of the inventory, no shell
            command, stdin=subprocess.DEVNULL, stdout=report, stderr=subprocess.DEVNULL
        ) as process,
    ):
        try:
            _wait(process, limit)
        finally:
            process.kill()
        report.seek(0)
        text = report.read(REPORT_LIMIT + 1)
    if len(text) > REPORT_LIMIT:
        raise Unseen(Why.CUT, "sslyze's report is too long")
    return text


def _wait(process: "subprocess.Popen[bytes]", limit: Limit) -> None:
    """Wait for the end of sslyze, or raise `Unreached` when the task's time is over."""
    deadline = Deadline(limit, limit.left)
    while True:
        try:
            process.wait(deadline.wait())
        except subprocess.TimeoutExpired:
            continue
        return
