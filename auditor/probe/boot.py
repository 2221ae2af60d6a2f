"""The boot loader: its password, and what it tells the kernel."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from shlex import split

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import Texts, texts


class BootArgs(Args, frozen=True):
    """Takes no arguments."""


_DEFAULTS = ("/etc/default/grub", "/etc/default/grub.d/*.cfg")
_RUNNING = "/proc/cmdline"
_SECTION = Section(
    key="boot",
    shown="grep -E 'superusers|password|^[[:space:]]*(menuentry|linux)' /boot/grub/grub.cfg",
    text=r"""
[ -d /sys/firmware/efi ] && printf 'efi\n'
for f in /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c; do
  [ -r "$f" ] && printf 'secure %s\n' "$(od -An -tu1 -j4 -N1 "$f")"
done
set --
for f in /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/grub2/user.cfg /boot/grub2/grubenv \
  /boot/loader/entries/*.conf; do
  d=${f%/*}
  if [ -d "$d" ] && [ ! -x "$d" ]; then printf '? %s\n' "$d"; fi
  [ -f "$f" ] || continue
  if [ -r "$f" ]; then set -- "$@" "$f"; else printf '? %s\n' "$f"; fi
done
[ $# -gt 0 ] || return 0
awk '
/^[ \t]*#/ { next }
FNR == 1 { print "file " FILENAME }
/^[ \t]*(set[ \t]+)?superusers[ \t]*=/ { print FNR " superusers " $NF }
/^[ \t]*password_pbkdf2[ \t]+[^ \t]+[ \t]+grub\.pbkdf2/ { print FNR " pbkdf2 " $2 }
/^[ \t]*password[ \t]/ { print FNR " plain " $2 }
/^GRUB2_PASSWORD=grub\.pbkdf2/ { print FNR " pbkdf2 root" }
/^[ \t]*(menuentry|title)[ \t]/ { print FNR " entry " substr($0, 1, 200) }
/^[ \t]*(linux|linux16|linuxefi)[ \t]/ { print FNR " linux " substr($0, 1, 4000) }
/^options[ \t]/ { print FNR " linux - " substr($0, 1, 4000) }
/^kernelopts=/ { print FNR " env " substr($0, 12, 4000) }
' "$@"
""",
    bounded=True,
)
"""Of a password only that there is one, and for whom; never its hash."""

_ASSIGNED = re.compile(r"\s*(GRUB_[A-Z0-9_]+)\s*(\+?)=\s*(.*)")
_CMDLINE = ("GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT")
_TOLD = re.compile(r"([0-9]{1,9}) (superusers|pbkdf2|plain|entry|linux|env) (.*)")
_TITLE = re.compile(r"[^'\"]*['\"]([^'\"]*)")
_SINGLE = frozenset(
    {"audit", "audit_backlog_limit", "apparmor", "security", "selinux", "enforcing"}
)
"""Arguments of which the kernel takes the last."""
_BACKLOG = re.compile(r"audit_backlog_limit=([0-9]{1,9})")
_RESCUE = re.compile(r"(?i)\brecovery mode\b|\brescue\b|\bmemtest|\bfirmware\b")


def _reads(_many: Sequence[BootArgs]) -> tuple[str, ...]:
    return (*_DEFAULTS, _RUNNING)


def _sections(_many: Sequence[BootArgs]) -> tuple[Section, ...]:
    return (_SECTION,)


def _parse(_args: BootArgs, frames: Frames) -> Record:
    seen = texts(frames)
    running = seen.file(_RUNNING)
    arguments, place = _defaults(seen)
    found: Record = {
        "running": _effective(running.lines[0][1].split()) if running and running.lines else [],
        "defaults": arguments,
        "has_defaults": seen.file(_DEFAULTS[0]) is not None,
        "places": {"defaults": place},
    }
    text = answer(frames, _SECTION.key)
    lines = text.split("\n")
    found["efi"] = "efi" in lines
    found["secure_boot"] = "secure 1" in (" ".join(line.split()) for line in lines)
    if hidden := next((line[2:] for line in lines if line.startswith("? ")), ""):
        found[GAP] = {"why": Why.NEEDS_ROOT, "detail": f"needs root: {hidden} cannot be read"}
    else:
        found |= _menu(text, found["places"])
        lists = [arguments, *(entry["arguments"] for entry in found["entries"])]
        found["audit_backlog"] = min(map(_backlog, lists))
    return found


def _effective(words: Sequence[str]) -> list[str]:
    """Return arguments without those that a later one of the same name overrules."""
    last = {word.partition("=")[0]: place for place, word in enumerate(words)}
    return [
        word
        for place, word in enumerate(words)
        if (name := word.partition("=")[0]) not in _SINGLE or last[name] == place
    ]


def _backlog(arguments: Sequence[str]) -> int:
    found = next((match for word in arguments if (match := _BACKLOG.fullmatch(word))), None)
    return int(found[1]) if found else 0


@lru_cache(maxsize=16)
def _defaults(seen: Texts) -> tuple[list[str], str]:
    """Return the words that new entries give to the kernel, and the file that sets them."""
    values: dict[str, str] = {}
    place = _DEFAULTS[0]
    files = [file for pattern in _DEFAULTS for file in seen.glob(pattern)]
    for path, number, text in ((f.path, n, t) for f in files for n, t in f.lines):
        match = _ASSIGNED.fullmatch(text)
        if match is None or match[1] not in _CMDLINE:
            continue
        value = _expanded(_unquoted(match[3]), values)
        values[match[1]] = f"{values.get(match[1], '')} {value}" if match[2] else value
        place = f"{path}:{number}"
    return _effective(" ".join(values.get(name, "") for name in _CMDLINE).split()), place


def _unquoted(text: str) -> str:
    try:
        words = split(text, comments=True)
    except ValueError:
        return text.strip("\"' ")
    return words[0] if words else ""


def _expanded(text: str, values: Mapping[str, str]) -> str:
    """Put in the variables that the same files have set so far."""
    return re.sub(
        r"\$\{?(GRUB_[A-Z0-9_]+)\}?", lambda match: values.get(match[1], "")[:4000], text[:4000]
    )[:8000]


def _menu(text: str, places: dict[str, str]) -> Record:
    """Return what grub's own files say; a rescue entry is none of the entries."""
    entries: list[Record] = []
    found: Record = {"superusers": False, "password": False, "plain_password": False}
    path = title = environment = ""
    has_file = False
    for line in text.split("\n"):
        if line.startswith("file "):
            path, title, has_file = line[5:], "", True
        elif match := _TOLD.fullmatch(line):
            word, rest = match[2], match[3]
            if word == "env":
                environment = rest
            elif word == "entry":
                named = _TITLE.match(rest)
                title = named[1] if named else rest[6:].strip()
            elif word == "linux" and not _RESCUE.search(title):
                place = f"{path}:{match[1]}"
                given = rest.replace("$kernelopts", environment, 1)
                arguments = _effective(given.split()[2:])
                entries.append({"entry": title or path, "arguments": arguments, "place": place})
            elif word != "linux":
                name = {"pbkdf2": "password", "plain": "plain_password"}.get(word, word)
                found[name] = True
                places[name] = f"{path}:{match[1]}"
    return {**found, "has_loader": has_file, "entries": entries}


PROBE = ProbeType(
    name="boot",
    via=Via.SSH,
    args=BootArgs,
    doc=Text(
        id="Pemuat boot GRUB: kata sandinya, argumen kernel pada tiap entri dan yang sedang "
        "dipakai, boot aman",
        en="The boot loader GRUB: its password, the kernel's arguments in each entry and now, "
        "secure boot",
    ),
    gives=record(
        "Boot",
        "Boot",
        {
            "efi": leaf(Kind.BOOL, "Boot lewat EFI", "Booted by EFI"),
            "secure_boot": leaf(Kind.BOOL, "Boot aman menyala", "Secure boot is on"),
            "running": leaf(
                Kind.TEXTS, "Argumen kernel sekarang", "Kernel arguments now", may_be_empty=True
            ),
            "has_defaults": leaf(Kind.BOOL, "/etc/default/grub ada", "/etc/default/grub exists"),
            "defaults": leaf(
                Kind.TEXTS,
                "Argumen kernel di /etc/default/grub",
                "Kernel arguments in /etc/default/grub",
                may_be_empty=True,
            ),
            "audit_backlog": leaf(
                Kind.INT,
                "Antrean audit terkecil (0: tidak diatur)",
                "Least audit queue (0: not set)",
            ),
            "has_loader": leaf(Kind.BOOL, "Menu GRUB ada", "GRUB's menu exists"),
            "superusers": leaf(Kind.BOOL, "Pengelola GRUB ditetapkan", "GRUB's superusers are set"),
            "password": leaf(Kind.BOOL, "Kata sandi GRUB ada", "GRUB has a password"),
            "plain_password": leaf(
                Kind.BOOL, "Kata sandi GRUB tertulis terbuka", "GRUB's password is in plain text"
            ),
            "entries": table(
                "Entri menu",
                "Menu entries",
                "entry",
                {
                    "entry": leaf(Kind.TEXT, "Entri", "Entry"),
                    "arguments": leaf(
                        Kind.TEXTS, "Argumen kernel", "Kernel arguments", may_be_empty=True
                    ),
                    "place": leaf(Kind.TEXT, "Tempat", "Place"),
                },
                may_be_empty=True,
            ),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
