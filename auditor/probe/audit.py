"""The kernel's audit: auditd's settings, and whether rules record what they should."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.model.shape import DEFAULT
from auditor.probe.audit_rules import (
    Rule,
    Rules,
    is_off,
    read_rules,
    recording,
    wanted_filters,
    watching,
)
from auditor.probe.base import (
    NOT_FOUND,
    Args,
    Frames,
    ProbeType,
    Record,
    Section,
    Unseen,
    Via,
    answer,
    take,
)
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import TextFile, Texts, texts

_Path = Annotated[str, msgspec.Meta(pattern=r"^/[^\x00-\x20]*\Z", max_length=1024)]
_Syscall = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,40}\Z")]
_Filter = Annotated[
    str, msgspec.Meta(pattern=r"^(C:)?[a-z0-9_]+(!=|<=|>=|&=|=|<|>|&)[A-Za-z0-9_-]+\Z")
]


class AuditArgs(Args, frozen=True):
    """What should be recorded: accesses to paths, or system calls.

    `perm`: which accesses (r, w, x, a). `filters`: what may be left out, in auditctl's words
    ("auid>=1000"; "C:euid!=uid" for -C): a rule that leaves out less records more.
    """

    watch: tuple[_Path, ...] = ()
    perm: Annotated[str, msgspec.Meta(pattern=r"^[rwxa]{1,4}\Z")] = "wa"
    syscalls: tuple[_Syscall, ...] = ()
    arch: tuple[Literal["b64", "b32"], ...] = ("b64", "b32")
    filters: tuple[_Filter, ...] = ()


_LOADED = Section(
    key="audit_loaded",
    root=True,
    shown="auditctl -s; auditctl -l",
    text=r"""
command -v auditctl >/dev/null || return 127
auditctl -s || return
printf '=\n'
auditctl -l
""",
    bounded=True,
    volatile=("pid ", "lost ", "backlog ", "backlog_wait_time_actual"),
)

_CONF = "/etc/audit/auditd.conf"
_PLAIN = "/etc/audit/audit.rules"
_PARTS = "/etc/audit/rules.d/*.rules"
_STARTERS = tuple(
    f"{folder}/{unit}.service"
    for unit in ("audit-rules", "auditd")
    for folder in ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
)
_READS = (_CONF, _PLAIN, _PARTS, *_STARTERS)
_START = re.compile(r"\s*ExecStart(?:Pre|Post)?\s*=.*\b(augenrules|auditctl)\b.*")
_SETTING = re.compile(r"\s*([A-Za-z_]+)\s*=(.*)")
_STATUS = re.compile(r"(enabled|backlog_limit|failure)\s+([0-9]{1,9})")

_WORDS = {
    "log_file": "/var/log/audit/audit.log",
    "log_format": "enriched",
    "log_group": "root",
    "write_logs": "yes",
    "local_events": "yes",
    "max_log_file_action": "ignore",
    "space_left_action": "ignore",
    "admin_space_left_action": "ignore",
    "disk_full_action": "ignore",
    "disk_error_action": "syslog",
    "action_mail_acct": "root",
}
_NUMBERS = {"max_log_file": 0, "num_logs": 0}
"""What auditd takes where its file says nothing; 0: no bound, and nothing is rotated."""
_DIGITS = re.compile(r"[0-9]{1,9}")


def _reads(_many: Sequence[AuditArgs]) -> tuple[str, ...]:
    return _READS


def _sections(_many: Sequence[AuditArgs]) -> tuple[Section, ...]:
    return (_LOADED,)


def _parse(args: AuditArgs, frames: Frames) -> Record:
    seen = texts(frames)
    written = _written(seen)
    found: Record = {
        "conf": _conf(seen.file(_CONF)),
        "immutable": written.enabled == "2",
        "rules": len(written.rules),
        "off": is_off(written.rules) is not None,
        "places": {"immutable": written.locked} if written.locked else {},
    }
    loaded: Sequence[Rule] = ()
    try:
        loaded, status = _loaded(frames)
    except Unseen as unseen:
        found[GAP] = {"why": unseen.why, "detail": unseen.detail}
    else:
        found |= {name: int(value) for name, value in status.items()}
        there = {rule.meaning for rule in loaded}
        missing = [rule.place for rule in written.rules if rule.meaning not in there]
        found["not_loaded"] = list(dict.fromkeys(missing))
    found["asked"] = _asked(args, written.rules, loaded, found.get(GAP))
    return found


def _asked(
    args: AuditArgs, written: Sequence[Rule], loaded: Sequence[Rule], gap: Record | None
) -> list[Record]:
    wanted = wanted_filters(args.filters)
    rows: list[Record] = []
    for path in args.watch:
        in_file = watching(written, path, args.perm, wanted, args.arch)
        in_kernel = watching(loaded, path, args.perm, wanted, args.arch)
        rows.append(_row(f"{path} ({args.perm})", in_file, in_kernel))
    for arch in args.arch if args.syscalls else ():
        for name in args.syscalls:
            in_file = recording(written, name, arch, wanted)
            in_kernel = recording(loaded, name, arch, wanted)
            rows.append(_row(f"{name} ({arch})", in_file, in_kernel))
    if gap is not None:
        for row in rows:
            del row["loaded"]
            row[GAP] = gap
    return rows


def _row(what: str, in_file: Rule | None, in_kernel: Rule | None) -> Record:
    return {
        "what": what,
        "written": in_file is not None,
        "loaded": in_kernel is not None,
        "place": in_file.place if in_file else "",
    }


def _conf(file: TextFile | None) -> Record:
    values: Record = {**_WORDS, **_NUMBERS}
    places = dict.fromkeys(values, DEFAULT)
    for number, text in file.lines if file else ():
        match = _SETTING.fullmatch(text)
        name = match[1].lower() if match else ""
        value = match[2].strip() if match else ""
        if name in _WORDS or (name in _NUMBERS and _DIGITS.fullmatch(value)):
            plain = value if name.startswith(("log_file", "action_mail")) else value.lower()
            values[name] = int(plain) if name in _NUMBERS else plain
            places[name] = f"{_CONF}:{number}"
    return {**values, "places": places}


@lru_cache(maxsize=16)
def _written(seen: Texts) -> Rules:
    """Return the rules that the next start of auditd loads.

    augenrules writes what it finds in rules.d into audit.rules; where the service runs auditctl
    instead, or rules.d holds nothing, audit.rules counts.
    """
    parts = sorted(seen.glob(_PARTS), key=lambda file: _natural(file.path))
    plain = seen.file(_PLAIN)
    if _loader(seen) == "auditctl":
        return read_rules(_placed([plain] if plain else []), merged=False)
    if not parts and plain:
        parts = [plain]
    return read_rules(_placed(parts), merged=True)


def _natural(path: str) -> tuple[tuple[int, int | str], ...]:
    """Order as `ls -v`: numbers in names by their value."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", path)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)


