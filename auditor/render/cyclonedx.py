"""A bill of materials of targets in CycloneDX 1.6, with what the vendor says of each weakness.

Needs the optional extra `sbom`. Every target is a component that holds its packages; the same
package on two targets is two components, for a kernel may be fixed on one and not run on the other.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from auditor import __version__
from auditor.errors import ConfigError
from auditor.model.base import TargetId, Value
from auditor.model.result import Run
from auditor.model.text import inert
from auditor.patch.ecosystem import Family, family
from auditor.patch.system import is_rpm_kernel, kernel_source
from auditor.patch.verdict import Verdict
from auditor.report.verdicts import Told

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from cyclonedx.model.vulnerability import Vulnerability, VulnerabilityAnalysis
    from packageurl import PackageURL

NAMESPACE = uuid.UUID("2b1c8a5e-0f0d-5c57-8d0a-6f2f5d3c9c41")
"""Of all serial numbers, for ever."""
MOST = 50
"""Targets of one document: it stands in memory whole."""
STATES: Mapping[Verdict, tuple[str, str]] = {
    Verdict.FIXED: ("resolved", ""),
    Verdict.NOT_AFFECTED: ("not_affected", ""),
    Verdict.UPDATE_PENDING: ("exploitable", "update"),
    Verdict.UPDATE_NOT_ENABLED: ("exploitable", "update"),
    Verdict.INSTALLED_NOT_RUNNING: ("exploitable", "workaround_available"),
    Verdict.OPEN_MINOR: ("exploitable", "will_not_fix"),
    Verdict.OPEN_NO_FIX: ("exploitable", "can_not_fix"),
    Verdict.UNDETERMINED: ("in_triage", ""),
}
"""Verdict → state and response; others are said of packages, not of weaknesses."""


class Package(Value, frozen=True):
    """An installed package as its manager names it; `name` without architecture."""

    name: str
    version: str
    arch: str
    source: str


class Content(Value, frozen=True):
    """One target: its system (ID and version of os-release), packages and verdicts."""

    target: TargetId
    distribution: str
    version: str
    packages: tuple[Package, ...]
    told: tuple[Told, ...]
    kernel: frozenset[str] = frozenset()
    """Packages of the running kernel: only they have its weaknesses."""
    kev: frozenset[str] = frozenset()
    reason: str = ""
    """Why it is not known to the full; empty where it is."""


def document(run: Run, city: str, contents: Iterable[Content]) -> str:
    """Return the JSON text; raises `ConfigError` where the extra is missing or it is too much."""
    try:
        from cyclonedx.output import make_outputter
        from cyclonedx.schema import OutputFormat, SchemaVersion
    except ImportError as error:
        raise ConfigError(
            "--format cyclonedx",
            f"it needs a library that is not installed ({error.name})",
            hint="pip install 'auditor[sbom]'",
        ) from error
    bom = _bom(run, city, tuple(contents))
    text: str = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    return f"{text}\n"


def _bom(run: Run, city: str, contents: tuple[Content, ...]) -> "Bom":
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.tool import ToolRepository

    if len(contents) > MOST:
        raise ConfigError(
            "--format cyclonedx",
            f"{len(contents)} targets are too many for one document (at most {MOST})",
            hint="name some by --target",
        )
    names = ",".join(content.target for content in contents)
    tool = Component(type=ComponentType.APPLICATION, name="auditor", version=__version__)
    bom = Bom(
        serial_number=uuid.uuid5(NAMESPACE, f"{run.id}\n{names}"),
        metadata=BomMetaData(
            timestamp=run.started,
            component=Component(type=ComponentType.PLATFORM, name=inert(city), bom_ref="city"),
            tools=ToolRepository(components=[tool]),
        ),
    )
    systems = []
    collected: dict[_Key, _Weakness] = {}
    for content in contents:
        system, places = _system(content)
        systems.append(system)
        _collect(content, places, collected)
    bom.components.update(systems)
    bom.vulnerabilities.update(_vulnerability(key, one) for key, one in collected.items())
    assert bom.metadata.component is not None  # noqa: S101 - set above
    bom.register_dependency(bom.metadata.component, systems)
    return bom


class _Key(NamedTuple):
    """What makes one entry of weaknesses."""

    name: str
    source: str
    verdict: Verdict
    want: str
    advisory: str
    note: str


class _Weakness:
    """Where a weakness stands, and whether it is known to be exploited."""

    def __init__(self) -> None:
        self.places: set[str] = set()
        self.kev = False


def _system(content: Content) -> "tuple[Component, dict[str, list[str]]]":
    """Return the target's component, and by package or source the references of its packages."""
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType

    places: dict[str, list[str]] = {}
    parts = {}
    for package in content.packages:
        purl = purl_of(content, package)
        ref = f"{content.target}/{purl.to_string()}"
        parts[ref] = Component(
            type=ComponentType.LIBRARY,
            name=inert(package.name),
            version=inert(package.version),
            purl=purl,
            bom_ref=ref,
        )
        for name in _names(content, package):
            places.setdefault(name, []).append(ref)
    properties = [Property(name="auditor:target", value=content.target)]
    if content.reason:
        properties.append(Property(name="auditor:status", value="error"))
        properties.append(Property(name="auditor:reason", value=inert(content.reason)))
    system = Component(
        type=ComponentType.OPERATING_SYSTEM,
        name=inert(content.distribution) or "unknown",
        version=inert(content.version),
        bom_ref=content.target,
        properties=properties,
        components=parts.values(),
    )
    return system, places


