"""For whom a check is meant, judged from what was seen on the target."""

from collections.abc import Mapping

from auditor.bind import BoundCheck
from auditor.evaluate.scope import Missing
from auditor.model.base import ProbeKey, Text
from auditor.model.check import Applies
from auditor.model.fact import Fact, Gap, Json, Observation, Why
from auditor.model.result import Reason, Status
from auditor.patch.deb_version import deb_key
from auditor.probe.base import Probe


def applies(bound: BoundCheck, observations: Mapping[ProbeKey, Observation]) -> Reason | None:
    """Return None where the check is meant for the target, else the reason why it is not.

    A reason with status ERROR says that it could not be found out.
    """
    os = _seen(bound.applies_os, observations)
    package = _seen(bound.applies_package, observations)
    if isinstance(os, Reason):
        return os
    if isinstance(package, Reason):
        return package
    wanted = bound.check.applies
    reason = _unmet(wanted, os, package)
    if reason is None and _is_excepted(wanted.unless, os, package):
        reason = Text(
            id="dikecualikan untuk sistem seperti ini", en="excluded for a system like this"
        )
    return Reason(status=Status.NOT_APPLICABLE, message=reason) if reason else None


def _seen(
    probe: Probe | None, observations: Mapping[ProbeKey, Observation]
) -> Mapping[str, Json] | Reason | None:
    if probe is None:
        return None
    match observations.get(probe.key):
        case Fact(value=value):
            return value
        case Gap(why=why, detail=detail):
            return _unknown(probe, Missing(why, detail))
        case _:
            return _unknown(probe, Missing(Why.NO_DATA, "not collected"))


def _unknown(probe: Probe, missing: Missing) -> Reason:
    label = probe.type.gives.label
    message = Text(
        id=f"{label.id}: tidak terlihat ({missing.reason.id})",
        en=f"{label.en}: not seen ({missing.reason.en})",
    )
    return Reason(
        status=Status.ERROR,
        message=message,
        path=probe.type.name,
        detail=missing.detail,
        waits=missing.waits,
    )


def _names_facts(applies: Applies) -> bool:
    return bool(applies.os or applies.package) or applies.container is not None


def _is_excepted(
    unless: Applies | None, os: Mapping[str, Json] | None, package: Mapping[str, Json] | None
) -> bool:
    return unless is not None and _names_facts(unless) and _unmet(unless, os, package) is None


def _unmet(
    wanted: Applies, os: Mapping[str, Json] | None, package: Mapping[str, Json] | None
) -> Text | None:
    if wanted.os and not any(_is_os(name, os or {}) for name in wanted.os):
        names = ", ".join(wanted.os)
        return Text(id=f"hanya untuk sistem operasi {names}", en=f"only for {names}")
    if wanted.container is not None and (os or {}).get("container") is not wanted.container:
        return Text(
            id="tidak berlaku di dalam kontainer" if not wanted.container else "hanya di kontainer",
            en="not meant for containers" if not wanted.container else "only for containers",
        )
    packages = (wanted.package,) if isinstance(wanted.package, str) else wanted.package
    if packages and not _has_any(packages, package or {}):
        listed = ", ".join(packages)
        return Text(id=f"paket {listed} tidak terpasang", en=f"package {listed} is not installed")
    return None


def _is_os(name: str, os: Mapping[str, Json]) -> bool:
    """Tell whether "debian" or "ubuntu>=20.04" is the system that was seen."""
    distribution, _, least = name.partition(">=")
    if os.get("id") != distribution:
        return False
    return not least or deb_key(str(os.get("version") or "")) >= deb_key(least)


def _has_any(names: tuple[str, ...], package: Mapping[str, Json]) -> bool:
    return any(
        entry.get("installed") is True and entry.get("name") in names
        for entry in package.get("packages", ())
    )
