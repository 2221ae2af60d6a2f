"""Write golden cases from real targets, as root: `python -m tests.probes.capture`.

A case is the text that the target sent, the arguments, and the record that the parser made of
it: read each diff before it is committed.
"""

import json
import subprocess
from pathlib import Path

from auditor.model.fact import Json
from auditor.probe import (
    accounts,
    apparmor,
    audit,
    backup,
    banner,
    boot,
    clock,
    command,
    container,
    cron,
    database,
    file,
    files,
    firewall,
    listening,
    livepatch,
    log_daemons,
    login_defs,
    modules,
    mounts,
    os_release,
    package,
    packages,
    pam,
    persistence,
    php,
    process_table,
    protection,
    reboot,
    restarts,
    selinux,
    serving,
    shell_profile,
    sshd,
    sudoers,
    sysctl,
    systemd,
    texts,
    updates,
    walk,
    web_root,
    web_server,
)
from auditor.probe.base import Frames, Probe, ProbeType, Unseen
from auditor.probe.script import compile_script, new_nonce, read_frames, sections_of
from tests.lab import Fault, Lab, TargetSpec

HERE = Path(__file__).parent
ASKED: tuple[tuple[ProbeType, dict[str, Json]], ...] = (
    (accounts.PROBE, {}),
    (updates.PROBE, {}),
    (banner.PROBE, {}),
    (clock.PROBE, {}),
    (file.PROBE, {"path": "/etc/shadow"}),
    (file.PROBE, {"path": "/etc/hostname", "content": "lines"}),
    (file.PROBE, {"path": "/etc/os-release", "content": "kv"}),
    (file.PROBE, {"path": "/etc/nothing"}),
    (files.PROBE, {"glob": ("/etc/ssh/*_key", "/etc/ssh/*.pub")}),
    (listening.PROBE, {}),
    (livepatch.PROBE, {}),
    (log_daemons.PROBE, {}),
    (login_defs.PROBE, {}),
    (modules.PROBE, {"name": "cramfs"}),
    (mounts.PROBE, {"path": "/tmp"}),
    (os_release.PROBE, {}),
    (package.PROBE, {"name": ("openssh-server", "telnetd")}),
    (packages.PROBE, {}),
    (pam.PROBE, {}),
    (pam.PROBE, {"service": "su"}),
    (reboot.PROBE, {}),
    (restarts.PROBE, {}),
    (serving.PROBE, {}),
    (shell_profile.PROBE, {}),
    (sshd.PROBE, {}),
    (sudoers.PROBE, {}),
    (sysctl.PROBE, {"key": "kernel.randomize_va_space"}),
    (sysctl.PROBE, {"key": "net.ipv4.ip_forward"}),
    (walk.PROBE, {"find": ("world_writable", "unowned", "suid"), "under": ("/etc", "/opt")}),
    (apparmor.PROBE, {}),
    (audit.PROBE, {"watch": ("/etc/sudoers",), "syscalls": ("execve",)}),
    (boot.PROBE, {}),
    (cron.PROBE, {}),
    (firewall.PROBE, {}),
    (process_table.PROBE, {}),
    (selinux.PROBE, {}),
    (systemd.PROBE, {"unit": ("rsyslog.service", "sshd.service", "telnet.socket")}),
    (backup.PROBE, {}),
    (command.PROBE, {"argv": ("uname", "-s")}),
    (command.PROBE, {"argv": ("cat", "/etc/os-release"), "parser": "kv"}),
    (container.PROBE, {}),
    (database.PROBE, {"engine": "mysql"}),
    (database.PROBE, {"engine": "postgresql"}),
    (database.PROBE, {"engine": "redis"}),
    (database.PROBE, {"engine": "mongodb"}),
    (database.PROBE, {"engine": "memcached"}),
    (persistence.PROBE, {}),
    (php.PROBE, {"setting": "expose_php"}),
    (php.PROBE, {"setting": "disable_functions"}),
    (protection.PROBE, {}),
    (web_root.PROBE, {}),
    (web_server.PROBE, {"server": "nginx"}),
    (web_server.PROBE, {"server": "apache"}),
    (
        walk.PROBE,
        {"find": ("unsticky", "odd_names", "suid_files", "pam_modules"), "under": ("/etc",)},
    ),
)
SPECS = (
    TargetSpec("kept", release="trixie", hardened=True),
    TargetSpec(
        "neglected",
        release="bullseye",
        faults=frozenset(
            {Fault.WEAK_SSHD, Fault.WORLD_WRITABLE, Fault.ROOT_TWIN, Fault.WEAK_HASH}
            | {Fault.EMPTY_PASSWORD, Fault.OLD_LISTS, Fault.REBOOT, Fault.NOPASSWD}
        ),
    ),
    TargetSpec("unprivileged", release="bookworm", sudo="none"),
    TargetSpec(
        "served", release="bookworm", roles=("web", "database", "mariadb"), sites=("opd.batu.lab",)
    ),
)
LONGEST = 4000
"""Characters of a frame that is kept; longer ones are cut at a line, and the case judged anew.

The frame of text files stays whole: a file whose end is missing would count as one not read.
"""


