"""Addresses as browsers read them: where a redirect leads, whose host a reference names."""

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

from auditor.model.base import Value
from auditor.model.text import inert

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

READ = 4096
"""Characters of an address that are read; a longer one leads nowhere."""
_SHOWN = 160
_TRIMMED = "".join(map(chr, range(33)))
_DROPPED = str.maketrans("\\", "/", "\t\r\n")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PARTS = re.compile(r"([^/?#]*)([^?#]*)\??([^#]*)")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]\s<>^|]+))(?::([0-9]{0,5}))?")
_ODD_BYTE = re.compile(rb"[^A-Za-z0-9/%:@!$&'()*+,;=~?._-]")
_DOTS = re.compile(r"(\.|%2e){1,2}", re.IGNORECASE)
_USUAL = {"http": 80, "https": 443}


class Place(Value, frozen=True):
    """A page on the usual ports; `path` holds the query and is percent-encoded."""

    secure: bool
    name: str
    path: str = "/"

    @property
    def scheme(self) -> str:
        """The scheme, without colon."""
        return "https" if self.secure else "http"

    @property
    def url(self) -> str:
        """The address as people write it."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"{self.scheme}://{name}{self.path}"


class Reference(Value, frozen=True):
    """Where an address in a page leads; `host` is in lower case."""

    secure: bool
    host: str
    path: str
    plain: bool
    """It names no user, no odd port, no backslash: all readers understand it alike."""
    query: str = ""

    @property
    def shown(self) -> str:
        """Host and path, for a finding; a query may hold what nobody should keep."""
        return inert(f"{self.host}{self.path}")[:_SHOWN]

    @property
    def place(self) -> Place:
        """The same as a page that can be asked for."""
        path = f"{self.path}?{self.query}" if self.query else self.path
        return Place(secure=self.secure, name=self.host, path=_encoded(path))


def refer(base: Place, text: str) -> Reference | None:
    """Resolve an address found at `base`, None where it leads to no web server.

    As the URL standard has it, control characters at the ends do not count, nor tabs and line
    ends inside; a backslash is a slash, and how many slashes follow "http:" does not matter.
    """
    text = text.strip(_TRIMMED)
    if len(text) > READ:
        return None
    cleaned = text.translate(_DROPPED)
    match = _SCHEME.match(cleaned)
    scheme = match[1].lower() if match else base.scheme
    rest = cleaned[match.end() :] if match else cleaned
    if scheme not in _USUAL:
        return None
    if rest.startswith("//") or (match and scheme != base.scheme):
        return _absolute(scheme, rest.lstrip("/"), plain="\\" not in text)
    path, _, query = base.path.partition("?")
    _, own, asked = _split(f"/{rest}" if rest[:1] not in {"/", "?", "#", ""} else rest)
    if own and not rest.startswith("/"):
        own = f"{path.rpartition('/')[0]}{own}"
    return Reference(
        secure=base.secure,
        host=base.name,
        path=_without_dots(own or path),
        plain="\\" not in text,
        query=asked if own or "?" in rest else query,
    )


def _split(rest: str) -> tuple[str, str, str]:
    """Return authority, path and query."""
    match = _PARTS.match(rest)
    assert match is not None  # noqa: S101 - it matches anything
    return match[1], match[2], match[3]


def _absolute(scheme: str, rest: str, *, plain: bool) -> Reference | None:
    authority, path, query = _split(rest)
    user, at, place = authority.rpartition("@")
    match = _HOST.fullmatch(place)
    if match is None or int(match[3] or "0") > _PORTS:
        return None
    host = (match[1] or match[2]).lower().rstrip(".")
    if not host:
        return None
    usual = int(match[3] or _USUAL[scheme]) == _USUAL[scheme]
    return Reference(
        secure=scheme == "https",
        host=host,
        path=_without_dots(path),
        plain=plain and usual and not user and not at and host.isascii() and "%" not in host,
        query=query,
    )


_PORTS = 65_535


def _without_dots(path: str) -> str:
    """Resolve "." and ".." in a path; it begins with a slash then."""
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if not _DOTS.fullmatch(part):
            kept.append(part)
        elif _up(part) and kept:
            kept.pop()
    if parts and _DOTS.fullmatch(parts[-1]):
        kept.append("")
    return "/" + "/".join(kept)


def _up(part: str) -> bool:
    return part.lower().replace("%2e", ".") == ".."


def _encoded(path: str) -> str:
    data = path.encode("utf-8", "replace")
    return _ODD_BYTE.sub(lambda odd: b"%%%02X" % odd[0][0], data).decode()


def follow(here: Place, location: str) -> Place | None:
    """Return where a redirect leads, None where browsers may disagree or leave the web."""
    reference = refer(here, location) if location.strip(_TRIMMED) else None
    return reference.place if reference and reference.plain else None


@lru_cache(maxsize=4096)
def registrable(name: str) -> str:
    """Return the domain that one holder registers ("batukota.go.id"), "" for a public suffix.

    An address is its own.
    """
    bare = name.lower().strip("[].")
    try:
        return str(ip_address(bare))
    except ValueError:
        return _suffixes().privatesuffix(bare) or ""


def foreign(site: str, host: str) -> bool:
    """Tell whether a host belongs to another holder than the site."""
    return registrable(site) != registrable(host)


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # its data take 60 ms to read

    return PublicSuffixList()
