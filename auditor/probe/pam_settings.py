"""What PAM's modules do in effect: their arguments, their files, their documented defaults."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from auditor.model.fact import GAP, Json, Why
from auditor.probe.base import Record
from auditor.probe.login_defs import method
from auditor.probe.pam_stack import Row
from auditor.probe.texts import TextFile, Texts

PWQUALITY = "/etc/security/pwquality.conf"
FAILLOCK = "/etc/security/faillock.conf"
PWHISTORY = "/etc/security/pwhistory.conf"
LOGIN_DEFS = "/etc/login.defs"
READS = (PWQUALITY, f"{PWQUALITY}.d/*.conf", FAILLOCK, PWHISTORY, LOGIN_DEFS)
DEFAULT = "default"

Options: TypeAlias = dict[str, tuple[str, str]]
"""Name → value and place; a flag has the value ""."""

_SETTING = re.compile(r"\s*([^\s=]+)\s*=?\s*(.*)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_HASHES = frozenset(
    {"md5", "bigcrypt", "sha256", "sha512", "blowfish", "gost_yescrypt", "yescrypt"}
)
_SHORTEST = 6
"""libpwquality takes a smaller minlen for this."""


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """A module's settings: numbers and flags with the defaults of its manual."""

    numbers: Mapping[str, int]
    flags: Sequence[str]


QUALITY = Module(
    numbers={
        "difok": 1,
        "minlen": 8,
        "dcredit": 0,
        "ucredit": 0,
        "lcredit": 0,
        "ocredit": 0,
        "minclass": 0,
        "maxrepeat": 0,
        "maxclassrepeat": 0,
        "maxsequence": 0,
        "gecoscheck": 0,
        "dictcheck": 1,
        "usercheck": 1,
        "usersubstr": 0,
        "enforcing": 1,
        "retry": 1,
    },
    flags=("enforce_for_root", "local_users_only"),
)
LOCK = Module(
    numbers={"deny": 3, "fail_interval": 900, "unlock_time": 600},
    flags=("even_deny_root", "audit", "silent", "local_users_only"),
)
HISTORY = Module(numbers={"remember": 10, "retry": 1}, flags=("enforce_for_root", "use_authtok"))

_NAMES = frozenset(
    {"root_unlock_time"}.union(*({*m.numbers, *m.flags} for m in (QUALITY, LOCK, HISTORY)))
)


def pwquality(seen: Texts, rows: Sequence[Row]) -> Record:
    """Return what pam_pwquality demands; files of the folder are read before the main file."""
    mine = [row for row in rows if row.type == "password" and row.module == "pam_pwquality.so"]
    options: Options = {}
    for file in (*seen.glob(f"{PWQUALITY}.d/*.conf"), seen.file(PWQUALITY)):
        options |= _file(file)
    found = _weakest(mine, options, QUALITY if mine else _off(QUALITY), {})
    if found["minlen"]:
        found["minlen"] = max(found["minlen"], _SHORTEST)
    return _with_state(found, mine, rows)


def pwhistory(seen: Texts, rows: Sequence[Row]) -> Record:
    """Return how many old passwords pam_pwhistory refuses."""
    mine = [row for row in rows if row.type == "password" and row.module == "pam_pwhistory.so"]
    found = _own_file(mine, PWHISTORY, seen, HISTORY if mine else _off(HISTORY), {})
    return _with_state(found, mine, rows)


def faillock(seen: Texts, rows: Sequence[Row]) -> Record:
    """Return when pam_faillock locks an account; of rows that differ the weakest counts.

    A time of 0 means that only an administrator unlocks.
    """
    mine = [row for row in rows if row.module == "pam_faillock.so"]
    asked = [row for row in mine if {"preauth", "authfail"} & {*row.arguments}]
    found = _own_file(asked, FAILLOCK, seen, LOCK, {"deny": _largest, "unlock_time": _soonest})
    places = found["places"]
    if GAP not in found:
        _add_root_time(found, places, asked, seen)
    before, after = _around(rows, asked)
    found["preauth"], found["authfail"] = before is not None, after is not None
    found["account"] = any(row.type == "account" for row in mine)
    found["enabled"] = found["preauth"] and found["authfail"]
    for name, row in (("preauth", before), ("authfail", after)):
        places[name] = row.place if row else ""
    places["enabled"] = next((row.place for row in (before, after, *asked) if row), "")
    found["places"] = {name: place for name, place in places.items() if place}
    return found


