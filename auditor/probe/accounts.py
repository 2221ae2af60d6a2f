"""Local accounts and groups; of a password only its class leaves the target, never its hash."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table


class AccountsArgs(Args, frozen=True):
    """Takes no arguments."""


_CLASS = r"""
function class(h) {
  if (h == "") return "empty"
  if (h ~ /^!/) return "locked"
  if (h ~ /^\*/) return "none"
  if (h ~ /^\$1\$/) return "md5"
  if (h ~ /^\$5\$/) return "sha256"
  if (h ~ /^\$6\$/) return "sha512"
  if (h ~ /^\$g?y\$/) return "yescrypt"
  if (h ~ /^\$2[abxy]?\$/) return "bcrypt"
  if (h ~ /^_[.\/0-9A-Za-z]+$/ || length(h) == 13 && h ~ /^[.\/0-9A-Za-z]+$/) return "des"
  return "other"
}
"""

_ACCOUNTS = Section(
    key="accounts",
    text=f"""
[ -r /etc/passwd ] && [ -r /etc/group ] || return 1
awk -F: '{_CLASS}
/^[-+#]/ {{ next }}
FILENAME == "/etc/passwd" && NF == 7 {{
  print "u:" $1 ":" ($2 == "x" ? "x" : class($2)) ":" $3 ":" $4 ":" $6 ":" $7
}}
FILENAME == "/etc/group" && NF == 4 {{ print "g:" $1 ":" $3 ":" $4 }}
' /etc/passwd /etc/group
""",
    shown="getent passwd; getent group",
    limit=2**20,
)
"""Without the fifth field of passwd, which holds people's names."""

_SHADOW = Section(
    key="shadow",
    text=f"""
[ -e /etc/shadow ] || return 0
awk -F: '{_CLASS}
/^[-+#]/ {{ next }}
NF >= 5 {{ print $1 ":" class($2) ":" $5 }}
' /etc/shadow
""",
    shown="awk on /etc/shadow: names, classes of password, maximum ages",
    root=True,
    limit=2**20,
)

NEVER = 99_999
"""Days: what shadow(5) writes for a password that does not age."""

_CLASSES = frozenset(re.findall(r'return "([a-z0-9]+)"', _CLASS))
_NO_LOGIN = frozenset({"nologin", "false", "sync", "halt", "shutdown"})
_NUMBER = re.compile(r"[0-9]{1,10}")


def _sections(_args: Sequence[AccountsArgs]) -> tuple[Section, ...]:
    return (_ACCOUNTS, _SHADOW)


def _parse(_args: AccountsArgs, frames: Frames) -> Record:
    rows = [line.split(":") for line in answer(frames, _ACCOUNTS.key).split("\n") if line]
    users = [user for row in rows if (user := _user(row))]
    if not users:
        raise Unseen(Why.UNREADABLE, "/etc/passwd names no account")
    try:
        _add_passwords(users, answer(frames, _SHADOW.key))
    except Unseen as unseen:
        _without_passwords(users, unseen)
    return {"users": users, "groups": [group for row in rows if (group := _group(row))]}


def _user(row: list[str]) -> Record | None:
    """Return an account as the system itself would read the line, or None where it would not."""
    match row:
        case ["u", name, password, uid, gid, home, shell] if (
            name and _NUMBER.fullmatch(uid) and _NUMBER.fullmatch(gid)
        ):
            return {
                "name": name,
                "uid": int(uid),
                "gid": int(gid),
                "shell": shell or "/bin/sh",
                "home": home,
                "login": shell.rpartition("/")[2] not in _NO_LOGIN,
                "password": password,
            }
    return None


def _group(row: list[str]) -> Record | None:
    match row:
        case ["g", name, gid, members] if name and _NUMBER.fullmatch(gid):
            named = [member for member in members.split(",") if member]
            return {"name": name, "gid": int(gid), "members": named}
    return None


def _add_passwords(users: list[Record], text: str) -> None:
    """Join class and age; an account that shadow does not know has no password to log in with."""
    shadow: dict[str, tuple[str, str]] = {}
    for line in text.split("\n"):
        match line.split(":"):
            case [name, kind, days] if kind in _CLASSES:
                shadow.setdefault(name, (kind, days))
    for user in users:
        kind, days = shadow.get(user["name"], ("none", ""))
        if user["password"] not in _CLASSES:
            user["password"] = kind
        user["max_days"] = int(days) if _NUMBER.fullmatch(days) else NEVER


def _without_passwords(users: list[Record], unseen: Unseen) -> None:
    """Leave passwords out that stand in shadow; those that passwd itself shows were seen."""
    for user in users:
        if user["password"] not in _CLASSES:
            del user["password"]
        user[GAP] = {"why": unseen.why, "detail": unseen.detail}


PROBE = ProbeType(
    name="accounts",
    via=Via.SSH,
    args=AccountsArgs,
    doc=Text(
        id="Akun dan grup setempat; hash kata sandi digolongkan di target dan tidak pernah dikirim",
        en="Local accounts and groups; password hashes are classed on the target and never sent",
    ),
    gives=record(
        "Akun",
        "Accounts",
        {
            "users": table(
                "Akun",
                "Accounts",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama akun", "Account name"),
                    "uid": leaf(Kind.INT, "UID", "UID"),
                    "gid": leaf(Kind.INT, "GID", "GID"),
                    "shell": leaf(Kind.TEXT, "Shell", "Shell"),
                    "home": leaf(Kind.TEXT, "Direktori rumah", "Home directory"),
                    "login": leaf(Kind.BOOL, "Shell mengizinkan masuk", "Shell allows login"),
                    "password": leaf(Kind.TEXT, "Golongan kata sandi", "Password class"),
                    "max_days": leaf(
                        Kind.INT, "Umur kata sandi (hari)", "Maximum password age (days)"
                    ),
                },
            ),
            "groups": table(
                "Grup",
                "Groups",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama grup", "Group name"),
                    "gid": leaf(Kind.INT, "GID", "GID"),
                    "members": leaf(Kind.TEXTS, "Anggota", "Members", may_be_empty=True),
                },
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
