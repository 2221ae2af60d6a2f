"""Files that anyone may write, that nobody owns, or that run as their owner: one walk for all."""

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Annotated, Literal, NamedTuple

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Field, Kind, Why
from auditor.model.text import REPLACEMENT, inert
from auditor.probe.base import (
    TIMED_OUT,
    Args,
    Frames,
    ProbeType,
    Record,
    Section,
    Unseen,
    Via,
    answer,
)
from auditor.probe.fields import leaf, record, table
from auditor.probe.file import AbsolutePath
from auditor.probe.texts import texts

Sought = Literal[
    "world_writable",
    "unowned",
    "suid",
    "ungrouped",
    "unsticky",
    "odd_names",
    "temp_executables",
    "suid_files",
    "pam_modules",
]


class WalkArgs(Args, frozen=True):
    """What to look for and below which directories."""

    find: Annotated[tuple[Sought, ...], msgspec.Meta(min_length=1)]
    under: Annotated[tuple[AbsolutePath, ...], msgspec.Meta(min_length=1)] = ("/",)


_KEY = "walk"
SECONDS = 90
"""A walk that takes longer is given up; what it had found until then counts."""
MOST = 1000
"""Names kept of each kind; all are counted."""

_PRUNED = ("/proc", "/sys", "/run", "/dev", "/var/lib/docker", "/var/lib/containers")
"""Kernel interfaces and layers of containers; walked only where they are asked for by name."""

_MARKS: Mapping[Sought, str] = {
    "world_writable": "w",
    "unowned": "o",
    "suid": "s",
    "ungrouped": "g",
    "unsticky": "d",
    "odd_names": "n",
    "temp_executables": "x",
    "suid_files": "s",
    "pam_modules": "p",
}
_PACKAGED = ("suid_files", "pam_modules")
"""Are looked up in dpkg's lists of files."""
_SHARED = "/dev/shm"  # noqa: S108 - is walked, not written
_LISTS = "/var/lib/dpkg/info/*.list"
_OVERRIDES = "/var/lib/dpkg/statoverride"

_TEXT = r"""
set --
for p in {roots}; do
  [ -d "$p" ] && set -- "$@" "$p"
done
[ $# -gt 0 ] || return 0
for p in "$@"; do
  while read -r _ m f _; do
    case $f in
    ext[234]|xfs|btrfs|zfs|overlay|aufs|f2fs|jfs|reiserfs|bcachefs|ubifs|tmpfs) ;;
    *) continue ;;
    esac
    case $m in *\\*) m=$(printf '%b.' "$m") m=${{m%.}} ;; esac
    case $m in {barred}) continue ;; esac
    case $m in "${{p%/}}"/?*) set -- "$@" "$m" ;; esac
  done </proc/self/mounts
done
{database}
{{
  t {seconds} find "$@" -ignore_readdir_race -xdev \( {prune} \) -prune -o \
    \( \( -type f -perm -0002 -o -type d -perm -0002 ! -perm -1000 \) -printf 'w%p\0' , \
    \( -nouser -o -nogroup \) -printf 'o%p\0' , \
    -type f \( -perm -4000 -o -perm -2000 \) -printf 's%p\0'{more} \)
  printf '#%s\0' "$?"{modules}
}} | tr '\n\0' '\001\n' | awk '
  L {{
    if (!c++) print "L"
    sub(/^\/usr\//, "/")
    if ($0 in held) print "P" held[$0] "\t" FILENAME
    next
  }}
  {{ k = substr($0, 1, 1) }}
  k == "#" {{ print; next }}
  {{ n[k]++ }}
  n[k] <= {most} {{ print }}
  n[k] <= {most} && k ~ /[sp]/ {{
    v = substr($0, 2); u = v; sub(/^\/usr\//, "/", u); held[u] = v
  }}
  END {{ for (k in n) print "=" k n[k] }}' L=0 -{lists}
"""
"""One find over the given directories and the local file systems mounted below them.

Prints a mark and a name on each line (a newline in a name becomes a control character first), the
number of all as "=w12", and the status of find as "#0". Files that vanish meanwhile are no error.
Where packages are asked for, "L" says that dpkg's lists were read, and "P" names a file and the
list that has it; /usr before a name makes no difference.
"""

