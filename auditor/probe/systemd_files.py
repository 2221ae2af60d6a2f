"""What systemd's unit files and links say about a unit, without asking systemd."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from auditor.model.fact import Why
from auditor.probe.base import Unseen

FILES = "systemd_files"
"""Key of the section."""

FOLDERS = (
    *("/etc/systemd/system.control", "/run/systemd/system.control", "/run/systemd/transient"),
    *("/run/systemd/generator.early", "/etc/systemd/system", "/etc/systemd/system.attached"),
    *("/run/systemd/system", "/run/systemd/system.attached", "/run/systemd/generator"),
    *("/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"),
    "/run/systemd/generator.late",
)
"""systemd's, strongest first: the first that holds a name decides what the unit is."""
_PULLING = (".wants", ".requires", ".upholds")
_LINKS = 20
"""An alias leads to another unit in no more steps."""

_TEXT = r"""
set --
for d in {folders}; do
  [ -d "$d" ] || continue
  [ -r "$d" ] && [ -x "$d" ] || printf '? %s\n' "$d"
  case $d in /lib/*) [ -L /lib ] && continue ;; esac
  set -- "$@" "$d"
done
for u in {scripts}; do
  for f in /etc/rc[2345].d/S[0-9][0-9]"$u" /etc/runlevels/*/"$u"; do
    [ -e "$f" ] && printf 's %s %s\n' "$u" "$f" && break
  done
  [ -e "/etc/init.d/$u" ] && printf 'i %s /etc/init.d/%s\n' "$u" "$u"
done
[ $# -gt 0 ] || return 0
find "$@" -maxdepth 2 \( -type l -printf 'l %p %l\n' -o -type f -size 0 -printf '0 %p\n' \
  -o -type f \( {names} \) -printf 'f %p\n' \) || return
set -- "$@" ''
while [ -n "$1" ]; do
  for u in {units}; do
    [ -f "$1/$u" ] && [ -s "$1/$u" ] && [ -r "$1/$u" ] && set -- "$@" "$1/$u"
  done
  shift
done
shift
[ $# -eq 0 ] || awk '/^[ \t]*\[Install\]/ {{ print "e " FILENAME }}' "$@"
"""
"""A line for each start link (s) and script (i) of SysV or OpenRC, each link (l) with its target,
each empty file (0), each file of a wanted name (f), and those that have a section [Install] (e);
? is a folder that may not be searched.
"""


class State(NamedTuple):
    """`word` is systemctl's for a unit file; `starts`: the next boot pulls it in."""

    word: str
    starts: bool
    place: str


class _Files(NamedTuple):
    links: Mapping[str, str]
    """Path → target of each link."""
    empty: frozenset[str]
    plain: frozenset[str]
    installable: frozenset[str]
    scripts: Mapping[str, str]
    started: Mapping[str, str]
    """SysV's: name → its first start link."""
    pulled: Mapping[str, tuple[str, ...]]
    """Unit → the links by which other units pull it in."""


def files_text(units: Sequence[str]) -> str:
    """Return the body of the section for some units; names hold no character of the shell."""
    wanted = sorted({*units, *(_template(unit) for unit in units)})
    scripts = sorted(unit.removesuffix(".service") for unit in units if unit.endswith(".service"))
    return _TEXT.format(
        folders=" ".join(FOLDERS),
        scripts=" ".join(scripts) or "''",
        names=" -o ".join(f"-name {name}" for name in wanted),
        units=" ".join(wanted),
    )


def _template(unit: str) -> str:
    """Return the file that makes an instance: a@b.service comes from a@.service."""
    stem, dot, suffix = unit.rpartition(".")
    name, at, _ = stem.partition("@")
    return f"{name}{at}{dot}{suffix}" if at else unit


@lru_cache(maxsize=4096)
def state(text: str, unit: str) -> State:
    """Return what the section's answer says about a unit; raises `Unseen` for closed folders."""
    files = _files(text)
    name = unit
    for _ in range(_LINKS):
        path = _fragment(files, name) or _fragment(files, _template(name))
        target = files.links.get(path or "", "")
        leads = target.rpartition("/")[2]
        if not target or _is_nothing(target) or leads in (name, _template(name)):
            break
        name = leads
    return _judge(files, unit, name, path)


def _is_nothing(target: str) -> bool:
    return target.endswith("/dev/null")


def _judge(files: _Files, unit: str, name: str, path: str | None) -> State:
    if path is None:
        return _sysv(files, unit.removesuffix(".service"))
    if path in files.empty or _is_nothing(files.links.get(path, "")):
        return State("masked", starts=False, place=path)
    pulled = (*files.pulled.get(name, ()), *(files.pulled.get(unit, ()) if unit != name else ()))
    own = next((link for link in pulled if link.startswith(("/etc/", "/run/"))), "")
    if own:
        return State("enabled", starts=True, place=own)
    has_install = path in files.installable
    if pulled:
        return State("enabled" if has_install else "static", starts=True, place=pulled[0])
    return State("disabled" if has_install else "static", starts=False, place=path)


def _sysv(files: _Files, script: str) -> State:
    if script not in files.scripts:
        return State("not-found", starts=False, place="")
    link = files.started.get(script)
    if link is not None:
        return State("enabled", starts=True, place=link)
    return State("disabled", starts=False, place=files.scripts[script])


def _fragment(files: _Files, name: str) -> str | None:
    for folder in FOLDERS:
        path = f"{folder}/{name}"
        if path in files.links or path in files.plain or path in files.empty:
            return path
    return None


@lru_cache(maxsize=16)
def _files(text: str) -> _Files:
    links: dict[str, str] = {}
    sets: dict[str, set[str]] = {"0": set(), "f": set(), "e": set()}
    scripts: dict[str, str] = {}
    started: dict[str, str] = {}
    for line in text.split("\n"):
        mark, _, rest = line.partition(" ")
        first, _, second = rest.partition(" ")
        if mark == "l":
            links[first] = second
        elif mark in sets:
            sets[mark].add(rest)
        elif mark == "i":
            scripts[first] = second
        elif mark == "s":
            started.setdefault(first, second)
        elif mark == "?":
            raise Unseen(Why.NEEDS_ROOT, f"needs root: {rest} may not be searched")
    return _Files(
        links,
        frozenset(sets["0"]),
        frozenset(sets["f"]),
        frozenset(sets["e"]),
        scripts,
        started,
        _pulled([*links, *sets["f"], *sets["0"]]),
    )


def _pulled(paths: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the links in folders like multi-user.target.wants, those of /etc first."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        if folder.endswith(_PULLING):
            found.setdefault(name, []).append(path)
    return {name: tuple(links) for name, links in found.items()}
