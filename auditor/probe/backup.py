"""Backups by the files of a machine: which jobs are due, where they write, when they last did.

Commands are judged on the target: the tool, the place of the line and the destinations leave it,
without user names and passwords in addresses.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table


class BackupArgs(Args, frozen=True):
    """Takes no arguments."""


_DATABASE = (
    "mysqldump mariadb-dump mysqlpump mydumper mariabackup mariadb-backup xtrabackup pg_dump "
    "pg_dumpall pg_basebackup pgbackrest barman wal-g mongodump automysqlbackup autopostgresqlbackup"
)
_FILES = (
    "borg borgmatic restic rustic kopia duplicity duply rsnapshot backupninja backup-manager bup "
    "burp tar vzdump proxmox-backup-client veeamconfig snebu attic zbackup rdiff-backup"
)
_TRANSFER = "rsync rclone scp sftp lftp s3cmd aws gsutil mc azcopy ncftpput"
_AGENTS: Mapping[str, str] = {
    "bareos": "/etc/bareos/bareos-fd.d /etc/bareos/bareos-fd.conf",
    "bacula": "/etc/bacula/bacula-fd.conf",
    "veeam": "/etc/veeam/veeam.ini",
    "urbackup": "/etc/default/urbackupclient /usr/local/etc/urbackup",
    "amanda": "/etc/amanda-security.conf",
    "proxmox-guest": "/usr/sbin/qemu-ga",
    "netbackup": "/usr/openv/netbackup/bp.conf",
    "commvault": "/etc/CommVaultRegistry",
}
_HYPERVISOR = ("proxmox-guest",)
"""Says that someone else could copy the whole machine, not that someone does."""
_SCHEDULES = (
    "/etc/crontab /etc/cron.d/* /var/spool/cron/crontabs/* /var/spool/cron/* "
    "/etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*"
)
_UNITS = (
    "/etc/systemd/system/*.service /usr/lib/systemd/system/borg*.service "
    "/usr/lib/systemd/system/restic*.service /usr/lib/systemd/system/*backup*.service"
)
_SCRIPTS = (
    "/usr/local/bin/* /usr/local/sbin/* /root/*.sh /root/bin/* /opt/*.sh /opt/*/*.sh "
    "/opt/scripts/* /root/scripts/* /home/*/*backup*.sh /home/*/bin/*backup*"
)
_SETTINGS = (
    "/etc/borgmatic/config.yaml /etc/borgmatic.d/*.yaml /etc/rsnapshot.conf /etc/default/restic "
    "/etc/restic/*.conf /etc/restic/*.env /etc/default/automysqlbackup /etc/backup.d/* "
    "/etc/default/borg* /etc/duply/*/conf"
)
_STATES = (
    "/root/.cache/borg /root/.cache/restic /root/.cache/duplicity /var/lib/automysqlbackup "
    "/var/lib/autopostgresqlbackup /var/spool/bareos /var/lib/veeam"
)

_JUDGE = r"""
function target(w) {
  sub(/^[A-Za-z_]+=/, "", w); sub(/^--?[a-z-]+=/, "", w); sub(/^>+/, "", w)
  gsub(/["\047;,)]/, "", w); sub(/:\/\/[^\/@]*@/, "://", w)
  if (w ~ /^(ssh|sftp|rest|s3|b2|azure|gs|swift|rclone|rsync|ftp|ftps|webdav|smb|nfs|file):/)
    return w
  if (w ~ /^([A-Za-z0-9._-]+@)?[A-Za-z0-9._-]+::?[~\/A-Za-z0-9._-]/ && w !~ /^[0-9]+:/) {
    sub(/^[^@:]*@/, "", w); return w
  }
  if (w ~ /^\/[A-Za-z0-9._\/-]+$/ && w !~ /^\/(dev|proc|sys|etc|usr|bin|sbin)(\/|$)/) return w
  return ""
}
function tool(w) {
  sub(/^.*\//, "", w)
  if (w in KIND && (w != "tar" || $0 ~ /tar +(-[a-zA-Z]*c|c|.*--create)/)) return w
  return ""
}
BEGIN {
  k = split(DATABASE, a, " "); for (i = 1; i <= k; i++) KIND[a[i]] = "database"
  k = split(FILES, a, " "); for (i = 1; i <= k; i++) KIND[a[i]] = "files"
  k = split(TRANSFER, a, " "); for (i = 1; i <= k; i++) KIND[a[i]] = "transfer"
}
/^[ \t]*(#|$|;)/ { next }
{ gsub(/\t/, " ") }
C == "unit" && !/^ *ExecStart *=/ { next }
C == "unit" { sub(/^[^=]*= */, ""); sub(/^[-@:+!]*/, "") }
C == "settings" {
  if (/(repository|repositories|path|url|REPO|REPOSITORY|TARGET|snapshot_root|backup_dir|BACKUPDIR) *[:= ]/ ||
      /^ *- +(path|ssh|"?ssh|[a-z0-9]+@)/) {
    s = $0; sub(/^ *(- +)?(export +)?[A-Za-z_]+ *[:=]? +/, "", s); sub(/^[A-Z_]+=/, "", s)
    gsub(/ /, "", s); x = target(s)
    if (x != "" && ++m <= 100) print "to\t" FILENAME ":" FNR "\t" x
  }
  next
}
{
  gsub(/[|&()`]/, " & "); k = split($0, a, " "); t = ""; d = ""
  for (i = 1; i <= k; i++) {
    w = a[i]
    if (w == "|" || w == "&" || w == "(" || w == ")" || w == "`") continue
    if (t == "" && tool(w) != "") { t = tool(w); continue }
    if (C != "script" && t == "" && w ~ /^\/(usr\/local|root|opt|home|srv|etc)\//)
      if (++c <= 300) print "call\t" FILENAME ":" FNR "\t" w
    x = target(w)
    if (t != "" && x != "") d = d "\t" x
    if (C == "script" && w ~ /^(export)?[A-Z_]*(REPO|REPOSITORY|BACKUP_?DIR|DEST|TARGET)[A-Z_]*=/ && x != "")
      if (++m <= 100) print "to\t" FILENAME ":" FNR "\t" x
  }
  if (t != "" && ++n <= 200) print "job\t" C "\t" KIND[t] "\t" t "\t" FILENAME ":" FNR d
}
"""

_NEWEST = r"""
{ split($0, f, "\t") }
!(f[1] in time) { time[f[1]] = 0; at[f[1]] = f[2] "\t" f[3] "\t" f[4] "\t" f[5]; o[++n] = f[1] }
f[6] == "f" && f[7] + 0 > time[f[1]] { time[f[1]] = f[7] + 0 }
END { for (i = 1; i <= n; i++) print "state\t" at[o[i]] "\t" int(time[o[i]]) "\t" o[i] }
"""


def _loop(name: str, patterns: str, test: str = '[ -f "$f" ] && [ "$f" -nt / -o -r "$f" ]') -> str:
    return f'set -- "$@" C={name}\nfor f in {patterns}; do {test} && set -- "$@" "$f"; done'


_TEXT = rf"""
set --
{_loop("schedule", _SCHEDULES, '[ -f "$f" ]')}
{_loop("unit", _UNITS, '[ -f "$f" ]')}
{_loop("script", _SCRIPTS, '[ -f "$f" ] && case $f in *.sh|*backup*|*cadangan*|*dump*) true ;; *) false ;; esac')}
{_loop("settings", _SETTINGS, '[ -f "$f" ]')}
w=$(t 20 awk -v DATABASE='{_DATABASE}' -v FILES='{_FILES}' -v TRANSFER='{_TRANSFER}' '{_JUDGE}' "$@") ||
  return
printf '%s\n' "$w"
for f in /etc/systemd/system/timers.target.wants/*.timer; do
  [ -L "$f" ] || [ -f "$f" ] && printf 'timer\t%s\n' "${{f##*/}}"
done
{{
{"".join(f'for f in {paths}; do [ -e "$f" ] && printf "agent\\t{name}\\n"; done{chr(10)}' for name, paths in _AGENTS.items())}}}
set -- /
for f in {_STATES}; do
  [ -d "$f" ] && set -- "$@" "$f"
done
l='
'
b='	'
while [ -n "$w" ] && [ $# -lt 40 ]; do
  p=${{w%%"$l"*}}
  case $w in *"$l"*) w=${{w#*"$l"}} ;; *) w= ;; esac
  case $p in to"$b"*|job"$b"*) ;; *) continue ;; esac
  while :; do
    case $p in *"$b"/*) f=/${{p##*"$b"/}} p=${{p%"$b"/*}} ;; *) break ;; esac
    while [ ! -d "$f" ]; do f=${{f%/*}}; [ -n "$f" ] || break; done
    case $f in ''|/|/tmp|/var|/home|/opt|/srv|/root|/mnt|/media|/run|/var/lib|/var/log) continue ;; esac
    for q do [ "$q" = "$f" ] && continue 2; done
    set -- "$@" "$f"
  done
done
t 20 find -H "$@" -maxdepth 4 -ignore_readdir_race \( -path '/*' -o -true \) \
  \( -path / -printf '%H\t%D\t%F\t%m\t%u\td\t0\n' -prune -o \
  -printf '%H\t%D\t%F\t%m\t%u\t%y\t%T@\n' \) | awk '{_NEWEST}'
"""
SECTION = Section(
    key="backup",
    text=_TEXT,
    shown="grep -E 'borg|restic|rsync|mysqldump|…' CRONTABS UNITS; find DESTINATIONS -newer …",
    root=True,
    limit=2**18,
)

_REMOTE = re.compile(
    r"(ssh|sftp|rest|s3|b2|azure|gs|swift|rclone|rsync|ftps?|webdav|smb|nfs):|[^/].*:"
)
_NETWORK_FS = frozenset(("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "ceph", "9p"))
_OWN_SCHEDULE = re.compile(r"/etc/cron\.(hourly|daily|weekly|monthly)/")
_STATE_FIELDS = 7


class _Told(NamedTuple):
    jobs: list[tuple[str, str, str, str, list[str]]]
    """Class, kind, tool, place, destinations."""
    targets: list[tuple[str, str]]
    called: set[str]
    timers: set[str]
    agents: list[str]
    states: list[Record]


def _read(text: str) -> _Told:
    told = _Told([], [], set(), set(), [], [])
    for line in text.split("\n"):
        word, *rest = line.split("\t")
        if word == "job" and len(rest) >= 4:  # noqa: PLR2004 - the fields before destinations
            told.jobs.append((rest[0], rest[1], rest[2], rest[3], rest[4:]))
        elif word == "to" and len(rest) == 2:  # noqa: PLR2004
            told.targets.append((rest[0], rest[1]))
        elif word == "call" and rest[1:]:
            told.called.add(rest[1])
        elif word == "timer" and rest:
            told.timers.add(rest[0].removesuffix(".timer"))
        elif word == "agent" and rest and rest[0] not in told.agents:
            told.agents.append(rest[0])
        elif word == "state" and len(rest) == _STATE_FIELDS - 1:
            _state(rest, told.states)
    return told


def _state(rest: Sequence[str], states: list[Record]) -> None:
    device, kind, mode, owner, newest, path = rest
    if newest.isdecimal() and mode.isdecimal():
        states.append(
            {
                "path": path,
                "device": device,
                "fstype": kind,
                "mode": mode.zfill(4)[-4:],
                "owner": owner,
                "newest": int(newest[:11]),
            }
        )


def _is_due(kind: str, place: str, told: _Told) -> bool:
    """Tell whether something starts a job: cron, an enabled timer, or a script that they call."""
    path = place.rpartition(":")[0]
    if kind == "unit":
        return path.rpartition("/")[2].removesuffix(".service") in told.timers
    return kind == "schedule" or path in told.called


def _parse(_args: BackupArgs, frames: Frames) -> Record:
    told = _read(answer(frames, SECTION.key))
    due = [job for job in told.jobs if _is_due(job[0], job[3], told) and job[1] != "transfer"]
    moves = [job for job in told.jobs if _is_due(job[0], job[3], told) and job[1] == "transfer"]
    agents = [name for name in told.agents if name not in _HYPERVISOR]
    root = next((one for one in told.states if one["path"] == "/"), None)
    states = [one for one in told.states if one["path"] != "/"]
    away = {one["path"] for one in states if one["fstype"] in _NETWORK_FS}
    goals = [goal for job in (*due, *moves) for goal in job[4]] + [goal for _, goal in told.targets]
    remote = bool(agents) or any(_is_remote(goal, away) for goal in goals)
    found: Record = {
        "exists": bool(due or moves or agents),
        "jobs": [_job(job, away) for job in (*due, *moves)],
        "agents": agents,
        "off_host": remote and bool(due or moves or agents),
        "databases": any(job[1] == "database" for job in due),
        "destinations": [_destination(one, root) for one in states],
    }
    newest = max((one["newest"] for one in states), default=0)
    if newest:
        found["newest"] = datetime.fromtimestamp(newest, UTC).isoformat()
    else:
        found[GAP] = {"why": Why.NO_DATA, "detail": "no destination or state of a job was found"}
    return found


def _is_remote(goal: str, away: set[str]) -> bool:
    return _REMOTE.match(goal) is not None or any(
        f"{goal}/".startswith(f"{path}/") for path in away
    )


def _job(job: tuple[str, str, str, str, list[str]], away: set[str]) -> Record:
    _, kind, tool, place, goals = job
    return {
        "place": place,
        "tool": tool,
        "kind": kind,
        "destinations": goals,
        "off_host": any(_is_remote(goal, away) for goal in goals),
    }


def _destination(one: Record, root: Record | None) -> Record:
    found: Record = {
        "path": one["path"],
        "mode": one["mode"],
        "owner": one["owner"],
        "fstype": one["fstype"],
        "same_disk": root is not None and one["device"] == root["device"],
    }
    if one["newest"]:
        found["newest"] = datetime.fromtimestamp(one["newest"], UTC).isoformat()
    return found


PROBE = ProbeType(
    name="backup",
    via=Via.SSH,
    args=BackupArgs,
    doc=Text(
        id="Tugas cadangan menurut cron, timer systemd dan skrip yang dipanggilnya, tujuannya "
        "(di luar server atau tidak), dan berkas terbaru di tujuan atau catatan alatnya",
        en="Backup jobs by cron, systemd timers and the scripts that they call, where they write "
        "(off the machine or not), and the newest file there or in the tool's own state",
    ),
    gives=record(
        "Cadangan",
        "Backup",
        {
            "exists": leaf(Kind.BOOL, "Ada cadangan terjadwal", "A backup is scheduled"),
            "jobs": table(
                "Tugas cadangan",
                "Backup jobs",
                "place",
                {
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                    "tool": leaf(Kind.TEXT, "Alat", "Tool"),
                    "kind": leaf(Kind.TEXT, "Isi", "Content"),
                    "destinations": leaf(Kind.TEXTS, "Tujuan", "To", may_be_empty=True),
                    "off_host": leaf(Kind.BOOL, "Di luar server", "Off the machine"),
                },
                may_be_empty=True,
            ),
            "agents": leaf(Kind.TEXTS, "Agen cadangan", "Backup agents", may_be_empty=True),
            "off_host": leaf(Kind.BOOL, "Di luar server", "Off the machine"),
            "databases": leaf(Kind.BOOL, "Basis data dicadangkan", "Databases are dumped"),
            "destinations": table(
                "Folder tujuan",
                "Destination folders",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Folder", "Folder"),
                    "mode": leaf(Kind.MODE, "Izin", "Mode"),
                    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
                    "fstype": leaf(Kind.TEXT, "Sistem berkas", "File system"),
                    "same_disk": leaf(Kind.BOOL, "Di diska sistem", "On the system's disk"),
                    "newest": leaf(Kind.TIME, "Berkas terbaru", "Newest file"),
                },
                may_be_empty=True,
            ),
            "newest": leaf(Kind.TIME, "Cadangan terbaru", "Newest backup"),
        },
    ),
    sections=lambda _args: (SECTION,),
    parse=_parse,
)