_MORE: Mapping[Sought, str] = {
    "ungrouped": r"-nogroup -printf 'g%p\0'",
    "unsticky": r"-type d -perm -0002 ! -perm -1000 -printf 'd%p\0'",
    "odd_names": r"\( -name '..?*' ! -name '*[!. ]*' -o -name '.. *' -o -name ' *' -o -name '* ' \)"
    r" -printf 'n%p\0'",
    "temp_executables": r"-type f -perm /0111 \( -path '/tmp/*' -o -path '/var/tmp/*'"
    r" -o -path '/dev/shm/*' \) -printf 'x%p\0'",
}
"""Tests of find that not every policy asks."""
_DATABASE = rf"""
for q in {_LISTS}; do break; done
[ -e "$q" ] || q="""
_MODULES = r"""
  for p in /lib/security/*.so /lib/*/security/*.so /lib64/security/*.so; do
    [ -f "$p" ] && printf 'p%s\0' "$p"
  done"""


def _sections(many: Sequence[WalkArgs]) -> tuple[Section, ...]:
    roots = sorted({root for args in many for root in args.under})
    sought = {kind for args in many for kind in args.find}
    pruned = [p for p in _PRUNED if not any(_below(p, root) for root in roots)]
    shared = [_SHARED] if "temp_executables" in sought and "/" in roots else []
    is_packaged = not sought.isdisjoint(_PACKAGED)
    text = _TEXT.format(
        roots=" ".join(map(quote, [*roots, *shared])),
        barred="|".join(f"{p}|{p}/*" for p in pruned) or "''",
        prune=" -o ".join(f"-path {p}" for p in pruned) or "-false",
        seconds=SECONDS,
        most=MOST,
        more="".join(f" , {_MORE[kind]}" for kind in _MORE if kind in sought),
        modules=_MODULES if "pam_modules" in sought else "",
        database=_DATABASE if is_packaged else "",
        lists=" ${q:+L=1 " + _LISTS + "}" if is_packaged else "",
    )
    shown = (
        f"find {' '.join(map(quote, roots))} -xdev "
        r"\( -perm -0002 -o -nouser -o -nogroup -o -perm /6000 \)"
    )
    return (Section(key=_KEY, text=text, shown=shown, root=True, limit=2**22, walk=True),)


def _below(path: str, root: str) -> bool:
    """Tell whether `root` is `path` itself or lies below it."""
    return f"{root.rstrip('/')}/".startswith(f"{path}/")


class _Told(NamedTuple):
    """The answer: names by mark, their numbers, packages by path, and the status of find."""

    names: dict[str, dict[str, None]]
    totals: dict[str, int]
    packages: dict[str, str]
    has_packages: bool
    ended: str


def _read(text: str) -> _Told:
    names: dict[str, dict[str, None]] = {mark: {} for mark in _MARKS.values()}
    totals: dict[str, int] = {}
    packages: dict[str, str] = {}
    ended, has_packages = "0", False
    for line in text.split("\n"):
        mark, rest = line[:1], line[1:]
        if mark in names:
            names[mark][rest] = None
        elif mark == "=" and rest[:1] in names and rest[1:].isdecimal():
            totals[rest[0]] = int(rest[1:])
        elif mark == "#":
            ended = rest
        elif mark == "P":
            name, _, listed = rest.rpartition("\t")
            packages[name] = listed.rpartition("/")[2].removesuffix(".list").partition(":")[0]
        elif mark == "L":
            has_packages = True
    return _Told(names, totals, packages, has_packages, ended)


def _parse(args: WalkArgs, frames: Frames) -> Record:
    told = _read(answer(frames, _KEY))
    found: Record = {}
    for sought in args.find:
        names = told.names[_MARKS[sought]]
        total = told.totals.get(_MARKS[sought], 0)
        mine = [name for name in names if _is_under(name, args.under)]
        capped = total > MOST
        if mine or (told.ended == "0" and not capped):
            found[sought] = _rows(mine, told, frames) if sought in _PACKAGED else mine
            whole = capped and len(mine) == len(names)
            found[f"{sought}_count"] = total if whole else len(mine)
    if len(found) < 2 * len(args.find):
        found[GAP] = _gap(told.ended)
    return found


