"""Collect facts about domains in the tests, and what the letter of the tests covers."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from auditor.collect import Limit, Settings
from auditor.collect.dns import DnsCollector
from auditor.model.fact import Fact
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target, TargetKind
from auditor.model.shape import misfits
from auditor.plan import Task
from auditor.probe import dns, mail
from auditor.probe.base import Probe, Via

PROBES = {"dns": dns.PROBE, "mail": mail.PROBE}


def settings_for(
    resolvers: Sequence[str], anchors: str | None = None, *, seconds: float = 2.0, **more: Any
) -> Settings:
    """Return settings whose letter covers 127.53.0.0/16, 127.0.0.1 and go.id."""
    inventory = Inventory(
        city=City(name="Kota Uji"),
        authority=Authority(
            letter="1/ST/2026",
            date=date(2020, 1, 1),
            valid_until=date(2099, 12, 31),
            scope=Scope(networks=("127.53.0.0/16", "127.0.0.1/32"), domains=("go.id",)),
        ),
        opds=(Opd(id="o", name="O"),),
        resolvers=tuple(resolvers),
        trust_anchors=anchors,
        **({"targets": ()} | more),
    )
    return Settings(inventory=inventory, connect_timeout=seconds, now=lambda: datetime.now(UTC))


def target_for(*domains: str, **more: Any) -> Target:
    return Target(
        id="t", opd="o", address="127.53.0.1", kind=TargetKind.DOMAIN, domains=domains, **more
    )


def observe(
    kind: str, target: Target, settings: Settings, collector: DnsCollector, seconds: float = 30
) -> Fact:
    """Return the fact of one probe, which has the shape that is promised."""
    probe = PROBES[kind]
    task = Task(via=Via.DNS, targets=(target,), probes=(Probe(type=probe, args=probe.args()),))
    limit = Limit(seconds, threading.Event(), time.monotonic)
    (fact,) = collector.collect(task, settings, limit)
    assert isinstance(fact, Fact)
    assert list(misfits(fact.value, probe.gives)) == []
    return fact


def rows(fact: Fact) -> dict[str, Any]:
    """Return the records of a fact by domain."""
    return {row["domain"]: row for row in fact.value["domains"]}
