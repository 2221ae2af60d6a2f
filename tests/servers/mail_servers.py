"""Real servers on loopback that go over to TLS: mail, directory, files and databases.

Each is a context manager around one process that does not detach, and yields its ports. They give
up root by themselves or are started without it, in folders below /tmp that their users can enter.
RDP has no server here: `rdp_responder` is scripted.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.certificates import SITE, Issued
from tests.servers.tls_servers import free_port, free_ports, scripted

POSTGRESQL = Path("/usr/lib/postgresql/15/bin")
_START_SECONDS = 20


@contextmanager
def _folder(user: str | None = None) -> Iterator[Path]:
    with TemporaryDirectory(prefix="layanan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if user:
            shutil.chown(folder, user)
        yield folder


def _pair(folder: Path, issued: Issued, user: str | None = None) -> tuple[Path, Path]:
    certificate, key = issued.write(folder, "server")
    key.chmod(0o600)
    if user:
        shutil.chown(key, user)
    return certificate, key


@contextmanager
def _running(command: Sequence[str | Path], ports: Sequence[int], **options) -> Iterator[None]:
    """Run a server in a session of its own until all its ports accept connections."""
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **options,
    ) as process:
        try:
            for port in ports:
                _accepts(port, process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _accepts(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args[0]} did not start")


_POSTFIX = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
myhostname = {site}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
alias_maps =
"""
_POSTFIX_TLS = """\
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
"""
_POSTFIX_SERVICES = """\
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""
_QUEUES = (
    "active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace"
)


@contextmanager
def postfix(issued: Issued | None) -> Iterator[tuple[int, int]]:
    """Postfix: the ports of SMTP and of SMTP over TLS; without a certificate no TLS."""
    smtp, smtps = free_ports()
    with _folder() as folder:
        config = _POSTFIX.format(folder=folder, site=SITE)
        services = _POSTFIX_SERVICES.format(smtp=smtp)
        if issued:
            certificate, key = _pair(folder, issued)
            config += _POSTFIX_TLS.format(certificate=certificate, key=key)
            services += f"127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"
        (folder / "main.cf").write_text(config)
        (folder / "master.cf").write_text(services)
        (folder / "queue/pid").mkdir(parents=True)
        for name in ("data", *(f"queue/{queue}" for queue in _QUEUES.split())):
            (folder / name).mkdir()
            shutil.chown(folder / name, "postfix")
        command = ["/usr/lib/postfix/sbin/master", "-c", folder, "-d"]
        with _running(command, (smtp, smtps) if issued else (smtp,)):
            yield smtp, smtps


_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = {ssl}
passdb {{
  driver = static
  args = nopassword=n password=tidak-dipakai
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/tmp
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
"""


@contextmanager
def dovecot(issued: Issued | None) -> Iterator[dict[str, int]]:
    """Dovecot: ports by imap, pop3, imaps and pop3s; without a certificate no TLS."""
    ports = {name: free_port() for name in ("imap", "pop3", "imaps", "pop3s")}
    with _folder() as folder:
        if issued:
            config = _DOVECOT.format(folder=folder, ssl="yes", **ports)
            certificate, key = _pair(folder, issued)
            config += f"ssl_cert = <{certificate}\nssl_key = <{key}\n"
        else:
            config = _DOVECOT.format(folder=folder, ssl="no", **{**ports, "imaps": 0, "pop3s": 0})
        (folder / "dovecot.conf").write_text(config)
        command = ["/usr/sbin/dovecot", "-F", "-c", folder / "dovecot.conf"]
        with _running(command, tuple(ports.values())[: 4 if issued else 2]):
            yield ports


@contextmanager
def slapd(issued: Issued | None) -> Iterator[tuple[int, int]]:
    """OpenLDAP: the ports of LDAP and of LDAP over TLS; without a certificate no TLS."""
    ldap, ldaps = free_ports()
    with _folder() as folder:
        config, urls = "database config\n", f"ldap://127.0.0.1:{ldap}/"
        if issued:
            certificate, key = _pair(folder, issued)
            config = f"TLSCertificateFile {certificate}\nTLSCertificateKeyFile {key}\n{config}"
            urls += f" ldaps://127.0.0.1:{ldaps}/"
        (folder / "slapd.conf").write_text(config)
        command = ["/usr/sbin/slapd", "-d", "0", "-f", folder / "slapd.conf", "-h", urls]
        with _running(command, (ldap, ldaps) if issued else (ldap,)):
            yield ldap, ldaps


@contextmanager
def vsftpd(issued: Issued | None) -> Iterator[int]:
    """Run vsftpd and yield its port; without a certificate no TLS."""
    port = free_port()
    with _folder() as folder:
        (folder / "empty").mkdir()
        config = (
            f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\n"
            f"anonymous_enable=NO\nlocal_enable=YES\nsecure_chroot_dir={folder}/empty\n"
        )
        if issued:
            certificate, key = _pair(folder, issued)
            config += f"ssl_enable=YES\nrsa_cert_file={certificate}\nrsa_private_key_file={key}\n"
        (folder / "vsftpd.conf").write_text(config)
        with _running(["/usr/sbin/vsftpd", folder / "vsftpd.conf"], (port,)):
            yield port


@contextmanager
def postgresql(issued: Issued | None) -> Iterator[int]:
    """Run PostgreSQL and yield its port; without a certificate no TLS."""
    port = free_port()
    with _folder("postgres") as folder:
        data = folder / "data"
        subprocess.run(
            [POSTGRESQL / "initdb", "--no-sync", "--no-instructions", "-A", "reject", "-D", data],
            check=True,
            timeout=60,
            user="postgres",
            cwd="/",
            stdout=subprocess.DEVNULL,
        )
        command = [POSTGRESQL / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1"]
        command += ["-F", "-k", folder]
        if issued:
            certificate, key = _pair(folder, issued, "postgres")
            command += ["-c", "ssl=on", "-c", f"ssl_cert_file={certificate}"]
            command += ["-c", f"ssl_key_file={key}"]
        with _running(command, (port,), user="postgres", cwd="/"):
            yield port


@contextmanager
def mariadb(issued: Issued | None) -> Iterator[int]:
    """Run MariaDB without tables and yield its port; without a certificate no TLS."""
    port = free_port()
    with _folder("mysql") as folder:
        command = ["/usr/sbin/mariadbd", "--no-defaults", f"--datadir={folder}", f"--port={port}"]
        command += ["--bind-address=127.0.0.1", "--skip-grant-tables", "--skip-networking=0"]
        command += [f"--socket={folder}/s", "--innodb-buffer-pool-size=8M", "--user=mysql"]
        command += ["--innodb-fast-shutdown=2", f"--pid-file={folder}/pid"]
        if issued:
            certificate, key = _pair(folder, issued, "mysql")
            command += [f"--ssl-cert={certificate}", f"--ssl-key={key}"]
        else:
            command.append("--skip-ssl")
        with _running(command, (port,)):
            yield port


@contextmanager
def rdp_responder(negotiation: bytes) -> Iterator[int]:
    """Answer an RDP connection request as [MS-RDPBCGR] 2.2.1.2 says; scripted, no real server."""

    def confirm(connection: socket.socket) -> None:
        request = connection.recv(64)
        assert len(request) == request[3]
        body = bytes([6 + len(negotiation), 0xD0, 0, 0, 0, 0, 0]) + negotiation
        connection.sendall(b"\x03\x00" + (4 + len(body)).to_bytes(2, "big") + body)
        connection.recv(4096)

    with scripted(confirm) as port:
        yield port
