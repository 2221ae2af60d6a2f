"""The command that becomes root, with a real sudo: who gets root, and who sees the password."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from auditor.model.inventory import Sudo
from auditor.probe import os_release
from auditor.probe.bootstrap import FOLDER, bootstrap, pinned_path
from tests.probes.overlay import as_account, asked, frames, run

PASSWORD = 'kata  sandi\\n "$(id)" \'é%s`'
WRONG = "bukan-kata-sandinya"
ACCOUNT = 7901


def system(rule):
    """Return the shell text that makes an account with a password and one rule of sudo."""
    hashing = ["openssl", "passwd", "-6", "-stdin"]
    digest = subprocess.run(
        hashing, input=PASSWORD, capture_output=True, text=True, check=True
    ).stdout
    return f"""
echo 'petugas:x:{ACCOUNT}:{ACCOUNT}::/:/bin/sh' >>etc/passwd
echo 'petugas:x:{ACCOUNT}:' >>etc/group
echo 'petugas:{digest.strip()}:19000:0:99999:7:::' >>etc/shadow
rm -rf etc/sudoers.d var/lib/sudo run/sudo
echo '{rule}' >>etc/sudoers
"""


NOPASSWD = "petugas ALL=(ALL) NOPASSWD: ALL"
ONE_COMMAND = "petugas ALL=(root) NOPASSWD: /bin/sh -s, /usr/bin/sh -s"
ASKS = "petugas ALL=(ALL) ALL"
ALIEN = "orang_lain ALL=(ALL) ALL"
ROOT = "0"
OWN = str(ACCOUNT)


def visit(folder, rule, password, *, shell=("sh", "-c"), more="", pause="", uid=ACCOUNT):
    _, script = asked((os_release.PROBE, {}))
    text = script.text.replace("main() {\n", f"main() {{\n{pause}\n", 1)
    done = run(
        folder,
        *as_account(uid, *shell, bootstrap(Sudo.AUTO)),
        prepare=f"{system(rule)}\n{more}",
        text=f"{password}\n{text}",
    )
    return frames(done, script), done


@pytest.mark.parametrize(
    ("rule", "password", "more", "uid"),
    [
        (ALIEN, "", "", OWN),
        (ALIEN, PASSWORD, "", OWN),
        (ASKS, "", "", OWN),
        (ASKS, WRONG, "", OWN),
        (ASKS, PASSWORD, "rm usr/bin/sudo", OWN),
        (ASKS, PASSWORD, "chmod 666 etc/sudoers", OWN),
        (f"Defaults requiretty\n{ASKS}", PASSWORD, "", OWN),
        (ASKS, PASSWORD, "", ROOT),
        (f"Defaults timestamp_timeout=0\n{ASKS}", PASSWORD, "", ROOT),
        (NOPASSWD, "", "", ROOT),
        (NOPASSWD, PASSWORD, "", ROOT),
        (ONE_COMMAND, "", "", ROOT),
    ],
    ids=[
        "no rule, no password",
        "no rule, password",
        "rule, no password",
        "rule, wrong password",
        "no sudo",
        "sudo refuses its rules",
        "needs a terminal",
        "rule, password",
        "no tickets",
        "NOPASSWD, no password",
        "NOPASSWD, password",
        "NOPASSWD for the shell alone",
    ],
)
def test_the_script_runs_to_its_end_as_root_exactly_where_sudo_allows_it(
    tmp_path, rule, password, more, uid
):
    seen, done = visit(tmp_path, rule, password, more=more)

    assert seen["uid"].text == uid
    assert set(seen) == {"uid", "os", "end"}
    assert PASSWORD.encode() not in done.output
    assert "kata" not in done.complaint


@pytest.mark.parametrize("shell", [("dash", "-c"), ("bash", "-c"), ("busybox", "sh", "-c")])
def test_every_login_shell_reads_the_command_alike(tmp_path, shell):
    seen, _ = visit(tmp_path, ASKS, PASSWORD, shell=shell)

    assert seen["uid"].text == ROOT


def test_an_account_that_is_root_needs_no_sudo(tmp_path):
    seen, _ = visit(tmp_path, ALIEN, "", more="rm usr/bin/sudo", uid=0)

    assert seen["uid"].text == ROOT


def test_without_sudo_the_first_line_is_the_script(tmp_path):
    _, script = asked((os_release.PROBE, {}))

    done = run(tmp_path, *as_account(ACCOUNT, "sh", "-c", bootstrap(Sudo.NO)), text=script.text)

    assert frames(done, script)["uid"].text == OWN


def test_sudo_without_a_password_leaves_no_trace_of_the_login(tmp_path):
    _, done = visit(tmp_path, NOPASSWD, "")

    assert done.written == []


def test_a_password_leaves_no_ticket_for_others_to_use(tmp_path):
    _, done = visit(tmp_path, ASKS, PASSWORD)

    assert [line for line in done.written if "/ts" in line] == []


def test_a_wrong_password_is_tried_once_and_never_a_line_of_the_script(tmp_path):
    more = f"""