def _loader(seen: Texts) -> str:
    for path in _STARTERS:
        file = seen.file(path)
        for _, text in file.lines if file else ():
            if match := _START.fullmatch(text):
                return match[1]
    return ""


def _placed(files: Sequence[TextFile]) -> list[tuple[str, str]]:
    return [(f"{file.path}:{number}", text) for file in files for number, text in file.lines]


def _loaded(frames: Frames) -> tuple[tuple[Rule, ...], Mapping[str, str]]:
    if take(frames, _LOADED.key).rc == NOT_FOUND:
        raise Unseen(Why.NO_DATA, "auditctl is not installed")
    status, _, rules = answer(frames, _LOADED.key).partition("=\n")
    matches = map(_STATUS.fullmatch, status.split("\n"))
    told = {match[1]: match[2] for match in matches if match}
    return read_rules((("kernel", line) for line in rules.split("\n")), merged=True).rules, told


PROBE = ProbeType(
    name="audit",
    via=Via.SSH,
    args=AuditArgs,
    doc=Text(
        id="Audit kernel: pengaturan auditd, dan apakah aturan yang ditulis dan yang dimuat "
        "mencatat berkas atau panggilan sistem yang ditanyakan",
        en="The kernel's audit: auditd's settings, and whether the written and the loaded rules "
        "record the files or system calls in question",
    ),
    gives=record(
        "Audit",
        "Audit",
        {
            "conf": record(
                "Pengaturan auditd",
                "auditd's settings",
                {
                    **{name: leaf(Kind.TEXT, name, name, may_be_empty=True) for name in _WORDS},
                    **{name: leaf(Kind.INT, name, name) for name in _NUMBERS},
                },
            ),
            "rules": leaf(Kind.INT, "Jumlah aturan tertulis", "Number of written rules"),
            "immutable": leaf(Kind.BOOL, "Aturan dikunci (-e 2)", "Rules are locked (-e 2)"),
            "off": leaf(Kind.BOOL, "Pencatatan dimatikan aturan", "A rule turns recording off"),
            "enabled": leaf(Kind.INT, "Audit kernel menyala", "Kernel audit is on"),
            "backlog_limit": leaf(Kind.INT, "Antrean kernel", "Kernel backlog"),
            "failure": leaf(Kind.INT, "Tindakan kernel saat gagal", "Kernel's action on failure"),
            "not_loaded": leaf(
                Kind.TEXTS,
                "Tertulis tetapi tidak dimuat",
                "Written but not loaded",
                may_be_empty=True,
            ),
            "asked": table(
                "Yang harus dicatat",
                "To be recorded",
                "what",
                {
                    "what": leaf(Kind.TEXT, "Objek", "Object"),
                    "written": leaf(Kind.BOOL, "Ada aturan tertulis", "A rule is written"),
                    "loaded": leaf(Kind.BOOL, "Aturan dimuat kernel", "The kernel has the rule"),
                    "place": leaf(Kind.TEXT, "Tempat", "Place", may_be_empty=True),
                },
                may_be_empty=True,
            ),
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
