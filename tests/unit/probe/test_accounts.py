"""Accounts joined with shadow, groups, homes and ranges of ids; odd names and odd homes."""

import os
import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import accounts, homes
from tests.unit.probe.asking import frame, parse, text_files, why

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
PASSWD = (
    "u:root:x:0:0:/root:/bin/bash\nu:daemon:x:1:1:/usr/sbin:/usr/sbin/nologin\n"
    "u:budi:x:1000:1000:/home/budi:/bin/bash\nu:tamu:sha512:1000:5:/home/tamu:/opt/sh\n"
    "u:nobody:x:65534:100:/nonexistent:/bin/sh\n"
    "g:root:0:\ng:budi:1000:\ng:shadow:42:budi,\ng:shadow:42:\n"
)
SHADOW = "root:yescrypt:90:20000:1:7:45:\nbudi:locked::::::\ndaemon:none:99999:20000:0:7::20100\n"
FILES = {"/etc/login.defs": "UID_MIN 1000\n", "/etc/shells": "/bin/sh\n/bin/bash\n"}
HOMES = (
    "+/root\n+/home/budi\n-/home/tamu\n-/nonexistent\n"
    "41c0 0 0 root root /root/.\n41ed 1000 1000 budi budi /home/budi/.\n"
    "81a4 0 7 UNKNOWN UNKNOWN /home/budi/./.rhosts\na1ff 1000 1000 budi budi /home/budi/./.link\n"
    "41c0 1000 1000 budi budi /home/budi/./.ssh\nc1c0 1000 1000 budi budi /home/budi/./.s\nodd\n"
)


def ask(passwd=PASSWD, shadow=SHADOW, files=FILES, home=HOMES):
    frames = frame("accounts", passwd)
    frames |= {} if files is None else text_files(files)
    frames |= {} if home is None else frame("homes", home)
    return parse(accounts, shadow, frames=frames)


def user(found, name):
    return next(user for user in found["users"] if user["name"] == name)


def test_ages_come_from_shadow_and_empty_fields_are_minus_one():
    found = ask()

    root, budi, daemon = (user(found, name) for name in ("root", "budi", "daemon"))
    assert (root["max_days"], root["min_days"], root["warn_days"], root["inactive_days"]) == (
        90,
        1,
        7,
        45,
    )
    assert root["last_change"] == "2024-10-04T00:00:00+00:00"
    assert (budi["last_change_day"], "last_change" in budi, budi["max_days"]) == (-1, False, 99_999)
    assert daemon["expire"] == "2025-01-12T00:00:00+00:00"
    assert user(found, "tamu")["password"] == "sha512"
    assert [u["shadowed"] for u in found["users"]] == [True, True, True, False, True]


def test_who_is_a_person_and_whose_shell_is_listed():
    found = ask()

    facts = {
        u["name"]: (u["system"], u["interactive"], u["valid_shell"], u["group_exists"])
        for u in found["users"]
    }
    assert facts == {
        "root": (True, False, True, True),
        "daemon": (True, False, False, False),
        "budi": (False, True, True, True),
        "tamu": (False, True, False, False),
        "nobody": (True, False, True, False),
    }
    plain = ask(files={"/etc/x": ""})
    assert user(plain, "nobody")["valid_shell"] is True
    assert user(plain, "budi")["valid_shell"] is False


def test_what_stands_in_double():
    found = ask(passwd=PASSWD + "u:budi:x:1001:1000:/:/bin/sh\ng:staf:0:\n")

    assert found["double_uids"] == ["1000: budi, tamu"]
    assert found["double_names"] == ["budi: 1000, 1001"]
    assert found["double_gids"] == ["0: root, staf", "42: shadow, shadow"]
    assert found["double_groups"] == ["shadow: 42, 42"]
    groups = {group["name"]: group["primary"] for group in found["groups"]}
    assert groups["budi"] == ["budi", "budi"]
    assert groups["shadow"] == []


