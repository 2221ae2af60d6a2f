"""Home directories of accounts that may log in, and the files in them that begin with a dot."""

import re
import stat
from collections.abc import Iterable, Mapping

from auditor.model.fact import GAP, Json, Why
from auditor.probe.base import Record, Section, Unseen

_MOST = 2000
"""Homes that are looked at."""
_MOST_FILES = 20_000
SECTION = Section(
    key="homes",
    text=rf"""
l='
'
set --
while IFS=: read -r u p i g e h s || [ -n "$u" ]; do
  case $u in [-+#]*|'') continue ;; esac
  case $s in */nologin|*/false|*/sync|*/halt|*/shutdown) continue ;; esac
  case $h in /*) ;; *) continue ;; esac
  [ $# -lt {_MOST} ] || {{ printf '!\n'; break; }}
  if [ -d "$h" ]; then
    printf '+%s\n' "$h"
    set -- "$@" "$h/."
  else
    printf -- '-%s\n' "$h"
  fi
done </etc/passwd
[ $# -eq 0 ] || t 20 find "$@" -maxdepth 1 -name '.*' ! -name "*$l*" \
  -exec stat -c '%f %u %g %U %G %n' -- {{}} + || [ $? -ne 124 ]
""",
    shown="stat -c '%a %U %G %n' HOME HOME/.*",
    root=True,
    limit=2**20,
)
"""A line for each home: + (a directory) or - (none), "!" where there are too many; then stat's
lines, names as HOME/./NAME. Names with a line break are left out.
"""

_STAT = re.compile(r"([0-9a-f]{1,8}) ([0-9]{1,10}) ([0-9]{1,10}) (\S+) (\S+) (/.*?)/\.(?:/(.+))?")
_TYPES = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISLNK, "symlink"),
)


def add(users: Iterable[Record], text: str) -> list[Json]:
    """Add to each account what its home is, and return all the dot files with their accounts."""
    lines = text.split("\n")
    exists = {line[1:]: line[0] == "+" for line in lines if line[:2] in ("+/", "-/")}
    homes, files = _stats(lines)
    table: list[Json] = []
    for user in users:
        home = user["home"]
        if home not in exists:
            if user["login"]:
                user.setdefault(GAP, {"why": Why.CUT, "detail": "the home was not looked at"})
            continue
        user["home_exists"] = exists[home]
        if home in homes:
            _add_home(user, homes[home])
        elif exists[home]:
            user.setdefault(GAP, {"why": Why.UNREADABLE, "detail": f"{home}: stat gave nothing"})
        table += [_dotfile(user, name, facts) for name, facts in files.get(home, ())]
        if len(table) > _MOST_FILES:
            raise Unseen(Why.CUT, "homes hold too many files that begin with a dot")
    return table


def _stats(
    lines: Iterable[str],
) -> tuple[Mapping[str, Record], Mapping[str, list[tuple[str, Record]]]]:
    """Return the facts of each home, and name and facts of the files in it."""
    homes: dict[str, Record] = {}
    files: dict[str, list[tuple[str, Record]]] = {}
    for line in lines:
        match = _STAT.fullmatch(line)
        if match is None:
            continue
        facts = _facts(match)
        if match[7] is not None:
            files.setdefault(match[6], []).append((match[7], facts))
            continue
        homes.setdefault(match[6], facts)
    for named in files.values():
        named.sort(key=lambda one: one[0])
    return homes, files


def _add_home(user: Record, facts: Record) -> None:
    for name in ("mode", "owner", "group"):
        user[f"home_{name}"] = facts[name]
    user["home_own"] = facts["uid"] == user["uid"]
    user["home_own_group"] = facts["gid"] == user["gid"]


def _facts(match: re.Match[str]) -> Record:
    mode = int(match[1], 16)
    return {
        "type": next((name for test, name in _TYPES if test(mode)), "other"),
        "mode": f"{stat.S_IMODE(mode):04o}",
        "owner": match[4] if match[4] != "UNKNOWN" else match[2],
        "group": match[5] if match[5] != "UNKNOWN" else match[3],
        "uid": int(match[2]),
        "gid": int(match[3]),
    }


def _dotfile(user: Record, name: str, facts: Record) -> Record:
    """Return a dot file of an account; `own` and `own_group` tell whether it is the account's."""
    return {
        "path": f"{user['home'].rstrip('/')}/{name}",
        "name": name,
        "account": user["name"],
        "interactive": bool(user.get("interactive", True)),
        "type": facts["type"],
        "mode": facts["mode"],
        "owner": facts["owner"],
        "group": facts["group"],
        "own": facts["uid"] == user["uid"],
        "own_group": facts["gid"] == user["gid"],
    }
