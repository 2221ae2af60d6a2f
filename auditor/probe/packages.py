"""Every package that a target has installed, as dpkg, rpm or apk knows it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.patch.rpm_version import rpm_key
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer, take
from auditor.probe.fields import leaf, record, table


class PackagesArgs(Args, frozen=True):
    """Takes no arguments."""


_DPKG = (
    r"${Package}\t${Version}\t${source:Package}\t${source:Version}"
    r"\t${Architecture}\t${db:Status-Abbrev}\n"
)
_RPM = (
    r"%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{SOURCERPM}\t%{INSTALLTIME}"
    r"\t%{ARCH}\trpm\t%|VENDOR?{%{VENDOR}}|\t"
)
_LABEL = "%|MODULARITYLABEL?{%{MODULARITYLABEL}}|"
APK = "/lib/apk/db/installed"
"""The database of Alpine's manager: a text."""

SECTION = Section(
    key="packages",
    text=rf"""
if command -v dpkg-query >/dev/null && {{
  [ -e /var/lib/dpkg/info/base-files.list ] || {{
    ! command -v rpm >/dev/null && [ ! -e {APK} ]
  }}
}}; then
  t 30 dpkg-query -W -f='{_DPKG}' 2>&1
elif [ -e {APK} ]; then
  t 30 awk '
    function row() {{
      if (n != "") print n "\t" v "\t" o "\t" v "\t" a "\tapk"
      n = v = o = a = ""
    }}
    {{ k = substr($0, 1, 2); w = substr($0, 3) }}
    $0 == "" {{ row() }}
    k == "P:" {{ row(); n = w }}
    k == "V:" {{ v = w }}
    k == "o:" {{ o = w }}
    k == "A:" {{ a = w }}
    END {{ row() }}
  ' {APK} 2>&1
elif command -v rpm >/dev/null; then
  q='{_RPM}'
  [ -d /etc/dnf/modules.d ] && q="$q"'{_LABEL}'
  set -- env HOME=/dev/null rpm -qa --nosignature --nodigest --qf "$q\n"
  [ "$U" != 0 ] || set -- chroot --userspec=65534:65534 --groups=65534 / "$@"
  t 60 "$@" 2>&1
else
  return 127
fi
""",
    shown="dpkg-query -W; rpm -qa; cat /lib/apk/db/installed",
    bounded=True,
)
"""The whole list, for all probes that ask about packages: one process reads the database once.

The system's own manager answers, also where a second one is installed beside it (dpkg on Red Hat,
rpm on Debian). rpm never runs as root: then it makes or touches files beside its database (the
index and the log of SQLite, the environment of Berkeley DB, a lock). As an account that may only
read it opens the same database without them. apk's database is a text.

Columns: name, version, source package, its version (of rpm: file name of the source package, time
of installation), architecture, dpkg's status or the name of another manager; of rpm also the
vendor and the label of the module. An rpm that does not know such labels would refuse to answer:
it is asked for them where dnf keeps the state of modules.
"""

_COLUMNS = 6
_RPM_COLUMNS = 8
_OTHERS = ("rpm", "apk")
_NO_INDEX = "attempt to write a readonly database"
_NONE = "(none)"


class Package(NamedTuple):
    """A line of the list.

    `name` carries ":arch" only where it is of a foreign architecture. Of a package that rpm has
    in several versions the newest has the name, older ones carry their version behind it, as
    "kernel-core-5.14.0-362.8.1.el9_3". `version` is "epoch:version-release", the epoch left out
    where there is none. `status` is dpkg's letters: wanted, present ("ii", "hi", "rc", "iU");
    rpm and apk list only what is installed, and stand there themselves.
    """

    name: str
    version: str
    source: str
    source_version: str
    arch: str
    status: str
    since: str = ""
    """Seconds since 1970 at which it was installed, as digits; only rpm tells."""
    stream: str = ""
    """Its module and stream, as "nodejs:20"; only rpm tells."""
    vendor: str = ""
    """Who built it, in his own words; only rpm tells."""

    @property
    def installed(self) -> bool:
        """Whether its files are there, configured or not."""
        return self.status[1:2] not in ("", "n", "c")

    @property
    def held(self) -> bool:
        """Whether it is kept from upgrades; only dpkg tells."""
        return self.status.startswith("h")

    @property
    def manager(self) -> str:
        """The program that knows it."""
        return self.status if self.status in _OTHERS else "dpkg"


def read_packages(frames: Frames) -> list[Package]:
    """Return all packages in the manager's order, those too of which only settings are left.

    Raises `Unseen` where there is no manager, where it fails, and where a line is not understood:
    a package that was lost on the way must not count as absent.
    """
    return list(_packages(_text(frames)))


def installed_packages(frames: Frames) -> Mapping[str, Package]:
    """Return those whose files are there, by name; raises `Unseen` as `read_packages` does."""
    return _installed(_text(frames))


