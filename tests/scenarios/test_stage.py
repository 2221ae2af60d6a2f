"""The target is thrown away: whatever a script does stays inside, and its header is obeyed."""

import os
import socket
import time
from pathlib import Path

import pytest

from auditor.errors import ConfigError
from auditor.model.result import Status
from tests.scenarios.__main__ import _chosen, _names, _tell
from tests.scenarios.runner import read_scenario, run
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.lab

VANDAL = r"""
echo 0 >/proc/sys/kernel/randomize_va_space
sysctl -qw kernel.sysrq=77
echo core-of-a-vandal >/proc/sys/kernel/core_pattern
hostname vandal
date -s 2001-01-01
mount -o remount,rw /sys
echo x >/sys/kernel/profiling
mknod /dev/disk b 254 0
rm -rf /etc/passwd /usr/bin/true /home /boot
touch /marked-by-a-vandal
sleep 300 &
exit 0
"""


@pytest.fixture(scope="module")
def stage():
    if os.geteuid() != 0:
        pytest.skip("namespaces need root")
    made = Stage()
    yield made
    made.close()


def _machine():
    settings = ("kernel/randomize_va_space", "kernel/core_pattern")
    return (
        [Path("/proc/sys", name).read_text() for name in settings],
        socket.gethostname(),
        Path("/proc/self/mountinfo").read_text(),
        Path("/etc/passwd").read_text(),
        Path("/usr/bin/true").exists(),
    )


def _sleepers():
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if words == b"sleep\x00300\x00":
            found.append(path)
    return found


def test_nothing_that_a_script_does_leaves_the_target(stage):
    before, sleepers = _machine(), _sleepers()

    played = stage.play(VANDAL, "cat /proc/sys/kernel/sysrq; [ -e /dev/disk ] && echo disk\n")

    assert played.output == b"77\n"
    assert _machine() == before
    assert _sleepers() == sleepers
    assert abs(time.time() - time.clock_gettime(time.CLOCK_MONOTONIC)) > 1e8
    assert not Path("/marked-by-a-vandal").exists()


def test_every_target_is_fresh(stage):
    stage.play("touch /marked", ":\n")

    assert stage.play(":", "[ -e /marked ] || echo fresh\n").output == b"fresh\n"


def test_what_is_this_machine_s_own_is_hidden(stage):
    seen = stage.play(":", "ls -A / /root /tmp /opt /dev; id -u\n").output.decode().split()

    assert not {"work", "farm", ".dockerenv", "vda"} & set(seen)
    assert {"etc", "usr", "null", "0"} <= set(seen)


def test_a_script_that_fails_is_no_verdict(stage):
    played = stage.play("echo no >&2; exit 3", "echo seen\n")

    assert (played.failed, played.output, played.said) == (True, b"", "no\n")
    assert stage.play("exit 3", "echo seen\n", strict=False).output == b"seen\n"


def written(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_the_header_gives_parameters_packages_and_target(tmp_path):
    text = (
        "#!/bin/bash\n# params: {most: 3, allowed: [no]}\n# packages: a, b=2.0-1\n"
        "# target: {roles: [db]}\n# just words\ntrue\n"
    )

    one = read_scenario(written(tmp_path, "x.y/case.one.pass.sh", text))

    assert (one.name, one.check, one.verdict) == ("x.y/case.one.pass", "x.y", Status.PASS)
    assert (one.params, one.packages) == ({"most": 3, "allowed": ["no"]}, ("a", "b=2.0-1"))
    assert (one.target, one.shell) == ({"roles": ["db"]}, "bash")


def test_a_header_that_is_no_mapping_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="is no mapping"):
        read_scenario(written(tmp_path, "x.y/a.pass.sh", "# params: 3\n"))


def test_pretended_packages_are_installed(stage, tmp_path):
    gone = "sed -i '/^Package: openssh-server$/,/^$/d' /var/lib/dpkg/status\n"
    text = gone + "echo 'PermitEmptyPasswords no' >/etc/ssh/sshd_config.d/0.conf\n"
    without = written(tmp_path, "ssh.empty-passwords/a.not_applicable.sh", text)
    again = written(
        tmp_path, "ssh.empty-passwords/b.pass.sh", "# packages: ssh-server-of-ours\ntrue\n"
    )

    assert run(read_scenario(without), stage).right
    verdict = run(read_scenario(again), stage)
    assert verdict.result is not None
    assert verdict.right, verdict.words


def test_a_foreign_set_is_mapped_and_counted(stage, tmp_path, capsys):
    script = "echo 'PermitRootLogin prohibit-password' >/etc/ssh/sshd_config.d/0.conf\nfalse\n"
    written(tmp_path, "sshd_disable_root_login/a.fail.sh", script)
    written(tmp_path, "root_by_key/b.pass.sh", script)
    written(tmp_path, "root_by_key/c.fail.sh", script)
    written(tmp_path, "nobody_knows/d.pass.sh", script)
    names = _names(
        written(
            tmp_path,
            "map.yaml",
            "sshd_disable_root_login: ssh.root-login\nskipped: null\n"
            'root_by_key: {check: ssh.root-login, params: {allowed: ["no", without-password]}}\n',
        )
    )

    found = [run(one, stage, strict=False) for one in _chosen(tmp_path, names, "")]
    _tell(found, 1.0)

    told = capsys.readouterr().out
    assert "left out: nobody_knows (1): no check of that name" in told
    assert "root_by_key/c.fail [ssh.root-login]\n  pass, not fail: " in told
    assert "3 scenarios, 2 agree: 66.7 % (1 s, 0.33 s each)" in told
