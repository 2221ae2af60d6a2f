"""What new accounts and passwords get: /etc/login.defs and /etc/default/useradd."""

import re
from collections.abc import Mapping, Sequence

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, Frames, ProbeType, Record, Via
from auditor.probe.fields import leaf, record
from auditor.probe.texts import TextFile, texts

PATH = "/etc/login.defs"
USERADD = "/etc/default/useradd"
DEFAULT = "default"
_ALL = 0o777


class LoginDefsArgs(Args, frozen=True):
    """Takes no arguments."""


_NUMBERS: Mapping[str, int] = {
    "PASS_MAX_DAYS": -1,
    "PASS_MIN_DAYS": -1,
    "PASS_WARN_AGE": -1,
    "UID_MIN": 1000,
    "UID_MAX": 60_000,
    "SYS_UID_MIN": 101,
    "GID_MIN": 1000,
    "GID_MAX": 60_000,
    "LOGIN_RETRIES": 5,
    "LOGIN_TIMEOUT": 60,
    "FAIL_DELAY": 0,
    "SHA_CRYPT_MIN_ROUNDS": 5000,
    "SHA_CRYPT_MAX_ROUNDS": 5000,
    "YESCRYPT_COST_FACTOR": 5,
}
"""Defaults as login.defs(5) and shadow's own source have them; -1 is no limit."""
_SWITCHES: Mapping[str, bool] = {
    "USERGROUPS_ENAB": False,
    "CREATE_HOME": False,
    "DEFAULT_HOME": True,
    "LOG_OK_LOGINS": False,
    "SYSLOG_SU_ENAB": True,
}
_UMASK = "022"
_LINE = re.compile(r"\s*(\S+)\s+\"?([^\"]*)")
_INACTIVE = re.compile(r"INACTIVE=\s*(-?[0-9]{1,9})\s*(#.*)?")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_OCTAL = re.compile(r"0?[0-7]{1,4}")


def settings(file: TextFile | None) -> dict[str, tuple[str, str]]:
    """Return value and place of each name; the last line of a name counts, as in shadow."""
    found: dict[str, tuple[str, str]] = {}
    for number, text in file.lines if file else ():
        match = _LINE.match(text)
        if file is not None and match:
            found[match[1]] = (match[2].rstrip(), f"{file.path}:{number}")
    return found


def method(file: TextFile | None) -> tuple[str, str]:
    """Return the scheme that new passwords get, and its place; without a word it is DES."""
    found = settings(file)
    old = found.get("MD5_CRYPT_ENAB", ("no", DEFAULT))
    fallback = ("MD5", old[1]) if old[0].lower() == "yes" else ("DES", DEFAULT)
    return found.get("ENCRYPT_METHOD", fallback)


def number(found: Mapping[str, tuple[str, str]], name: str, default: int) -> tuple[int, str]:
    """Return a number and its place; what is no number counts as not written."""
    text, place = found.get(name, ("", DEFAULT))
    return (int(text), place) if _NUMBER.fullmatch(text) else (default, DEFAULT)


def umask(text: str) -> tuple[str, str] | None:
    """Return a mask as four octal digits and what it leaves of 0777, or None."""
    if not _OCTAL.fullmatch(text):
        return None
    mask = int(text, 8) & 0o7777
    return f"{mask:04o}", f"{_ALL & ~mask:04o}"


def _reads(_many: Sequence[LoginDefsArgs]) -> tuple[str, ...]:
    return (PATH, USERADD)


def _parse(_args: LoginDefsArgs, frames: Frames) -> Record:
    seen = texts(frames)
    file, useradd = seen.file(PATH), seen.file(USERADD)
    given = settings(file)
    found: Record = {"exists": file is not None, "places": {}}
    places = found["places"]
    for name, default in _NUMBERS.items():
        found[name.lower()], places[name.lower()] = number(given, name, default)
    for name, switch in _SWITCHES.items():
        text, place = given.get(name, ("", DEFAULT))
        found[name.lower()] = text.lower() == "yes" if place != DEFAULT else switch
        places[name.lower()] = place
    _add_masks(found, given)
    found["encrypt_method"], places["encrypt_method"] = method(file)
    found["inactive_days"], places["inactive_days"] = _inactive(useradd)
    return found


