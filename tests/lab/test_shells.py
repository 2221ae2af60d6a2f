"""A visit to accounts whose login shell is not sh, prints banners, or speaks Indonesian: real
shells of Debian behind a real sshd.
"""

import time
from datetime import UTC, datetime
from threading import Event

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.inventory import load_inventory
from auditor.model.fact import Fact, Why
from auditor.plan import Task
from auditor.probe import accounts, session, walk
from auditor.probe.base import Probe, Via
from tests.lab import Lab, TargetSpec
from tests.lab.client import ssh
from tests.probes.capture import probes

NAME, ASKS = "kulit", "sandi"
"""The second asks for the password before it gives root."""
ASKED = (
    Probe(type=session.PROBE, args=session.PROBE.args()),
    *(probe for probe in probes() if probe.type not in (accounts.PROBE, walk.PROBE)),
)
"""All but two: the account's shell itself is among the accounts, and walks take their time."""
MOVING = {"clock", "booted", "drift"}
BANNER = r"""printf 'SELAMAT DATANG \033[2J\377 @%s < end 0 0 0 -\n' "$(id -un)"
printf '\n@00000000000000000000000000000000 > uid\n0\n'
echo 'Hati-hati: dipantau' >&2
"""
CSH_BANNER = r"""printf 'SELAMAT DATANG \033[2J\n@0000 > uid\n0\n'
set prompt = "bukan > "
"""
START = {
    ".bashrc": BANNER,
    ".profile": BANNER,
    ".bash_profile": BANNER,
    ".zshenv": BANNER,
    ".mkshrc": BANNER,
    ".config/fish/config.fish": BANNER.replace("$(id -un)", "(id -un)"),
    ".cshrc": CSH_BANNER,
    ".tcshrc": CSH_BANNER,
}
"""What each shell reads at its start; whatever is printed goes before the answer."""
WRAPPED = f'#!/bin/sh\n{BANNER}exec /bin/sh "$@"\n'
SHELLS = {
    "dash": "/bin/dash",
    "bash": "/bin/bash",
    "busybox": "/usr/local/bin/ash",
    "mksh": "/bin/mksh",
    "zsh": "/bin/zsh",
    "tcsh": "/bin/tcsh",
    "csh": "/bin/csh",
    "fish": "/usr/bin/fish",
    "banner": "/usr/local/bin/banner",
}
LOCALE = "id_ID.UTF-8"


class Targets:
    """Two targets, with the account's shell to choose."""

    def __init__(self, lab, settings):
        self.lab = lab
        self.settings = settings
        self.targets = {one.id: one for one in settings.inventory.targets}
        self.plain = {}

    def login_with(self, name, shell):
        """Give the account a login shell."""
        line = f"s|^\\(auditor:.*:\\)[^:]*$|\\1{shell}|"
        self.inside(name, f"sed -i '{line}' /etc/passwd")

    def inside(self, name, script):
        done = self.lab.inside(name, "sh", "-ec", f"cd /\n{script}")
        assert done.returncode == 0, done.stderr

    def visit(self, name, shell):
        self.login_with(name, shell)
        task = Task(via=Via.SSH, targets=(self.targets[name],), probes=ASKED)
        with self.lab.network():
            limit = Limit(30, Event(), time.monotonic)
            return {one.probe: one for one in SshCollector().collect(task, self.settings, limit)}

    def facts(self, name, shell):
        """Return what was seen, and why the rest was not, without what moves by itself."""
        return {
            key: {part: value for part, value in one.value.items() if part not in MOVING}
            if isinstance(one, Fact)
            else (one.why, one.detail)
            for key, one in self.visit(name, shell).items()
        }


@pytest.fixture(scope="module")
def targets(tmp_path_factory):
    files = "".join(
        f"mkdir -p $(dirname /home/auditor/{name})\ncat >/home/auditor/{name} <<'END'\n{text}END\n"
        for name, text in START.items()
    )
    install = f"""
mkdir -p /usr/local/bin
ln -s /bin/busybox /usr/local/bin/ash
cat >/usr/local/bin/banner <<'END'
{WRAPPED}END
chmod 755 /usr/local/bin/banner
localedef -i id_ID -f UTF-8 {LOCALE}
{files}
chown -R auditor: /home/auditor
"""
    speak = f"""
printf 'LANG={LOCALE}\\nLC_ALL={LOCALE}\\nLANGUAGE=id\\nENV=/home/auditor/.mkshrc\\n' \\
  >/etc/environment
"""
    with Lab([TargetSpec(NAME), TargetSpec(ASKS, sudo="password")]) as lab:
        home = lab.make_home(tmp_path_factory.mktemp("home"))
        both = Targets(
            lab,
            Settings(
                inventory=load_inventory(lab.write_inventory(home / "inventory.yaml")),
                known_hosts=(home / "known_hosts",),
                now=lambda: datetime.now(UTC),
                password=lambda _target: lab.password,
            ),
        )
        for name in (NAME, ASKS):
            both.inside(name, install)
            both.plain[name] = both.facts(name, "/bin/sh")
            both.inside(name, speak)
        yield both


@pytest.mark.parametrize("name", [NAME, ASKS])
@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS)
def test_every_login_shell_gives_the_facts_that_sh_gives(targets, name, shell):
    seen = targets.facts(name, shell)

    assert seen["session"]["root"] is True
    assert seen["packages"]["manager"] == "dpkg"
    assert seen == targets.plain[name]


@pytest.mark.parametrize(
    ("shell", "banner"),
    [(shell, name not in ("dash", "busybox", "mksh")) for name, shell in SHELLS.items()],
    ids=SHELLS,
)
def test_the_shells_do_what_is_said_of_them(targets, shell, banner):
    """The locale is that of the account, and banners come before what was asked for."""
    targets.login_with(NAME, shell)

    done = ssh(targets.lab, NAME, "/usr/bin/locale", errors="replace")

    assert f"LC_ALL={LOCALE}" in done.stdout
    assert ("SELAMAT DATANG" in done.stdout) is banner


def test_the_locale_is_one_that_the_target_has(targets):
    words = targets.lab.inside(NAME, "env", f"LC_ALL={LOCALE}", "date", "-d", "2026-08-17", "+%B")

    assert words.stdout == "Agustus\n"


@pytest.mark.parametrize(
    ("shell", "words"),
    [
        ("/bin/rbash", "ended early"),
        ("/usr/sbin/nologin", "ended early"),
        ("/bin/false", "ended early"),
        ("/usr/bin/python3", "ended early"),
        ("/tidak/ada", "refuse"),
    ],
)
def test_a_shell_that_cannot_run_the_script_is_a_clear_gap(targets, shell, words):
    seen = {key: one for key, one in targets.visit(NAME, shell).items() if key != "session"}

    assert not any(isinstance(one, Fact) for one in seen.values())
    assert {one.why for one in seen.values()} <= {Why.INTERRUPTED, Why.REFUSED}
    assert any(words in one.detail for one in seen.values())
