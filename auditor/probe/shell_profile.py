"""What shells set for everybody and for root: idle time, mask of new files, folders of PATH."""

import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from auditor.model.base import Text
from auditor.model.fact import GAP, Json, Kind, Why
from auditor.probe import login_defs, pam_stack
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import TextFile, Texts, texts

DEFAULT = "default"


class ShellProfileArgs(Args, frozen=True):
    """Takes no arguments."""


_EVERYBODY = ("/etc/profile", "/etc/bash.bashrc", "/etc/bashrc")
_FOLDER = "/etc/profile.d/*.sh"
_ROOT = ("/root/.profile", "/root/.bash_profile", "/root/.bash_login", "/root/.bashrc")
_MOST_LINES = 5000
_MOST_PARTS = 500

SECTION = Section(
    key="root_path",
    text=rf"""
set --
k=0 c=0 s=:
for f in /etc/environment /etc/login.defs /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc \
  /etc/bashrc {" ".join(_ROOT)}; do
  [ -f "$f" ] && [ -r "$f" ] || continue
  n=0
  while read -r l || [ -n "$l" ]; do
    n=$((n + 1)) k=$((k + 1))
    [ "$k" -le {_MOST_LINES} ] || {{ printf '!\n'; break 2; }}
    case $l in
    '#'*|ENV_PATH*) continue ;;
    PATH=*) v=${{l#PATH=}} ;;
    *[!A-Za-z0-9_]PATH=*) v=${{l#*[!A-Za-z0-9_]PATH=}} ;;
    *) continue ;;
    esac
    case $v in
    \"*) v=${{v#\"}} v=${{v%%\"*}} ;;
    \'*) v=${{v#\'}} v=${{v%%\'*}} ;;
    *) v=${{v%%[\;\&\ \)\#]*}} ;;
    esac
    v=$v:
    while [ -n "$v" ]; do
      c=$((c + 1))
      [ "$c" -le {_MOST_PARTS} ] || {{ printf '!\n'; break 3; }}
      e=${{v%%:*}} v=${{v#*:}}
      case $e in
      '~'|'~/'*) e=/root${{e#\~}} ;;
      '$HOME'*) e=/root${{e#\$HOME}} ;;
      '${{HOME}}'*) e=/root${{e#???????}} ;;
      esac
      case $e in *[\$\`]*) continue ;; esac
      printf 'p %s:%s %s\n' "$f" "$n" "$e"
      case $e:$s in
      /*:*":$e:"*) ;;
      /*) s=$s$e: ; [ -e "$e" ] && set -- "$@" "$e" ;;
      esac
    done
  done <"$f"
done
[ $# -eq 0 ] || t 10 stat -L -c '%f %u %g %U %n' -- "$@" || [ $? -ne 124 ]
""",
    shown="grep -n PATH= /etc/profile /root/.bashrc …; stat -L DIRECTORIES",
    root=True,
    bounded=True,
)
"""`p place element` for each part of a PATH that files give root, then a line of stat for each
directory. Parts with other variables than HOME are left out; "!" says that there were too many.
"""

_STAT = re.compile(r"([0-9a-f]{1,8}) ([0-9]{1,10}) ([0-9]{1,10}) (\S+) (/.*)")
_PART = re.compile(r"p (/.*?:[0-9]+) (.*)")
_BEFORE = r"(?:^|[;&|({\s])"
_TMOUT = re.compile(_BEFORE + r"TMOUT=[\"']?([^\s\"';&|)]*)")
_COMMANDS = re.compile(r"[;&|]+")
_FIXES = re.compile(r"(?:^|\s)(?:readonly|(?:declare|typeset)\s+-[A-Za-z]{0,9}r[A-Za-z]{0,9})\s")
_NAME = re.compile(r"\bTMOUT\b")
_UMASK = re.compile(_BEFORE + r"umask\s+(?:-[A-Za-z]\s+)?[\"']?([^\s\"';&|)]+)")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_SECONDS = re.compile(r"[0-9]{1,9}")
_CLAUSE = re.compile(r"([ugoa]*)=([rwx]*)")
_OTHERS_WRITE = 0o022


def _reads(_many: Sequence[ShellProfileArgs]) -> tuple[str, ...]:
    return (*_EVERYBODY, _FOLDER, *_ROOT, login_defs.PATH, *pam_stack.READS)