def probes() -> list[Probe]:
    """Return everything that is asked."""
    return [Probe(type=kind, args=kind.args(**args)) for kind, args in ASKED]


def frame_keys(probe: Probe) -> list[str]:
    """Return the keys of the frames that answer a probe."""
    keys = [section.key for section in sections_of(probe.type, (probe.args,))]
    return [*keys, texts.KEY] if probe.type.reads and probe.type.reads((probe.args,)) else keys


def shorten(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[: text.rindex("\n", 0, LONGEST) + 1]


def own_files(probe: Probe, text: str) -> str:
    """Return what the frame of text files holds of those that a probe reads."""
    patterns = probe.type.reads((probe.args,))
    kept: list[str] = []
    mine = False
    for line in text.split("\n"):
        if line.startswith("@"):
            mine = any(texts.fits(line[1:], pattern) for pattern in patterns)
        elif line[1:2] == " ":
            mine = any(line[2:] == p or texts.fits(line[2:], p) for p in patterns)
        if mine:
            kept.append(line)
    return "\n".join(kept)


def case(probe: Probe, frames: Frames) -> dict[str, Json]:
    """Return a case: what was asked, what came of it, what was understood."""
    keys = frame_keys(probe)
    kept = {
        key: {
            "text": own_files(probe, frames[key].text)
            if key == texts.KEY
            else shorten(frames[key].text),
            "rc": frames[key].rc,
            "denied": frames[key].denied,
        }
        for key in keys
        if key in frames
    }
    return {"probe": probe.key, "frames": kept} | understood(probe, frames_of(kept))


def frames_of(kept: dict[str, Json]) -> Frames:
    from auditor.probe.base import Frame

    return {key: Frame(key=key, **one) for key, one in kept.items()}


def understood(probe: Probe, frames: Frames) -> dict[str, Json]:
    """Return the record, or why there is none."""
    try:
        return {"record": json.loads(json.dumps(probe.type.parse(probe.args, frames)))}
    except Unseen as unseen:
        return {"unseen": unseen.why.value}


def main() -> None:
    """Visit three kinds of target and write one file for each."""
    script = compile_script(probes(), new_nonce())
    with Lab(SPECS) as lab:
        for spec in SPECS:
            shell = ["sudo", "-n", "sh", "-s"] if spec.sudo == "nopasswd" else ["sh", "-s"]
            login = ["ssh", "-i", str(lab.key), "-o", "StrictHostKeyChecking=no"]
            login += ["-o", "UserKnownHostsFile=/dev/null", f"auditor@{lab.addresses[spec.name]}"]
            done = subprocess.run(
                lab.command(*login, *shell),
                input=script.text.encode(),
                capture_output=True,
                check=True,
            )
            frames = read_frames(done.stdout, script.nonce, script.sections)
            cases = [case(probe, frames) for probe in probes()]
            (HERE / f"{spec.name}.json").write_text(
                json.dumps(cases, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            )


if __name__ == "__main__":
    main()
