"""Systems made of empty packages with real names, versions and module labels, and what dnf says.

The packages are built by rpmbuild and entered into databases by rpm; the repository, a folder of
this machine, has the advisories and modules as dnf reads them, and no package.
"""

import os
import subprocess
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from auditor.model.advisory import Fix

_ENVIRONMENT = {**os.environ, "HOME": "/var/lib", "LC_ALL": "C"}
"""Debian's rpm keeps its database below HOME."""
CONTEXT = "8100020240101000000:abcdef01"


class Installed(NamedTuple):
    """A package: `version` is "epoch:version-release", `stream` as "nodejs:20" or empty."""

    name: str
    version: str
    stream: str = ""


def parts(version: str) -> tuple[str, str, str]:
    epoch, _, rest = version.rpartition(":")
    number, _, release = rest.rpartition("-")
    return epoch or "0", number, release


def build(folder: Path, packages: Iterable[Installed]) -> list[Path]:
    """Build the packages with rpmbuild: one run for all that have different names."""
    runs: list[dict[str, Installed]] = []
    for package in packages:
        run = next((run for run in runs if package.name not in run), None)
        if run is None:
            runs.append(run := {})
        run[package.name] = package
    made = []
    for number, run in enumerate(runs):
        top = folder / f"run{number}"
        top.mkdir(parents=True)
        spec = top / "all.spec"
        spec.write_text(_HEAD + "".join(map(_section, run.values())))
        options = ["--define", f"_topdir {top}", "--define", "_binary_payload w0.gzdio"]
        subprocess.run(["rpmbuild", "-bb", "--quiet", *options, spec], check=True, timeout=120)
        made += (top / "RPMS" / "noarch").glob("*.rpm")
    return made


_HEAD = """Name: constructed
Version: 1
Release: 1
Summary: x
License: x
BuildArch: noarch
%description
x
"""


def _section(package: Installed) -> str:
    epoch, version, release = parts(package.version)
    more = f"Epoch: {epoch}\n" if epoch != "0" else ""
    more += f"ModularityLabel: {package.stream}:{CONTEXT}\n" if package.stream else ""
    return (
        f"%package -n {package.name}\nSummary: x\nVersion: {version}\n"
        f"Release: {release}\n{more}%description -n {package.name}\nx\n%files -n {package.name}\n"
    )


def install(root: Path, rpms: Sequence[Path]) -> Path:
    """Enter the packages into the database that rpm and dnf look for below a root; return it."""
    told = subprocess.run(
        ["rpm", "--eval", "%_dbpath"], env=_ENVIRONMENT, capture_output=True, text=True, check=True
    )
    dbpath = root / told.stdout.strip().lstrip("/")
    dbpath.mkdir(parents=True)
    options = ["--justdb", "--nodeps", "--ignorearch", "--ignoreos", "--nosignature", "--nodigest"]
    subprocess.run(
        ["rpm", "--dbpath", dbpath, "-i", *options, *rpms],
        check=True,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )
    return dbpath


def repository(folder: Path, fixes: Iterable[Fix], installed: Collection[Installed]) -> None:
    """Make a repository of advisories; fixes of no known stream are not for dnf to know of."""
    folder.mkdir(parents=True)
    subprocess.run(["createrepo_c", "-q", folder], check=True, timeout=60)
    updates = folder / "updateinfo.xml"
    updates.write_text("".join(_updateinfo(fixes)))
    streams = {p.stream for p in installed if p.stream} | {f.stream for f in fixes if f.stream}
    modules = folder / "modules.yaml"
    modules.write_text("".join(_modulemd(stream, installed) for stream in sorted(streams)))
    for kind, file in (("updateinfo", updates), ("modules", modules)):
        if file.read_text():
            command = ["modifyrepo_c", "--mdtype", kind, file, folder / "repodata"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)


def _updateinfo(fixes: Iterable[Fix]) -> Iterator[str]:
    advisories: dict[str, list[Fix]] = {}
    for fix in fixes:
        advisories.setdefault(fix.advisory, []).append(fix)
    yield "<updates>\n"
    for name, rows in advisories.items():
        cves = dict.fromkeys(cve for row in rows for cve in row.cves)
        yield (
            f'<update from="x" status="final" type="security" version="1"><id>{name}</id>'
            f'<title>x</title><issued date="{rows[0].issued} 00:00:00"/><severity>Low</severity>'
            "<references>"
            + "".join(f'<reference href="x" id="{cve}" type="cve" title="x"/>' for cve in cves)
            + "</references><pkglist>"
        )
        for stream in dict.fromkeys(row.stream for row in rows):
            yield f'<collection short="{stream or "x"}"><name>x</name>{_module(stream)}'
            for row in rows:
                if row.stream == stream:
                    epoch, version, release = map(quoteattr, parts(row.version))
                    yield (
                        f"<package name={quoteattr(row.package)} epoch={epoch} version={version}"
                        f' release={release} arch="noarch"><filename>x</filename></package>'
                    )
            yield "</collection>"
        yield "</pkglist></update>\n"
    yield "</updates>\n"


def _module(stream: str) -> str:
    if not stream:
        return ""
    name, _, branch = stream.partition(":")
    version, _, context = CONTEXT.partition(":")
    return (
        f'<module name="{name}" stream="{branch}" version="{version}" context="{context}"'
        ' arch="x86_64"/>'
    )


def _modulemd(stream: str, installed: Iterable[Installed]) -> str:
    name, _, branch = stream.partition(":")
    version, _, context = CONTEXT.partition(":")
    rpms = [
        f"      - {p.name}-{':'.join(parts(p.version)[:1])}:{'-'.join(parts(p.version)[1:])}.noarch"
        for p in installed
        if p.stream == stream
    ]
    artifacts = (
        "".join(["  artifacts:\n    rpms:\n", *(f"{row}\n" for row in rpms)]) if rpms else ""
    )
    return (
        f"---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: '{branch}'\n"
        f"  version: {version}\n  context: {context}\n  arch: x86_64\n  summary: x\n"
        f"  description: x\n  license:\n    module: [MIT]\n{artifacts}...\n"
    )


def asked_dnf(root: Path, repo: Path, streams: Iterable[str]) -> set[tuple[str, str, str]]:
    """Return what dnf itself says is pending for security: (advisory, package, version)."""
    enabled = root / "etc/dnf/modules.d"
    enabled.mkdir(parents=True)
    (root / "log").mkdir()
    for stream in streams:
        name, _, branch = stream.partition(":")
        text = f"[{name}]\nname={name}\nstream={branch}\nprofiles=\nstate=enabled\n"
        (enabled / f"{name}.module").write_text(text)
    done = subprocess.run(
        [
            "dnf", "--quiet", f"--installroot={root}", "--releasever=8", "--repo=own",
            f"--repofrompath=own,file://{repo}", "--nogpgcheck", "--noplugins",
            "--setopt=module_platform_id=platform:el8", f"--setopt=cachedir={root}/cache",
            f"--setopt=logdir={root}/log", f"--setopt=persistdir={root}/persist",
            "updateinfo", "list", "security",
        ],
        env=_ENVIRONMENT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = set()
    for line in done.stdout.splitlines():
        advisory, _, nevra = line.split()
        name, version, release = nevra.removesuffix(".noarch").rsplit("-", 2)
        found.add((advisory, name, f"{version}-{release}"))
    return found