def unix(seen: Texts, rows: Sequence[Row]) -> Record:
    """Return what pam_unix accepts and how it stores a new password."""
    mine = [row for row in rows if row.module == "pam_unix.so" and row.type != "session"]
    passwords = [row for row in mine if row.type == "password"]
    open_row = next((row for row in mine if {"nullok", "nullok_secure"} & {*row.arguments}), None)
    kept = [(row.options()["remember"][0], row) for row in mine if "remember" in row.options()]
    first = passwords[0] if passwords else None
    found: Record = {
        "enabled": {"auth", "account", "password", "session"}
        <= {row.type for row in rows if row.module == "pam_unix.so"},
        "nullok": open_row is not None,
        "remember": max((int(n) for n, _ in kept if _NUMBER.fullmatch(n)), default=0),
        "use_authtok": first is not None and "use_authtok" in first.arguments,
        "places": {},
    }
    found["hash"], found["places"]["hash"] = _hash(seen, first)
    for name, row in (
        ("nullok", open_row or (mine[0] if mine else None)),
        ("remember", kept[0][1] if kept else first),
        ("use_authtok", first),
        ("enabled", mine[0] if mine else None),
    ):
        if row is not None:
            found["places"][name] = row.place
    return found


def wheel(rows: Sequence[Row]) -> Record:
    """Return whether pam_wheel keeps those out who are not in its group; "" is the usual one."""
    auth = [row for row in rows if row.type == "auth"]
    at = next((n for n, row in enumerate(auth) if row.module == "pam_wheel.so"), None)
    if at is None:
        return {"enabled": False, "use_uid": False, "group": "", "places": {}}
    row = auth[at]
    options = row.options()
    opened = any(
        before.suffices and before.module != "pam_rootok.so" for before in auth[:at]
    ) or bool({"deny", "trust"} & set(options))
    names = ("enabled", "use_uid", "group")
    return {
        "enabled": row.enforces and not opened,
        "use_uid": "use_uid" in options,
        "group": options.get("group", ("", ""))[0],
        "places": dict.fromkeys(names, row.place),
    }


def _hash(seen: Texts, row: Row | None) -> tuple[str, str]:
    """Return the scheme for new passwords: the last word of the row, else that of login.defs."""
    named = [word for word in row.arguments if word in _HASHES] if row else []
    if row is not None and named:
        return named[-1], row.place
    value, place = method(seen.file(LOGIN_DEFS))
    return value.lower(), place


def _first(rows: Sequence[Row], kind: str) -> int:
    """Return where pam_unix stands among the rows, or their number."""
    places = (n for n, r in enumerate(rows) if r.type == kind and r.module == "pam_unix.so")
    return next(places, len(rows))


def _around(rows: Sequence[Row], mine: Sequence[Row]) -> tuple[Row | None, Row | None]:
    """Return the row that refuses before the password is asked, and the one that counts after.

    A pam_unix that stands outside of the two lets in whom they would keep out.
    """
    asks = [n for n, row in enumerate(rows) if row.type == "auth" and row.module == "pam_unix.so"]
    first, last = (asks[0], asks[-1]) if asks else (len(rows), -1)
    before = after = None
    for n, row in enumerate(rows):
        if row not in mine:
            continue
        if "preauth" in row.arguments and n < first and row.enforces:
            before = before or row
        if "authfail" in row.arguments and n > last:
            after = after or row
    return before, after


