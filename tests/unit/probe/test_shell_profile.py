"""Files of shells: idle time, umask, and root's PATH; the weakest of several values counts."""

import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import shell_profile
from tests.unit.probe.asking import frame, parse, text_files

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
PROFILE = "/etc/profile"


def ask(files, path=""):
    return parse(shell_profile, path, frames=text_files(files))


@pytest.mark.parametrize(
    ("text", "seconds", "fixed"),
    [
        ("TMOUT=600\n", 600, False),
        ("export TMOUT=600\n", 600, False),
        ("readonly TMOUT=600; export TMOUT\n", 600, True),
        ("TMOUT=600\nreadonly TMOUT\nexport TMOUT\n", 600, True),
        ("declare -xr TMOUT='600'\n", 600, True),
        ("typeset -x TMOUT=600\n", 600, False),
        ("[ $UID -gt 99 ] && TMOUT=600\n", 600, False),
        ("TMOUT=600\nTMOUT=1200\n", 1200, False),
        ("TMOUT=600\nTMOUT=0\n", 0, False),
        ("# TMOUT=600\nx=1 # TMOUT=600\n", 0, False),
        ("MY_TMOUT=600\n", 0, False),
        ("readonly TMOUTS\n", 0, False),
        ("", 0, False),
    ],
)
def test_the_weakest_idle_time_counts(text, seconds, fixed):
    found = ask({PROFILE: text})

    assert (found["tmout"], found["tmout_readonly"]) == (seconds, fixed)


def test_a_name_that_only_ends_like_it_is_not_it():
    assert ask({PROFILE: "MY_TMOUT=600\n"})["tmout_written"] is False
    assert ask({PROFILE: "TMOUT=0\n"})["tmout_written"] is True
    assert "/root/.bashrc" in shell_profile.PROBE.reads(())


def test_all_files_are_looked_at_and_the_place_is_that_of_the_weakest():
    found = ask(
        {
            PROFILE: "TMOUT=600\n",
            "/etc/bash.bashrc": "TMOUT=900\n",
            "/etc/profile.d/x.sh": "TMOUT=700\n",
            "/etc/profile.d/x.csh": "TMOUT=9999\n",
        }
    )

    assert found["tmout"] == 900
    assert found["places"]["tmout"] == "/etc/bash.bashrc:1"


def test_an_idle_time_that_only_a_shell_can_say_was_not_seen():
    found = ask({PROFILE: "TMOUT=$LIMIT\nTMOUT=600\n"})

    assert "tmout" not in found
    assert found["tmout_written"] is True
    assert found["gap"]["why"] == "unreadable"


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("umask 027\n", "0027"),
        ("umask 27\n", "0027"),
        ("umask -S 077\n", "0077"),
        ('umask "077"\n', "0077"),
        ("umask u=rwx,g=rx,o=\n", "0027"),
        ("umask a=rx\n", "0222"),
        ("umask =rwx\n", "0000"),
        ("if [ $UID -gt 199 ]; then umask 002; else umask 022; fi\n", "0002"),
        ("umask 077 # umask 000\n", "0077"),
        ("umask 027\numask 022\numask 077\n", "0022"),
        ("umask 007\numask 023\n", "0023"),
    ],
)
def test_the_weakest_umask_counts(text, mask):
    assert ask({PROFILE: text})["umask"] == mask


@pytest.mark.parametrize("text", ["umask $x\n", "umask g-w\n", "umask u=rwx\n", "umask 999\n"])
def test_a_umask_that_only_a_shell_can_say_was_not_seen(text):
    found = ask({PROFILE: "umask 027\n" + text})

    assert "umask" not in found
    assert found["gap"]["why"] == "unreadable"
    assert found["umasks"][1]["gap"]["why"] == "unreadable"


@pytest.mark.parametrize(
    ("files", "mask", "place"),
    [
        ({"/etc/login.defs": "UMASK 027\n"}, "0027", "/etc/login.defs:1"),
        ({"/etc/login.defs": "UMASK odd\n"}, "0022", "/etc/login.defs:1"),
        ({}, "0022", "default"),
        (
            {
                "/etc/login.defs": "UMASK 022\n",
                "/etc/pam.d/login": "auth x y\nsession optional pam_umask.so umask=077\n",
            },
            "0077",
            "/etc/pam.d/login:2",
        ),
        (
            {
                "/etc/login.defs": "UMASK 022\n",
                "/etc/pam.d/login": "session optional pam_umask.so\n",
            },
            "0022",
            "/etc/login.defs:1",
        ),
    ],
)
def test_without_a_statement_pam_and_login_defs_count(files, mask, place):
    found = ask({"/etc/x": "", **files})

    assert (found["umask"], found["places"]["umask"]) == (mask, place)


