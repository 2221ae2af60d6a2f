"""What sudo allows and how: settings in effect, rules, and which of them ask for no password."""

from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import (
    NOT_FOUND,
    TIMED_OUT,
    Args,
    Frames,
    ProbeType,
    Record,
    Section,
    Via,
    answer,
)
from auditor.probe.fields import leaf, record, table
from auditor.probe.sudoers_rules import nopasswd, rules
from auditor.probe.sudoers_settings import SETTINGS, effective, written
from auditor.probe.sudoers_text import statements


class SudoersArgs(Args, frozen=True):
    """Takes no arguments."""


_LIMIT = 2**20
_MOST_LINES = 20_000
SECTION = Section(
    key="sudoers",
    text=rf"""
tab=${{IFS#?}}
tab=${{tab%?}}
n=0 z=0
# show FILE DEPTH LINE: print its lines with file and number, those it includes in their place
show() {{
  if [ ! -f "$1" ] || [ ! -r "$1" ] || [ "$2" -gt 16 ]; then
    printf '?\t0\t%s\n' "$1"
    return
  fi
  while IFS= read -r l || [ -n "$l" ]; do
    n=$((n + 1)) z=$((z + ${{#l}} + ${{#1}}))
    [ "$n" -le {_MOST_LINES} ] && [ "$z" -le {_LIMIT} ] || {{ printf '!\n'; return; }}
    set -- "$1" "$2" "$(($3 + 1))"
    printf '%s\t%s\t%s\n' "$1" "$3" "$l"
    case $l in
    '#include'[\ "$tab"]*|'#includedir'[\ "$tab"]*) ;;
    *@include[\ "$tab"]*|*@includedir[\ "$tab"]*) l=${{l#"${{l%%[!\ $tab]*}}"}} ;;
    *) continue ;;
    esac
    case $l in [#@]include*) follow "$1" "$2" ;; esac
  done <"$1"
}}
# follow FILE DEPTH: l is a line that includes; names may be quoted and relative to FILE
follow() {{
  case $l in ?includedir*) set -- "$1" "$2" dir ;; *) set -- "$1" "$2" file ;; esac
  l=${{l#?include}}
  l=${{l#dir}}
  l=${{l#"${{l%%[!\ $tab]*}}"}}
  l=${{l%"${{l##*[!\ $tab]}}"}}
  case $l in \"*\") l=${{l#\"}} l=${{l%\"}} ;; esac
  case $l in
  *%h*) IFS=. read -r h _ </proc/sys/kernel/hostname; l=${{l%%%h*}}$h${{l#*%h}} ;;
  esac
  case $l in /*) ;; *) l=${{1%/*}}/$l ;; esac
  if [ "$3" = file ]; then
    show "$l" "$(($2 + 1))" 0
    return
  fi
  for f in "$l"/*; do
    case ${{f##*/}} in *.*|*~) continue ;; esac
    [ -f "$f" ] && show "$f" "$(($2 + 1))" 0
  done
}}
if [ ! -e /etc/sudoers ]; then
  printf '%%\n'
  return 0
fi
show /etc/sudoers 0 0
return 0
""",
    shown="cat /etc/sudoers /etc/sudoers.d/*",
    root=True,
    limit=_LIMIT,
    bounded=True,
)
"""Lines as `file TAB number TAB text`; "?" as file names one that should be read and cannot be,
"!" says that there was too much, "%" that there is no /etc/sudoers.
"""

JUDGE = Section(
    key="visudo",
    text="""
for v in /usr/sbin/visudo /usr/local/sbin/visudo /sbin/visudo; do
  [ -x "$v" ] || continue
  "$v" -V
  [ -e /etc/sudoers ] || return 0
  r=0
  m=$(t 5 "$v" -c -f /etc/sudoers 2>&1) || r=$?
  printf '%.4000s\n' "$m"
  return "$r"
done
return 127
""",
    shown="visudo -c -f /etc/sudoers",
    root=True,
    limit=8192,
    bounded=True,
)
"""sudo's own judgement, three processes: no other parser knows the grammar of the version that is
installed. With -f it judges the text alone, not owner and mode, which checks of files do.
"""


