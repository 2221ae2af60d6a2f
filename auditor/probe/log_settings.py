"""Settings of the log daemons: journald, its upload, rsyslog, and how long logs are kept."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from auditor.model.fact import GAP, Field, Json, Kind, Why
from auditor.model.shape import DEFAULT
from auditor.probe import ini_files
from auditor.probe.base import Frames, Record, Unseen
from auditor.probe.fields import leaf, record
from auditor.probe.ini_files import Setting
from auditor.probe.texts import TextFile, Texts, texts

_DEBIAN = "/etc/debian_version"
_ROTATE = ("/etc/logrotate.conf", "/etc/logrotate.d/*")
_CRON = ("/etc/cron.daily/logrotate", "/usr/lib/systemd/system/logrotate.timer")
READS = (*ini_files.patterns("journald.conf"), _DEBIAN, *_ROTATE, *_CRON)

_TRUE = frozenset({"yes", "true", "on", "1", "y", "t"})
_FALSE = frozenset({"no", "false", "off", "0", "n", "f"})
_SIZE = re.compile(r"([0-9]{1,15})([KMGT]?)B?")
_SIZES = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_JOURNALD = {
    "Storage": "storage",
    "Compress": "compress",
    "ForwardToSyslog": "forward_to_syslog",
    "SystemMaxUse": "system_max_use",
    "SystemKeepFree": "system_keep_free",
    "RuntimeMaxUse": "runtime_max_use",
    "RuntimeKeepFree": "runtime_keep_free",
    "MaxFileSec": "max_file",
    "MaxRetentionSec": "max_retention",
    "Seal": "seal",
}
_SWITCHES = ("compress", "forward_to_syslog", "seal")
_TOLD = re.compile(r"set (/[^\n]*):([0-9]{1,9}) ([a-z_]+)(?: (.*))?")

SETTINGS = r"""
/^[ \t]*#/ { next }
function told(word, value) { print "set " FILENAME ":" FNR " " word " " value }
function take_in(path, line, n) {
  for (n = 1; n < ARGC; n++) if (ARGV[n] == path) return
  if (path ~ /^\/.*\.conf$/ && path !~ /[*?]/ && ARGC < 200 && (getline line < path) >= 0) {
    close(path); taken[path] = 1; ARGV[ARGC++] = path
  }
}
function is_rsyslog() { return FILENAME ~ /rsyslog/ || FILENAME in taken }
is_rsyslog() {
  low = tolower($0)
  if (low ~ /^[ \t]*\$includeconfig[ \t]/) take_in($2)
  if (low ~ /^[ \t]*include[ \t]*\(/) block = "include"
  if (low ~ /^[ \t]*input[ \t]*\(/) block = "input"
  if (block == "include" && match($0, /[Ff]ile[ \t]*=[ \t]*["\047][^"\047]+/))
    take_in(quoted(substr($0, RSTART, RLENGTH) "\""))
  if (block == "input" && low ~ /type[ \t]*=[ \t]*["\047]im(udp|tcp|ptcp|relp)["\047]/)
    told("receives", "input")
  if (low ~ /\)/) block = ""
  if (low ~ /^[ \t]*\$filecreatemode[ \t]+[0-7]+/) told("file_create_mode", $2)
  if (match(low, /[ (]filecreatemode[ \t]*=[ \t]*["\047][0-7]+/))
    told("file_create_mode", quoted(substr(low, RSTART, RLENGTH) "\""))
  if (low ~ /^[ \t]*\$(inputtcpserverrun|udpserverrun|inputrelpserverrun)[ \t]/)
    told("receives", $2)
  if (low ~ /streamdriver[ \t]*=[ \t]*["\047](gtls|ossl)["\047]/ ||
    low ~ /[ (]tls[ \t]*=[ \t]*["\047]on["\047]/ ||
    low ~ /^[ \t]*\$defaultnetstreamdriver[ \t]+(gtls|ossl)/ ||
    low ~ /defaultnetstreamdriver[ \t]*=[ \t]*["\047](gtls|ossl)["\047]/) told("encrypts", "tls")
}
FILENAME ~ /journal-upload/ &&
  /^[ \t]*(URL|(Server(Key|Certificate)|TrustedCertificate)File)[ \t]*=/ {
  name = $0; sub(/[ \t]*=.*/, "", name); sub(/^[ \t]*/, "", name)
  value = $0; sub(/^[^=]*=[ \t]*/, "", value); sub(/\/\/.*@/, "//", value)
  told("upload_" tolower(name), value)
}
"""
"""Awk for lines of rsyslog and of the journal's upload: what is set, never a password.

A file that rsyslog takes in by its name is read too, after the others.
"""


def settings(frames: Frames, lines: Sequence[str]) -> Record:
    """Return the records journald, rsyslog, upload and rotation."""
    told = [match for line in lines if (match := _TOLD.fullmatch(line))]
    return {
        "journald": _guarded(lambda: _journald(texts(frames))),
        "rsyslog": _rsyslog(told),
        "upload": _upload(told),
        "rotation": _guarded(lambda: _rotation(texts(frames))),
    }


def _guarded(read: Callable[[], Mapping[str, Json]]) -> Record:
    try:
        return dict(read())
    except Unseen as unseen:
        return {GAP: {"why": unseen.why, "detail": unseen.detail}}


@lru_cache(maxsize=16)
def _journald(seen: Texts) -> Mapping[str, Json]:
    """Return journald's settings; by default Debian's build forwards to syslog."""
    told = ini_files.settings(seen, "journald.conf", "Journal")
    is_debian = seen.file(_DEBIAN) is not None
    found: Record = {
        "storage": "auto",
        "compress": True,
        "forward_to_syslog": is_debian,
        "seal": True,
    }
    places = dict.fromkeys(found, DEFAULT)
    for key, name in _JOURNALD.items():
        setting = told.get(key, Setting("", ""))
        value = setting.value.lower()
        if not value:
            continue
        if name not in _SWITCHES:
            found[name] = value
        elif value in _TRUE | _FALSE or (name == "compress" and _SIZE.fullmatch(value.upper())):
            found[name] = value not in _FALSE
        else:
            continue
        places[name] = setting.place
    missing = sorted(set(_JOURNALD.values()) - set(found))
    if missing:
        detail = f"journald.conf does not set {', '.join(missing)}"
        found[GAP] = {"why": Why.NO_DATA, "detail": detail}
    limits = [name for name in missing if name in _LIMITS]
    return {**found, "limited": len(limits) < len(_LIMITS), "places": places}


_LIMITS = ("system_max_use", "system_keep_free", "max_retention")


def _rsyslog(told: Sequence["re.Match[str]"]) -> Record:
    """Return rsyslog's settings; files are made with 0644 where nothing says otherwise."""
    modes = [m for m in told if m[3] == "file_create_mode"]
    received = [m for m in told if m[3] == "receives"]
    encrypting = [m for m in told if m[3] == "encrypts"]
    found: Record = {
        "file_create_modes": sorted({_mode(m[4]) for m in modes} or {"0644"}),
        "receives": [f"{m[1]}:{m[2]}" for m in received],
        "encrypts": bool(encrypting),
        "file_create_mode": _widest([_mode(m[4]) for m in modes]) if modes else "0644",
    }
    last = {"file_create_mode": modes, "receives": received, "encrypts": encrypting}
    places = {name: f"{m[-1][1]}:{m[-1][2]}" for name, m in last.items() if m}
    return {**found, "places": {"file_create_mode": DEFAULT, **places}}


def _mode(text: str) -> str:
    digits = "".join(char for char in (text or "") if char in "01234567")
    return digits[-4:].zfill(4)


def _widest(modes: Sequence[str]) -> str:
    """Return all permissions that any of the modes gives: each holds for the rules after it."""
    bits = 0
    for mode in modes:
        bits |= int(mode, 8)
    return f"{bits:04o}"


def _upload(told: Sequence["re.Match[str]"]) -> Record:
    names = {
        "upload_url": "url",
        "upload_serverkeyfile": "key",
        "upload_servercertificatefile": "certificate",
        "upload_trustedcertificatefile": "trusted",
    }
    found: Record = dict.fromkeys(names.values(), "")
    places = {}
    for match in told:
        if match[3] in names:
            found[names[match[3]]] = match[4] or ""
            places[names[match[3]]] = f"{match[1]}:{match[2]}"
    return {**found, "places": places}


@lru_cache(maxsize=16)
def _rotation(seen: Texts) -> Mapping[str, Json]:
    """Return whether logs are rotated, and how often and how long at least by default."""
    main = seen.file(_ROTATE[0])
    parts = seen.glob(_ROTATE[1])
    scheduled = any(seen.file(path) is not None for path in _CRON)
    found: Record = {
        "configured": main is not None,
        "scheduled": scheduled,
        "parts": [file.path for file in parts],
    }
    places: dict[str, str] = {}
    for number, text in _outside(main):
        word, _, value = text.strip().partition(" ")
        if word in ("daily", "weekly", "monthly", "yearly"):
            found["frequency"], places["frequency"] = word, f"{_ROTATE[0]}:{number}"
        elif word == "rotate" and value.strip().isdecimal():
            found["keeps"], places["keeps"] = int(value.strip()[:9]), f"{_ROTATE[0]}:{number}"
    if missing := [name for name in ("frequency", "keeps") if name not in found]:
        detail = f"{_ROTATE[0]} does not set {', '.join(missing)}"
        found[GAP] = {"why": Why.NO_DATA, "detail": detail}
    return {**found, "places": places}


def _outside(file: TextFile | None) -> list[tuple[int, str]]:
    """Return the lines that stand in no block of single logs."""
    depth, found = 0, []
    for number, text in file.lines if file else ():
        if not depth and "{" not in text:
            found.append((number, text))
        depth = max(0, depth + text.count("{") - text.count("}"))
    return found


def _text(id_: str, en: str) -> Field:
    return leaf(Kind.TEXT, id_, en, may_be_empty=True)


FIELDS: Mapping[str, Field] = {
    "journald": record(
        "journald",
        "journald",
        {
            "storage": leaf(Kind.TEXT, "Penyimpanan jurnal", "Journal storage"),
            "compress": leaf(Kind.BOOL, "Jurnal dimampatkan", "Journal is compressed"),
            "forward_to_syslog": leaf(Kind.BOOL, "Diteruskan ke syslog", "Forwarded to syslog"),
            "seal": leaf(Kind.BOOL, "Jurnal disegel", "Journal is sealed"),
            "limited": leaf(Kind.BOOL, "Batas simpan ditetapkan", "Retention is set"),
            "system_max_use": _text("Ukuran jurnal terbesar", "Largest size of the journal"),
            "system_keep_free": _text("Ruang yang disisakan", "Space that is left free"),
            "runtime_max_use": _text("Ukuran terbesar di memori", "Largest size in memory"),
            "runtime_keep_free": _text("Memori yang disisakan", "Memory that is left free"),
            "max_file": _text("Umur satu berkas jurnal", "Age of one journal file"),
            "max_retention": _text("Umur jurnal terlama", "Longest age of the journal"),
        },
    ),
    "rsyslog": record(
        "rsyslog",
        "rsyslog",
        {
            "file_create_mode": leaf(Kind.MODE, "Izin berkas log baru", "Mode of new log files"),
            "file_create_modes": leaf(
                Kind.TEXTS, "Semua izin berkas log baru", "All modes of new log files"
            ),
            "receives": leaf(
                Kind.TEXTS, "Menerima log dari luar", "Takes logs from others", may_be_empty=True
            ),
            "encrypts": leaf(Kind.BOOL, "Pengiriman dienkripsi", "Sending is encrypted"),
        },
    ),
    "upload": record(
        "Pengiriman jurnal",
        "Journal upload",
        {
            "url": _text("Server tujuan", "Server"),
            "key": _text("Berkas kunci", "Key file"),
            "certificate": _text("Berkas sertifikat", "Certificate file"),
            "trusted": _text("Sertifikat yang dipercaya", "Trusted certificates"),
        },
    ),
    "rotation": record(
        "Perputaran log",
        "Log rotation",
        {
            "configured": leaf(Kind.BOOL, "logrotate diatur", "logrotate is configured"),
            "scheduled": leaf(Kind.BOOL, "logrotate terjadwal", "logrotate is scheduled"),
            "parts": leaf(Kind.TEXTS, "Berkas aturan", "Rule files", may_be_empty=True),
            "frequency": leaf(Kind.TEXT, "Jarak perputaran", "Interval"),
            "keeps": leaf(Kind.INT, "Jumlah berkas lama", "Old files kept"),
        },
    ),
}