def _text(frames: Frames) -> str:
    frame = take(frames, SECTION.key)
    if frame.rc == 1 and _NO_INDEX in frame.text:
        detail = "rpm's database lacks its index, and rpm would have to write one to read it"
        raise Unseen(Why.UNSUPPORTED, detail)
    return answer(frames, SECTION.key)


@lru_cache(maxsize=16)
def _installed(text: str) -> Mapping[str, Package]:
    return {package.name: package for package in _packages(text) if package.installed}


@lru_cache(maxsize=16)
def _packages(text: str) -> tuple[Package, ...]:
    rows = [
        _row(line)
        for line in text.split("\n")
        if line and not line.startswith("warning: ")  # rpm's, on a database that it can read
    ]
    if not rows:
        raise Unseen(Why.NO_DATA, "the package manager knows no package")
    native = _native(map(_ARCH, rows))
    found = [_package(row, native) for row in rows]
    return tuple(_told_apart(found) if found[0].manager == "rpm" else found)


_ARCH = itemgetter(4)


@lru_cache(maxsize=16_384)
def _row(line: str) -> tuple[str, ...]:
    """Return the columns of a line; targets have most of their lines in common."""
    row = tuple(line.split("\t"))
    whole = len(row) == (_RPM_COLUMNS if row[5:6] == ("rpm",) else _COLUMNS)
    if not whole or not row[0] or (not row[1] and row[5] in _OTHERS):
        raise Unseen(Why.UNREADABLE, f"{' '.join(row)[:100]!r} is no package")
    return row


@lru_cache(maxsize=16_384)
def _package(row: tuple[str, ...], native: str) -> Package:
    name, version, source, source_version, arch, status = row[:_COLUMNS]
    since = stream = vendor = ""
    if status == "rpm":
        since, vendor = source_version, row[6].replace(_NONE, "")
        stream = ":".join(row[7].replace(_NONE, "").split(":")[:2])
        source, source_version = _source(source)
        arch = arch.replace(_NONE, "")
    full = name if arch in (native, "all", "noarch", "", _NONE) else f"{name}:{arch}"
    return Package(
        full, version, source, source_version, arch, status.strip(), since, stream, vendor
    )


def _source(file: str) -> tuple[str, str]:
    """Return name and version-release of a source package, from its file's name."""
    stem = file.removesuffix(".rpm").rpartition(".")[0]
    parts = stem.rsplit("-", 2)
    return (parts[0], f"{parts[1]}-{parts[2]}") if len(parts) > 2 else ("", "")  # noqa: PLR2004


def _told_apart(packages: Iterable[Package]) -> list[Package]:
    """Let the newest of each name have it, older ones their version behind it."""
    packages = list(packages)
    newest: dict[str, Package] = {}
    for package in packages:
        other = newest.get(package.name)
        if other is None or rpm_key(package.version) > rpm_key(other.version):
            newest[package.name] = package
    return [
        package
        if package is newest[package.name]
        else package._replace(name=f"{package.name}-{package.version.rpartition(':')[2]}")
        for package in packages
    ]


def _native(archs: Iterable[str]) -> str:
    """Return the architecture of most packages."""
    counted = Counter(archs)
    for arch in ("all", "noarch", "", _NONE):
        del counted[arch]
    return max(sorted(counted), key=counted.__getitem__, default="")


def _sections(_args: Sequence[PackagesArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: PackagesArgs, frames: Frames) -> Record:
    listed = read_packages(frames)
    return {"manager": listed[0].manager, "packages": [_told(package) for package in listed]}


def _told(package: Package) -> Record:
    found = package._asdict()
    del found["since"]
    return found


PROBE = ProbeType(
    name="packages",
    via=Via.SSH,
    args=PackagesArgs,
    doc=Text(
        id="Semua paket yang dikenal dpkg, rpm atau apk, dengan paket sumber dan versinya",
        en="All packages that dpkg, rpm or apk knows, with their source packages and versions",
    ),
    gives=record(
        "Daftar paket",
        "Package list",
        {
            "manager": leaf(Kind.TEXT, "Pengelola paket", "Package manager"),
            "packages": table(
                "Paket",
                "Packages",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama paket", "Package name"),
                    "version": leaf(Kind.VERSION, "Versi", "Version", may_be_empty=True),
                    "source": leaf(Kind.TEXT, "Paket sumber", "Source package", may_be_empty=True),
                    "source_version": leaf(
                        Kind.VERSION,
                        "Versi paket sumber",
                        "Source package version",
                        may_be_empty=True,
                    ),
                    "arch": leaf(Kind.TEXT, "Arsitektur", "Architecture", may_be_empty=True),
                    "status": leaf(
                        Kind.TEXT,
                        "Status dpkg, atau rpm atau apk",
                        "dpkg status, or rpm or apk",
                    ),
                    "stream": leaf(
                        Kind.TEXT,
                        "Modul dan alirannya",
                        "Module and its stream",
                        may_be_empty=True,
                    ),
                    "vendor": leaf(Kind.TEXT, "Pembuat paket", "Vendor", may_be_empty=True),
                },
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
