"""Which checks are asked of which target, and the fewest visits that answer them."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TypeAlias

import msgspec

from auditor.bind import BoundCheck, bind_args, bind_expectations, bind_params
from auditor.errors import ConfigError
from auditor.model.base import CheckId, Text, Value
from auditor.model.check import Applies, Check, Severity
from auditor.model.fact import Json
from auditor.model.inventory import Inventory, Target, TargetKind
from auditor.model.policy import Entry, Policy, Selector
from auditor.model.result import Status
from auditor.probe.base import Probe, ProbeType, Via

Catalogue: TypeAlias = Mapping[str, ProbeType]

COMMAND = "command"
"""The probe type that runs what a check names."""
PORTS_BATCH = 100
"""Targets that share one nmap process."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One visit: what one collector asks of one target (nmap: of several)."""

    via: Via
    targets: tuple[Target, ...]
    probes: tuple[Probe, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Visits, and the checks that each target is judged by."""

    tasks: tuple[Task, ...]
    checks: Mapping[str, tuple[BoundCheck, ...]]
    """Target id → checks, in the order of the policy's check ids."""
    derived: Mapping[str, tuple[Probe, ...]]
    """Target id → derived probes, each after those that it needs."""


class Chosen(Value, frozen=True):
    """A check as a policy wants it for some targets."""

    check: CheckId
    params: Mapping[str, Json]
    severity: Severity | None


def choose(
    policies: Iterable[Policy], checks: Mapping[CheckId, Check], target: Target
) -> tuple[Chosen, ...]:
    """Apply the entries of policies (base first) in order; the last word on a check counts."""
    known = sorted(checks)
    chosen: dict[CheckId, Chosen] = {}
    for policy in policies:
        for entry in policy.checks:
            if not selects(entry.for_, target):
                continue
            for check in (c for c in known if entry.use and fnmatchcase(c, entry.use)):
                before = chosen.get(check)
                chosen[check] = Chosen(
                    check=check,
                    params={
                        **(before.params if before else {}),
                        **given(entry, checks[check]),
                    },
                    severity=entry.severity or (before.severity if before else None),
                )
            for check in [c for c in chosen if entry.drop and fnmatchcase(c, entry.drop)]:
                del chosen[check]
    return tuple(chosen[check] for check in sorted(chosen))


def given(entry: Entry, check: Check) -> Mapping[str, Json]:
    """Return what an entry sets of a check: one for many checks sets what each of them knows."""
    if entry.use == check.id:
        return entry.params
    return {name: value for name, value in entry.params.items() if name in check.params}


def selects(selector: Selector, target: Target) -> bool:
    """Tell whether everything that a selector names holds for a target."""
    tags = target.tags
    return all(
        (
            not selector.opd or target.opd in selector.opd,
            not selector.role or not set(selector.role).isdisjoint(target.roles),
            not selector.kind or target.kind in selector.kind,
            not selector.zone or target.zone in selector.zone,
            not selector.kategori_se or tags.kategori_se in selector.kategori_se,
            selector.iiv is None or tags.iiv == selector.iiv,
            selector.data_pribadi is None or tags.data_pribadi == selector.data_pribadi,
            not selector.tag or not set(selector.tag).isdisjoint(tags.other),
        )
    )


def plan(
    inventory: Inventory,
    policies: tuple[Policy, ...],
    checks: Mapping[CheckId, Check],
    catalogue: Catalogue,
    targets: tuple[Target, ...] | None = None,
) -> Plan:
    """Bind every chosen check to its targets and gather the probes into visits."""
    wanted = inventory.targets if targets is None else targets
    bound: dict[str, tuple[BoundCheck, ...]] = {}
    derived: dict[str, tuple[Probe, ...]] = {}
    asked: list[tuple[Target, tuple[Probe, ...]]] = []
    memo: dict[bytes, _Shared] = {}
    for target in wanted:
        kind = _kind(target)
        if kind not in memo:
            chosen = choose(policies, checks, target)
            memo[kind] = _shared(chosen, checks, target, catalogue)
        shared = memo[kind]
        own = {c.check: bind(checks[c.check], c, target, catalogue) for c in shared.own}
        bound[target.id] = tuple(own.get(name) or shared.bound[name] for name in shared.order)
        probes = _expand(own.values(), shared.probes)
        _must_be_allowed(policies, probes)
        derived[target.id] = tuple(p for p in probes if p.type.via is Via.DERIVED)
        asked.append((target, tuple(p for p in probes if p.type.via not in _JOINED)))
    return Plan(tasks=tuple(_tasks(asked)), checks=bound, derived=derived)


def _must_be_allowed(policies: tuple[Policy, ...], probes: Iterable[Probe]) -> None:
    """Refuse a program that a check names, unless the policy that was asked for gives leave."""
    if not policies or policies[-1].allow_commands:
        return
    for probe in probes:
        if probe.type.name == COMMAND:
            raise ConfigError(
                f"policy {policies[-1].id}",
                f"a check would run a program on targets: {probe.key}",
                hint="read it, then write allow_commands: true into the policy",
            )


_JOINED = (Via.DERIVED, Via.FLEET)
"""Ways of asking for which nobody is visited."""


class _Shared(msgspec.Struct, frozen=True):
    """What targets of one kind have in common; `own` are checks that hold fields of the target."""

    order: tuple[CheckId, ...]
    bound: Mapping[CheckId, BoundCheck]
    own: tuple[Chosen, ...]
    probes: tuple[Probe, ...]


def _shared(
    chosen: tuple[Chosen, ...],
    checks: Mapping[CheckId, Check],
    target: Target,
    catalogue: Catalogue,
) -> _Shared:
    own = tuple(c for c in chosen if _names_target(checks[c.check]))
    bound = {c.check: bind(checks[c.check], c, target, catalogue) for c in chosen if c not in own}
    order = tuple(c.check for c in chosen)
    return _Shared(order, bound, own, _expand(bound.values()))


def _kind(target: Target) -> bytes:
    """Return what policies and `applies` look at: targets that agree in it are asked the same."""
    seen = (target.opd, target.roles, target.kind, target.zone, target.tags)
    named = (bool(target.sites), bool(target.domains), bool(target.networks))
    return msgspec.msgpack.encode((*seen, *named, visited(target)))


def _names_target(check: Check) -> bool:
    """Tell whether a check holds fields of the target, so that each target has its own."""
    return b'"$target.' in msgspec.json.encode((check.probe, check.expect, check.when))


def bind(check: Check, chosen: Chosen, target: Target, catalogue: Catalogue) -> BoundCheck:
    """Fill a policy's parameters and a target's own fields into a check."""
    check = _settled(check, target)
    params = bind_params(check, chosen.params)
    probes = {}
    for alias, question in check.probe.items():
        for name, args in question.items():
            if name not in catalogue:
                raise ConfigError(check.id, f"there is no probe type {name!r}")
            kind = catalogue[name]
            probes[alias] = Probe(type=kind, args=bind_args(check, kind.args, args, params, target))
    applies = check.applies
    package = _packages(applies)
    return BoundCheck(
        check=check,
        severity=chosen.severity or check.severity,
        params=params,
        probes=probes,
        expect=bind_expectations(check, params, target),
        when=bind_expectations(check, params, target, check.when),
        applies_os=(
            Probe(type=catalogue["os"], args=catalogue["os"].args()) if _needs_os(applies) else None
        ),
        applies_package=(
            Probe(
                type=catalogue["package"],
                args=msgspec.convert({"name": package}, catalogue["package"].args),
            )
            if package
            else None
        ),
        excluded=_excluded(applies, target, probes),
    )


def _settled(check: Check, target: Target) -> Check:
    """Drop an exception (`unless`) that the inventory alone shows not to hold."""
    unless = check.applies.unless
    if unless is None or _misfit(unless, target) is None:
        return check
    applies = msgspec.structs.replace(check.applies, unless=None)
    return msgspec.structs.replace(check, applies=applies)


def _needs_os(applies: Applies) -> bool:
    here = bool(applies.os) or applies.container is not None
    return here or (applies.unless is not None and _needs_os(applies.unless))


def _packages(applies: Applies) -> tuple[str, ...]:
    own = (applies.package,) if isinstance(applies.package, str) else applies.package
    return own + (_packages(applies.unless) if applies.unless else ())


def _excluded(
    applies: Applies, target: Target, probes: Mapping[str, Probe]
) -> tuple[Status, Text] | None:
    if reason := _misfit(applies, target):
        return Status.NOT_APPLICABLE, reason
    if applies.unless and _static(applies.unless):
        return Status.NOT_APPLICABLE, Text(
            id="dikecualikan untuk peran target ini", en="excluded for the role of this target"
        )
    if not target.address and any(_needs_address(probe) for probe in probes.values()):
        return Status.NOT_APPLICABLE, _NO_ADDRESS
    if visited(target) or not any(_needs_visit(probe) for probe in probes.values()):
        return None
    if target.kind is TargetKind.SERVER:
        return Status.NOT_CHECKED, Text(
            id="inventaris tidak memberi akses SSH ke server ini",
            en="the inventory gives no SSH access to this server",
        )
    return Status.NOT_APPLICABLE, Text(
        id="hanya untuk server yang dikunjungi lewat SSH",
        en="only for servers that are visited over SSH",
    )


def visited(target: Target) -> bool:
    """Tell whether a target is looked at from inside."""
    return target.local or target.ssh is not None


def _needs_address(probe: Probe) -> bool:
    return probe.type.via not in (Via.ATTEST, Via.FLEET)


def _needs_visit(probe: Probe) -> bool:
    if probe.type.needs is not None:
        return any(_needs_visit(p) for p in probe.type.needs(probe.args))
    return probe.type.via is Via.SSH


def _static(applies: Applies) -> bool:
    return not (applies.os or applies.package) and applies.container is None


def _misfit(applies: Applies, target: Target) -> Text | None:
    if applies.kind and target.kind not in applies.kind:
        return Text(
            id=f"hanya untuk target jenis {', '.join(applies.kind)}",
            en=f"only for targets of kind {', '.join(applies.kind)}",
        )
    if applies.role and set(applies.role).isdisjoint(target.roles):
        return Text(
            id=f"hanya untuk peran {', '.join(applies.role)}",
            en=f"only for the roles {', '.join(applies.role)}",
        )
    for asked, has, words in (
        (applies.sites, bool(target.sites), _NO_SITE),
        (applies.domains, bool(target.domains), _NO_DOMAIN),
        (applies.networks, bool(target.networks), _NO_NETWORK),
        (applies.ssh, visited(target), _NO_VISIT),
    ):
        if asked is not None and asked != has:
            return words
    return None


_NO_SITE = Text(id="target ini tidak melayani situs", en="this target serves no site")
_NO_ADDRESS = Text(
    id="target ini bukan mesin: tidak ada yang dapat dihubungi",
    en="this target is no machine: there is nothing to connect to",
)
_NO_DOMAIN = Text(
    id="inventaris tidak menyebut domain target ini", en="the inventory names no domain of it"
)
_NO_NETWORK = Text(
    id="inventaris tidak menyebut jaringan target ini", en="the inventory names no network of it"
)
_NO_VISIT = Text(
    id="target ini tidak dikunjungi lewat SSH", en="this target is not visited over SSH"
)


def _expand(checks: Iterable[BoundCheck], known: tuple[Probe, ...] = ()) -> tuple[Probe, ...]:
    """Return every distinct probe, those that a derived one needs before it, `known` ones first."""
    found: dict[str, Probe] = {probe.key: probe for probe in known}
    for bound in checks:
        if not bound.excluded:
            for probe in bound.questions():
                _add(probe, found)
    return tuple(found.values())


def _add(probe: Probe, found: dict[str, Probe]) -> None:
    if probe.key in found:
        return
    if probe.type.needs is not None:
        for needed in probe.type.needs(probe.args):
            _add(needed, found)
    found[probe.key] = probe


_VISITS = tuple(via for via in Via if via not in (Via.PORTS, *_JOINED))


def _tasks(asked: list[tuple[Target, tuple[Probe, ...]]]) -> Iterator[Task]:
    """Slow outside scans first, then one visit a target for each other view."""
    yield from _scans(asked)
    for target, probes in asked:
        for via in _VISITS:
            if mine := tuple(p for p in probes if p.type.via is via):
                yield Task(via=via, targets=(target,), probes=mine)


def _scans(asked: list[tuple[Target, tuple[Probe, ...]]]) -> Iterator[Task]:
    """Targets of one zone that are asked the same ports share a scan."""
    batches: dict[tuple[str, str, bool], list[Target]] = {}
    questions: dict[str, Probe] = {}
    for target, probes in asked:
        for probe in (p for p in probes if p.type.via is Via.PORTS):
            batches.setdefault((probe.key, target.zone, target.local), []).append(target)
            questions[probe.key] = probe
    for (key, _zone, _local), targets in batches.items():
        for start in range(0, len(targets), PORTS_BATCH):
            batch = tuple(targets[start : start + PORTS_BATCH])
            yield Task(via=Via.PORTS, targets=batch, probes=(questions[key],))
