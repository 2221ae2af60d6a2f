"""Which line of sshd's configuration sets a value that is in effect."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from auditor.model.fact import Json
from auditor.probe.base import Frames, Unseen
from auditor.probe.texts import TextFile, Texts, fits, texts

_FOLDERS = ("/etc/ssh", "/usr/etc/ssh")
READS = tuple(
    f"{folder}/{name}" for folder in _FOLDERS for name in ("sshd_config", "sshd_config.d/*.conf")
)

_LINE = re.compile(r"\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*")
_QUOTES = re.compile(r'"([^"]*)"')
_SAME = {"challengeresponseauthentication": "kbdinteractiveauthentication"}
_DEPTH = 16


class _Setting(NamedTuple):
    value: str
    place: str
    matched: bool
    """Inside a Match block."""


def places(frames: Frames, values: Mapping[str, Json]) -> dict[str, str]:
    """Return "file:line" for each keyword that a file sets, "default" for those that none does.

    The line with the value in effect counts, else the first one. Nothing is said where a file
    could not be read, or where one is included that was not.
    """
    try:
        seen = texts(frames)
        written, whole = _written(seen)
    except Unseen:
        return {}
    found = {
        keyword: _telling(written[keyword], value)
        for keyword, value in values.items()
        if keyword in written
    }
    rest = dict.fromkeys((keyword for keyword in values if keyword not in written), "default")
    return found | (rest if whole else {})


def _telling(settings: list[_Setting], value: Json) -> str:
    said = " ".join(value) if isinstance(value, list) else str(value)
    wanted = re.split(r"[\s,]+", said.lower())
    fitting = [one for one in settings if re.split(r"[\s,]+", one.value.lower()) == wanted]
    outside = [one for one in settings if not one.matched]
    return (fitting or outside or settings)[0].place


def _written(seen: Texts) -> tuple[dict[str, list[_Setting]], bool]:
    """Return the settings by keyword in the order that sshd reads them, and if all were read."""
    written: dict[str, list[_Setting]] = {}
    whole = True
    base = next((f for folder in _FOLDERS if (f := seen.file(f"{folder}/sshd_config"))), None)
    for keyword, setting in _settings(seen, base, 0) if base is not None else ():
        if keyword == "include":
            whole = False
        else:
            written.setdefault(_SAME.get(keyword, keyword), []).append(setting)
    return written, whole


def _settings(seen: Texts, file: TextFile, depth: int) -> Iterator[tuple[str, _Setting]]:
    """Yield keyword and setting; an include that cannot be followed comes as "include"."""
    matched = False
    for number, line in file.lines:
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        keyword, value = match[1].lower(), _QUOTES.sub(r"\1", match[2])
        setting = _Setting(value, f"{file.path}:{number}", matched)
        if keyword == "match":
            matched = value.lower() != "all"
        elif keyword != "include":
            yield keyword, setting
        else:
            for pattern in value.split():
                yield from _included(seen, pattern, setting, depth)


def _included(
    seen: Texts, pattern: str, setting: _Setting, depth: int
) -> Iterator[tuple[str, _Setting]]:
    path = pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"
    known = any(path == read or fits(path, read) for read in READS)
    if not known or depth > _DEPTH:
        yield "include", setting
        return
    for file in seen.glob(path):
        for keyword, inner in _settings(seen, file, depth + 1):
            yield keyword, inner._replace(matched=inner.matched or setting.matched)