def _names(content: Content, package: Package) -> Iterator[str]:
    """Yield by what a verdict may name a package."""
    kernel = kernel_source(package.source)
    if kernel or is_rpm_kernel(package.name):
        if package.name in content.kernel:
            yield from dict.fromkeys((kernel or package.source, package.name))
        return
    yield from dict.fromkeys((package.source or package.name, package.name))


def purl_of(content: Content, package: Package) -> "PackageURL":
    """Return the package URL: pkg:deb/debian/openssl@3.0.11-1?arch=amd64&distro=debian-12."""
    from packageurl import PackageURL

    version, epoch = package.version, ""
    kind = family(content.distribution) or Family.DEB
    if kind is Family.RPM and ":" in version:
        epoch, _, version = version.partition(":")
    qualifiers = {
        "arch": package.arch,
        "distro": f"{content.distribution}-{content.version}",
        "epoch": epoch,
    }
    return PackageURL(
        type=kind.value,
        namespace=inert(content.distribution),
        name=inert(package.name),
        version=inert(version),
        qualifiers={name: inert(value) for name, value in qualifiers.items() if value},
    )


def _collect(
    content: Content, places: Mapping[str, list[str]], collected: dict[_Key, _Weakness]
) -> None:
    for told in content.told:
        if told.verdict not in STATES:
            continue
        name = told.cve or told.advisory or f"{told.suite}:{told.source}@{told.want}"
        refs = places.get(told.package) or places.get(told.source) or [content.target]
        key = _Key(name, told.source, told.verdict, told.want, told.advisory, told.note)
        weakness = collected.setdefault(key, _Weakness())
        weakness.places.update(refs)
        weakness.kev = weakness.kev or told.cve in content.kev


def _vulnerability(key: _Key, weakness: _Weakness) -> "Vulnerability":
    from cyclonedx.model import Property
    from cyclonedx.model.vulnerability import BomTarget, Vulnerability

    return Vulnerability(
        bom_ref=str(uuid.uuid5(NAMESPACE, "\n".join(key))),
        id=inert(key.name),
        analysis=_analysis(key),
        affects=[BomTarget(ref=place) for place in sorted(weakness.places)],
        recommendation=f"{inert(key.source)} {inert(key.want)}" if key.want else None,
        properties=[
            Property(name="auditor:verdict", value=key.verdict.value),
            *([Property(name="auditor:kev", value="yes")] if weakness.kev else []),
        ],
    )


def _analysis(key: _Key) -> "VulnerabilityAnalysis":
    from cyclonedx.model.impact_analysis import ImpactAnalysisResponse, ImpactAnalysisState
    from cyclonedx.model.vulnerability import VulnerabilityAnalysis

    state, response = STATES[key.verdict]
    words = (key.verdict.value.replace("_", " "), key.advisory, key.note)
    return VulnerabilityAnalysis(
        state=ImpactAnalysisState(state),
        responses=[ImpactAnalysisResponse(response)] if response else None,
        detail=inert("; ".join(word for word in words if word)),
    )