sed -i '1i auth optional pam_exec.so quiet expose_authtok /usr/local/bin/count' etc/pam.d/sudo
cat >usr/local/bin/count <<'END'
#!/bin/sh
IFS= read -r p
case $p in
{WRONG}*) echo w >>/var/tmp/tries ;;
?*) echo another >>/var/tmp/tries ;;
esac
END
chmod 755 usr/local/bin/count
: >var/tmp/tries; chmod 666 var/tmp/tries
"""
    _, done = visit(tmp_path, ASKS, WRONG, more=more)

    (size,) = [line.split()[4] for line in done.written if line.startswith("> var/tmp/tries")]
    assert int(size) == len("w\n")


class Spy(threading.Thread):
    """Looks at every process of this machine, all the time, for a text in argv and environment."""

    def __init__(self, secret):
        super().__init__()
        self._secret = secret.encode()
        self._over = threading.Event()
        self.looks = 0
        self.seen = []

    def run(self):
        while not self._over.is_set():
            self.looks += 1
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        text = (process / name).read_bytes()
                    except OSError:
                        continue
                    if self._secret in text:
                        self.seen.append((process.name, name))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self.join()


PAUSE = "sleep 0.4"


@pytest.mark.parametrize(
    ("rule", "uid"), [(ASKS, ROOT), (NOPASSWD, ROOT), (ALIEN, OWN)], ids=["asks", "free", "none"]
)
def test_no_process_shows_the_password(tmp_path, rule, uid):
    with Spy(PASSWORD) as spy:
        seen, _ = visit(tmp_path, rule, PASSWORD, pause=PAUSE)

    assert seen["uid"].text == uid
    assert spy.looks > 3
    assert spy.seen == []


def test_the_spy_sees_a_password_that_is_shown():
    argument = [sys.executable, "-c", "import time; time.sleep(0.4)", WRONG]
    environment = [sys.executable, "-c", "import time; time.sleep(0.4)"]

    with Spy(WRONG) as spy:
        subprocess.run(argument, check=True)
        subprocess.run(environment, check=True, env={**os.environ, "SECRET": WRONG})

    assert {name for _, name in spy.seen} == {"cmdline", "environ"}


def pinned_visit(folder, *, change="", rule="sha256:{digest}", uid=ACCOUNT):
    """Visit an account that may run one pinned script; `change` spoils the installed file."""
    _, script = asked((os_release.PROBE, {}))
    path = pinned_path(script.digest)
    allowed = f'petugas ALL=(root) NOPASSWD: {rule.format(digest=script.digest)} {path} ""'
    install = f"""
mkdir -p .{FOLDER}
cat >.{path} <<'PINNED'
{script.pinned}PINNED
chmod 755 .{path}
{change.format(path=path)}
"""
    done = run(
        folder,
        *as_account(uid, "sh", "-c", bootstrap(Sudo.PINNED, script.digest)),
        prepare=f"{system(allowed)}\n{install}",
        text=script.text,
    )
    return frames(done, script), done


def test_the_pinned_script_runs_as_root_and_nothing_is_left(tmp_path):
    seen, done = pinned_visit(tmp_path)

    assert seen["uid"].text == ROOT
    assert set(seen) == {"uid", "os", "end"}
    assert done.written == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("printf ' ' >>.{path}", "sha256:{digest}"),
        ("rm .{path}", "sha256:{digest}"),
        ("", "sha256:" + "0" * 64),
    ],
    ids=["one byte more", "not installed", "another digest"],
)
def test_any_other_script_than_the_pinned_one_is_not_run_as_root(tmp_path, change, rule):
    seen, _ = pinned_visit(tmp_path, change=change, rule=rule)

    assert seen["uid"].text == OWN
    assert set(seen) == {"uid", "os", "end"}


def test_the_pinned_account_can_do_nothing_else_as_root(tmp_path):
    _, script = asked((os_release.PROBE, {}))
    rule = f'petugas ALL=(root) NOPASSWD: sha256:{script.digest} {pinned_path(script.digest)} ""'

    seen, _ = visit(tmp_path, rule, "")

    assert seen["uid"].text == OWN


@pytest.mark.parametrize("nonce", ["", "zz", "0" * 31, "0" * 33, "$(id)" + "0" * 27])
def test_the_pinned_script_refuses_a_nonce_that_is_none(nonce):
    _, script = asked((os_release.PROBE, {}))

    done = subprocess.run(
        ["sh", "-c", script.pinned], input=f"{nonce}\n", capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
