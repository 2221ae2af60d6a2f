"""Take values that a feed gives only in the form that they must have."""

import re
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec

from auditor.feeds.sources import Unreadable

T = TypeVar("T")
_WEAKNESS = re.compile(r"[A-Z]{3,12}(-[0-9A-Za-z]{1,24}){2,4}")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._\-]{0,199}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+:~\-]{0,199}")
_PRINTABLE = re.compile(r"[^ -~]+")
_NOTE = 300


class Loose(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is taken from a feed: keys that are not declared are passed over."""


def shaped(value: Any, kind: type[T]) -> T:
    """Convert what JSON gave to a declared type; of another shape: `Unreadable`."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Unreadable(f"is of another shape: {error}") from error


def decoded(data: bytes, kind: type[T], name: str) -> T:
    """Read a small JSON text of an archive straight into a declared type, quickly.

    Of a key that stands twice the last counts. `name` says in the message which file it is.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise Unreadable(f"{plain(name)}: is of another shape, or cut: {error}") from error
    except RecursionError as error:
        raise Unreadable(f"{plain(name)}: is nested too deep") from error


def cve(text: str) -> str:
    """Return the number of a CVE as it is; anything else: `Unreadable`."""
    return _matching(_CVE, text, "CVE")


def weakness(text: str) -> str:
    """Return a CVE's number, or a vendor's own until there is one ("TEMP-0000000-A1B2C3")."""
    return _matching(_WEAKNESS, text, "CVE")


def package(text: str) -> str:
    """Return the name of a package as it is."""
    return _matching(_NAME, text, "package")


def deb_version(text: str) -> str:
    """Return a version as dpkg writes it."""
    return _matching(_VERSION, text, "version")


def _matching(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise Unreadable(f"{plain(text)[:60]!r} is no {what}")
    return text


def plain(text: str) -> str:
    """Return a note in printable ASCII, one line, cut at 300 characters."""
    return " ".join(_PRINTABLE.sub(" ", text).split())[:_NOTE]


def day(text: str) -> date:
    """Read a date such as "2026-08-07"."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"{plain(text)[:60]!r} is no date") from error


def moment(text: str) -> datetime:
    """Read a time such as "2026-08-07T16:45:47.0648Z" as UTC; without a zone it is UTC."""
    try:
        told = datetime.fromisoformat(text)
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{plain(text)[:60]!r} is no time") from error
