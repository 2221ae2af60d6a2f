"""Make a target's root file system right or wrong before it starts: plain files in an overlay."""

import lzma
import os
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path

from tests.lab.spec import PASSWORD, Fault, TargetSpec

DATA = Path(__file__).parent / "data"
VERSIONS = {"bullseye": "11", "bookworm": "12", "trixie": "13"}
STRONG = """\
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
PermitRootLogin yes
PasswordAuthentication yes
PermitEmptyPasswords yes
MaxAuthTries 10
Ciphers aes256-ctr,aes256-gcm@openssh.com,aes256-cbc
MACs hmac-sha2-256,hmac-md5
"""
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e{{7*7}}"
SHELLS = {
    Fault.HANG_SHELL: "#!/bin/sh\nexec sleep 600\n",
    Fault.FLOOD: f"#!/bin/sh\nexec yes {'A' * 60}\n",
    Fault.BINARY: "#!/bin/sh\nhead -c 300000 /dev/urandom\nprintf '\\033[2J@%s end 0 0 0 -\\n' "
    'deadbeef\nshift\nexec sh -c "$@"\n',
    Fault.EXIT: "#!/bin/sh\nexit 3\n",
}


def prepare(root: Path, spec: TargetSpec, *, public_key: str, host_key: bytes) -> None:
    """Write everything that makes this target what its spec says."""
    _accounts(root, spec, public_key)
    _sshd(root, spec, host_key)
    _release(root, spec)
    _logs(root, spec)
    for folder in ("var/www/html", "etc/nginx/lab"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    _faults(root, spec)


def write(path: Path, text: str | bytes, mode: int = 0o644) -> None:
    """Write a file in place of whatever stands there, a symbolic link too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)


def append(path: Path, text: str) -> None:
    """Add lines to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@cache
def _hash(password: str, scheme: str) -> str:
    command = ["openssl", "passwd", f"-{scheme}", "-salt", "labsalt", password]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _accounts(root: Path, spec: TargetSpec, public_key: str) -> None:
    shell = "/bin/sh"
    for fault, text in SHELLS.items():
        if spec.has(fault):
            shell = "/usr/local/bin/lab-shell"
            write(root / shell[1:], text, 0o755)
    append(root / "etc/passwd", f"auditor:x:7900:7900:Akun audit:/home/auditor:{shell}\n")
    secret = _hash(PASSWORD, "6") if spec.sudo == "password" or spec.has(Fault.NO_KEY) else "*"
    append(root / "etc/shadow", f"auditor:{secret}:20000:0:99999:7:::\n")
    append(root / "etc/group", "auditor:x:7900:\n")
    home = root / "home/auditor/.ssh"
    home.mkdir(parents=True)
    if not spec.has(Fault.NO_KEY):
        write(home / "authorized_keys", public_key, 0o600)
    for path in (home.parent, home, *home.iterdir()):
        os.chown(path, 7900, 7900)
    home.chmod(0o700)
    rule = {"nopasswd": "NOPASSWD: ALL", "password": "ALL"}.get(spec.sudo)
    if rule:
        write(root / "etc/sudoers.d/auditor", f"auditor ALL=(ALL) {rule}\n", 0o440)


def _sshd(root: Path, spec: TargetSpec, host_key: bytes) -> None:
    for path in (root / "etc/ssh").glob("ssh_host_*"):
        path.unlink()
    write(root / "etc/ssh/ssh_host_ed25519_key", host_key, 0o600)
    settings = WEAK if spec.has(Fault.WEAK_SSHD) else STRONG if spec.hardened else ""
    base = "UsePAM no\nHostKey /etc/ssh/ssh_host_ed25519_key\nSubsystem sftp internal-sftp\n"
    match = "Match Address 10.0.0.0/8\n  PermitRootLogin yes\n" if "yes" in settings else ""
    write(root / "etc/ssh/sshd_config", base + settings + match)
    shutil.rmtree(root / "etc/ssh/sshd_config.d", ignore_errors=True)


def _release(root: Path, spec: TargetSpec) -> None:
    if not spec.release:
        return
    version = VERSIONS[spec.release]
    title = HOSTILE if spec.has(Fault.HOSTILE) else f"Debian GNU/Linux {version} ({spec.release})"
    write(
        root / "etc/os-release",
        f'PRETTY_NAME="{title}"\nNAME="Debian GNU/Linux"\nVERSION_ID="{version}"\n'
        f'VERSION="{version} ({spec.release})"\nVERSION_CODENAME={spec.release}\nID=debian\n',
    )
    status = lzma.decompress((DATA / f"hosts/{spec.release}.status.xz").read_bytes())
    if spec.hardened:
        status = _patched(status.decode(), spec.release).encode()
    write(root / "var/lib/dpkg/status", status)
    write(root / "etc/timezone", "Asia/Jakarta\n")
    link = root / "etc/localtime"
    link.unlink(missing_ok=True)
    link.symlink_to("/usr/share/zoneinfo/Asia/Jakarta")
    lists = root / "var/lib/apt/lists"
    shutil.rmtree(lists, ignore_errors=True)
    name = f"deb.debian.org_debian-security_dists_{spec.release}-security_InRelease"
    write(lists / name, (DATA / f"debian-indexes/{spec.release}-security.InRelease").read_bytes())
    age = 40 * 86_400 if spec.has(Fault.OLD_LISTS) else 3600
    os.utime(lists / name, (time.time() - age,) * 2)
    shutil.rmtree(root / "etc/apt/sources.list.d", ignore_errors=True)
    write(
        root / "etc/apt/sources.list",
        f"deb http://lab.invalid/debian {spec.release} main\n"
        f"deb http://lab.invalid/debian-security {spec.release}-security main\n",
    )


def _patched(status: str, release: str) -> str:
    """Raise every package to the version of the security index: a target that is up to date."""
    index = lzma.decompress((DATA / f"debian-indexes/{release}-security.Packages.xz").read_bytes())
    newest: dict[str, str] = {}
    from auditor.probe.deb_version import deb_key

    for stanza in index.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line)
        name, version = fields.get("Package", ""), fields.get("Version", "")
        if name and deb_key(version) > deb_key(newest.get(name, "0~~")):
            newest[name] = version
    stanzas = []
    for stanza in status.split("\n\n"):
        lines = stanza.splitlines()
        name = next((line[9:] for line in lines if line.startswith("Package: ")), "")
        have = next((line[9:] for line in lines if line.startswith("Version: ")), "")
        if name in newest and deb_key(newest[name]) > deb_key(have):
            lines = [
                f"Version: {newest[name]}" if line.startswith("Version: ") else line
                for line in lines
            ]
        stanzas.append("\n".join(lines))
    return "\n\n".join(stanzas)


