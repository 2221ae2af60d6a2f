"""Write files in a target's root before it starts, and hide what is this machine's own."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e{{7*7}}"
"""What a hostile target puts wherever text is shown: HTML, a colour, a turn of direction."""
_DEBIAN = frozenset(
    {"bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt"}
    | {"opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"}
)
_EMPTIED = (
    *("boot", "home", "media", "mnt", "opt", "root", "srv", "usr/local"),
    *("var/backups", "var/log", "var/mail", "var/tmp", "var/www", "var/lib/docker"),
    *("var/lib/mysql", "var/lib/postgresql"),
)


_MAY_BE_MOUNTS = ("/usr", "/var", "/var/lib")
"""Parts of Debian that machines have on file systems of their own."""


def layers() -> list[Path]:
    """Return the mount points that make up the machine's Debian, the root first."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    mounted = {line.split(" ")[4] for line in lines}
    return [Path("/"), *(Path(path) for path in _MAY_BE_MOUNTS if path in mounted)]


def hide(uppers: Mapping[Path, Path]) -> None:
    """Hide the machine's own data in the upper folders (by layer) of overlays not mounted yet.

    A folder that Debian does not have is whited out, one that holds users' things shows empty.
    """
    for entry in Path("/").iterdir():
        if entry.name not in _DEBIAN:
            os.mknod(uppers[Path("/")] / entry.name, stat.S_IFCHR, 0)
    for name in _EMPTIED:
        lower = Path("/") / name
        if lower.is_symlink() or not lower.is_dir():
            continue
        layer = max(
            (one for one in uppers if lower.is_relative_to(one)), key=lambda p: len(p.parts)
        )
        inner = lower.relative_to(layer)
        for folder in (*reversed(inner.parents[:-1]), inner):
            _like_below(uppers[layer] / folder, layer / folder)
        os.setxattr(uppers[layer] / inner, "trusted.overlay.opaque", b"y")


def _like_below(folder: Path, lower: Path) -> None:
    """Make a folder of the upper layer with owner and mode of the one that it covers."""
    folder.mkdir(exist_ok=True)
    seen = lower.stat()
    os.chown(folder, seen.st_uid, seen.st_gid)
    folder.chmod(stat.S_IMODE(seen.st_mode))


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
