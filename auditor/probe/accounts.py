"""Local accounts and groups; of a password only its class leaves the target, never its hash."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from auditor.model.base import Text
from auditor.model.fact import GAP, Why
from auditor.probe import homes, login_defs
from auditor.probe.accounts_fields import GIVES
from auditor.probe.accounts_join import add_doubles, add_groups
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.texts import Texts, texts


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
{ sum += length($0) + 16 }
sum > 1048576 { print "!"; exit }
"""
"""More than 1 MB is not sent: "!" says so."""

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
    bounded=True,
)
"""Without the fifth field of passwd, which holds people's names."""

_SHADOW = Section(
    key="shadow",
    text=f"""
[ -e /etc/shadow ] || return 0
awk -F: '{_CLASS}
/^[-+#]/ {{ next }}
NF >= 5 {{ print $1 ":" class($2) ":" $5 ":" $3 ":" $4 ":" $6 ":" $7 ":" $8 }}
' /etc/shadow
""",
    shown="awk on /etc/shadow: names, classes of password, ages",
    root=True,
    limit=2**20,
    bounded=True,
)

NEVER = 99_999
"""Days: what shadow(5) writes for a password that does not age."""

_CLASSES = frozenset(re.findall(r'return "([a-z0-9]+)"', _CLASS))
_NO_LOGIN = frozenset({"nologin", "false", "sync", "halt", "shutdown"})
_NUMBER = re.compile(r"[0-9]{1,10}")
_DAY = re.compile(r"[0-9]{1,6}")
_SHELLS = "/etc/shells"
_KNOWN_SHELLS = ("/bin/sh", "/bin/csh")
"""What getusershell(3) takes where there is no /etc/shells."""
_SHOWS_NO_HASH = frozenset({"x", "none"})
_NOBODY = 65_534
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _sections(_args: Sequence[AccountsArgs]) -> tuple[Section, ...]:
    return (_ACCOUNTS, homes.SECTION, _SHADOW)


def _reads(_args: Sequence[AccountsArgs]) -> tuple[str, ...]:
    return (login_defs.PATH, _SHELLS)


def _parse(_args: AccountsArgs, frames: Frames) -> Record:
    rows = [line.split(":") for line in _whole(answer(frames, _ACCOUNTS.key)) if line]
    users = [user for row in rows if (user := _user(row))]
    if not users:
        raise Unseen(Why.UNREADABLE, "/etc/passwd names no account")
    groups = [group for row in rows if (group := _group(row))]
    found: Record = {"users": users, "groups": groups}
    try:
        _add_passwords(users, _whole(answer(frames, _SHADOW.key)))
    except Unseen as unseen:
        _without_passwords(users, unseen)
    add_groups(users, groups)
    add_doubles(found)
    try:
        _add_ranges(users, texts(frames))
    except Unseen as unseen:
        _gap(users, unseen)
    try:
        found["dotfiles"] = homes.add(users, answer(frames, homes.SECTION.key))
    except Unseen as unseen:
        _gap([found, *users], unseen)
    return found


def _whole(text: str) -> list[str]:
    lines = text.split("\n")
    if "!" in lines:
        raise Unseen(Why.CUT, "the files of accounts are too long")
    return lines


def _gap(records: Sequence[Record], unseen: Unseen) -> None:
    """Say why facts are missing; what was missing before is said already."""
    for record in records:
        record.setdefault(GAP, {"why": unseen.why, "detail": unseen.detail})


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
                "shadowed": password in _SHOWS_NO_HASH,
            }
    return None


def _group(row: list[str]) -> Record | None:
    match row:
        case ["g", name, gid, members] if name and _NUMBER.fullmatch(gid):
            named = [member for member in members.split(",") if member]
            return {"name": name, "gid": int(gid), "members": named}
    return None


def _add_passwords(users: list[Record], lines: list[str]) -> None:
    """Join class and ages; an account that shadow does not know has no password to log in with."""
    shadow: dict[str, tuple[str, str, list[str]]] = {}
    for line in lines:
        match line.split(":"):
            case [name, kind, days, *rest] if kind in _CLASSES:
                shadow.setdefault(name, (kind, days, rest))
    for user in users:
        kind, days, rest = shadow.get(user["name"], ("none", "", []))
        if user["password"] not in _CLASSES:
            user["password"] = kind
        user["max_days"] = int(days) if _NUMBER.fullmatch(days) else NEVER
        _add_ages(user, [*rest, "", "", "", "", ""])


def _add_ages(user: Record, rest: list[str]) -> None:
    """Add day of the last change, least age, warning, days until closed, and end of the account.

    -1 stands for a field that is empty; dates are left out then.
    """
    names = ("last_change_day", "min_days", "warn_days", "inactive_days", "expire_day")
    for name, text in zip(names, rest, strict=False):
        user[name] = int(text) if _DAY.fullmatch(text) else -1
    for name in ("last_change", "expire"):
        if (day := user[f"{name}_day"]) >= 0:
            user[name] = (_EPOCH + timedelta(days=day)).isoformat()


def _without_passwords(users: list[Record], unseen: Unseen) -> None:
    """Leave passwords out that stand in shadow; those that passwd itself shows were seen."""
    for user in users:
        if user["password"] not in _CLASSES:
            del user["password"]
    _gap(users, unseen)


def _add_ranges(users: list[Record], seen: Texts) -> None:
    """Tell system accounts from people's, and shells that are listed from others."""
    given = login_defs.settings(seen.file(login_defs.PATH))
    least, _ = login_defs.number(given, "UID_MIN", 1000)
    file = seen.file(_SHELLS)
    listed = {text.strip() for _, text in file.lines} if file else set(_KNOWN_SHELLS)
    for user in users:
        user["system"] = user["uid"] < least or user["uid"] == _NOBODY
        user["interactive"] = user["login"] and not user["system"]
        user["valid_shell"] = user["shell"] in listed and user["login"]


PROBE = ProbeType(
    name="accounts",
    via=Via.SSH,
    args=AccountsArgs,
    doc=Text(
        id="Akun dan grup setempat; hash kata sandi digolongkan di target dan tidak pernah dikirim",
        en="Local accounts and groups; password hashes are classed on the target and never sent",
    ),
    gives=GIVES,
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
