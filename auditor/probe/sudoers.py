"""Which rules of sudo ask for no password."""

import re
from collections.abc import Iterator, Sequence

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table


class SudoersArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="sudoers",
    text=r"""
tab=${IFS#?}
tab=${tab%?}
# show FILE DEPTH LINE: print its lines with file and number, those it includes in their place
show() {
  if [ ! -f "$1" ] || [ ! -r "$1" ] || [ "$2" -gt 16 ]; then
    printf '?\t0\t%s\n' "$1"
    return
  fi
  while IFS= read -r l || [ -n "$l" ]; do
    set -- "$1" "$2" "$(($3 + 1))"
    printf '%s\t%s\t%s\n' "$1" "$3" "$l"
    case $l in
    '#include'[\ "$tab"]*|'#includedir'[\ "$tab"]*) ;;
    *@include[\ "$tab"]*|*@includedir[\ "$tab"]*) l=${l#"${l%%[!\ $tab]*}"} ;;
    *) continue ;;
    esac
    case $l in [#@]include*) follow "$1" "$2" ;; esac
  done <"$1"
}
# follow FILE DEPTH: l is a line that includes; names may be quoted and relative to FILE
follow() {
  case $l in ?includedir*) set -- "$1" "$2" dir ;; *) set -- "$1" "$2" file ;; esac
  l=${l#?include}
  l=${l#dir}
  l=${l#"${l%%[!\ $tab]*}"}
  l=${l%"${l##*[!\ $tab]}"}
  case $l in \"*\") l=${l#\"} l=${l%\"} ;; esac
  case $l in
  *%h*) IFS=. read -r h _ </proc/sys/kernel/hostname; l=${l%%%h*}$h${l#*%h} ;;
  esac
  case $l in /*) ;; *) l=${1%/*}/$l ;; esac
  if [ "$3" = file ]; then
    show "$l" "$(($2 + 1))" 0
    return
  fi
  for f in "$l"/*; do
    case ${f##*/} in *.*|*~) continue ;; esac
    [ -f "$f" ] && show "$f" "$(($2 + 1))" 0
  done
}
[ -e /etc/sudoers ] || return 0
show /etc/sudoers 0 0
return 0
""",
    shown="cat /etc/sudoers /etc/sudoers.d/*",
    root=True,
    limit=2**20,
)
"""Lines as `file TAB number TAB text`; "?" as file names one that should be read and cannot be."""

_LINE = re.compile(r"([^\t]+)\t([0-9]+)\t(.*)")
_UNCOMMENTED = re.compile(
    r'(?:[^#"\\]|\\.|"(?:[^"\\]|\\.)*"|(?<=[\s,(!:%])#(?=[0-9])|^#(?=[0-9])|"|\\)*'
)
"""A line up to its comment; `#1000` is a user id where a name may stand."""
_INCLUDE = re.compile(r"(#|\s*@)include(dir)?\s")
_ALIAS = re.compile(r"(User|Runas|Host|Cmnd|Cmd)_Alias\s")
_DEFAULTS = re.compile(r"Defaults\b")
_NOPASSWD = re.compile(r"=.*\bNOPASSWD\s*:|^Defaults\b.*!\s*authenticate\b")
_LONGEST = 500
"""Characters of a rule that are kept."""


def _sections(_args: Sequence[SudoersArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield file, line number and what stands on the line before a comment."""
    for line in text.split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match[1] == "?":
            raise Unseen(Why.UNREADABLE, f"sudoers names {match[3]}, which cannot be read")
        if not _INCLUDE.match(match[3]):
            kept = _UNCOMMENTED.match(match[3])
            yield match[1], match[2], kept[0] if kept else ""


def _statements(text: str) -> Iterator[tuple[str, str]]:
    """Yield each statement and where it begins; a backslash joins lines of one file."""
    parts: list[str] = []
    begun = ("", "")
    for file, number, line in _lines(text):
        if parts and file != begun[0]:
            yield " ".join("".join(parts).split()), ":".join(begun)
            parts = []
        if not parts:
            begun = (file, number)
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield " ".join("".join(parts).split()), ":".join(begun)
            parts = []
    if parts:
        yield " ".join("".join(parts).split()), ":".join(begun)


def _parse(_args: SudoersArgs, frames: Frames) -> Record:
    open_rules: list[Record] = []
    count = 0
    for rule, place in _statements(answer(frames, SECTION.key)):
        if not rule or _ALIAS.match(rule):
            continue
        count += not _DEFAULTS.match(rule)
        if _NOPASSWD.search(rule):
            open_rules.append({"rule": rule[:_LONGEST], "place": place})
    return {"nopasswd": open_rules, "all_rules": count}


PROBE = ProbeType(
    name="sudoers",
    via=Via.SSH,
    args=SudoersArgs,
    doc=Text(
        id="Aturan sudo yang tidak meminta kata sandi, termasuk berkas yang disertakan",
        en="Rules of sudo that ask for no password, included files as well",
    ),
    gives=record(
        "Aturan sudo",
        "sudo rules",
        {
            "nopasswd": table(
                "Aturan tanpa kata sandi",
                "Rules without a password",
                "rule",
                {
                    "rule": leaf(Kind.TEXT, "Aturan", "Rule"),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                },
                may_be_empty=True,
            ),
            "all_rules": leaf(Kind.INT, "Jumlah aturan", "Number of rules"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
