"""What lists of rpm packages have in common: versions, releases, dates, and which rows repeat."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from auditor.feeds.sources import Unreadable
from auditor.model.advisory import Fix

Pairs = Collection[tuple[str, str]]
"""(distribution, release) as in model/advisory.py."""

_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]*")
_PART = re.compile(r"[0-9A-Za-z_.+~^]+")
_EPOCH = re.compile(r"[0-9]{1,10}")
_MARK = re.compile(r"[._+]el([0-9]+)(?![0-9])")
_STREAM = re.compile(r"[\w.+-]+:[\w.+-]+")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}")
_FIRST = datetime(1995, 1, 1, tzinfo=UTC)


def package_name(name: object) -> str:
    """Return a package's name; raises `Unreadable` for what is none."""
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise Unreadable(f"{str(name)[:60]!r} is no package")


def version_of(epoch: object, version: object, release: object) -> str:
    """Return "epoch:version-release" as rpm lists it, epoch 0 left out; raises `Unreadable`."""
    number = "0" if epoch in (None, "") else str(epoch)
    good = isinstance(version, str) and isinstance(release, str)
    if not (good and _EPOCH.fullmatch(number)):
        raise Unreadable(f"{epoch!s:.20}:{version!s:.40}-{release!s:.40} is no version")
    if not (_PART.fullmatch(str(version)) and _PART.fullmatch(str(release))):
        raise Unreadable(f"{version!s:.40}-{release!s:.40} is no version")
    return whole_version(f"{number}:{version}-{release}")


def whole_version(text: object) -> str:
    """Return a version that is written in one; raises `Unreadable` for what is none."""
    epoch, colon, rest = text.rpartition(":") if isinstance(text, str) else ("", "", "")
    version, dash, release = rest.rpartition("-")
    parts = (version, release) if dash else (release,)
    if all(map(_PART.fullmatch, parts)) and (_EPOCH.fullmatch(epoch) if colon else not epoch):
        return rest if not colon or not int(epoch) else f"{int(epoch)}:{rest}"
    raise Unreadable(f"{str(text)[:80]!r} is no version")


def stream_name(name: object, stream: object) -> str:
    """Return "name:stream"; raises `Unreadable` for what is none."""
    text = f"{name}:{stream}"
    if _STREAM.fullmatch(text):
        return text
    raise Unreadable(f"{text[:80]!r} is no module stream")


def el_release(version: str) -> str:
    """Return the major release of Red Hat's family that a build names ("9" for .el9_4), or ""."""
    marks = _MARK.findall(version)
    return marks[0] if marks else ""


def cves_in(names: Iterable[str]) -> tuple[str, ...]:
    """Return the CVE names among others, each once, in their order."""
    return tuple(dict.fromkeys(name for name in names if _CVE.fullmatch(name)))


def moment(text: object) -> datetime:
    """Return a time (UTC) of any spelling that lists use: ISO, seconds or {"$date": ms}.

    Raises `Unreadable` for any other, and for one that no list can have.
    """
    if isinstance(text, dict):
        milliseconds = text.get("$date")
        text = milliseconds / 1000 if isinstance(milliseconds, int | float) else milliseconds
    try:
        told = _told(text)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise Unreadable(f"{str(text)[:40]!r} is no date") from error
    if not _FIRST <= told <= datetime.now(UTC) + timedelta(days=366):
        raise Unreadable(f"{str(text)[:40]!r} is no date of this list")
    return told


def _told(text: object) -> datetime:
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise TypeError("a date is a text or a number")
    if not isinstance(text, str):
        return datetime.fromtimestamp(text, UTC)
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    told = datetime.fromisoformat(text)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


def day_of(text: object) -> date | None:
    """Return the day of a time as `moment` reads it; None where there is none."""
    return None if text in (None, "") else moment(text).date()


def distinct(fixes: Iterable[Fix]) -> Iterator[Fix]:
    """Yield each row of one advisory once: lists repeat a package for every architecture."""
    return iter(dict.fromkeys(fixes))
