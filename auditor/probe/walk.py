"""Files that anyone may write, that nobody owns, or that run as their owner: one walk for all."""

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Annotated, Literal

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
    Via,
    answer,
)
from auditor.probe.fields import leaf, record
from auditor.probe.file import AbsolutePath

Sought = Literal["world_writable", "unowned", "suid"]


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

_MARKS: Mapping[Sought, str] = {"world_writable": "w", "unowned": "o", "suid": "s"}

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
{{
  t {seconds} find "$@" -ignore_readdir_race -xdev \( {prune} \) -prune -o \
    \( \( -type f -perm -0002 -o -type d -perm -0002 ! -perm -1000 \) -printf 'w%p\0' , \
    \( -nouser -o -nogroup \) -printf 'o%p\0' , \
    -type f \( -perm -4000 -o -perm -2000 \) -printf 's%p\0' \)
  printf '#%s\0' "$?"
}} | tr '\n\0' '\001\n' | awk '
  {{ k = substr($0, 1, 1) }}
  k == "#" {{ print; next }}
  {{ n[k]++ }}
  n[k] <= {most} {{ print }}
  END {{ for (k in n) print "=" k n[k] }}'
"""
"""One find over the given directories and the local file systems mounted below them.

Prints a mark and a name on each line (a newline in a name becomes a control character first), the
number of all as "=w12", and the status of find as "#0". Files that vanish meanwhile are no error.
"""


def _sections(many: Sequence[WalkArgs]) -> tuple[Section, ...]:
    roots = sorted({root for args in many for root in args.under})
    pruned = [p for p in _PRUNED if not any(_below(p, root) for root in roots)]
    text = _TEXT.format(
        roots=" ".join(map(quote, roots)),
        barred="|".join(f"{p}|{p}/*" for p in pruned) or "''",
        prune=" -o ".join(f"-path {p}" for p in pruned) or "-false",
        seconds=SECONDS,
        most=MOST,
    )
    shown = (
        f"find {' '.join(map(quote, roots))} -xdev "
        r"\( -perm -0002 -o -nouser -o -nogroup -o -perm /6000 \)"
    )
    return (Section(key=_KEY, text=text, shown=shown, root=True, limit=2**22, walk=True),)


def _below(path: str, root: str) -> bool:
    """Tell whether `root` is `path` itself or lies below it."""
    return f"{root.rstrip('/')}/".startswith(f"{path}/")


def _parse(args: WalkArgs, frames: Frames) -> Record:
    names: dict[str, dict[str, None]] = {mark: {} for mark in _MARKS.values()}
    totals: dict[str, int] = {}
    ended = "0"
    for line in answer(frames, _KEY).split("\n"):
        mark, rest = line[:1], line[1:]
        if mark in names:
            names[mark][rest] = None
        elif mark == "=" and rest[:1] in names and rest[1:].isdecimal():
            totals[rest[0]] = int(rest[1:])
        elif mark == "#":
            ended = rest
    found: Record = {}
    for sought in args.find:
        mark = _MARKS[sought]
        mine = [name for name in names[mark] if _is_under(name, args.under)]
        capped = totals.get(mark, 0) > MOST
        if mine or (ended == "0" and not capped):
            found[sought] = mine
            whole = capped and len(mine) == len(names[mark])
            found[f"{sought}_count"] = totals[mark] if whole else len(mine)
    if len(found) < 2 * len(args.find):
        found[GAP] = _gap(ended)
    return found


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


def _count(id_: str, en: str) -> Field:
    return leaf(Kind.INT, f"Jumlah: {id_}", f"Number: {en}")


_WRITABLE = ("Dapat ditulis siapa pun", "Writable by anyone")
_UNOWNED = ("Tanpa pemilik atau grup", "Without owner or group")
_SUID = ("Berjalan dengan hak pemiliknya (SUID/SGID)", "Run with their owner's rights (SUID/SGID)")

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
        },
    ),
    sections=_sections,
    parse=_parse,
)
