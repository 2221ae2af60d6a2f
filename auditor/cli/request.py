"""Turn what the shell asked for into a request to the pipeline."""

import fnmatch
import socket
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from auditor.cli import options
from auditor.errors import ConfigError
from auditor.model.base import CheckId, OpdId, TargetId
from auditor.model.check import Check
from auditor.model.inventory import Authority, City, Inventory, Opd, Target
from auditor.model.policy import Policy
from auditor.model.scope import Scope
from auditor.model.waiver import Waiver

if TYPE_CHECKING:
    from auditor.audit import Request
    from auditor.model.priority import Priorities


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which inventory and policy, and which part of them; empty means all."""

    inventory_path: Path
    policy: str
    checks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    opds: tuple[str, ...] = ()
    local: bool = False
    waivers: Path | None = None
    """None: the file beside the inventory, where there is one."""

    @property
    def scope(self) -> str:
        """Canonical name: only runs of one scope are compared with each other."""
        filters = {
            name: ",".join(sorted(getattr(self, name)))
            for name in ("opds", "targets", "tags", "checks")
        }
        named = [f"{name}={values}" for name, values in filters.items() if values]
        return " ".join([f"policy={self.policy}", *named, *(["local"] if self.local else [])])


def local_inventory(now: datetime) -> Inventory:
    """Return the inventory of this machine alone, on its own operator's authority."""
    name = socket.gethostname().lower() or "localhost"
    return Inventory(
        city=City(name="Komputer ini"),
        authority=Authority(
            letter="audit mandiri (--local)",
            date=now.date(),
            valid_until=now.date(),
            scope=Scope(networks=("127.0.0.0/8",)),
            issued_by="Pengelola komputer ini",
        ),
        opds=(Opd(id=OpdId("lokal"), name="Komputer ini"),),
        targets=(
            Target(
                id=TargetId("localhost"),
                name=name,
                opd=OpdId("lokal"),
                address="127.0.0.1",
                local=True,
            ),
        ),
    )


def make_request(choice: Choice, home: Path, jobs: int, password: str | None) -> "Request":
    """Load everything that a run needs and refuse what the authority does not cover."""
    from auditor.audit import Request
    from auditor.collect import Settings
    from auditor.collect.ssh_route import config_files
    from auditor.feeds import open_library
    from auditor.load.checks import load_checks
    from auditor.load.frameworks import load_frameworks
    from auditor.load.inventory import check_authority, load_inventory
    from auditor.load.lint_policy import lint_policies
    from auditor.load.policies import load_policy, read_policy
    from auditor.load.refuse import refuse

    if choice.local:
        inventory = local_inventory(options.now())
    else:
        inventory = load_inventory(choice.inventory_path)
    checks = load_checks()
    refuse(lint_policies(read_policy(choice.policy), checks))
    policies = load_policy(choice.policy)
    chosen = _chosen_checks(checks, choice)
    if not choice.local:
        inventory = with_asked_offices(inventory, policies, chosen)
    targets = chosen_targets(inventory, choice)
    waivers = _waivers(choice, checks, inventory)
    check_authority(inventory, targets, options.now().date(), str(choice.inventory_path))
    return Request(
        settings=Settings(
            inventory=inventory,
            known_hosts=(home / "known_hosts",),
            ssh_config=config_files(Path.home()),
            password=lambda _target: password,
            now=options.now,
        ),
        policies=policies,
        checks=chosen,
        frameworks=load_frameworks(policies),
        feeds=open_library(home, priorities(home)),
        targets=targets,
        scope=choice.scope,
        waivers=waivers,
        jobs=jobs,
    )


def _waivers(
    choice: Choice, checks: Mapping[CheckId, Check], inventory: Inventory
) -> tuple[Waiver, ...]:
    from auditor.load.waivers import FILE, load_waivers

    beside = choice.inventory_path.parent / FILE
    path = choice.waivers or (beside if beside.is_file() and not choice.local else None)
    if path is None:
        return ()
    offices = inventory.with_offices()
    return load_waivers(path, checks, {target.id for target in offices.targets})


def with_asked_offices(
    inventory: Inventory, policies: tuple[Policy, ...], checks: Mapping[CheckId, Check]
) -> Inventory:
    """Return the inventory with a target for each office of which people are asked something."""
    from auditor.plan import choose

    people = {name: check for name, check in checks.items() if _asks_people(check)}
    own = {target.id for target in inventory.targets}
    full = inventory.with_offices()
    targets = tuple(
        target for target in full.targets if target.id in own or choose(policies, people, target)
    )
    return msgspec.structs.replace(full, targets=targets)


def _asks_people(check: Check) -> bool:
    named = {name for question in check.probe.values() for name in question}
    return not named.isdisjoint(_PEOPLE)


_PEOPLE = ("attestation", "contradictions")
"""Probes that ask the people of an office."""


def priorities(home: Path) -> "Priorities":
    """Return the city's own table of due dates (priority.yaml of the home folder), or ours."""
    from auditor.load.priority import load_priorities

    own = home / "priority.yaml"
    return load_priorities(own if own.exists() else None)


def chosen_targets(inventory: Inventory, choice: Choice) -> tuple[Target, ...]:
    """Return the targets that every filter lets through; a name that fits nothing is a mistake."""
    _must_be_known("--target", choice.targets, {target.id for target in inventory.targets})
    _must_be_known("--opd", choice.opds, {opd.id for opd in inventory.opds})
    targets = tuple(
        target
        for target in inventory.targets
        if (not choice.targets or target.id in choice.targets)
        and (not choice.opds or target.opd in choice.opds)
        and (not choice.tags or not set(choice.tags).isdisjoint(_tags(target)))
    )
    if not targets:
        raise ConfigError("inventory", "no target fits these filters")
    return targets


def _must_be_known(option: str, wanted: tuple[str, ...], known: Collection[str]) -> None:
    for name in wanted:
        if name not in known:
            raise ConfigError(option, f"the inventory has no {name!r}")


def _tags(target: Target) -> set[str]:
    tags = target.tags
    named = {name for name in ("iiv", "data_pribadi") if getattr(tags, name)}
    return {*tags.other, *named, *target.roles, *([tags.kategori_se] if tags.kategori_se else [])}


def _chosen_checks(checks: Mapping[CheckId, Check], choice: Choice) -> Mapping[CheckId, Check]:
    if not choice.checks:
        return checks
    for pattern in choice.checks:
        if not fnmatch.filter(checks, pattern):
            raise ConfigError("--check", f"no check fits {pattern!r}")
    return {
        name: check
        for name, check in checks.items()
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in choice.checks)
    }
