"""Visit a target over SSH: one connection, one channel, one script."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec

from auditor.collect import Limit, Settings
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_login import Session, connect
from auditor.collect.ssh_script import run_script
from auditor.collect.visit import observations
from auditor.model.base import TargetId
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Sudo, Target
from auditor.plan import Task
from auditor.probe.base import Probe
from auditor.probe.script import compile_script, new_nonce
from auditor.probe.session import PROBE as SESSION

logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False


class SshCollector:
    """Asks all SSH probes of a target in one visit."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield the session's own fact first, then one observation for each probe."""
        (target,) = task.targets
        asked = tuple(probe for probe in task.probes if probe.type is not SESSION)
        session = tuple(probe for probe in task.probes if probe.type is SESSION)
        with ExitStack() as stack:
            try:
                opened = connect(target, settings, limit, stack)
            except Refusal as refusal:
                yield from _refused(target.id, session, asked, refusal)
                return
            yield from _visit(target, opened, asked, session, settings, limit)


def _refused(
    target: TargetId, session: tuple[Probe, ...], asked: tuple[Probe, ...], refusal: Refusal
) -> Iterator[Observation]:
    """A key that is not the recorded one is a fact; everything else is a gap."""
    for probe in session:
        if refusal.key_standing:
            yield Fact(
                target=target,
                probe=probe.key,
                value={
                    "host_key": refusal.key_standing,
                    "fingerprint": refusal.fingerprint,
                    "root": False,
                },
                evidence=Evidence(source="ssh", excerpt=str(refusal)),
            )
        else:
            yield Gap(target=target, probe=probe.key, why=refusal.why, detail=refusal.detail)
    for probe in asked:
        yield Gap(target=target, probe=probe.key, why=refusal.why, detail=refusal.detail)


def _visit(
    target: Target,
    opened: Session,
    asked: tuple[Probe, ...],
    session: tuple[Probe, ...],
    settings: Settings,
    limit: Limit,
) -> Iterator[Observation]:
    seen_at = settings.now()
    sudo = target.ssh.sudo if target.ssh is not None else Sudo.NO
    password = settings.password(target) if sudo is Sudo.AUTO else None
    script = compile_script(asked, new_nonce())
    answer = run_script(opened, script, settings, limit, sudo=sudo, password=password)
    for probe in session:
        yield Fact(
            target=target.id,
            probe=probe.key,
            value={
                "host_key": "known",
                "fingerprint": opened.fingerprint,
                "root": answer.root,
            },
            evidence=Evidence(source=f"ssh {opened.address}", seen_at=seen_at),
        )
    missing = (answer.why, answer.detail)
    for seen in observations(target.id, asked, answer.frames, seen_at, missing):
        yield _explained(seen, answer.no_root)


def _explained(seen: Observation, no_root: str) -> Observation:
    if isinstance(seen, Gap) and seen.why is Why.NEEDS_ROOT and no_root:
        return msgspec.structs.replace(seen, detail=f"{seen.detail}: {no_root}")
    return seen
