"""Mail, directory and file servers that speak TLS, at once or after a word in clear.

Postfix, Dovecot and vsftpd use OpenSSL, slapd uses GnuTLS. They need root, as in the lab.
"""

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.peers import Server
from tests.servers.tls_servers import free_port

MASTER_PROGRAM = "/usr/lib/postfix/sbin/master"
POSTFIX = """\
compatibility_level = 3.6
myhostname = web.kota.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = /dev/stdout
alias_maps =
smtpd_tls_chain_files = {key}, {certificate}
smtpd_tls_security_level = may
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
tls_preempt_cipherlist = yes
anvil_rate_time_unit = 1s
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
"""
MASTER = """\
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
"""
DOVECOT = """\
protocols = imap pop3
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
listen = 127.0.0.1
ssl = yes
ssl_min_protocol = TLSv1.2
ssl_cert = <{certificate}
ssl_key = <{key}
{parameters}
service imap-login {{
  service_count = 0
  client_limit = 512
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  service_count = 0
  client_limit = 512
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = nopassword=n password=tidak-dipakai
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/tmp
}}
"""
SLAPD = """\
pidfile {home}/pid
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
TLSProtocolMin 3.3
modulepath /usr/lib/ldap
moduleload back_null
database null
"""
VSFTPD = """\
listen=YES
listen_address=127.0.0.1
listen_port={ftp}
background=NO
anonymous_enable=NO
local_enable=YES
ssl_enable=YES
ssl_ciphers=HIGH
rsa_cert_file={certificate}
rsa_private_key_file={key}
secure_chroot_dir={home}
max_clients=0
"""


@contextmanager
def services(certificate: Path, key: Path, group: Path) -> Iterator[list[Server]]:
    """Run all; the certificate is followed by its issuers in one file, `group` is for DHE.

    Those that give up root must be able to enter the folder, and so it is not one of pytest's.
    """
    papers = {"certificate": certificate, "key": key, "group": group}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        started = [
            stack.enter_context(start(folder, papers))
            for start in (_postfix, _dovecot, _dovecot_without_group, _slapd, _vsftpd)
        ]
        yield [server for servers in started for server in servers]


@contextmanager
def _postfix(folder: Path, papers: dict[str, Path]) -> Iterator[list[Server]]:
    home = folder / "postfix"
    ports = {"smtp": free_port(), "smtps": free_port()}
    for name in ("queue", "data"):
        (home / name).mkdir(parents=True)
    (home / "main.cf").write_text(POSTFIX.format(home=home, **papers))
    (home / "master.cf").write_text(MASTER.format(**ports))
    home.chmod(0o755)
    subprocess.run(["chown", "postfix", home / "data"], check=True)
    subprocess.run(["postfix", "-c", home, "check"], check=True, capture_output=True)
    with _running([MASTER_PROGRAM, "-c", home, "-s"], ports):
        yield [
            Server("postfix, submissions", ports["smtps"]),
            Server("postfix, smtp", ports["smtp"], starttls="smtp"),
        ]


@contextmanager
def _dovecot(folder: Path, papers: dict[str, Path]) -> Iterator[list[Server]]:
    with _dovecots(folder / "dovecot", papers, f"ssl_dh = <{papers['group']}") as ports:
        yield [
            Server("dovecot, imaps", ports["imaps"]),
            Server("dovecot, imap", ports["imap"], starttls="imap"),
            Server("dovecot, pop3", ports["pop3"], starttls="pop3"),
        ]


@contextmanager
def _dovecot_without_group(folder: Path, papers: dict[str, Path]) -> Iterator[list[Server]]:
    """It fails, without a word, where it would itself choose Diffie-Hellman."""
    with _dovecots(folder / "no-group", papers, "") as ports:
        yield [Server("dovecot, no DH parameters", ports["imaps"])]


@contextmanager
def _dovecots(home: Path, papers: dict[str, Path], parameters: str) -> Iterator[dict[str, int]]:
    home.mkdir()
    ports = {"imap": free_port(), "imaps": free_port(), "pop3": free_port()}
    config = home / "dovecot.conf"
    config.write_text(DOVECOT.format(home=home, parameters=parameters, **papers, **ports))
    with _running(["dovecot", "-F", "-c", config], ports):
        yield ports


@contextmanager
def _slapd(folder: Path, papers: dict[str, Path]) -> Iterator[list[Server]]:
    home = folder / "slapd"
    home.mkdir()
    ports = {"ldap": free_port(), "ldaps": free_port()}
    (home / "slapd.conf").write_text(SLAPD.format(home=home, **papers))
    listen = " ".join(f"{scheme}://127.0.0.1:{port}" for scheme, port in ports.items())
    with _running(["slapd", "-d", "0", "-f", home / "slapd.conf", "-h", listen], ports):
        yield [
            Server("slapd, ldaps", ports["ldaps"]),
            Server("slapd, ldap", ports["ldap"], starttls="ldap"),
        ]


@contextmanager
def _vsftpd(folder: Path, papers: dict[str, Path]) -> Iterator[list[Server]]:
    home = folder / "vsftpd"
    home.mkdir()
    ports = {"ftp": free_port()}
    (home / "vsftpd.conf").write_text(VSFTPD.format(home=home, **papers, **ports))
    with _running(["vsftpd", home / "vsftpd.conf"], ports):
        yield [Server("vsftpd, ftp", ports["ftp"], starttls="ftp")]


@contextmanager
def _running(command: Sequence[str | Path], ports: dict[str, int]) -> Iterator[None]:
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            end = time.monotonic() + 15
            while not all(map(listening, ports.values())):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{command[0]} did not start")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()


def listening(port: int) -> bool:
    """Tell whether somebody accepts connections at a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