def _logs(root: Path, spec: TargetSpec) -> None:
    mode = 0o644 if spec.has(Fault.NO_LOG) else 0o640
    for name in ("auth.log", "syslog"):
        write(root / "var/log" / name, "Nov 24 08:00:00 lab started\n", mode)
    if spec.hardened:
        write(
            root / "etc/rsyslog.conf",
            'module(load="imuxsock")\n*.* /var/log/syslog\n*.* @@10.79.0.1:514\n'
            "$FileCreateMode 0640\n",
        )
        write(root / "etc/chrony/chrony.conf", "local stratum 10\ncmdport 0\n")


def _faults(root: Path, spec: TargetSpec) -> None:
    if spec.has(Fault.WORLD_WRITABLE):
        write(root / "etc/aplikasi.conf", "db_password=rahasia123\n", 0o666)
        write(root / "var/www/html/unggah.php", "<?php // kosong\n", 0o666)
    if spec.has(Fault.EMPTY_PASSWORD):
        append(root / "etc/passwd", "tamu:x:7901:7901::/home/tamu:/bin/bash\n")
        append(root / "etc/shadow", "tamu::20000:0:99999:7:::\n")
    if spec.has(Fault.ROOT_TWIN):
        append(root / "etc/passwd", "sysadm:x:0:0::/root:/bin/bash\n")
        append(root / "etc/shadow", "sysadm:*:20000:0:99999:7:::\n")
    if spec.has(Fault.WEAK_HASH):
        append(root / "etc/passwd", "operator:x:7902:7902::/home/operator:/bin/bash\n")
        append(root / "etc/shadow", f"operator:{_hash('lama', '1')}:20000:0:99999:7:::\n")
    if spec.has(Fault.NOPASSWD):
        write(root / "etc/sudoers.d/vendor", "vendor ALL=(ALL) NOPASSWD: ALL\n", 0o440)
    if spec.has(Fault.BROKEN_SSHD):
        shutil.copy(root / "etc/ssh/sshd_config", root / "etc/ssh/lab_config")
        append(root / "etc/ssh/sshd_config", "PermitRotLogin no\n")
    if spec.has(Fault.HOSTILE):
        append(root / "etc/passwd", f"x{HOSTILE}:x:7903:7903::/:/bin/{HOSTILE}\n")
        write(root / f"etc/{HOSTILE.replace('/', '_')}\nbaris", "x", 0o666)
