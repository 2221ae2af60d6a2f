"""Is a version as new as a check demands, whichever distribution wrote it."""

import re

from auditor.patch.apk_version import apk_key, is_apk_version
from auditor.patch.deb_version import deb_key
from auditor.patch.rpm_version import rpm_key

_EARLY = re.compile(r"_(?=(?:alpha|beta|pre|rc)[0-9]*(?:[-_]|$))")
"""apk's sign for what comes before a release; dpkg and rpm write `~`."""
_OF_APK = re.compile(r"-r[0-9]+$")
"""apk's revision: every package of Alpine has one, and none of another distribution."""
_NOT_DEBIAN = re.compile(r"[_^]")


def version_min(value: str, least: str) -> bool:
    """Tell whether a version is `least` or newer.

    `least` says how much counts: without an epoch ("1:") that of the value is left out, and
    without a revision ("-1") that of the value too. dpkg and rpm order most versions alike; where
    they do not, nothing tells which of them to believe: raises ValueError. A `^` or `_` is never
    in a Debian version, so there rpm's order alone counts. By apk's the versions are judged that
    end in its `-r0`, as long as `least` is written in its form: `9.6p1` is not, and is compared
    with `9.6_p1` by rpm's, an `_rc` being read as `~rc`.
    """
    of_apk = _OF_APK.search(value) is not None
    if ":" not in least:
        value = value.partition(":")[2] if _has_epoch(value) else value
    if "-" not in least:
        value = value.rpartition("-")[0] or value
    if of_apk and is_apk_version(value) and is_apk_version(least):
        return apk_key(value) >= apk_key(least)
    value, least = (_EARLY.sub("~", text) for text in (value, least))
    as_rpm = rpm_key(value) >= rpm_key(least)
    if _NOT_DEBIAN.search(value + least):
        return as_rpm
    if as_rpm is not (deb_key(value) >= deb_key(least)):
        raise ValueError(f"dpkg and rpm do not agree whether {value} is older than {least}")
    return as_rpm


def _has_epoch(version: str) -> bool:
    return version.partition(":")[0].isdecimal()
