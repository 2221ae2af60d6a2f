"""What a target runs: configuration of its services, and the shell text that it boots with."""

from collections.abc import Mapping
from pathlib import Path

from tests.lab import mail, names
from tests.lab.files import HOSTILE, write
from tests.lab.identity import SiteKey
from tests.lab.sites import write_sites
from tests.lab.spec import Fault, TargetSpec

MOUNTS = """\
set -e
R=$1
mount -t proc proc "$R/proc"
mount -t tmpfs -o mode=755 tmpfs "$R/dev"
for d in null zero full random urandom tty; do
  : >"$R/dev/$d"; mount --bind "/dev/$d" "$R/dev/$d"
done
ln -s /proc/self/fd "$R/dev/fd"
mkdir "$R/dev/pts" "$R/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$R/dev/pts"
ln -s pts/ptmx "$R/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$R/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs -o mode=1777 tmpfs "$R/tmp"
mkdir -p "$R/run/sshd" "$R/run/lock"
read -r go
exec chroot "$R" /bin/sh /etc/lab-boot
"""
"""Waits for a line on its input: by then its network card is there."""

POSTGRES = """\
d=/var/lib/postgresql/lab
install -d -o postgres -g postgres -m 700 $d /run/postgresql
b=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
su postgres -s /bin/sh -c "$b/initdb -D $d -A trust --no-sync >/dev/null 2>&1; \\
  exec $b/postgres -D $d -c listen_addresses={address} -c fsync=off >/dev/null 2>&1" &
"""
MARIADB = """\
d=/var/lib/mysql/lab
install -d -o mysql -g mysql -m 700 /var/lib/mysql $d /run/mysqld
{{ mariadb-install-db --no-defaults --user=mysql --datadir=$d --skip-test-db >/dev/null 2>&1
  exec mariadbd --no-defaults --user=mysql --datadir=$d --bind-address={address} \\
    --socket=/run/mysqld/mysqld.sock >/dev/null 2>&1; }} &
"""
LISTEN = "/usr/bin/python3 /usr/local/lib/lab-listen.py"
LISTENER = """\
import os, socket, sys
server = socket.create_server(("", int(sys.argv[1])))
said = os.fsencode(sys.argv[2]) if len(sys.argv) > 2 else b""
held = []
while True:
    connection, _ = server.accept()
    if said:
        connection.sendall(said)
        connection.close()
    else:
        held.append(connection)
"""
"""Accepts every connection on a port; says its text and closes, or holds it in silence."""
VSFTPD = "listen=YES\nbackground=NO\nanonymous_enable=YES\nseccomp_sandbox=NO\n"
WAIT = "while :; do sleep 86400 & wait; done"
"""The first process of a target also buries the orphans."""


def serve(
    root: Path,
    spec: TargetSpec,
    site_keys: Mapping[str, SiteKey],
    zone: Mapping[str, str],
) -> None:
    """Write the files behind the services, and the boot text; `zone` are addresses by name."""
    write(root / "usr/local/lib/lab-listen.py", LISTENER)
    write(root / "etc/vsftpd.conf", VSFTPD)
    if spec.sites:
        write_sites(root, spec, site_keys)
    if "mail" in spec.roles:
        mail.write_mail(root, spec)
    if "dns" in spec.roles:
        names.write_zone(root, spec, zone)
    parts = ["umask 022", "cat /etc/hostname >/proc/sys/kernel/hostname", *_boot(spec), WAIT]
    write(root / "etc/lab-boot", "\n".join(parts) + "\n")


def listening(spec: TargetSpec) -> list[int]:
    """Return the TCP ports that answer from outside once the target is up."""
    database = spec.has(Fault.DATABASE_OPEN)
    ports = {
        22: not spec.has(Fault.REFUSES),
        443: bool(spec.sites),
        25: "mail" in spec.roles,
        993: "mail" in spec.roles,
        53: "dns" in spec.roles,
        21: spec.has(Fault.FTP),
        23: spec.has(Fault.TELNET),
        3306: database and "mariadb" in spec.roles,
        5432: database and "mariadb" not in spec.roles,
    }
    return [port for port, answers in ports.items() if answers]


def programs(spec: TargetSpec) -> list[str]:
    """Return the commands that must be installed on this machine for the target to come up."""
    wanted = {
        "sshd": True,
        "rsyslogd": spec.hardened,
        "chronyd": spec.hardened,
        "apache2" if "apache" in spec.roles else "nginx": bool(spec.sites),
        "vsftpd": spec.has(Fault.FTP),
        "mariadbd": "mariadb" in spec.roles,
        "postfix": "mail" in spec.roles,
        "dovecot": "mail" in spec.roles,
        "knotd": "dns" in spec.roles,
    }
    return [name for name, needed in wanted.items() if needed]


def _boot(spec: TargetSpec) -> list[str]:
    parts = []
    if spec.has(Fault.REBOOT):
        parts.append("touch /run/reboot-required")
        parts.append("echo linux-image-amd64 >/run/reboot-required.pkgs")
    if spec.hardened:
        parts += ["rsyslogd", "chronyd -x -u _chrony 2>/dev/null || chronyd -x 2>/dev/null"]
    if spec.sites:
        server = "apache2 -f /etc/apache2/lab.conf"
        parts.append(server if "apache" in spec.roles else "nginx -c /etc/nginx/lab.conf")
    if "mail" in spec.roles:
        parts.append(mail.BOOT)
    if "dns" in spec.roles:
        parts.append(names.BOOT)
    if spec.has(Fault.FTP):
        parts.append("mkdir -p /run/vsftpd/empty; vsftpd /etc/vsftpd.conf &")
    if spec.has(Fault.TELNET):
        parts.append(f"{LISTEN} 23 'login: ' &")
    return [*parts, *_databases(spec), _ssh(spec)]


def _databases(spec: TargetSpec) -> list[str]:
    is_open = spec.has(Fault.DATABASE_OPEN)
    if "mariadb" in spec.roles:
        return [MARIADB.format(address="0.0.0.0" if is_open else "127.0.0.1")]
    if is_open or "database" in spec.roles:
        return [POSTGRES.format(address="'*'" if is_open else "localhost")]
    return []


def _ssh(spec: TargetSpec) -> str:
    if spec.has(Fault.HANG):
        return f"{LISTEN} 22 &"
    if spec.has(Fault.BANNER):
        return f"{LISTEN} 22 '{(HOSTILE + chr(10)) * 40}' &"
    if spec.has(Fault.REFUSES):
        return ":"
    config = " -f /etc/ssh/lab_config" if spec.has(Fault.BROKEN_SSHD) else ""
    return f"/usr/sbin/sshd{config}"
