"""A throw-away target a scenario: an overlay of this machine's root in namespaces of its own.

Nothing of this machine can be changed from inside: the root is an overlay over a tmpfs, /dev holds
five harmless nodes, /sys is read-only, and /proc/sys is a copy, so that a script may set any
kernel setting and read it back. A script cannot load modules, reboot or set the clock.
"""

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import msgspec

SECONDS = 60
"""Limit of a case."""
_HIDDEN = ("farm", "old_root", "work", "mnt", "pyenv-installer", ".dockerenv")
"""What is this machine's own and no part of a Debian server."""
_EMPTIED = ("tmp", "root", "boot", "srv", "home", "opt", "usr/local", "var/tmp", "var/log/journal")
_NODES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9)}
_CAPABILITIES = "-sys_module,-sys_boot,-sys_time,-sys_rawio,-sys_resource,-mknod,-syslog,-bpf"
_STAGE = r"""
set -e
b=$1 script=$2 shell=$3 packages=$4
mount -t tmpfs -o mode=755 none "$b/case"
cd "$b/case"
mkdir upper work root sys-upper sys-work
mount -t overlay -o "lowerdir=$b/base:/,upperdir=upper,workdir=work" none root
mount -t proc none root/proc
mount -t overlay -o "lowerdir=$b/sysctl,upperdir=sys-upper,workdir=sys-work" none root/proc/sys
if [ -e root/proc/sysrq-trigger ]; then mount --bind root/dev/null root/proc/sysrq-trigger; fi
mount -t sysfs -o ro none root/sys
mount -t tmpfs -o mode=755,nosuid,nodev none root/run
mount -t tmpfs -o mode=1777,nosuid,nodev none root/dev/shm
mkdir -p root/run/sshd root/run/lock
if [ -n "$packages" ]; then printf '%s' "$packages" >>root/var/lib/dpkg/status; fi
set +e
cd root
HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export HOME PATH LC_ALL
unset LANG
setpriv --bounding-set="$5" chroot . "$shell" -c 'cd /; eval "$1"' "$shell" "$script" </dev/null >&2
r=$?
if [ $r != 0 ] && [ "$6" = strict ]; then exit 9; fi
exec 2>/dev/null
chroot . sh -s
exit 0
"""


_UNSHARE = (
    *("unshare", "--mount", "--propagation", "private", "--net", "--uts", "--ipc"),
    *("--pid", "--fork", "--kill-child"),
)


class Played(msgspec.Struct, frozen=True):
    """What the visit printed after the script, and what the script itself said."""

    output: bytes
    said: str
    failed: bool


class Stage:
    """The lower layers of all targets, made once; an overlay's layers may not lie in each other."""

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="stage", dir="/dev/shm")
        self._folder = Path(self._kept.name)
        for name in ("base", "sysctl", "case"):
            (self._folder / name).mkdir()
        _base(self._folder / "base")
        _kernel_settings(self._folder / "sysctl")

    def close(self) -> None:
        """Remove the layers."""
        self._kept.cleanup()

    def play(
        self, script: str, visit: str, *, packages: str = "", shell: str = "sh", strict: bool = True
    ) -> Played:
        """Run a script in a fresh target, then the text of a visit.

        `packages` are paragraphs to add to dpkg's status. Where a strict script ends with another
        status than 0 there is no visit.
        """
        words = (str(self._folder), script, shell, packages, _CAPABILITIES)
        done = subprocess.run(
            [*_UNSHARE, "sh", "-c", _STAGE, "sh", *words, "strict" if strict else "lax"],
            input=visit.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        said = done.stderr.decode("utf-8", "replace")
        return Played(output=done.stdout, said=said, failed=done.returncode != 0)


def _base(base: Path) -> None:
    """Make a layer that hides what is this machine's own."""
    for name in _HIDDEN:
        if Path("/", name).exists():
            os.mknod(base / name, stat.S_IFCHR, 0)
    for name in (*_EMPTIED, "dev", "run", "sys", "proc"):
        (base / name).mkdir(parents=True, exist_ok=True)
        _like(base / name, Path("/", name))
        os.setxattr(base / name, "trusted.overlay.opaque", b"y")
    for parent in {Path(name).parent for name in _EMPTIED} - {Path()}:
        _like(base / parent, Path("/", parent))
    for name, (major, minor) in _NODES.items():
        os.mknod(base / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(major, minor))
        (base / "dev" / name).chmod(0o666)
    (base / "dev/shm").mkdir()
    for name, to in {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1"}.items():
        (base / "dev" / name).symlink_to(to)


def _like(path: Path, model: Path) -> None:
    if model.exists():
        found = model.stat()
        path.chmod(stat.S_IMODE(found.st_mode))
        os.chown(path, found.st_uid, found.st_gid)


_STOCK = {
    "dev/tty/ldisc_autoload": "1",
    "fs/suid_dumpable": "0",
    "kernel/dmesg_restrict": "1",
    "kernel/kexec_load_disabled": "0",
    "kernel/kptr_restrict": "0",
    "kernel/perf_event_paranoid": "3",
    "kernel/sysrq": "438",
    "kernel/unprivileged_bpf_disabled": "2",
    "kernel/unprivileged_userns_clone": "1",
    "kernel/yama/ptrace_scope": "0",
    "net/core/bpf_jit_harden": "0",
    "vm/unprivileged_userfaultfd": "0",
}
"""What Debian's own kernel has beside that of a small virtual machine."""


def _kernel_settings(folder: Path) -> None:
    """Copy /proc/sys as a new network namespace shows it; what cannot be read is left out."""
    subprocess.run(
        ["unshare", "--net", "cp", "-r", "--preserve=mode", "/proc/sys/.", str(folder)],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    for name, value in _STOCK.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{value}\n")
