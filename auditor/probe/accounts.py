"""Accounts and groups. What protects a password is named on the target; no hash leaves it."""

from collections.abc import Mapping, Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Why
from auditor.probe.base import Args, Frame, Frames, ProbeType, Record, Section, Unseen, Via, take
from auditor.probe.words import flag, number, record, table, text, texts

PASSWD = "passwd"
SHADOW = "shadow"
GROUPS = "group"
NO_LOGIN = frozenset({"nologin", "false", "sync", "halt", "shutdown"})

_CLASS = """\
function class(h) {
  if (h == "") return "empty"
  if (h ~ /^[!*]/) return "locked"
  if (h ~ /^\\$1\\$/) return "md5"
  if (h ~ /^\\$2[abxy]?\\$/) return "bcrypt"
  if (h ~ /^\\$5\\$/) return "sha256"
  if (h ~ /^\\$6\\$/) return "sha512"
  if (h ~ /^\\$g?y\\$/) return "yescrypt"
  if (length(h) == 13 && h !~ /[$]/) return "des"
  return "other"
}"""
_SECTIONS = (
    Section(
        key=PASSWD,
        shown="getent passwd",
        text=f"""awk -F: '{_CLASS}
NF >= 7 {{ p = $2 == "x" ? "shadow" : class($2); print $1 ":" p ":" $3 ":" $4 ":" $6 ":" $7 }}
' /etc/passwd""",
        limit=2**20,
    ),
    Section(
        key=SHADOW,
        shown="passwd -S -a",
        text=f"""awk -F: '{_CLASS}
NF >= 2 {{ print $1 ":" class($2) ":" $5 }}
' /etc/shadow""",
        root=True,
        limit=2**20,
    ),
    Section(key=GROUPS, shown="getent group", text="head -c 1000000 /etc/group", limit=2**20),
)


class AccountsArgs(Args, frozen=True):
    """Takes no arguments."""


def _sections(_args: Sequence[AccountsArgs]) -> tuple[Section, ...]:
    return _SECTIONS


def _parse(_args: AccountsArgs, frames: Frames) -> Record:
    rows = [line.split(":") for line in take(frames, PASSWD).text.splitlines()]
    users = [row for row in rows if len(row) == 6 and row[2].isdecimal() and row[3].isdecimal()]  # noqa: PLR2004
    if not users:
        raise Unseen(Why.UNREADABLE, "/etc/passwd holds no account")
    shadow, gap = _shadow(frames)
    return {
        "users": [_user(row, shadow, gap) for row in users],
        "groups": _groups(take(frames, GROUPS)),
    }


def _shadow(frames: Frames) -> tuple[Mapping[str, list[str]], Record]:
    """Return shadow's lines by name, or the reason why they were not seen."""
    try:
        frame = take(frames, SHADOW)
    except Unseen as unseen:
        return {}, {"why": unseen.why.value, "detail": unseen.detail}
    if frame.rc != 0:
        return {}, {"why": Why.UNREADABLE.value, "detail": "/etc/shadow cannot be read"}
    rows = [line.split(":") for line in frame.text.splitlines()]
    return {row[0]: row for row in rows if len(row) == 3}, {}  # noqa: PLR2004 - name, class, days


def _user(row: list[str], shadow: Mapping[str, list[str]], gap: Record) -> Record:
    name, kind, uid, gid, home, shell = row
    user: Record = {
        "name": name,
        "uid": int(uid),
        "gid": int(gid),
        "home": home,
        "shell": shell,
        "login": shell.rpartition("/")[2] not in NO_LOGIN,
    }
    if kind != "shadow":
        user["password"] = kind
    elif gap:
        return user | {GAP: gap}
    else:
        _, kind, days = shadow.get(name, [name, "none", ""])
        user["password"] = kind
        if days.isdecimal():
            user["max_days"] = int(days)
    return user


def _groups(frame: Frame) -> list[Record]:
    rows = [line.split(":") for line in frame.text.splitlines()]
    return [
        {"name": row[0], "gid": int(row[2]), "members": [m for m in row[3].split(",") if m]}
        for row in rows
        if len(row) == 4 and row[2].isdecimal()  # noqa: PLR2004 - group(5)
    ]


PROBE = ProbeType(
    name="accounts",
    via=Via.SSH,
    args=AccountsArgs,
    doc=Text(
        id="Akun dan grup; kata sandi hanya dikenali jenis hash-nya",
        en="Accounts and groups; of passwords only the kind of hash is told",
    ),
    gives=record(
        "Akun",
        "Accounts",
        users=table(
            "Akun",
            "Accounts",
            ("name",),
            name=text("Nama akun", "Account"),
            uid=number("UID", "UID"),
            gid=number("GID", "GID"),
            home=text("Folder rumah", "Home"),
            shell=text("Shell", "Shell"),
            login=flag("Dapat masuk", "May log in"),
            password=text("Kata sandi", "Password"),
            max_days=number("Umur paling lama (hari)", "Longest age (days)"),
        ),
        groups=table(
            "Grup",
            "Groups",
            ("name",),
            may_be_empty=True,
            name=text("Grup", "Group"),
            gid=number("GID", "GID"),
            members=texts("Anggota", "Members"),
        ),
    ),
    sections=_sections,
    parse=_parse,
)
