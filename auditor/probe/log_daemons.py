"""Who keeps the system's log, whether it survives a reboot, where it is sent, who may read it."""

import re
from collections.abc import Iterator, Sequence

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe import processes
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table


class LoggingArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="logging",
    shown="cat /etc/rsyslog.conf /etc/rsyslog.d/*.conf; stat /var/log/*.log",
    text=r"""
set +f
[ -d /var/log/journal ] && printf 'journal\n'
for f in /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf \
  /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*.conf \
  /etc/systemd/journal-upload.conf; do
  [ -r "$f" ] || continue
  while IFS= read -r l || [ -n "$l" ]; do
    case $l in
    *@*|*omfwd*|*arget*|*ource*|*network*|*torage*|*URL*) printf 'conf %s\n' "$l" ;;
    esac
  done <"$f"
done
set --
for f in /var/log/auth.log /var/log/syslog /var/log/messages /var/log/secure /var/log/kern.log \
  /var/log/daemon.log /var/log/mail.log /var/log/user.log /var/log/audit/audit.log; do
  [ -e "$f" ] && set -- "$@" "$f"
done
[ $# -gt 0 ] && stat -L -c 'file %a %U %G %n' "$@"
return 0
""",
)
"""Settings are narrowed to the lines that may speak of storing and forwarding."""

_DAEMONS = (
    ("rsyslogd", "rsyslog"),
    ("syslog-ng", "syslog-ng"),
    ("systemd-journal", "journald"),
)
_OLD_STYLE = re.compile(r"^\s*[^#\s]\S*\s+(@@?\S+)")
_TARGET = re.compile(r"""(?i)\btarget\s*=\s*["']([^"']+)["']""")
_NETWORK = re.compile(r"""(?i)\b(?:network|tcp|udp|syslog)\(\s*["']([^"']+)["']""")
_UPLOAD = re.compile(r"^\s*URL\s*=\s*(\S+)")
_PERSISTENT = re.compile(r"(?i)^\s*Storage\s*=\s*persistent")
_VOLATILE = re.compile(r"(?i)^\s*Storage\s*=\s*(?:volatile|none)")
_FILE = re.compile(r"file ([0-7]{1,4}) (\S+) (\S+) (/.*)")


def _sections(_args: Sequence[LoggingArgs]) -> tuple[Section, ...]:
    return (processes.SECTION, SECTION)


def _parse(_args: LoggingArgs, frames: Frames) -> Record:
    names = processes.running(frames)
    text = answer(frames, SECTION.key)
    settings = [line[5:] for line in text.splitlines() if line.startswith("conf ")]
    daemons = [word for comm, word in _DAEMONS if comm in names]
    return {
        "daemon": daemons[0] if daemons else "none",
        "persistent": _is_kept(daemons, settings, has_folder="journal" in text.splitlines()),
        "forwards": list(dict.fromkeys(_forwards(settings))),
        "files": [
            {"path": match[4], "mode": match[1].zfill(4), "owner": match[2], "group": match[3]}
            for line in text.splitlines()
            if (match := _FILE.fullmatch(line))
        ],
    }


def _is_kept(daemons: list[str], settings: list[str], *, has_folder: bool) -> bool:
    if daemons and daemons[0] != "journald":
        return True
    if not daemons or any(_VOLATILE.match(line) for line in settings):
        return False
    return has_folder or any(_PERSISTENT.match(line) for line in settings)


def _forwards(settings: list[str]) -> Iterator[str]:
    for line in settings:
        if line.lstrip().startswith("#"):
            continue
        for pattern in (_OLD_STYLE, _TARGET, _NETWORK, _UPLOAD):
            yield from pattern.findall(line)


PROBE = ProbeType(
    name="logging",
    via=Via.SSH,
    args=LoggingArgs,
    doc=Text(
        id="Pencatat log sistem, penyimpanan, penerusan dan izin berkasnya",
        en="The system's log daemon: storing, forwarding and modes of its files",
    ),
    gives=record(
        "Log sistem",
        "System log",
        {
            "daemon": leaf(Kind.TEXT, "Pencatat log", "Log daemon"),
            "persistent": leaf(Kind.BOOL, "Log bertahan", "Log is kept"),
            "forwards": leaf(Kind.TEXTS, "Tujuan log", "Sent to", may_be_empty=True),
            "files": table(
                "Berkas log",
                "Log files",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Berkas", "File"),
                    "mode": leaf(Kind.MODE, "Izin", "Mode"),
                    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
                    "group": leaf(Kind.TEXT, "Grup", "Group"),
                },
                may_be_empty=True,
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