def test_what_root_s_own_files_say_stands_apart():
    found = ask({"/root/.bashrc": "umask 022\n", PROFILE: "umask 027\n"})

    assert found["grants"] == "0750"
    assert [(row["place"], row["grants"]) for row in found["root_umasks"]] == [
        ("/root/.bashrc:1", "0755")
    ]


def test_without_root_only_what_is_root_s_is_missing():
    frames = frame("texts", "? /root/.bashrc\n+ /etc/profile\n@/etc/profile\n1:TMOUT=60\n")

    found = parse(shell_profile, "", frames=frames, denied=True)

    assert found["tmout"] == 60
    assert "root_umasks" not in found
    assert "root_path" not in found
    assert found["gap"]["why"] == Why.NEEDS_ROOT


def test_parts_of_root_s_path():
    text = (
        "p /etc/profile:5 /usr/bin\np /etc/profile:5 /usr/bin\np /root/.bashrc:1 .\n"
        "p /root/.bashrc:1 \np /root/.bashrc:1 /gone\np /root/.bashrc:1 /f\nodd\n"
        "41ed 0 0 root /usr/bin\n81b6 7 0 UNKNOWN /f\n"
    )

    rows = {row["directory"]: row for row in ask({PROFILE: ""}, text)["root_path"]}

    assert (rows["/usr/bin"]["is_directory"], rows["/usr/bin"]["writable"]) == (True, False)
    assert (rows["."]["absolute"], rows["(empty)"]["absolute"]) == (False, False)
    assert rows["/gone"]["exists"] is False
    assert (rows["/f"]["is_directory"], rows["/f"]["owner"], rows["/f"]["writable"]) == (
        False,
        "7",
        True,
    )
    assert "root_path" not in ask({PROFILE: ""}, text + "!\n")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_real_shells_take_root_s_path_apart(tmp_path, shell):
    (tmp_path / "etc/profile.d").mkdir(parents=True)
    (tmp_path / "root/bin").mkdir(parents=True)
    (tmp_path / "etc/login.defs").write_text(
        "ENV_SUPATH PATH=/sbin\nENV_PATH PATH=/games\n# PATH=/no\n"
    )
    (tmp_path / "etc/profile.d/a b.sh").write_text(
        'export PATH="$PATH:/a b:/c*d"\nMANPATH=/man\nPATH=$HOME/bin:${HOME}/x:~/y:; export PATH\n'
        "PATH='.:/q'\nPATH=`x`:/tick:$1"
    )
    body = shell_profile.SECTION.text.replace("/etc/", f"{tmp_path}/etc/")
    body = body.replace("/root", f"{tmp_path}/root")
    script = f"IFS=' \t\n'\nt() {{ shift; \"$@\"; }}\ns() {{\n{body}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", script], capture_output=True, check=True, text=True)
    sent = done.stdout.replace(str(tmp_path), "")

    parts = [line.partition(":")[2] for line in sent.split("\n") if line.startswith("p ")]

    assert done.stderr == ""
    assert parts == [
        "1 /sbin",
        "1 /a b",
        "1 /c*d",
        "3 /root/bin",
        "3 /root/x",
        "3 /root/y",
        "3 ",
        "4 .",
        "4 /q",
        "5 /tick",
    ]
    assert [line for line in sent.split("\n") if line.endswith("/root/bin")][-1].startswith("41")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("text", ["x\n" * 5001, f"PATH={'/a:' * 501}\n"])
def test_real_shells_stop_at_too_much(tmp_path, shell, text):
    (tmp_path / "profile").write_text(text)
    body = shell_profile.SECTION.text.replace("/etc/", f"{tmp_path}/")
    body = body.replace("/root", f"{tmp_path}/root")
    script = f't() {{ shift; "$@"; }}\ns() {{\n{body}\n}}\ns\n'

    done = subprocess.run([*shell, "-c", script], capture_output=True, check=True, text=True)

    assert "\n!\n" in f"\n{done.stdout}"
