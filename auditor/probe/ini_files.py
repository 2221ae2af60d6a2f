"""systemd's way of configuration: a main file and drop-ins, of which the last one counts."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from auditor.model.shape import DEFAULT
from auditor.probe.texts import TextFile, Texts

_HOMES = ("/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd")
"""Strongest first: of drop-ins with one name only the first counts."""
_SECTION = re.compile(r"\s*\[([^\]]*)\]\s*")
_SETTING = re.compile(r"\s*([A-Za-z][A-Za-z0-9]*)\s*=(.*)")


class Setting(NamedTuple):
    """A value and the line that sets it."""

    value: str
    place: str


def patterns(name: str) -> tuple[str, ...]:
    """Return the files that make up `name` ("journald.conf")."""
    return tuple(path for home in _HOMES for path in (f"{home}/{name}", f"{home}/{name}.d/*.conf"))


def settings(seen: Texts, name: str, section: str) -> Mapping[str, Setting]:
    """Return the settings of a section in effect, by their names."""
    found: dict[str, Setting] = {}
    for file in _files(seen, name):
        found.update(_settings(file, section))
    return found


def words(seen: Texts, name: str, section: str, key: str) -> Setting:
    """Return a list that each line adds to and an empty line clears, with its last place."""
    found = Setting("", DEFAULT)
    for file in _files(seen, name):
        for one, setting in _settings(file, section):
            if one == key:
                value = f"{found.value} {setting.value}" if setting.value else ""
                found = Setting(value.strip(), setting.place)
    return found


def _files(seen: Texts, name: str) -> Iterable[TextFile]:
    main = next((file for home in _HOMES if (file := seen.file(f"{home}/{name}"))), None)
    named: dict[str, TextFile] = {}
    for home in _HOMES:
        for file in seen.glob(f"{home}/{name}.d/*.conf"):
            named.setdefault(file.path.rpartition("/")[2], file)
    return [*([main] if main else []), *(named[key] for key in sorted(named))]


def _settings(file: TextFile, section: str) -> Iterable[tuple[str, Setting]]:
    here = ""
    for number, text in file.lines:
        if head := _SECTION.fullmatch(text):
            here = head[1]
        elif here == section and (match := _SETTING.fullmatch(text)):
            yield match[1], Setting(match[2].strip(), f"{file.path}:{number}")
