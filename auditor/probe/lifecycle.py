"""Whether the distributor still mends the operating system, and for how long.

Debian LTS counts as support, and so does Ubuntu's ESM where the target is attached to it. Debian's
ELTS does not: nothing here shows whether a target has it.
"""

from auditor.model.base import ProbeKey, Text
from auditor.model.fact import GAP, Kind, Why
from auditor.patch.ecosystem import life_of
from auditor.patch.support import end_of_support
from auditor.probe import os_release
from auditor.probe.base import Args, Derivation, Probe, ProbeType, Record, Unseen, Via
from auditor.probe.fields import leaf, record


class LifecycleArgs(Args, frozen=True):
    """Takes no arguments."""


_OS = Probe(type=os_release.PROBE, args=os_release.PROBE.args())


_UPDATES = ProbeKey("updates")


def _needs(_args: LifecycleArgs) -> tuple[Probe, ...]:
    return (_OS,)


def _derive(_args: LifecycleArgs, given: Derivation) -> Record:
    os = fact(given, _OS, "id", "version", "name")
    release = given.feeds.release(*life_of(os))
    if release is None or release.eol is None:
        raise Unseen(Why.NO_DATA, f"no end-of-life date is known for {os['name']}")
    today = given.now.date()
    told = given.facts.get(_UPDATES, {})
    end = end_of_support(release, told.get("pockets", ())) or release.eol
    return {
        "release": f"{os['id']} {os['version']} {release.codename}",
        "eol": f"{end.isoformat()}T00:00:00+00:00",
        "supported": today <= end,
        "days_left": (end - today).days,
        "phase": "full" if today <= release.eol else "lts" if today <= end else "ended",
    }


def fact(given: Derivation, probe: Probe, *names: str) -> Record:
    """Return a needed fact that has all of `names`, or raise why it is not there."""
    if probe.key not in given.facts:
        raise Unseen(*given.gaps[probe.key])
    found = dict(given.facts[probe.key])
    if missing := [name for name in names if name not in found]:
        gap = found.get(GAP) or {"why": Why.NO_DATA, "detail": f"{missing[0]} is not known"}
        raise Unseen(Why(gap["why"]), str(gap["detail"]))
    return found


PROBE = ProbeType(
    name="lifecycle",
    via=Via.DERIVED,
    args=LifecycleArgs,
    doc=Text(
        id="Masa dukungan sistem operasi menurut distributornya",
        en="The operating system's support by its distributor",
    ),
    gives=record(
        "Masa dukungan",
        "Support",
        {
            "release": leaf(Kind.TEXT, "Rilis", "Release"),
            "eol": leaf(Kind.TIME, "Akhir dukungan", "End of support"),
            "supported": leaf(Kind.BOOL, "Masih didukung", "Still supported"),
            "days_left": leaf(Kind.INT, "Sisa hari dukungan", "Days of support left"),
            "phase": leaf(Kind.TEXT, "Tahap dukungan", "Phase of support"),
        },
    ),
    needs=_needs,
    joins=("updates",),
    derive=_derive,
)
