"""Who keeps the system's log, whether it survives a reboot, where it is sent, who may read it."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe import log_settings, processes
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table


class LoggingArgs(Args, frozen=True):
    """Takes no arguments."""


_DESTINATIONS = r"""
function quoted(s) { sub(/^[^"\047]*["\047]/, "", s); sub(/["\047].*$/, "", s); return s }
/^[ \t]*#/ { next }
is_rsyslog() {
  if (match($0, /[ \t](@@?|:omrelp:)[^ \t;"]+/)) print "to " substr($0, RSTART + 1, RLENGTH - 1)
  if (match($0, /[Tt]arget[ \t]*=[ \t]*["\047][^"\047]+/))
    print "to " quoted(substr($0, RSTART, RLENGTH) "\"")
}
FILENAME ~ /syslog-ng/ &&
  match($0, /(network|syslog|tcp6?|udp6?)[ \t]*\([ \t]*["\047][^"\047]+/) {
  print "to " quoted(substr($0, RSTART, RLENGTH) "\"")
}
FILENAME ~ /journal-upload/ && /^[ \t]*URL[ \t]*=/ {
  sub(/^[^=]*=[ \t]*/, ""); sub(/\/\/.*@/, "//"); print "to " $0
}
FILENAME ~ /journald/ && /^[ \t]*Storage[ \t]*=/ {
  sub(/^[^=]*=[ \t]*/, ""); print "storage " tolower($1)
}
"""
"""Awk: from each line of a configuration only the destination, never a password beside it."""

SECTION = Section(
    key="logging",
    shown="cat /etc/rsyslog.conf /etc/rsyslog.d/*.conf; stat /var/log/*.log",
    text=rf"""
[ -d /var/log/journal ] && printf 'journal\n'
for f in /etc/rsyslog.d /etc/syslog-ng/conf.d /etc/systemd/journald.conf.d /var/log /var/log/audit
do
  [ ! -d "$f" ] || {{ [ -r "$f" ] && [ -x "$f" ]; }} || printf 'hidden %s\n' "$f"
done
set --
for f in /etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf \
  /etc/syslog-ng/conf.d/*.conf /etc/systemd/journal-upload.conf \
  /etc/systemd/journal-upload.conf.d/*.conf /etc/systemd/journald.conf \
  /usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf.d/*.conf; do
  if [ -f "$f" ] && [ -r "$f" ]; then
    set -- "$@" "$f"
  elif [ -e "$f" ]; then
    printf 'hidden %s\n' "$f"
  fi
done
[ $# -eq 0 ] || t 10 awk '{log_settings.SETTINGS}{_DESTINATIONS}' "$@" || return
set --
for f in /var/log/auth.log /var/log/syslog /var/log/messages /var/log/secure /var/log/kern.log \
  /var/log/daemon.log /var/log/mail.log /var/log/maillog /var/log/user.log /var/log/cron \
  /var/log/cron.log /var/log/audit/audit.log; do
  [ -e "$f" ] && set -- "$@" "$f"
done
[ $# -eq 0 ] || stat -L -c 'file %a %U %G %n' "$@"
""",
    bounded=True,
)

_DAEMONS = (
    ("rsyslogd", "rsyslog"),
    ("syslog-ng", "syslog-ng"),
    ("systemd-journal", "journald"),
)
_TOLD = re.compile(r"(to|storage|hidden) (.*)")
_FILE = re.compile(r"file ([0-7]{1,4}) (\S+) (\S+) (/.*)")


def _sections(_args: Sequence[LoggingArgs]) -> tuple[Section, ...]:
    return (processes.SECTION, SECTION)


def _reads(_args: Sequence[LoggingArgs]) -> tuple[str, ...]:
    return log_settings.READS


def _parse(_args: LoggingArgs, frames: Frames) -> Record:
    names = processes.running(frames)
    lines = answer(frames, SECTION.key).split("\n")
    told = [match.groups() for line in lines if (match := _TOLD.fullmatch(line))]
    daemon = next((word for comm, word in _DAEMONS if comm in names), "none")
    hidden = [value for word, value in told if word == "hidden"]
    storage = next((value for word, value in reversed(told) if word == "storage"), "auto")
    forwards = list(dict.fromkeys(value for word, value in told if word == "to" and value))
    found: Record = {
        "daemon": daemon,
        "persistent": _is_kept(daemon, storage, has_folder="journal" in lines),
        "files": [*_files(lines), *_hidden_files(hidden)],
        **log_settings.settings(frames, lines),
    }
    settings = [path for path in hidden if path.startswith("/etc")]
    if forwards or not settings:
        found["forwards"] = forwards
    else:
        detail = f"needs root: {settings[0]} cannot be read"
        found[GAP] = {"why": Why.NEEDS_ROOT, "detail": detail}
    return found


def _is_kept(daemon: str, storage: str, *, has_folder: bool) -> bool:
    """Tell whether logs outlive a reboot; journald's `auto` keeps them where its folder exists."""
    if daemon != "journald":
        return daemon != "none"
    return storage == "persistent" or (storage == "auto" and has_folder)


def _files(lines: Sequence[str]) -> list[Record]:
    return [
        {"path": match[4], "mode": match[1].zfill(4), "owner": match[2], "group": match[3]}
        for line in lines
        if (match := _FILE.fullmatch(line))
    ]


def _hidden_files(hidden: Sequence[str]) -> list[Record]:
    """Return a row for each folder of logs that could not be searched, so that none passes."""
    gap = {"why": Why.NEEDS_ROOT, "detail": "needs root: the folder cannot be searched"}
    return [{"path": path, GAP: gap} for path in hidden if path.startswith("/var/log")]


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
            **log_settings.FIELDS,
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
