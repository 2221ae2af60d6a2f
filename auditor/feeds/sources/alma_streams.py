"""To which module stream a build of AlmaLinux belongs, told from the builds that lists name.

All packages of one build of a module end alike (`.module_el8.10.0+4227+f1240cfc`), and in most
builds one of them carries the stream in its own version: nodejs 20.20.2 is of nodejs:20. A list
may count a build under the advisory of another stream; the build says which stream is meant.
"""

import re
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from auditor.patch.streams import UNKNOWN, is_modular

_BUILD = re.compile(r"\.module_el[0-9]+\.[0-9]+\.[0-9]+\+[0-9]+\+[0-9a-f]+")
_NAMED = re.compile(r"([A-Za-z][\w.+-]*:[\w.+-]*\w)(?=[\s,]|$)")
_UPSTREAM = re.compile(r"(?:[0-9]+:)?(([0-9]+)\.[0-9]+)")

_BY_MAJOR = frozenset({"nodejs", "redis"})
_BY_MINOR = frozenset(
    {"mariadb", "maven", "mysql", "nginx", "perl", "php", "ruby", "subversion", "swig"}
)
_ALWAYS = {
    "389-ds-base": "389-ds:1.4",
    "ant": "ant:1.10",
    "cjose": "mod_auth_openidc:2.3",
    "delve": "go-toolset:rhel8",
    "freeradius": "freeradius:3.0",
    "gimp": "gimp:2.8",
    "go-toolset": "go-toolset:rhel8",
    "golang": "go-toolset:rhel8",
    "hivex": "virt:rhel",
    "httpd": "httpd:2.4",
    "idm-jss": "pki-core:10.6",
    "idm-pki-ca": "pki-core:10.6",
    "inkscape": "inkscape:0.92.3",
    "ipa-server": "idm:DL1",
    "jmc": "jmc:rhel8",
    "jss": "pki-core:10.6",
    "koan": "satellite-5-client:1.0",
    "libecap": "squid:4",
    "libpmem": "pmdk:1_fileformat_v6",
    "libselinux-python": "libselinux-python:2.8",
    "libvirt": "virt:rhel",
    "llvm": "llvm-toolset:rhel8",
    "llvm-toolset": "llvm-toolset:rhel8",
    "mailman": "mailman:2.1",
    "mod_auth_openidc": "mod_auth_openidc:2.3",
    "parfait": "parfait:0.5",
    "pki-ca": "pki-core:10.6",
    "python2": "python27:2.7",
    "python2-chardet": "python27:2.7",
    "python2-scour": "inkscape:0.92.3",
    "python36": "python36:3.6",
    "python38": "python38:3.8",
    "python38-cffi": "python38:3.8",
    "python39": "python39:3.9",
    "python39-cffi": "python39:3.9",
    "qemu-kvm": "virt:rhel",
    "rust": "rust-toolset:rhel8",
    "rust-toolset": "rust-toolset:rhel8",
    "seabios": "virt:rhel",
    "sgabios": "virt:rhel",
    "squid": "squid:4",
    "varnish": "varnish:6",
}
"""Packages of modules that have had one stream alone."""
_PODMAN = {
    "1.0": ("container-tools:1.0", date.min),
    "1.6": ("container-tools:2.0", date(2020, 11, 3)),
    "3.0": ("container-tools:3.0", date(2021, 11, 9)),
    "4.0": ("container-tools:4.0", date(2022, 11, 8)),
}
"""Version that a frozen stream kept, and the day on which container-tools:rhel8 left it."""
_SEVERAL = {frozenset({"ant:1.10", "maven:3.5"}): "javapackages-tools:201801"}
"""A module that holds the main packages of others."""


def stream_of(package: str, version: str, issued: date) -> str:
    """Return the stream that a package's own version proves; "" where it proves none."""
    upstream = _UPSTREAM.match(version)
    if package in _ALWAYS or upstream is None:
        return _ALWAYS.get(package, "")
    minor, major = upstream.groups()
    if package == "podman":
        stream, since = _PODMAN.get(minor, ("container-tools:rhel8", date.min))
        return stream if issued >= since else ""
    if package == "postgresql":
        return f"postgresql:{minor if major == '9' else major}"
    if package in _BY_MAJOR:
        return f"{package}:{major}"
    return f"{package}:{minor}" if package in _BY_MINOR else ""


def named_in(title: str) -> frozenset[str]:
    """Return the streams that an advisory's title names ("Important: nodejs:20 security update").

    The severity before the first colon is none. A module's own "-devel" is built with it, and
    counts as the module.
    """
    named = frozenset(_NAMED.findall(title.partition(": ")[2]))
    return named - {stream.replace(":", "-devel:", 1) for stream in named}


class Row(NamedTuple):
    """What a list says of one package: `version` mends it, by `advisory`."""

    release: str
    package: str
    version: str
    advisory: str
    issued: date


class Streams:
    """What all builds of a list together tell. Learn every one first, of bug fixes too."""

    def __init__(self) -> None:
        self._proven: dict[tuple[str, str], set[str]] = {}
        self._listed: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self._advisories: dict[tuple[str, str], set[str]] = {}

    def learn(self, row: Row, named: Collection[str] = ()) -> None:
        """Take note of a row; `named` are the streams that its advisory names itself."""
        build = _build(row)
        if build is None:
            return
        advisory = (row.release, row.advisory)
        self._listed.setdefault(build, set()).add(advisory)
        stream = stream_of(row.package, row.version, row.issued)
        told = {stream} - {""}
        self._proven.setdefault(build, set()).update(told)
        self._advisories.setdefault(advisory, set()).update(named or told)

    def of(self, row: Row) -> str:
        """Return "name:stream", "" for what is in no module, `UNKNOWN` where nothing proves it."""
        build = _build(row)
        if build is None:
            return UNKNOWN if is_modular(row.version) else ""
        proven = self._proven.get(build) or set().union(
            *(self._advisories[advisory] for advisory in self._listed.get(build, ()))
        )
        if len(proven) == 1:
            return next(iter(proven))
        return _SEVERAL.get(frozenset(proven), UNKNOWN)


def _build(row: Row) -> tuple[str, str] | None:
    mark = _BUILD.search(row.version)
    return (row.release, mark[0]) if mark else None
