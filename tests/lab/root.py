"""Make a target's root file system right or wrong before it starts: plain files in an overlay."""

import os
import shutil
from pathlib import Path

from tests.lab.accounts import make_accounts
from tests.lab.files import HOSTILE, append, write
from tests.lab.packages import DATA, pretend_release
from tests.lab.spec import GATEWAY, Fault, TargetSpec

__all__ = ["DATA", "prepare"]

DEBIAN = """\
UsePAM yes
KbdInteractiveAuthentication no
X11Forwarding yes
PrintMotd no
AcceptEnv LANG LC_*
"""
STRONG = """\
UsePAM yes
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxAuthTries 4
ClientAliveInterval 300
ClientAliveCountMax 3
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
"""
WEAK = """\
UsePAM no
PermitRootLogin yes
PasswordAuthentication yes
PermitEmptyPasswords yes
MaxAuthTries 10
Ciphers aes256-ctr,aes256-gcm@openssh.com,aes256-cbc
MACs hmac-sha2-256,hmac-md5
"""
MATCH = "Match Address 10.0.0.0/8\n  PermitRootLogin yes\n"
RSYSLOG = f"""\
module(load="imuxsock")
$FileCreateMode 0640
*.* /var/log/syslog
auth,authpriv.* /var/log/auth.log
*.* @@{GATEWAY}:514
"""


def prepare(root: Path, spec: TargetSpec, *, public_key: str, host_key: bytes) -> None:
    """Write everything that makes this target what its spec says."""
    make_accounts(root, spec, public_key)
    _sshd(root, spec, host_key)
    pretend_release(root, spec)
    _names(root, spec)
    _logs(root, spec)
    _strays(root, spec)
    if "mail" not in spec.roles:  # sudo would mail what it refuses
        (root / "usr/sbin/sendmail").unlink(missing_ok=True)


def _sshd(root: Path, spec: TargetSpec, host_key: bytes) -> None:
    shutil.rmtree(root / "etc/ssh/sshd_config.d", ignore_errors=True)
    for path in (root / "etc/ssh").glob("ssh_host_*"):
        path.unlink()
    write(root / "etc/ssh/ssh_host_ed25519_key", host_key, 0o600)
    settings = STRONG if spec.hardened or spec.has(Fault.MATCH_ROOT) else DEBIAN
    settings = WEAK if spec.has(Fault.WEAK_SSHD) else settings
    base = "HostKey /etc/ssh/ssh_host_ed25519_key\nSubsystem sftp internal-sftp\n"
    if spec.has(Fault.HOSTILE):
        base += "Banner /etc/issue.net\n"
        write(root / "etc/issue.net", f"{HOSTILE}\n")
    match = MATCH if spec.has(Fault.WEAK_SSHD, Fault.MATCH_ROOT) else ""
    write(root / "etc/ssh/sshd_config", base + settings + match)
    if spec.has(Fault.BROKEN_SSHD):
        shutil.copy(root / "etc/ssh/sshd_config", root / "etc/ssh/lab_config")
        append(root / "etc/ssh/sshd_config", "PermitRotLogin no\n")


def _names(root: Path, spec: TargetSpec) -> None:
    write(root / "etc/hostname", f"{HOSTILE if spec.has(Fault.HOSTILE) else spec.name}\n")
    write(root / "etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {spec.name}\n")
    write(root / "etc/timezone", "Asia/Jakarta\n")
    link = root / "etc/localtime"
    link.unlink(missing_ok=True)
    link.symlink_to("/usr/share/zoneinfo/Asia/Jakarta")


def _logs(root: Path, spec: TargetSpec) -> None:
    for name in ("auth.log", "syslog"):
        mode = 0o644 if spec.has(Fault.NO_LOG) else 0o640
        write(root / "var/log" / name, "Nov 24 08:00:00 lab started\n", mode)
    if spec.hardened:
        shutil.rmtree(root / "etc/rsyslog.d", ignore_errors=True)
        write(root / "etc/rsyslog.conf", RSYSLOG)
        write(root / "etc/chrony/chrony.conf", "local stratum 10\ncmdport 0\n")


def _strays(root: Path, spec: TargetSpec) -> None:
    """Files that anyone may write, that nobody owns, or with a name that is an attack."""
    (root / "var/www/html").mkdir(parents=True, exist_ok=True)
    if spec.has(Fault.WORLD_WRITABLE):
        write(root / "etc/aplikasi.conf", "db_password=rahasia123\n", 0o666)
        write(root / "var/www/html/unggah.php", "<?php // kosong\n", 0o666)
    if spec.has(Fault.UNOWNED):
        write(root / "opt/warisan/data.csv", "sisa akun lama\n")
        os.chown(root / "opt/warisan/data.csv", 4711, 4711)
    if spec.has(Fault.HOSTILE):
        write(root / f"etc/{HOSTILE.replace('/', '_')}\nbaris", "x", 0o666)
