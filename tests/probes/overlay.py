"""A throw-away target: an overlay of this machine's root, without network, to be changed freely."""

import os
import subprocess
from pathlib import Path

import msgspec

from auditor.model.fact import Json
from auditor.probe.base import Frame, Probe, ProbeType
from auditor.probe.script import Script, compile_script, new_nonce, read_frames

_INSIDE = r"""
set -e
d=$1 prepare=$2
shift 2
mount --make-rprivate /
mount -t tmpfs none "$d"
mkdir "$d/upper" "$d/work" "$d/root"
mount -t overlay -o "lowerdir=/,upperdir=$d/upper,workdir=$d/work" none "$d/root"
for m in proc dev sys; do mount --rbind "/$m" "$d/root/$m"; done
state() { find "$d/upper" -mindepth 1 -printf '%P %y %m %s %T@ %C@\n' | sort; }
sh -c "cd '$d/root'; $prepare" >&2
state >"$d/before"
set +e
unshare --pid --fork --mount-proc="$d/root/proc" sh -c '
  chroot "$@"
  cat "$1/proc/sys/kernel/ns_last_pid" >&3
' sh "$d/root" "$@"
state >"$d/after"
diff "$d/before" "$d/after" >&3
exit 0
"""


class Visit(msgspec.Struct, frozen=True):
    """What a run sent, what it left behind, and how many processes it took."""

    output: bytes
    complaint: str
    written: list[str]
    processes: int


def run(folder: Path, *command: str, prepare: str = ":", text: str = "") -> Visit:
    """Prepare the overlay by a shell text at its root, then run a command in it on `text`.

    The command has process ids and a network of its own: what else this machine does is not seen.
    """
    reader, writer = os.pipe()
    outside = ("unshare", "--mount", "--net", "bash", "-c", f"exec 3>&{writer}; {_INSIDE}", "bash")
    with os.fdopen(reader) as left:
        done = subprocess.run(
            [*outside, str(folder), prepare, *command],
            input=text.encode(),
            capture_output=True,
            check=True,
            pass_fds=(writer,),
            timeout=60,
        )
        os.close(writer)
        last, *written = left.read().splitlines()
    return Visit(
        output=done.stdout,
        complaint=done.stderr.decode("utf-8", "replace"),
        written=written,
        processes=int(last) - OWN_PROCESSES,
    )


OWN_PROCESSES = 2
"""The first process of the namespace and the one that reads the counter."""


def as_account(uid: int, *command: str) -> list[str]:
    """Return the command as an account without further groups runs it."""
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *command]


def asked(*questions: tuple[ProbeType, dict[str, Json]]) -> tuple[list[Probe], Script]:
    """Return probes with their arguments, and the script that asks them."""
    probes = [Probe(type=kind, args=kind.args(**args)) for kind, args in questions]
    return probes, compile_script(probes, new_nonce())


def frames(visit: Visit, script: Script) -> dict[str, Frame]:
    """Return the frames that a visit sent."""
    return read_frames(visit.output, script.nonce, script.sections)
