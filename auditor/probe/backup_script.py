"""The part of a visit that looks for backups: an awk over what starts jobs, a find where they go.

Commands are judged on the target: the tool, the place of its line and its destinations leave it,
without user names and passwords in addresses.
"""

from collections.abc import Mapping

_DATABASE = (
    "mysqldump mariadb-dump mysqlpump mydumper mariabackup mariadb-backup xtrabackup pg_dump "
    "pg_dumpall pg_basebackup pgbackrest barman wal-g mongodump automysqlbackup "
    "autopostgresqlbackup"
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
  if (length(w) > 500) return ""
  if (w ~ /^-/ && w !~ /^--(repo|repository|result-file|target-dir|backup-dir|file)=/) return ""
  sub(/^[A-Za-z_]+=/, "", w); sub(/^--[a-z-]+=/, "", w); sub(/^>+/, "", w)
  gsub(/["\047;,)]/, "", w); sub(/\$.*$/, "", w); sub(/:\/\/[^\/]*@/, "://", w)
  if (w ~ /^(ssh|sftp|rest|s3|b2|azure|gs|swift|rclone|rsync|ftp|ftps|webdav|smb|nfs|file):/)
    return w
  sub(/^[^\/]*@/, "", w)
  if (w ~ /^[A-Za-z0-9._-]+::?[~\/A-Za-z0-9._-]/ && w !~ /^[0-9]+:/) return w
  if (length(w) > 1) sub(/\/+$/, "", w)
  if (w ~ /^\/[A-Za-z0-9._\/-]+$/ && w !~ /^\/(dev|proc|sys|etc|usr|bin|sbin)(\/|$)/) return w
  return ""
}
function tool(w) {
  sub(/^.*\//, "", w)
  if (w in KIND && (w != "tar" || $0 ~ /tar +(-[a-zA-Z]*c|c|.*--create)/)) return w
  return ""
}
BEGIN {
  LAST = "^(duplicity|rdiff-backup)$"
  k = split(DATABASE, a, " "); for (i = 1; i <= k; i++) KIND[a[i]] = "database"
  k = split(FILES, a, " "); for (i = 1; i <= k; i++) KIND[a[i]] = "files"
  k = split(TRANSFER, a, " "); for (i = 1; i <= k; i++) KIND[a[i]] = "transfer"
}
/^[ \t]*(#|$|;)/ { next }
{ gsub(/\t/, " ") }
C == "unit" && !/^ *ExecStart *=/ { next }
C == "unit" { sub(/^[^=]*= */, ""); sub(/^[-@:+!]*/, "") }
C == "settings" {
  if (tolower($0) ~ /(reposit|path|url|repo|target|snapshot_root|backup_?dir)[a-z]* *[:= ]/ ||
      /^ *- +("?ssh|[a-z0-9]+@|\/)/) {
    s = $0; sub(/^ *(- +)?((export +)?[A-Za-z_]+ *[:=] *|snapshot_root +)?/, "", s)
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
    if (t != "" && x != "" && (d == "" || KIND[t] != "files" || t ~ LAST)) d = "\t" x
    if (C == "script" && w ~ /^[A-Z_]*(REPO|BACKUP_?DIR|DEST|TARGET)[A-Z_]*=/ && x != "" &&
        ++m <= 100) print "to\t" FILENAME ":" FNR "\t" x
  }
  if (t != "" && ++n <= 200) print "job\t" C "\t" KIND[t] "\t" t "\t" FILENAME ":" FNR d
}
"""
"""The last destination on a line counts, of most tools that copy files the first."""

_NEWEST = r"""
{ split($0, f, "\t") }
!(f[1] in time) { time[f[1]] = 0; at[f[1]] = f[2] "\t" f[3] "\t" f[4] "\t" f[5]; o[++n] = f[1] }
f[6] == "f" && f[7] + 0 > time[f[1]] { time[f[1]] = f[7] + 0 }
END { for (i = 1; i <= n; i++) print "state\t" at[o[i]] "\t" int(time[o[i]]) "\t" o[i] }
"""


def _class(name: str, patterns: str, also: str = "") -> str:
    """Return the loop that hands the files of a class to awk, after the name of the class."""
    return f"""set -- "$@" C={name}
for f in {patterns}; do
  [ -f "$f" ] || continue
  {also}
  set -- "$@" "$f"
done"""


_ASKED = "\n".join(
    f'for f in {paths}; do [ -e "$f" ] && printf "agent\\t{name}\\n"; done'
    for name, paths in _AGENTS.items()
)
_NAMED = "case $f in *.sh|*backup*|*cadangan*|*dump*) ;; *) continue ;; esac"
_NO_GOAL = "''|/|/tmp|/var|/home|/opt|/srv|/root|/mnt|/media|/run|/var/lib|/var/log|/var/www"
TEXT = rf"""
set --
{_class("schedule", _SCHEDULES)}
{_class("unit", _UNITS)}
{_class("script", _SCRIPTS, _NAMED)}
{_class("settings", _SETTINGS)}
w=$(awk -v DATABASE='{_DATABASE}' -v FILES='{_FILES}' -v TRANSFER='{_TRANSFER}' \
  '{_JUDGE}' "$@") || return
printf '%s\n' "$w"
for f in /etc/systemd/system/timers.target.wants/*.timer; do
  if [ -L "$f" ] || [ -f "$f" ]; then printf 'timer\t%s\n' "${{f##*/}}"; fi
done
{_ASKED}
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
  p=$p$b
  case $p in
  to"$b"*) p=${{p#to"$b"*"$b"}} ;;
  job"$b"*) p=${{p#job"$b"*"$b"*"$b"*"$b"*"$b"}} ;;
  *) continue ;;
  esac
  p=$b$p
  while :; do
    case $p in *"$b"/*) ;; *) break ;; esac
    f=/${{p##*"$b"/}} p=${{p%"$b"/*}}$b
    f=${{f%%"$b"*}}
    while [ ! -d "$f" ]; do f=${{f%/*}}; [ -n "$f" ] || break; done
    case $f in {_NO_GOAL}) continue ;; esac
    for q do [ "$q" = "$f" ] && continue 2; done
    set -- "$@" "$f"
  done
done
t 20 find -H "$@" -maxdepth 4 -ignore_readdir_race \
  \( -path / -printf '%H\t%D\t%F\t%m\t%u\td\t0\n' -prune \) -o \
  -printf '%H\t%D\t%F\t%m\t%u\t%y\t%T@\n' | awk '{_NEWEST}'
"""
