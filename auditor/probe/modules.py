"""A kernel module: is it loaded, can it be, and does modprobe refuse it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.texts import TextFile, Texts, texts

_Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,60}\Z")]


class ModuleArgs(Args, frozen=True):
    """A module by its name; - and _ mean the same."""

    name: _Name


_FOLDERS = (
    *("/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d"),
    *("/usr/lib/modprobe.d", "/lib/modprobe.d"),
)
"""modprobe's, strongest first: of files with one name only the first counts."""
_LOADED = "/proc/modules"
_REFUSING = re.compile(r"(/usr)?/s?bin/(false|true|nologin)")
_LINE = re.compile(r"\s*(install|blacklist)\s+(\S+)(?:\s+(.*?))?\s*")
_HELD = re.compile(r"(dep|builtin) (\S+)")


class _Rule(NamedTuple):
    word: str
    command: str
    place: str


def _sections(many: Sequence[ModuleArgs]) -> tuple[Section, ...]:
    wanted = " ".join(sorted({_plain(args.name) for args in many}))
    return (
        Section(
            key="modules",
            text=_TEXT.format(names=wanted),
            shown="grep -w MODULE /lib/modules/$(uname -r)/modules.dep",
            bounded=True,
        ),
    )


_TEXT = r"""
IFS= read -r l </proc/sys/kernel/osrelease || return 0
d=/lib/modules/$l
[ -r "$d/modules.dep" ] || return 0
printf 'known\n'
set -- "$d/modules.dep"
[ -r "$d/modules.builtin" ] && set -- "$@" "$d/modules.builtin"
t 10 awk -v names='{names}' '
BEGIN {{ n = split(names, list, " "); for (i = 1; i <= n; i++) wanted[list[i]] = 1 }}
{{
  name = $1
  sub(/:$/, "", name); sub(/^.*\//, "", name); sub(/\.ko(\.[a-z0-9]+)?$/, "", name)
  gsub(/-/, "_", name)
  if (name in wanted) print (FILENAME ~ /builtin$/ ? "builtin " : "dep ") name
}}' "$@"
"""
"""Which of the asked modules the running kernel has; "known" where that can be told at all."""


def _reads(_many: Sequence[ModuleArgs]) -> tuple[str, ...]:
    return (_LOADED, *(f"{folder}/*.conf" for folder in _FOLDERS))


def _plain(name: str) -> str:
    return name.replace("-", "_")


def _parse(args: ModuleArgs, frames: Frames) -> Record:
    name = _plain(args.name)
    seen = texts(frames)
    told = answer(frames, "modules").split("\n")
    held = {match.groups() for line in told if (match := _HELD.fullmatch(line))}
    loaded = seen.file(_LOADED)
    rules = _rules(seen).get(name, ())
    installs = [rule for rule in rules if rule.word == "install"]
    listed = [rule for rule in rules if rule.word == "blacklist"]
    places = {}
    if installs:
        places["refused"] = installs[-1].place
    if listed:
        places["blacklisted"] = listed[-1].place
    return {
        "loaded": loaded is not None and any(_is(name, line) for _, line in loaded.lines),
        "builtin": ("builtin", name) in held,
        "absent": "known" in told and not any(one == name for _, one in held),
        "refused": bool(installs) and all(_REFUSING.fullmatch(r.command) for r in installs),
        "blacklisted": bool(listed),
        "places": places,
    }


def _is(name: str, line: str) -> bool:
    return _plain(line.partition(" ")[0]) == name


def _files(seen: Texts) -> tuple[TextFile, ...]:
    named: dict[str, TextFile] = {}
    for folder in _FOLDERS:
        for file in seen.glob(f"{folder}/*.conf"):
            named.setdefault(file.path.rpartition("/")[2], file)
    return tuple(named[name] for name in sorted(named))


@lru_cache(maxsize=32)
def _rules(seen: Texts) -> Mapping[str, tuple[_Rule, ...]]:
    rules: dict[str, tuple[_Rule, ...]] = {}
    for file in _files(seen):
        for number, text in _joined(file):
            if match := _LINE.fullmatch(text):
                command = (match[3] or "").partition("#")[0].strip()
                rule = _Rule(match[1], command, f"{file.path}:{number}")
                name = _plain(match[2])
                rules[name] = (*rules.get(name, ()), rule)
    return rules


def _joined(file: TextFile) -> Iterator[tuple[int, str]]:
    """Yield lines with those that a backslash continues, by the number of the first."""
    begun, parts = 0, ""
    for number, text in file.lines:
        begun = begun or number
        if text.endswith("\\"):
            parts += text[:-1] + " "
            continue
        yield begun, parts + text
        begun, parts = 0, ""
    if parts:
        yield begun, parts


PROBE = ProbeType(
    name="modules",
    via=Via.SSH,
    args=ModuleArgs,
    doc=Text(
        id="Modul kernel: termuat, bawaan kernel, tidak ada, atau ditolak modprobe",
        en="A kernel module: loaded, built in, not there, or refused by modprobe",
    ),
    gives=record(
        "Modul kernel",
        "Kernel module",
        {
            "loaded": leaf(Kind.BOOL, "Termuat", "Loaded"),
            "builtin": leaf(Kind.BOOL, "Menyatu dengan kernel", "Built into the kernel"),
            "absent": leaf(
                Kind.BOOL, "Kernel ini tidak memilikinya", "This kernel does not have it"
            ),
            "refused": leaf(
                Kind.BOOL, "modprobe menolak memuatnya (install)", "modprobe refuses it (install)"
            ),
            "blacklisted": leaf(Kind.BOOL, "Masuk daftar hitam", "Blacklisted"),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
