"""Defaults of sudoers: each that is written, and what is in effect for everybody."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from auditor.model.fact import Field, Json, Kind
from auditor.probe.base import Record
from auditor.probe.fields import leaf
from auditor.probe.sudoers_text import split

DEFAULT = "default"
_DEFAULTS = re.compile(r"Defaults(?:([:@>!])\s*((?:[^\s,\"]|,\s*|\"[^\"]*\")+)\s+|\s+)(.*)")
_SETTING = re.compile(r"(!*)\s*([A-Za-z_]+)\s*(?:([+-]?=)\s*(.*))?")
_MINUTES = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]{0,6})(?:\.([0-9]{0,6}))?")
_OCTAL = re.compile(r"0?[0-7]{1,4}")
_PTY_SINCE = (1, 9, 14)
"""From this version use_pty is on by default."""

_SWITCHES: Mapping[str, tuple[bool, str, str]] = {
    "use_pty": (False, "Memakai terminal semu", "Uses a pseudo-terminal"),
    "env_reset": (True, "Lingkungan dibersihkan", "Environment is reset"),
    "authenticate": (True, "Meminta kata sandi", "Asks for a password"),
    "log_input": (False, "Masukan dicatat", "Logs input"),
    "log_output": (False, "Keluaran dicatat", "Logs output"),
    "requiretty": (False, "Hanya dari terminal", "Only from a terminal"),
    "noexec": (False, "Perintah tak dapat menjalankan lain", "Commands cannot start others"),
    "visiblepw": (False, "Kata sandi boleh terlihat", "Password may be seen"),
    "targetpw": (False, "Kata sandi akun tujuan", "Password of the target account"),
    "rootpw": (False, "Kata sandi root", "Password of root"),
    "runaspw": (False, "Kata sandi akun runas", "Password of the runas account"),
    "ignore_dot": (False, "Mengabaikan titik di PATH", "Ignores a dot in PATH"),
}
_TEXTS: Mapping[str, tuple[str, str, str]] = {
    "logfile": ("", "Berkas log sudo", "Log file of sudo"),
    "syslog": ("authpriv", "Fasilitas syslog", "Syslog facility"),
}
_TIMEOUT, _TRIES, _TRIES_DEFAULT = "timestamp_timeout", "passwd_tries", 3
_TIMEOUT_DEFAULT = 900
"""Seconds: Debian's default; elsewhere it is shorter (300)."""

SETTINGS: Mapping[str, Field] = {
    **{name: leaf(Kind.BOOL, id_, en) for name, (_, id_, en) in _SWITCHES.items()},
    **{name: leaf(Kind.TEXT, id_, en, may_be_empty=True) for name, (_, id_, en) in _TEXTS.items()},
    _TIMEOUT: leaf(Kind.DURATION, "Lama kata sandi diingat", "Password is remembered for"),
    _TRIES: leaf(Kind.INT, "Kesempatan kata sandi", "Password tries"),
    "secure_path": leaf(Kind.TEXTS, "PATH yang aman", "Secure PATH", may_be_empty=True),
    "umask": leaf(Kind.MODE, "umask", "umask"),
}


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it is written; `scope` is empty where it is for everybody."""

    name: str
    on: bool
    value: str
    how: str
    """=, +=, -= or nothing."""
    scope: str
    place: str

    @property
    def seconds(self) -> int | None:
        """A number of minutes as seconds; negative is for ever."""
        match = _MINUTES.fullmatch(self.value)
        if match is None:
            return None
        seconds = round((int(match[2] or 0) + float(f"0.{match[3] or 0}")) * 60)
        return -max(seconds, 1) if match[1] == "-" else seconds

    def row(self) -> Record:
        """Return the setting as an item of a table."""
        found: Record = {
            "name": self.name,
            "on": self.on,
            "value": self.value,
            "scope": self.scope,
            "place": self.place,
        }
        if self.seconds is not None:
            found["seconds"] = self.seconds
        return found


def written(text: str, place: str) -> Iterator[Setting]:
    """Yield the settings of a statement; none where it is not about them."""
    match = _DEFAULTS.fullmatch(text)
    if match is None:
        return
    scope = f"{match[1]}{match[2]}" if match[1] else ""
    for part in split(match[3], ","):
        if one := _SETTING.fullmatch(part):
            yield Setting(
                name=one[2],
                on=len(one[1]) % 2 == 0,
                value=(one[4] or "").strip().strip('"'),
                how=one[3] or "",
                scope=scope,
                place=place,
            )


def effective(settings: Sequence[Setting], version: str) -> tuple[dict[str, Json], dict[str, str]]:
    """Return what is in effect for everybody, and its places; the last one of a name counts."""
    last = {setting.name: setting for setting in settings if not setting.scope}
    found: dict[str, Json] = {}
    for name, (on, _, _) in _SWITCHES.items():
        found[name] = last[name].on if name in last else on
    if "use_pty" not in last:
        found["use_pty"] = _numbers(version) >= _PTY_SINCE
    for name, (default, _, _) in _TEXTS.items():
        found[name] = default if name not in last else last[name].value if last[name].on else ""
    found[_TIMEOUT] = _timeout(last.get(_TIMEOUT))
    tries = last.get(_TRIES)
    found[_TRIES] = int(tries.value) if _is_number(tries) and tries else _TRIES_DEFAULT
    found["secure_path"] = _path(last.get("secure_path"))
    mask = last.get("umask")
    found["umask"] = _mask(mask)
    places = {name: last[name].place if name in last else DEFAULT for name in found}
    return found, places


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version ("1.9.13p3"); without one it is the oldest."""
    return tuple(int(part) for part in re.findall(r"[0-9]{1,6}", version)[:4])


def _is_number(setting: Setting | None) -> bool:
    return setting is not None and re.fullmatch(r"\+?[0-9]{1,6}", setting.value) is not None


def _timeout(setting: Setting | None) -> int:
    if setting is None:
        return _TIMEOUT_DEFAULT
    if not setting.on:
        return 0
    return setting.seconds if setting.seconds is not None else _TIMEOUT_DEFAULT


def _path(setting: Setting | None) -> list[str]:
    return setting.value.split(":") if setting and setting.on and setting.value else []


def _mask(setting: Setting | None) -> str:
    """Return the mask as four digits; turned off it is that of the user who calls."""
    if setting is None or not _OCTAL.fullmatch(setting.value):
        return "0022" if setting is None or setting.on else "0000"
    return f"{int(setting.value, 8) & 0o7777:04o}"
