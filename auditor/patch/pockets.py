"""Fixes that are to be had in several places: Ubuntu Pro, Red Hat's extended updates."""

import re
from collections.abc import Collection

_MARKS = {
    "esm": re.compile(r"[~+]esm"),
    "fips": re.compile(r"fips", re.IGNORECASE),
    "realtime": re.compile(r"realtime"),
    "bluefield": re.compile(r"bluefield"),
}
_MINOR = re.compile(r"\.el[0-9]+_[0-9]+")
_EXTENDED = ("eus", "aus", "e4s", "tus")
_LONGER = ("els", "ltss")
"""What goes on where a release ends: every version of the release is measured by it."""


def line_of(pocket: str) -> str:
    """Return the line of builds that a pocket carries on: "esm" for "esm-infra"; "" the main."""
    return pocket.partition("-")[0]


def is_of_line(version: str, pocket: str, fixed: str) -> bool:
    """Tell whether a version may be measured by a pocket's fix: its text shows the line.

    The main line measures every version. Builds of Red Hat's extended updates are told by their
    minor release (`.el9_2`).
    """
    line = line_of(pocket)
    if not line or line in _LONGER:
        return True
    if line in _EXTENDED:
        return _MINOR.findall(version) == _MINOR.findall(fixed)
    mark = _MARKS.get(line)
    return mark is not None and mark.search(version) is not None


def is_meant(version: str, pocket: str, enabled: Collection[str]) -> bool:
    """Tell whether a pocket has a word on a version at all.

    Certified and special builds say nothing of a target that neither runs nor gets them.
    """
    line = line_of(pocket)
    if not line or line == "esm" or line in _EXTENDED + _LONGER:
        return True
    return is_enabled(pocket, enabled) or is_of_line(version, pocket, version)


def is_enabled(pocket: str, enabled: Collection[str]) -> bool:
    """Tell whether a target gets a pocket's updates; "esm" is either of its two parts."""
    return not pocket or pocket in enabled or any(pocket == line_of(one) for one in enabled)