def _sections(_many: Sequence[ShellProfileArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: ShellProfileArgs, frames: Frames) -> Record:
    seen = texts(frames)
    files = [seen.file(_EVERYBODY[0]), *map(seen.file, _EVERYBODY[1:]), *seen.glob(_FOLDER)]
    found: Record = {"places": {}}
    _add_timeout(found, files)
    umasks = list(_umasks(files))
    found["umasks"] = umasks
    _add_umask(found, umasks, seen)
    try:
        found["root_umasks"] = list(_umasks(map(seen.file, _ROOT)))
    except Unseen as unseen:
        _gap(found, unseen)
    try:
        found["root_path"] = _root_path(answer(frames, SECTION.key))
    except Unseen as unseen:
        _gap(found, unseen)
    return found


def _gap(found: Record, unseen: Unseen) -> None:
    found.setdefault(GAP, {"why": unseen.why, "detail": unseen.detail})


def _lines(files: Iterable[TextFile | None]) -> Iterator[tuple[str, str]]:
    """Yield place and text of each line without its comment."""
    for file in filter(None, files):
        yield from _commands(file)


@lru_cache(maxsize=1024)
def _commands(file: TextFile) -> tuple[tuple[str, str], ...]:
    return tuple((f"{file.path}:{number}", _COMMENT.sub("", text)) for number, text in file.lines)


def _add_timeout(found: Record, files: Sequence[TextFile | None]) -> None:
    """Add the idle time: of several the weakest counts, 0 ends no session."""
    given = [(m[1], place) for place, text in _lines(files) for m in _TMOUT.finditer(text)]
    times = [(int(text), place) for text, place in given if _SECONDS.fullmatch(text)]
    odd = [place for text, place in given if not _SECONDS.fullmatch(text)]
    found["tmout_written"] = bool(given)
    found["tmout_readonly"] = any(_fixes(text) for _, text in _lines(files))
    if odd:
        _gap(found, Unseen(Why.UNREADABLE, f"{odd[0]} sets TMOUT to what only a shell can say"))
        return
    weakest = max(times, key=lambda one: one[0] or float("inf"), default=(0, DEFAULT))
    found["tmout"], place = weakest
    found["places"] |= dict.fromkeys(("tmout", "tmout_written", "tmout_readonly"), place)


def _fixes(text: str) -> bool:
    """Tell whether a line makes TMOUT read-only."""
    return any(
        (fix := _FIXES.search(part)) and _NAME.search(part, fix.end())
        for part in _COMMANDS.split(text)
    )


def _umasks(files: Iterable[TextFile | None]) -> Iterator[Record]:
    for place, text in _lines(files):
        for match in _UMASK.finditer(text):
            row: Record = {"place": place, "text": match[1]}
            mask = login_defs.umask(match[1]) or _symbolic(match[1])
            if mask is None:
                row[GAP] = {"why": Why.UNREADABLE, "detail": "what only a shell can say"}
            else:
                row["umask"], row["grants"] = mask
            yield row


def _symbolic(text: str) -> tuple[str, str] | None:
    """Read a mask such as u=rwx,g=rx,o= that says it of all; None where it does not."""
    grants = 0
    seen = ""
    for clause in text.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        bits = sum({"r": 4, "w": 2, "x": 1}[char] for char in set(match[2]))
        who = (match[1] or "a").replace("a", "ugo")
        seen += who
        for place in set(who):
            grants |= bits << {"u": 6, "g": 3, "o": 0}[place]
    return login_defs.umask(f"{0o777 & ~grants:03o}") if set("ugo") <= set(seen) else None


def _add_umask(found: Record, umasks: Sequence[Record], seen: Texts) -> None:
    """Add the mask that sessions get: of shells' files the weakest, else PAM's, else the default.

    That pam_umask lets a private group have its owner's rights is left out of account.
    """
    unread = next((row for row in umasks if GAP in row), None)
    if unread is not None:
        _gap(found, Unseen(Why.UNREADABLE, f"{unread['place']}: umask {unread['text']}"))
        return
    if umasks:
        weakest = max(umasks, key=lambda row: _weight(row["grants"]))
        found["umask"], found["grants"] = weakest["umask"], weakest["grants"]
        place = weakest["place"]
    else:
        text, place = _pam_umask(seen)
        found["umask"], found["grants"] = login_defs.umask(text) or ("0022", "0755")
    found["places"] |= {"umask": place, "grants": place}


def _weight(grants: str) -> tuple[int, int]:
    """Rank what is granted: what others get weighs most, then what the group gets."""
    mode = int(grants, 8)
    return mode & 0o007, mode & 0o070


def _pam_umask(seen: Texts) -> tuple[str, str]:
    for row in pam_stack.stack(seen, "login"):
        options = row.options()
        if row.type == "session" and row.module == "pam_umask.so" and "umask" in options:
            return options["umask"]
    given = login_defs.settings(seen.file(login_defs.PATH))
    return given.get("UMASK", ("022", DEFAULT))


def _root_path(text: str) -> list[Json]:
    """Return the parts of root's PATH, each place once, with what each directory is."""
    lines = text.split("\n")
    if "!" in lines:
        raise Unseen(Why.CUT, "the files that set root's PATH are too long")
    stats = {match[5]: match for line in lines if (match := _STAT.fullmatch(line))}
    rows: dict[tuple[str, str], Json] = {}
    for line in lines:
        if match := _PART.fullmatch(line):
            rows.setdefault((match[1], match[2]), _part(match[1], match[2], stats.get(match[2])))
    return list(rows.values())


def _part(place: str, part: str, facts: "re.Match[str] | None") -> Record:
    row: Record = {"directory": part or "(empty)", "place": place, "absolute": part[:1] == "/"}
    if not row["absolute"]:
        return row | {GAP: {"why": Why.NO_DATA, "detail": "it is where the shell stands"}}
    row["exists"] = facts is not None
    if facts is None:
        return row | {GAP: {"why": Why.NO_DATA, "detail": "there is no such directory"}}
    mode = int(facts[1], 16)
    return row | {
        "is_directory": stat.S_ISDIR(mode),
        "mode": f"{stat.S_IMODE(mode):04o}",
        "owner": facts[4] if facts[4] != "UNKNOWN" else facts[2],
        "writable": bool(mode & _OTHERS_WRITE),
    }


_MASKS = {
    "place": leaf(Kind.TEXT, "Letak", "Place"),
    "text": leaf(Kind.TEXT, "Nilai tertulis", "Value as written"),
    "umask": leaf(Kind.MODE, "umask", "umask"),
    "grants": leaf(Kind.MODE, "Izin yang disisakan", "Permissions that it leaves"),
}
PROBE = ProbeType(
    name="shell_profile",
    via=Via.SSH,
    args=ShellProfileArgs,
    doc=Text(
        id="Yang ditetapkan berkas shell: batas waktu diam (TMOUT), umask, dan PATH root",
        en="What the shells' files set: idle time (TMOUT), umask, and root's PATH",
    ),
    gives=record(
        "Berkas shell",
        "Files of the shells",
        {
            "tmout": leaf(Kind.DURATION, "TMOUT", "TMOUT"),
            "tmout_written": leaf(Kind.BOOL, "TMOUT ditetapkan", "TMOUT is set"),
            "tmout_readonly": leaf(Kind.BOOL, "TMOUT tidak dapat diubah", "TMOUT is read-only"),
            "umask": leaf(Kind.MODE, "umask yang berlaku", "umask in effect"),
            "grants": leaf(Kind.MODE, "Izin yang disisakan umask", "Permissions that umask leaves"),
            "umasks": table("umask", "umask", "place", _MASKS, may_be_empty=True),
            "root_umasks": table("umask root", "root's umask", "place", _MASKS, may_be_empty=True),
            "root_path": table(
                "PATH root",
                "root's PATH",
                "directory",
                {
                    "directory": leaf(Kind.TEXT, "Direktori", "Directory"),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                    "absolute": leaf(Kind.BOOL, "Jalur penuh", "Absolute path"),
                    "exists": leaf(Kind.BOOL, "Direktori ada", "Directory exists"),
                    "is_directory": leaf(Kind.BOOL, "Berupa direktori", "Is a directory"),
                    "mode": leaf(Kind.MODE, "Izin", "Mode"),
                    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
                    "writable": leaf(Kind.BOOL, "Dapat ditulisi lainnya", "Writable by others"),
                },
                may_be_empty=True,
            ),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