def _rows(names: Sequence[str], told: _Told, frames: Frames) -> list[Record]:
    """Return each file with the package that it came with, and whether dpkg was told to differ."""
    if not told.has_packages:
        raise Unseen(Why.UNSUPPORTED, "no package database of dpkg")
    file = texts(frames).file(_OVERRIDES)
    changed = {line.split(maxsplit=3)[-1] for _, line in file.lines} if file else set()
    return [
        {
            "path": name,
            "program": name.rpartition("/")[2].rstrip("0123456789."),
            "package": told.packages.get(name, ""),
            "overridden": name in changed,
        }
        for name in names
    ]


def _reads(many: Sequence[WalkArgs]) -> tuple[str, ...]:
    asked = any(kind in _PACKAGED for args in many for kind in args.find)
    return (_OVERRIDES,) if asked else ()


def _is_under(name: str, roots: Sequence[str]) -> bool:
    return any(
        name.startswith(f"{inert(root).replace(chr(10), REPLACEMENT).rstrip('/')}/") or name == root
        for root in roots
    )


def _gap(ended: str) -> Record:
    """Say why an empty list does not mean that there is nothing."""
    if ended == str(TIMED_OUT):
        return {"why": Why.TIMEOUT, "detail": f"the walk took longer than {SECONDS} s"}
    if ended != "0":
        return {"why": Why.UNREADABLE, "detail": "find could not read every directory"}
    return {"why": Why.CUT, "detail": f"more than {MOST} names elsewhere hide what is here"}


def _packaged(id_: str, en: str) -> Field:
    return table(
        id_,
        en,
        "path",
        {
            "path": leaf(Kind.TEXT, "Berkas", "File"),
            "program": leaf(Kind.TEXT, "Program", "Program", may_be_empty=True),
            "package": leaf(Kind.TEXT, "Paket", "Package", may_be_empty=True),
            "overridden": leaf(Kind.BOOL, "Diubah lewat dpkg-statoverride", "In dpkg-statoverride"),
        },
        may_be_empty=True,
    )


def _count(id_: str, en: str) -> Field:
    return leaf(Kind.INT, f"Jumlah: {id_}", f"Number: {en}")


_WRITABLE = ("Dapat ditulis siapa pun", "Writable by anyone")
_UNOWNED = ("Tanpa pemilik atau grup", "Without owner or group")
_SUID = ("Berjalan dengan hak pemiliknya (SUID/SGID)", "Run with their owner's rights (SUID/SGID)")
_UNGROUPED = ("Tanpa grup", "Without group")
_UNSTICKY = ("Direktori terbuka tanpa bit sticky", "Open directories without sticky bit")
_ODD = ("Nama yang menyembunyikan diri", "Names that hide")
_TEMP = ("Program di direktori sementara", "Programs in temporary directories")
_PAM = ("Modul PAM", "PAM modules")

PROBE = ProbeType(
    name="walk",
    via=Via.SSH,
    args=WalkArgs,
    doc=Text(
        id="Berkas dan direktori (tanpa bit sticky) yang dapat ditulis siapa pun, yang tanpa "
        "pemilik, dan yang ber-SUID/SGID, pada sistem berkas setempat",
        en="Files and directories (without sticky bit) that anyone may write, those without an "
        "owner, and those with SUID/SGID, on local file systems",
    ),
    gives=record(
        "Penelusuran berkas",
        "File walk",
        {
            "world_writable": leaf(Kind.TEXTS, *_WRITABLE, may_be_empty=True),
            "world_writable_count": _count(*_WRITABLE),
            "unowned": leaf(Kind.TEXTS, *_UNOWNED, may_be_empty=True),
            "unowned_count": _count(*_UNOWNED),
            "suid": leaf(Kind.TEXTS, *_SUID, may_be_empty=True),
            "suid_count": _count(*_SUID),
            "ungrouped": leaf(Kind.TEXTS, *_UNGROUPED, may_be_empty=True),
            "ungrouped_count": _count(*_UNGROUPED),
            "unsticky": leaf(Kind.TEXTS, *_UNSTICKY, may_be_empty=True),
            "unsticky_count": _count(*_UNSTICKY),
            "odd_names": leaf(Kind.TEXTS, *_ODD, may_be_empty=True),
            "odd_names_count": _count(*_ODD),
            "temp_executables": leaf(Kind.TEXTS, *_TEMP, may_be_empty=True),
            "temp_executables_count": _count(*_TEMP),
            "suid_files": _packaged(*_SUID),
            "suid_files_count": _count(*_SUID),
            "pam_modules": _packaged(*_PAM),
            "pam_modules_count": _count(*_PAM),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
