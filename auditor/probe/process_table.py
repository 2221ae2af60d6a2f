"""The running programs: name, account, file; never their arguments, which may hold secrets.

Equal ones are one row, and a visit does not see itself: a target that does the same shows the same.
"""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer, take
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import texts


class ProcessesArgs(Args, frozen=True):
    """Takes no arguments."""


_HIDDEN = 77
_PASSWD = "/etc/passwd"  # noqa: S105 - a path
_SECTION = Section(
    key="process_table",
    shown="ps -eo user,comm; ls -l /proc/*/exe",
    text=rf"""
IFS= read -r l </proc/1/comm || return {_HIDDEN}
own() {{
  IFS= read -r l <"$1/stat" || return
  set -- ${{l##*) }}
  z=$1 s=$4
}}
s=
own /proc/self
o=$s c=0
for d in /proc/[0-9]*; do
  n='' u='' m='' s='' z=''
  own "$d"
  [ "$s" != "$o" ] || continue
  case $z in [ZX]) continue ;; esac
  IFS= read -r n <"$d/comm" || continue
  while read -r k v _; do
    case $k in Uid:) u=$v; break ;; esac
  done <"$d/status"
  [ -n "$u" ] || continue
  m=-
  {{
    m=+
    while read -r _ _ _ _ _ v; do
      case $v in /*) m="+$v"; break ;; esac
    done
  }} <"$d/maps"
  [ -e "$d/stat" ] || continue
  printf '%s %s\n%s\n' "$u" "$n" "$m"
  c=$((c + 1))
  if [ "$c" -ge 5000 ]; then printf '!\n'; break; fi
done
return 0
""",
    bounded=True,
    volatile=("",),
)
"""Two lines a process that lives and is not of the visit itself: account's number, name; then +
and the first file in its memory, which is its program (the kernel's own have none), or - where that
is not shown.
"""

_HEAD = re.compile(r"([0-9]{1,10}) (.{0,64})")
_DELETED = " (deleted)"


def _sections(_many: Sequence[ProcessesArgs]) -> tuple[Section, ...]:
    return (_SECTION,)


def _reads(_many: Sequence[ProcessesArgs]) -> tuple[str, ...]:
    return (_PASSWD,)


def _parse(_args: ProcessesArgs, frames: Frames) -> Record:
    if take(frames, _SECTION.key).rc == _HIDDEN:
        raise Unseen(Why.NEEDS_ROOT, "needs root: the account sees no processes but its own")
    lines = answer(frames, _SECTION.key).split("\n")
    if "!" in lines:
        raise Unseen(Why.CUT, "there are more processes than are looked at")
    names = _names(frames)
    pairs = zip(map(_HEAD.fullmatch, lines[::2]), lines[1::2], strict=False)
    rows = [_row(head, memory, names) for head, memory in pairs if head]
    told = {tuple(map(str, row.items())): row for row in rows}
    return {"processes": [told[key] for key in sorted(told)]}


def _row(head: "re.Match[str]", memory: str, names: dict[str, str]) -> Record:
    row: Record = {
        "user": names.get(head[1], head[1]),
        "name": head[2],
    }
    if memory.startswith("+"):
        path = memory[1:]
        row["exe"] = path.removesuffix(_DELETED)
        row["deleted"] = path.endswith(_DELETED)
    else:
        row[GAP] = {"why": Why.NEEDS_ROOT, "detail": "its program is not shown to this account"}
    return row


def _names(frames: Frames) -> dict[str, str]:
    file = texts(frames).file(_PASSWD)
    fields = [text.split(":") for _, text in (file.lines if file else ())]
    return {one[2]: one[0] for one in reversed(fields) if len(one) > 2}  # noqa: PLR2004 - name:x:uid


PROBE = ProbeType(
    name="processes",
    via=Via.SSH,
    args=ProcessesArgs,
    doc=Text(
        id="Program yang berjalan: nama, akun, berkas, dan apakah berkasnya telah dihapus",
        en="Running programs: name, account, file, and whether the file was deleted",
    ),
    gives=record(
        "Proses",
        "Processes",
        {
            "processes": table(
                "Proses",
                "Processes",
                "name",
                {
                    "user": leaf(Kind.TEXT, "Akun", "Account"),
                    "name": leaf(Kind.TEXT, "Nama", "Name"),
                    "exe": leaf(Kind.TEXT, "Berkas program", "Program file", may_be_empty=True),
                    "deleted": leaf(Kind.BOOL, "Berkasnya dihapus", "Its file is deleted"),
                },
            ),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
