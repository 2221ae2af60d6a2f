"""Alpine's secdb: secdb.alpinelinux.org/vX.Y/{main,community}.json, one file a repository.

Packages are named by their origin. It lists what was mended; "0" stands for what never was
affected. What is not listed is not known to be open. The file has no date of its own.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from auditor.feeds.sources import Unreadable
from auditor.feeds.sources.checked import decoded
from auditor.feeds.sources.rpm_fix import Pairs
from auditor.feeds.sources.whole import content_of
from auditor.model.advisory import Fix, FixState, Row

LIMIT = 64 * 2**20
_DISTRIBUTION = "alpine"
_BRANCH = re.compile(r"v([0-9]+\.[0-9]+)|(edge)")
_NAME = re.compile(r"[a-zA-Z0-9_][\w.+-]*")
_VERSION = re.compile(r"[0-9][0-9A-Za-z._+~-]*")
_ISSUE = re.compile(r"[A-Za-z][\w.:/+-]*")
_NEVER = "0"


class _Package(msgspec.Struct):
    name: str
    secfixes: dict[str, list[str] | None] | None = None


class _Entry(msgspec.Struct):
    pkg: _Package


class _Secdb(msgspec.Struct):
    distroversion: str
    packages: list[_Entry]
    reponame: str = ""


def read(path: Path, wanted: Pairs) -> Iterator[Row]:
    """Yield the fixes of the file's branch, if it is wanted."""
    secdb = decoded(content_of(path, LIMIT), _Secdb, path.name)
    branch = _BRANCH.fullmatch(secdb.distroversion)
    if branch is None:
        raise Unreadable(f"{secdb.distroversion[:40]!r} is no branch of Alpine")
    release = branch[1] or branch[2]
    fixes = [fix for entry in secdb.packages for fix in _fixes(entry.pkg, release)]
    if not fixes:
        raise Unreadable("holds no fix")
    if (_DISTRIBUTION, release) in wanted:
        yield from fixes


def _fixes(package: _Package, release: str) -> Iterator[Fix]:
    if not _NAME.fullmatch(package.name):
        raise Unreadable(f"{package.name[:60]!r} is no package")
    for version, issues in (package.secfixes or {}).items():
        if version != _NEVER and not _VERSION.fullmatch(version):
            raise Unreadable(f"{version[:60]!r} is no version of {package.name}")
        names = tuple(dict.fromkeys(_names(issues or ())))
        if names:
            yield Fix(
                distribution=_DISTRIBUTION,
                release=release,
                package=package.name,
                state=FixState.NOT_AFFECTED if version == _NEVER else FixState.FIXED,
                cves=names,
                version="" if version == _NEVER else version,
            )


def _names(issues: list[str] | tuple[()]) -> Iterator[str]:
    """Yield the name of each weakness: an entry may hold its aliases too, apart by blanks.

    An entry is known by its CVE names, where it has none by the first of its others.
    """
    for issue in issues:
        words = issue.split()
        if not words or not all(map(_ISSUE.fullmatch, words)):
            raise Unreadable(f"{issue[:60]!r} is no weakness")
        yield from [word for word in words if word.startswith("CVE-")] or words[:1]
