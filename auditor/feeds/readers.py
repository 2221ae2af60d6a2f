"""Which module reads which feed; a reader is imported when it is first needed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TypeAlias, cast

from auditor.model.advisory import Row
from auditor.model.feed import Release

System: TypeAlias = tuple[str, str]
"""Distribution and release, as in `model/advisory.py`."""
Read: TypeAlias = Callable[[Path, Collection[System]], Iterator[Row | Release]]
"""As described in `sources/__init__.py`; dates of releases are `Release`."""

_MODULES: Mapping[str, str] = {
    name: f"auditor.feeds.sources.{name}"
    for name in (
        "almalinux",
        "almalinux_osv",
        "alpine",
        "debian_support",
        "debian_tracker",
        "endoflife",
        "epss",
        "kev",
        "redhat_vex",
        "ssvc",
        "suse_vex",
        "ubuntu_osv",
        "ubuntu_vex",
        "updateinfo",
    )
}
READERS = tuple(_MODULES)


def reader(name: str) -> Read:
    """Return a reader by its name in the list of feeds."""
    return cast("Read", import_module(_MODULES[name]).read)