def _add_root_time(found: Record, places: dict[str, str], rows: Sequence[Row], seen: Texts) -> None:
    """Add how long root is locked: as others where it is not said; saying it includes root."""
    base = _file(seen.file(FAILLOCK))
    said = [
        pair
        for options in ([base | row.options() for row in rows] or [base])
        if (pair := options.get("root_unlock_time")) is not None
    ]
    times = [(t, place) for text, place in said if (t := _seconds(text)) is not None]
    if not times:
        found["root_unlock_time"] = found["unlock_time"]
        places["root_unlock_time"] = places["unlock_time"]
        return
    time, place = min(times, key=lambda pair: _soonest(pair[0]))
    found["root_unlock_time"], places["root_unlock_time"] = time, place
    if not found["even_deny_root"]:
        found["even_deny_root"], places["even_deny_root"] = True, place


def _own_file(
    rows: Sequence[Row],
    path: str,
    seen: Texts,
    module: Module,
    ranks: Mapping[str, Callable[[int], float]],
) -> Record:
    """Return the settings of a module that reads one file; one that `conf=` names is not read."""
    other = [row for row in rows if row.options().get("conf", (path, ""))[0] != path]
    if other:
        detail = f"{other[0].place} names another file of settings, which is not read"
        return {"places": {}, GAP: {"why": Why.UNSUPPORTED, "detail": detail}}
    return _weakest(rows, _file(seen.file(path)), module, ranks)


def _with_state(found: Record, mine: Sequence[Row], rows: Sequence[Row]) -> Record:
    """Add whether a row refuses passwords before pam_unix stores them."""
    before = rows[: _first(rows, "password")]
    row = next((row for row in mine if row.enforces and row in before), None)
    found["enabled"] = row is not None
    if mine:
        found["places"]["enabled"] = (row or mine[0]).place
    else:
        found["places"] = {k: place for k, place in found["places"].items() if place != DEFAULT}
    return found


def _off(module: Module) -> Module:
    """Return a module that nobody calls: what is not written of it is 0, whatever its default."""
    return Module(numbers=dict.fromkeys(module.numbers, 0), flags=module.flags)


def _file(file: TextFile | None) -> Options:
    """Return the settings of a file `name = value`; the last of a name counts."""
    options: Options = {}
    for number, text in file.lines if file else ():
        match = _SETTING.match(text.partition("#")[0].rstrip())
        if file is not None and match and match[1] in _NAMES:
            options[match[1]] = (match[2], f"{file.path}:{number}")
    return options


def _weakest(
    rows: Sequence[Row],
    base: Options,
    module: Module,
    ranks: Mapping[str, Callable[[int], float]],
) -> Record:
    """Merge file and arguments (they win) for each row; of several values the weakest counts."""
    found: Record = {"places": {}}
    per_row = [base | row.options() for row in rows] or [base]
    for name, default in module.numbers.items():
        values = [_number(options, name, default) for options in per_row]
        rank = ranks.get(name, _plain)
        found[name], found["places"][name] = min(values, key=lambda one: rank(one[0]))
    for name in module.flags:
        found[name] = all(name in options for options in per_row)
        place = next((options[name][1] for options in per_row if name in options), DEFAULT)
        found["places"][name] = place
    return found


def _number(options: Options, name: str, default: int) -> tuple[int, str]:
    """Return a number and its place; one that cannot be read is ignored, as the module does."""
    text, place = options.get(name, ("", DEFAULT))
    value = _seconds(text) if name == "unlock_time" else _integer(text)
    return (default, DEFAULT) if value is None else (value, place)


def _integer(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _seconds(text: str) -> int | None:
    return 0 if text == "never" else _integer(text)


def _plain(value: int) -> float:
    return value


def _largest(value: int) -> float:
    """Rank a number of tries: more are weaker, 0 locks nobody."""
    return -value if value > 0 else float("-inf")


def _soonest(value: int) -> float:
    """Rank a time: shorter is weaker, 0 never ends."""
    return value if value > 0 else float("inf")


def rows_of(rows: Iterable[Row]) -> list[Json]:
    """Return the rows as a table, numbered in the order in which PAM runs them."""
    return [
        {
            "number": number,
            "type": row.type,
            "control": row.control,
            "module": row.module,
            "arguments": list(row.arguments),
            "place": row.place,
        }
        for number, row in enumerate(rows, 1)
    ]
