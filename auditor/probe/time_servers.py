"""Where chrony and timesyncd are told to get the time, and as whom chronyd runs."""

import re
from collections.abc import Iterator, Sequence

from auditor.model.fact import Kind
from auditor.model.shape import DEFAULT
from auditor.probe import ini_files
from auditor.probe.base import Record
from auditor.probe.fields import leaf, record
from auditor.probe.texts import TextFile, Texts

_CHRONY = ("/etc/chrony/chrony.conf", "/etc/chrony.conf")
_FOLDERS = (
    *("/etc/chrony/conf.d", "/etc/chrony.d", "/etc/chrony/sources.d"),
    *("/run/chrony-dhcp", "/var/run/chrony-dhcp"),
)
_OPTIONS = ("/etc/default/chrony", "/etc/sysconfig/chronyd")
_DEBIAN = "/etc/debian_version"
_KINDS = {"confdir": "conf", "sourcedir": "sources", "include": ""}
READS = (
    *_CHRONY,
    *_OPTIONS,
    _DEBIAN,
    *(f"{folder}/*.{kind}" for folder in _FOLDERS for kind in ("conf", "sources")),
    *ini_files.patterns("timesyncd.conf"),
)

_LINE = re.compile(r"\s*([A-Za-z]+)\s+(\S.*)")
_LONG = 1000
"""Characters of a line of options that are looked at."""
_SOURCES = frozenset({"server", "pool", "peer"})
_USER_OPTION = re.compile(r".*=.*(?:^|[\s\"'])-u\s*([a-z_][a-z0-9_-]*).*")

Line = tuple[str, list[str], str]
"""Directive in small letters, words, place."""


def servers(seen: Texts) -> Record:
    """Return the records chrony and timesyncd; raises `Unseen` where a file was not read."""
    ntp = ini_files.words(seen, "timesyncd.conf", "Time", "NTP")
    fallback = ini_files.words(seen, "timesyncd.conf", "Time", "FallbackNTP")
    return {
        "chrony": _chrony(seen),
        "timesyncd": {
            "servers": ntp.value.split(),
            "fallback": fallback.value.split(),
            "places": {"servers": ntp.place, "fallback": fallback.place},
        },
    }


def _chrony(seen: Texts) -> Record:
    files = [file for path in _CHRONY if (file := seen.file(path))]
    lines = [line for file in files for line in _followed(seen, file)]
    sources = [(words[0], place) for name, words, place in lines if name in _SOURCES]
    users = [(words[0], place) for name, words, place in lines if name == "user"]
    for path in _OPTIONS:
        users += _by_option(seen.file(path))
    debian = seen.file(_DEBIAN) is not None
    user, user_place = users[-1] if users else ("_chrony" if debian else "chrony", DEFAULT)
    return {
        "servers": list(dict.fromkeys(name for name, _ in sources)),
        "user": user,
        "places": {"user": user_place, **({"servers": sources[0][1]} if sources else {})},
    }


def _by_option(file: TextFile | None) -> Iterator[tuple[str, str]]:
    """Yield the account of an option -u, which is stronger than the file's."""
    for number, text in file.lines if file else ():
        if file and (match := _USER_OPTION.fullmatch(text[:_LONG])):
            yield match[1], f"{file.path}:{number}"


def _followed(seen: Texts, file: TextFile) -> Iterator[Line]:
    """Yield the lines of a file and, one level deep, of the files that it takes in."""
    for line in _lines(file):
        name, words, _ = line
        if name in _KINDS:
            for other in _taken(seen, name, words):
                yield from _lines(other)
        else:
            yield line


def _taken(seen: Texts, name: str, words: Sequence[str]) -> Iterator[TextFile]:
    kind = _KINDS[name]
    folders = words if kind else [words[0].rpartition("/")[0]]
    for folder in folders:
        if folder.rstrip("/") in _FOLDERS:
            for suffix in (kind,) if kind else ("conf", "sources"):
                yield from seen.glob(f"{folder.rstrip('/')}/*.{suffix}")


def _lines(file: TextFile) -> Iterator[Line]:
    for number, text in file.lines:
        if not text.lstrip().startswith(("!", ";", "%")) and (match := _LINE.fullmatch(text)):
            yield match[1].lower(), match[2].split(), f"{file.path}:{number}"


FIELDS = {
    "chrony": record(
        "chrony",
        "chrony",
        {
            "servers": leaf(
                Kind.TEXTS, "Server waktu chrony", "chrony's servers", may_be_empty=True
            ),
            "user": leaf(Kind.TEXT, "Akun chronyd", "chronyd's account"),
        },
    ),
    "timesyncd": record(
        "timesyncd",
        "timesyncd",
        {
            "servers": leaf(
                Kind.TEXTS, "Server waktu timesyncd", "timesyncd's servers", may_be_empty=True
            ),
            "fallback": leaf(
                Kind.TEXTS, "Server waktu cadangan", "Fallback servers", may_be_empty=True
            ),
        },
    ),
}
