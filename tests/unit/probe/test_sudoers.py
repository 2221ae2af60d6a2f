"""sudoers as sudo reads them: settings, rules, and the verdict of visudo."""

import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import sudoers
from auditor.probe.base import Frame
from tests.unit.probe.asking import parse, why

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
PLACE = "/etc/sudoers:1"
ACCEPTED = "visudo version 1.9.13p3\nvisudo grammar version 50\n/etc/sudoers: parsed OK\n"


def ask(*lines, judged=None):
    text = "".join(f"/etc/sudoers\t{number}\t{line}\n" for number, line in enumerate(lines, 1))
    frames = {"visudo": Frame(key="visudo", text=ACCEPTED)} if judged is None else judged
    return parse(sudoers, text, frames=frames)


def test_what_is_not_written_is_default():
    found = ask("root ALL=(ALL:ALL) ALL")

    assert (found["exists"], found["valid"], found["version"]) == (True, True, "1.9.13p3")
    assert (found["use_pty"], found["env_reset"], found["authenticate"]) == (False, True, True)
    assert (found["logfile"], found["timestamp_timeout"], found["passwd_tries"]) == ("", 900, 3)
    assert (found["secure_path"], found["umask"]) == ([], "0022")
    assert set(found["places"].values()) == {"default"}


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.9.13p3", False), ("1.9.14", True), ("1.9.16p1", True), ("2.0", True), ("odd", False)],
)
def test_a_pseudo_terminal_is_the_default_of_newer_versions(version, expected):
    judged = {"visudo": Frame(key="visudo", text=f"visudo version {version}\nparsed OK\n")}

    assert ask("x ALL=ALL", judged=judged)["use_pty"] is expected
    assert ask("Defaults !use_pty", judged=judged)["use_pty"] is False


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("Defaults use_pty", "use_pty", True),
        ("Defaults\tuse_pty # why", "use_pty", True),
        ("Defaults !use_pty", "use_pty", False),
        ("Defaults ! use_pty", "use_pty", False),
        ("Defaults !!use_pty", "use_pty", True),
        ("Defaults env_reset, use_pty,noexec", "use_pty", True),
        ("Defaults:budi use_pty", "use_pty", False),
        ("Defaults!/usr/bin/id use_pty", "use_pty", False),
        ("Defaults@web1 use_pty", "use_pty", False),
        ("Defaults>root use_pty", "use_pty", False),
        ("Defaults:budi, siti use_pty", "use_pty", False),
        ("# Defaults use_pty", "use_pty", False),
        ("Defaultsuse_pty", "use_pty", False),
        ('Defaults logfile="/var/log/sudo.log"', "logfile", "/var/log/sudo.log"),
        ("Defaults logfile=/var/log/sudo.log", "logfile", "/var/log/sudo.log"),
        ("Defaults logfile = /var/log/sudo.log, use_pty", "logfile", "/var/log/sudo.log"),
        ('Defaults logfile="/var/log/a, b#c"', "logfile", "/var/log/a, b#c"),
        ("Defaults !logfile", "logfile", ""),
        ("Defaults !syslog", "syslog", ""),
        ("Defaults timestamp_timeout=5", "timestamp_timeout", 300),
        ("Defaults timestamp_timeout=0.5", "timestamp_timeout", 30),
        ("Defaults timestamp_timeout=+2.5", "timestamp_timeout", 150),
        ("Defaults timestamp_timeout=.5", "timestamp_timeout", 30),
        ("Defaults timestamp_timeout=+-3", "timestamp_timeout", 900),
        ("Defaults timestamp_timeout=.", "timestamp_timeout", 900),
        ("Defaults timestamp_timeout=-1", "timestamp_timeout", -60),
        ("Defaults timestamp_timeout=-0", "timestamp_timeout", -1),
        ("Defaults timestamp_timeout=soon", "timestamp_timeout", 900),
        ("Defaults !timestamp_timeout", "timestamp_timeout", 0),
        ("Defaults passwd_tries=5", "passwd_tries", 5),
        ("Defaults passwd_tries=many", "passwd_tries", 3),
        ('Defaults secure_path="/usr/sbin:/usr/bin"', "secure_path", ["/usr/sbin", "/usr/bin"]),
        ("Defaults !secure_path", "secure_path", []),
        ("Defaults umask=0077", "umask", "0077"),
        ("Defaults umask=x", "umask", "0022"),
        ("Defaults !umask", "umask", "0000"),
    ],
)
def test_settings_for_everybody(line, name, value):
    assert ask(line)[name] == value


