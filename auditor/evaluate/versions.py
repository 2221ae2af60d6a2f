"""Is a version as new as a check demands, whichever distribution wrote it."""

import re

from auditor.patch.deb_version import deb_key
from auditor.patch.rpm_version import rpm_key

_EARLY = re.compile(r"_(?=(?:alpha|beta|pre|rc)[0-9]*(?:[-_]|$))")
"""apk's sign for what comes before a release; dpkg and rpm write `~`."""
_NOT_DEBIAN = re.compile(r"[_^]")


def version_min(value: str, least: str) -> bool:
    """Tell whether a version is `least` or newer.

    `least` says how much counts: without an epoch ("1:") that of the value is left out, and
    without a revision ("-1") that of the value too. dpkg and rpm order most versions alike; where
    they do not, nothing tells which of them to believe: raises ValueError. A `^` or `_` is never
    in a Debian version, so there rpm's order alone counts (apk's is the same but for `_rc` and the
    like, which is read as `~rc`).
    """
    value, least = (_EARLY.sub("~", text) for text in (value, least))
    if ":" not in least:
        value = value.partition(":")[2] if _has_epoch(value) else value
    if "-" not in least:
        value = value.rpartition("-")[0] or value
    as_rpm = rpm_key(value) >= rpm_key(least)
    if _NOT_DEBIAN.search(value + least):
        return as_rpm
    if as_rpm is not (deb_key(value) >= deb_key(least)):
        raise ValueError(f"dpkg and rpm do not agree whether {value} is older than {least}")
    return as_rpm


def _has_epoch(version: str) -> bool:
    return version.partition(":")[0].isdecimal()
