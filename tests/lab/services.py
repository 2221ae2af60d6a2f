"""The shell text that a target boots with: mounts of its own, then its services."""

from pathlib import Path

from tests.lab.root import HOSTILE, write
from tests.lab.spec import Fault, TargetSpec
from tests.servers.certificates import Issued

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
mount -t tmpfs tmpfs "$R/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs -o mode=1777 tmpfs "$R/tmp"
mkdir -p "$R/run/sshd" "$R/run/lock"
read -r go
exec chroot "$R" /bin/sh /etc/lab-boot
"""
"""Waits for a line on its input: by then its network card is there."""

NGINX = """\
user www-data; pid /run/nginx.pid; error_log /dev/null; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; server_tokens off; {extra}
  {servers}
}}
"""
PLAIN = "server {{ listen 80; {body} }}"
REDIRECT = "location / {{ return 301 https://$host$request_uri; }}"
PAGE = 'default_type text/html; location / { return 200 "<!doctype html><title>Laman</title>"; }'
SECURE = """server {{
    listen 443 ssl; server_name {name};
    ssl_certificate /etc/nginx/lab/{name}.pem; ssl_certificate_key /etc/nginx/lab/{name}.key;
    ssl_protocols {protocols}; ssl_ciphers {ciphers};
    add_header Strict-Transport-Security "max-age=31536000";
    {page}
  }}"""
STRONG_CIPHERS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
POSTGRES = """\
d=/var/lib/postgresql/lab
install -d -o postgres -g postgres -m 700 $d /run/postgresql
b=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
su postgres -s /bin/sh -c "$b/initdb -D $d -A trust >/dev/null 2>&1; \\
  echo \\"listen_addresses='*'\\" >>$d/postgresql.conf; \\
  exec $b/postgres -D $d >/dev/null 2>&1" &
"""
VSFTPD = "listen=YES\\nanonymous_enable=YES\\nseccomp_sandbox=NO\\nbackground=NO\\n"


def boot_text(spec: TargetSpec) -> str:
    """Return what a target starts, as its first process."""
    parts = [f"hostname {spec.name}", "umask 022"]
    if spec.has(Fault.REBOOT):
        parts.append(
            "touch /run/reboot-required; echo linux-image-amd64 >/run/reboot-required.pkgs"
        )
    if spec.hardened:
        parts += ["rsyslogd", "chronyd -x -u _chrony 2>/dev/null || chronyd -x 2>/dev/null"]
    if spec.sites:
        parts.append("nginx -c /etc/nginx/lab.conf")
    if spec.has(Fault.FTP):
        parts += [f"printf '{VSFTPD}' >/etc/vsftpd.lab", "mkdir -p /run/vsftpd/empty"]
        parts.append("vsftpd /etc/vsftpd.lab &")
    if spec.has(Fault.DATABASE_OPEN):
        parts.append(POSTGRES)
    parts += [_ssh(spec), "exec sleep infinity"]
    return "\n".join(parts) + "\n"


def _ssh(spec: TargetSpec) -> str:
    if spec.has(Fault.HANG):
        return "/usr/bin/python3 /etc/lab-silent.py &"
    if spec.has(Fault.BANNER):
        return "/usr/bin/python3 /etc/lab-silent.py banner &"
    config = "-f /etc/ssh/lab_config" if spec.has(Fault.BROKEN_SSHD) else ""
    return f"/usr/sbin/sshd -E /dev/null {config}"


SILENT = f"""\
import socket, sys, time
server = socket.create_server(("", 22))
held = []
while True:
    connection, _ = server.accept()
    if len(sys.argv) > 1:
        connection.sendall({(HOSTILE + chr(10)).encode()!r} * 40)
        connection.close()
    else:
        held.append(connection)
"""


def serve(root: Path, spec: TargetSpec, certificates: dict[str, tuple[Issued, ...]]) -> None:
    """Write the files behind the services, and the boot text."""
    write(root / "etc/lab-boot", boot_text(spec))
    write(root / "etc/lab-silent.py", SILENT)
    for name, chain in certificates.items():
        pem = b"".join(issued.pem for issued in chain)
        write(root / f"etc/nginx/lab/{name}.pem", pem)
        write(root / f"etc/nginx/lab/{name}.key", chain[0].key_pem, 0o600)
    if not spec.sites:
        return
    old = spec.has(Fault.TLS10)
    servers = [
        SECURE.format(
            name=name,
            page=PAGE,
            protocols="TLSv1 TLSv1.1 TLSv1.2" if old else "TLSv1.2 TLSv1.3",
            ciphers="ALL:@SECLEVEL=0" if old else STRONG_CIPHERS,
        )
        for name in spec.sites
    ]
    clear = PAGE if spec.has(Fault.NO_REDIRECT) else REDIRECT.replace("{{", "{").replace("}}", "}")
    servers.append(PLAIN.format(body=clear))
    write(root / "etc/nginx/lab.conf", NGINX.format(servers="\n  ".join(servers), extra=""))