def _sections(_args: Sequence[SudoersArgs]) -> tuple[Section, ...]:
    return (JUDGE, SECTION)


def _parse(_args: SudoersArgs, frames: Frames) -> Record:
    text = answer(frames, SECTION.key)
    found: Record = {"exists": text.strip() != "%"} | _judgement(frames)
    if not found["exists"]:
        found.pop("valid", None)
    said = list(statements(text))
    settings = [setting for one in said for setting in written(*one)]
    all_rules = [rule for one in said for rule in rules(*one)]
    values, places = effective(settings, str(found.get("version", "")))
    return {
        **found,
        **values,
        "places": places,
        "settings": [setting.row() for setting in settings],
        "rules": all_rules,
        "nopasswd": nopasswd(said),
        "all_rules": len(all_rules),
    }


def _judgement(frames: Frames) -> Record:
    """Return version and verdict of visudo; without it, that they were not seen."""
    frame = frames.get(JUDGE.key)
    if frame is None or frame.cut or frame.denied or frame.rc in (NOT_FOUND, TIMED_OUT):
        return {GAP: {"why": Why.UNSUPPORTED, "detail": "visudo did not judge the file"}}
    lines = [line.strip() for line in frame.text.split("\n") if line.strip()]
    head = [line for line in lines if line.startswith("visudo ")]
    version = next((line.split()[-1] for line in head if " version " in line), "")
    message = " ".join(line for line in lines if line not in head)[:400]
    found: Record = {"valid": frame.rc == 0, "message": message if frame.rc else ""}
    return found | ({"version": version} if version else {})


PROBE = ProbeType(
    name="sudoers",
    via=Via.SSH,
    args=SudoersArgs,
    doc=Text(
        id="Setelan dan aturan sudo yang berlaku, termasuk berkas yang disertakan",
        en="Settings and rules of sudo that are in effect, included files as well",
    ),
    gives=record(
        "Aturan sudo",
        "sudo rules",
        {
            "exists": leaf(Kind.BOOL, "Ada /etc/sudoers", "/etc/sudoers exists"),
            "valid": leaf(Kind.BOOL, "Diterima visudo", "Accepted by visudo"),
            "message": leaf(Kind.TEXT, "Pesan visudo", "visudo's message", may_be_empty=True),
            "version": leaf(Kind.VERSION, "Versi sudo", "Version of sudo"),
            **SETTINGS,
            "settings": table(
                "Setelan yang ditulis",
                "Settings as written",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama", "Name"),
                    "value": leaf(Kind.TEXT, "Nilai", "Value", may_be_empty=True),
                    "on": leaf(Kind.BOOL, "Dinyalakan", "Turned on"),
                    "seconds": leaf(Kind.DURATION, "Lama", "Time"),
                    "scope": leaf(Kind.TEXT, "Bagi siapa", "For whom", may_be_empty=True),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                },
                may_be_empty=True,
            ),
            "rules": table(
                "Aturan",
                "Rules",
                "rule",
                {
                    "rule": leaf(Kind.TEXT, "Aturan", "Rule"),
                    "users": leaf(Kind.TEXTS, "Pengguna", "Users", may_be_empty=True),
                    "hosts": leaf(Kind.TEXTS, "Mesin", "Hosts", may_be_empty=True),
                    "runas": leaf(Kind.TEXTS, "Sebagai", "Run as", may_be_empty=True),
                    "tags": leaf(Kind.TEXTS, "Tanda", "Tags", may_be_empty=True),
                    "commands": leaf(Kind.TEXTS, "Perintah", "Commands", may_be_empty=True),
                    "everything": leaf(Kind.BOOL, "Semua perintah", "All commands"),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                },
                may_be_empty=True,
            ),
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
