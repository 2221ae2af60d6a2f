"""Distributions: how each orders versions, and what its lists call a release."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from auditor.patch.apk_version import apk_key
from auditor.patch.deb_version import deb_key
from auditor.patch.rpm_version import rpm_key


class Family(StrEnum):
    """The package manager whose rules count."""

    DEB = "deb"
    RPM = "rpm"
    APK = "apk"


_MAJOR = frozenset({"almalinux", "centos", "ol", "rhel", "rocky"})
"""Their lists go by the major version alone."""
_FAMILIES: Mapping[str, Family] = {
    "debian": Family.DEB,
    "ubuntu": Family.DEB,
    **dict.fromkeys(_MAJOR, Family.RPM),
    "sles": Family.RPM,
    "opensuse-leap": Family.RPM,
    "alpine": Family.APK,
}
_KEYS: Mapping[Family, Callable[[str], bytes]] = {
    Family.DEB: deb_key,
    Family.RPM: rpm_key,
    Family.APK: apk_key,
}


def family(distribution: str) -> Family | None:
    """Return the family of a distribution by its ID of os-release(5); None: not judged."""
    return _FAMILIES.get(distribution)


def version_key(distribution: str) -> Callable[[str], bytes]:
    """Return the function that makes byte keys of versions; raises KeyError for an unknown one."""
    return _KEYS[_FAMILIES[distribution]]


def release_of(os: Mapping[str, str]) -> tuple[str, str]:
    """Return distribution and release as lists name them (see model/advisory.py); "" unknown.

    `os` is the fact of that name: `id`, `version`, `codename`.
    """
    distribution, version = os.get("id", ""), os.get("version", "")
    match family(distribution):
        case Family.DEB:
            release = os.get("codename", "")
        case Family.APK:
            release = ".".join(version.split(".")[:2])
        case _:
            release = version.partition(".")[0] if distribution in _MAJOR else version
    return distribution, release


def life_of(os: Mapping[str, str]) -> tuple[str, str]:
    """Return distribution and release as calendars of support name them."""
    distribution, release = release_of(os)
    by_number = family(distribution) is Family.DEB
    return distribution, os.get("version", "") if by_number else release