def test_homes_and_the_dot_files_in_them():
    found = ask()

    budi = user(found, "budi")
    assert (budi["home_exists"], budi["home_mode"], budi["home_own"]) == (True, "0755", True)
    assert user(found, "tamu")["home_exists"] is False
    assert "home_exists" not in user(found, "daemon")
    files = {file["path"]: file for file in found["dotfiles"]}
    rhosts = files["/home/budi/.rhosts"]
    assert (rhosts["own"], rhosts["own_group"], rhosts["owner"]) == (False, False, "0")
    assert {file["type"] for file in files.values()} == {"file", "symlink", "directory", "other"}
    assert all(file["interactive"] for file in files.values())
    assert list(files) == sorted(files)


def test_what_was_not_seen_of_homes_and_ranges_is_a_gap():
    without = ask(files=None, home=None)
    assert {u["gap"]["why"] for u in without["users"]} == {"interrupted"}
    assert without["gap"]["why"] == "interrupted"
    assert "interactive" not in user(without, "budi")

    blank = ask(home="+/root\n!\n")
    assert user(blank, "root")["gap"]["why"] == "unreadable"
    assert user(blank, "budi")["gap"]["why"] == "cut"
    assert "gap" not in user(blank, "daemon")

    rows = "".join(f"81a4 0 0 root root /root/./.{n}\n" for n in range(20_001))
    assert "dotfiles" not in ask(home=f"+/root\n{rows}")


def test_too_much_is_cut():
    assert why(accounts, SHADOW, frames=frame("accounts", PASSWD + "!\n")) is Why.CUT
    assert user(ask(shadow="!\n"), "root")["gap"]["why"] == "cut"


def visit(text, shell, tmp_path):
    body = text.replace("/etc/passwd", f"{tmp_path}/passwd")
    body = body.replace("/etc/shadow", f"{tmp_path}/shadow").replace("/etc/group", "/dev/null")
    script = f"IFS=' \t\n'\nt() {{ shift; \"$@\"; }}\ns() {{\n{body}\n}}\ns\n"
    done = subprocess.run([*shell, "-c", script], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_homes_with_odd_names_are_looked_at_by_real_shells(tmp_path, shell):
    odd = tmp_path / "o'd d$(x)*"
    odd.mkdir()
    (odd / ".bashrc").write_text("")
    (odd / ".new\nline").write_text("")
    (odd / "plain").write_text("")
    (tmp_path / "link").symlink_to(odd)
    (tmp_path / "-rf").mkdir()
    (tmp_path / "passwd").write_text(
        f"budi:x:1000:1000:Nama Orang:{odd}:/bin/sh\n"
        f"siti:x:1001:1001::{tmp_path}/link:/bin/sh\n"
        f"+nis::0:0::{tmp_path}:/bin/sh\n"
        f"web:x:33:33::{tmp_path}:/usr/sbin/nologin\n"
        "rel:x:34:34::-rf:/bin/sh\n"
        f"last:x:35:35::{tmp_path}/gone:/bin/sh"
    )

    text = visit(homes.SECTION.text, shell, tmp_path)

    assert "Orang" not in text
    assert f"+{odd}\n+{tmp_path}/link\n-{tmp_path}/gone\n" in text
    uid, gid = os.getuid(), os.getgid()
    stats = [line for line in text.split("\n") if line[:1].isalnum()]
    assert len(stats) == 4
    assert sum(line.endswith("/./.bashrc") for line in stats) == 2
    assert all(f" {uid} {gid} " in line for line in stats)
    users = [{"name": "budi", "home": str(odd), "uid": uid, "gid": gid, "login": True}]
    assert [file["name"] for file in homes.add(users, text)] == [".bashrc"]
    assert users[0]["home_own_group"] is True


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_no_name_of_a_person_and_no_hash_leaves_the_target(tmp_path, shell):
    (tmp_path / "passwd").write_text("budi:$1$secret:1000:1000:Nama Orang:/home/budi:/bin/sh\n")
    (tmp_path / "shadow").write_text("budi:$6$secret$hash:20000:0:99999:7:::\nshort:x\n")
    first, _, last = accounts.PROBE.sections((accounts.AccountsArgs(),))

    sent = visit(first.text, shell, tmp_path).replace(f"{tmp_path}/passwd", "")
    ages = visit(last.text, shell, tmp_path)

    assert "Orang" not in sent
    assert "secret" not in sent + ages
    assert ages == "budi:sha512:99999:20000:0:7::\n"
    assert {"/etc/login.defs", "/etc/shells"} == {*accounts.PROBE.reads(())}
