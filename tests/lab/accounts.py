"""Accounts of a target: the machine's people leave, the audit account and faulty ones come."""

import os
import re
import subprocess
import time
from functools import cache
from pathlib import Path

from tests.lab.files import HOSTILE, append, write
from tests.lab.spec import PASSWORD, Fault, TargetSpec

AUDITOR = 7900
"""User and group number of the audit account."""
FIRST_HUMAN, NOBODY = 1000, 65534
SHELLS = {
    Fault.HANG_SHELL: "#!/bin/sh\nexec sleep 600\n",
    Fault.FLOOD: f"#!/bin/sh\nexec yes {'A' * 60}\n",
    Fault.BINARY: "#!/bin/sh\nhead -c 300000 /dev/urandom\nprintf '\\033[2J@%s end 0 0 0 -\\n' "
    'deadbeef\nshift\nexec sh -c "$@"\n',
    Fault.EXIT: "#!/bin/sh\nexit 3\n",
}
LOGIN_DEFS = {
    "PASS_MAX_DAYS": "90",
    "PASS_MIN_DAYS": "1",
    "UMASK": "027",
    "ENCRYPT_METHOD": "YESCRYPT",
}


def make_accounts(root: Path, spec: TargetSpec, public_key: str) -> None:
    """Write passwd, shadow, group, sudoers and the audit account's home."""
    _forget_people(root)
    _audit_account(root, spec, public_key)
    _faulty_accounts(root, spec)
    if spec.hardened:
        path = root / "etc/login.defs"
        text = path.read_text()
        for name, value in LOGIN_DEFS.items():
            text = re.sub(rf"(?m)^#?\s*{name}\s.*\n", "", text) + f"{name}\t{value}\n"
        write(path, text)


def _forget_people(root: Path) -> None:
    """Drop the people who log in to this machine, lock its root, and drop its sudo rules."""
    passwd = (root / "etc/passwd").read_text().splitlines()
    people = {line.split(":")[0] for line in passwd if _is_human(int(line.split(":")[2]))}
    for name in ("passwd", "shadow"):
        path = root / "etc" / name
        kept = [line for line in path.read_text().splitlines() if line.split(":")[0] not in people]
        path.write_text("\n".join(kept) + "\n")
    shadow = root / "etc/shadow"
    shadow.write_text(re.sub(r"(?m)^root:[^:]*:", "root:*:", shadow.read_text()))
    for rule in (root / "etc/sudoers.d").glob("*"):
        rule.unlink()


def _is_human(number: int) -> bool:
    return number >= FIRST_HUMAN and number != NOBODY


def _audit_account(root: Path, spec: TargetSpec, public_key: str) -> None:
    shell = "/bin/sh"
    for fault, text in SHELLS.items():
        if spec.has(fault):
            shell = "/usr/local/bin/lab-shell"
            write(root / shell[1:], text, 0o755)
    secret = hashed(PASSWORD, "6") if spec.sudo == "password" or spec.has(Fault.NO_KEY) else "*"
    append(root / "etc/passwd", f"auditor:x:{AUDITOR}:{AUDITOR}:Akun audit:/home/auditor:{shell}\n")
    append(root / "etc/shadow", f"auditor:{secret}:{_aging(spec)}\n")
    append(root / "etc/group", f"auditor:x:{AUDITOR}:\n")
    home = root / "home/auditor/.ssh"
    home.mkdir(parents=True)
    if not spec.has(Fault.NO_KEY):
        write(home / "authorized_keys", public_key, 0o600)
    for path in (home.parent, home, *home.iterdir()):
        os.chown(path, AUDITOR, AUDITOR)
    home.chmod(0o700)
    home.parent.chmod(0o750)
    rule = {"nopasswd": "NOPASSWD: ALL", "password": "ALL"}.get(spec.sudo)
    if rule:
        write(root / "etc/sudoers.d/auditor", f"auditor ALL=(ALL) {rule}\n", 0o440)


def _aging(spec: TargetSpec) -> str:
    today = int(time.time() // 86_400)
    return f"{today - 5}:1:90:7:::" if spec.hardened else "20000:0:99999:7:::"


def _faulty_accounts(root: Path, spec: TargetSpec) -> None:
    if spec.has(Fault.EMPTY_PASSWORD):
        _add(root, "tamu:x:7901:7901::/home/tamu:/bin/bash", "")
    if spec.has(Fault.ROOT_TWIN):
        _add(root, "sysadm:x:0:0::/root:/bin/bash", "*")
    if spec.has(Fault.WEAK_HASH):
        _add(root, "operator:x:7902:7902::/home/operator:/bin/bash", hashed("lama", "1"))
    if spec.has(Fault.HOSTILE):
        _add(root, f"x{HOSTILE}:x:7903:7903:{HOSTILE}:/:/bin/{HOSTILE}", "*")
    if spec.has(Fault.NOPASSWD):
        _add(root, "vendor:x:7904:7904::/home/vendor:/bin/bash", "*")
        write(root / "etc/sudoers.d/vendor", "vendor ALL=(ALL) NOPASSWD: ALL\n", 0o440)


def _add(root: Path, entry: str, secret: str) -> None:
    name, _, _ = entry.partition(":")
    append(root / "etc/passwd", f"{entry}\n")
    append(root / "etc/shadow", f"{name}:{secret}:20000:0:99999:7:::\n")


@cache
def hashed(password: str, scheme: str) -> str:
    """Return a password's hash by one of the schemes of `openssl passwd`: 1, 5, 6."""
    command = ["openssl", "passwd", f"-{scheme}", "-salt", "labsalt", password]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