def test_the_last_setting_counts_and_all_are_listed():
    found = ask(
        "Defaults timestamp_timeout=5, \\",
        "  use_pty",
        "Defaults:budi timestamp_timeout=-1",
        "Defaults timestamp_timeout=10",
        'Defaults "odd"',
    )

    assert found["timestamp_timeout"] == 600
    assert found["places"]["timestamp_timeout"] == "/etc/sudoers:4"
    assert found["places"]["use_pty"] == PLACE
    times = [
        (row["scope"], row["seconds"])
        for row in found["settings"]
        if row["name"] == "timestamp_timeout"
    ]
    assert times == [("", 300), (":budi", -60), ("", 600)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "%sudo ALL=(ALL:ALL) NOPASSWD: ALL",
            (["%sudo"], ["ALL"], ["ALL", "ALL"], ["NOPASSWD"], ["ALL"], True),
        ),
        (
            "budi, siti web1 , web2 = (www) SETENV: NOEXEC: /usr/bin/id -u, /bin/ls",
            (
                ["budi", "siti"],
                ["web1", "web2"],
                ["www"],
                ["SETENV", "NOEXEC"],
                ["/usr/bin/id -u", "/bin/ls"],
                False,
            ),
        ),
        ("budi ALL = CWD=/srv /bin/ls", (["budi"], ["ALL"], [], [], ["/bin/ls"], False)),
        ("budi ALL=(root", (["budi"], ["ALL"], ["root"], [], [], False)),
        ("budi=ALL", (["budi"], [], [], [], ["ALL"], True)),
        (r"budi ALL=/bin/x a\,b\=c", (["budi"], ["ALL"], [], [], [r"/bin/x a\,b\=c"], False)),
        ("nonsense", ([], [], [], [], [], False)),
    ],
)
def test_rules_are_taken_apart(line, expected):
    (rule,) = ask(line)["rules"]

    parts = ("users", "hosts", "runas", "tags", "commands", "everything")
    assert tuple(rule[part] for part in parts) == expected
    assert rule["place"] == PLACE


@pytest.mark.parametrize(
    ("line", "is_open"),
    [
        ("budi ALL=NOPASSWD:ALL", True),
        ("budi ALL=ALL : web1=NOPASSWD: ALL", True),
        ("Defaults !authenticate", True),
        ("Defaults:budi env_reset, !authenticate", True),
        ("budi ALL=ALL # NOPASSWD: ALL", False),
        ("Cmnd_Alias NOPASSWD = /bin/ls", False),
        ("budi ALL=PASSWD: ALL", False),
    ],
)
def test_statements_after_which_no_password_is_asked(line, is_open):
    found = ask(line)

    assert bool(found["nopasswd"]) is is_open


def test_aliases_and_settings_are_no_rules():
    found = ask("User_Alias OPS = budi", "Defaults env_reset", "", "budi ALL=ALL")

    assert (found["all_rules"], len(found["rules"])) == (1, 1)


def test_sudoers_that_visudo_refuses():
    judged = {
        "visudo": Frame(
            key="visudo", rc=1, text="visudo version 1.9.13p3\n/etc/sudoers:3:15: syntax error\n"
        )
    }

    found = ask("broken", judged=judged)

    assert (found["valid"], found["message"]) == (False, "/etc/sudoers:3:15: syntax error")


@pytest.mark.parametrize("more", [{"rc": 127}, {"rc": 124}, {"cut": True}, {"denied": True}, None])
def test_without_visudo_its_verdict_is_missing(more):
    judged = {} if more is None else {"visudo": Frame(key="visudo", text="", **more)}

    found = ask("root ALL=(ALL) ALL", judged=judged)

    assert found["gap"]["why"] == "unsupported"
    assert "valid" not in found
    assert found["all_rules"] == 1


def test_a_system_without_sudoers_and_one_with_too_much():
    assert parse(sudoers, "%\n")["exists"] is False
    assert why(sudoers, "/etc/sudoers\t1\tx ALL=ALL\n!\n") is Why.CUT


def visit(tmp_path, shell, text=sudoers.SECTION.text):
    body = text.replace("/etc/sudoers", f"{tmp_path}/sudoers")
    script = f"IFS=' \t\n'\nt() {{ shift; \"$@\"; }}\ns() {{\n{body}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", script], capture_output=True, check=True, text=True)
    assert done.stderr == ""
    return done.stdout.replace(str(tmp_path), "/etc")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_real_shells_follow_includes(tmp_path, shell):
    (tmp_path / "sudoers").write_text("Defaults use_pty\n@includedir sudoers.d\nz ALL=ALL")
    (tmp_path / "sudoers.d").mkdir()
    (tmp_path / "sudoers.d" / "b").write_text("b ALL=ALL\n")
    (tmp_path / "sudoers.d" / "a").write_text('#include "extra"\n')
    (tmp_path / "sudoers.d" / "extra").write_text("e ALL=ALL\n")
    (tmp_path / "sudoers.d" / "no.conf").write_text("n ALL=ALL\n")

    found = parse(sudoers, visit(tmp_path, shell))

    assert [row["rule"][0] for row in found["rules"]] == ["e", "b", "e", "z"]


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_real_shells_stop_at_loops_and_at_too_much(tmp_path, shell):
    (tmp_path / "sudoers").write_text("@include sudoers\n")
    assert "?\t0\t" in visit(tmp_path, shell)

    (tmp_path / "sudoers").write_text("x ALL=ALL\n" * 20_001)
    assert visit(tmp_path, shell).endswith("!\n")

    (tmp_path / "sudoers").unlink()
    assert visit(tmp_path, shell) == "%\n"