def _add_masks(found: Record, given: Mapping[str, tuple[str, str]]) -> None:
    """Add the mask of new files and the mode of new homes, each with what it lets others do."""
    places = found["places"]
    text, place = given.get("UMASK", (_UMASK, DEFAULT))
    masks = umask(text)
    if masks is None:
        masks, place = umask(_UMASK) or ("", ""), DEFAULT
    found["umask"], found["grants"] = masks
    mode, mode_place = given.get("HOME_MODE", (found["grants"], place))
    if not _OCTAL.fullmatch(mode):
        mode, mode_place = found["grants"], place
    found["home_mode"] = f"{int(mode, 8) & 0o7777:04o}"
    places |= {"umask": place, "grants": place, "home_mode": mode_place}


def _inactive(file: TextFile | None) -> tuple[int, str]:
    """Return the days after which an expired password closes a new account; -1 is never."""
    days, place = -1, DEFAULT
    for number_, text in file.lines if file else ():
        if file is not None and (match := _INACTIVE.fullmatch(text)):
            days, place = int(match[1]), f"{file.path}:{number_}"
    return days, place


PROBE = ProbeType(
    name="login_defs",
    via=Via.SSH,
    args=LoginDefsArgs,
    doc=Text(
        id="Apa yang didapat akun dan kata sandi baru: umur, hash, umask, rentang UID",
        en="What new accounts and passwords get: ages, hash, umask, ranges of UIDs",
    ),
    gives=record(
        "Aturan akun baru",
        "Rules for new accounts",
        {
            "exists": leaf(Kind.BOOL, "Berkas ada", "File exists"),
            "pass_max_days": leaf(Kind.INT, "PASS_MAX_DAYS", "PASS_MAX_DAYS"),
            "pass_min_days": leaf(Kind.INT, "PASS_MIN_DAYS", "PASS_MIN_DAYS"),
            "pass_warn_age": leaf(Kind.INT, "PASS_WARN_AGE", "PASS_WARN_AGE"),
            "uid_min": leaf(Kind.INT, "UID_MIN", "UID_MIN"),
            "uid_max": leaf(Kind.INT, "UID_MAX", "UID_MAX"),
            "sys_uid_min": leaf(Kind.INT, "SYS_UID_MIN", "SYS_UID_MIN"),
            "gid_min": leaf(Kind.INT, "GID_MIN", "GID_MIN"),
            "gid_max": leaf(Kind.INT, "GID_MAX", "GID_MAX"),
            "login_retries": leaf(Kind.INT, "LOGIN_RETRIES", "LOGIN_RETRIES"),
            "login_timeout": leaf(Kind.INT, "LOGIN_TIMEOUT (detik)", "LOGIN_TIMEOUT (seconds)"),
            "fail_delay": leaf(Kind.INT, "FAIL_DELAY (detik)", "FAIL_DELAY (seconds)"),
            "sha_crypt_min_rounds": leaf(Kind.INT, "SHA_CRYPT_MIN_ROUNDS", "SHA_CRYPT_MIN_ROUNDS"),
            "sha_crypt_max_rounds": leaf(Kind.INT, "SHA_CRYPT_MAX_ROUNDS", "SHA_CRYPT_MAX_ROUNDS"),
            "yescrypt_cost_factor": leaf(Kind.INT, "YESCRYPT_COST_FACTOR", "YESCRYPT_COST_FACTOR"),
            "usergroups_enab": leaf(Kind.BOOL, "USERGROUPS_ENAB", "USERGROUPS_ENAB"),
            "create_home": leaf(Kind.BOOL, "CREATE_HOME", "CREATE_HOME"),
            "default_home": leaf(Kind.BOOL, "DEFAULT_HOME", "DEFAULT_HOME"),
            "log_ok_logins": leaf(Kind.BOOL, "LOG_OK_LOGINS", "LOG_OK_LOGINS"),
            "syslog_su_enab": leaf(Kind.BOOL, "SYSLOG_SU_ENAB", "SYSLOG_SU_ENAB"),
            "umask": leaf(Kind.MODE, "UMASK", "UMASK"),
            "grants": leaf(Kind.MODE, "Izin yang disisakan UMASK", "Permissions that UMASK leaves"),
            "home_mode": leaf(Kind.MODE, "Izin rumah baru", "Mode of new homes"),
            "encrypt_method": leaf(Kind.TEXT, "ENCRYPT_METHOD", "ENCRYPT_METHOD"),
            "inactive_days": leaf(Kind.INT, "INACTIVE (hari)", "INACTIVE (days)"),
        },
    ),
    reads=_reads,
    parse=_parse,
)
