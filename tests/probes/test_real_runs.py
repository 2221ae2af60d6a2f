"""The script on real systems: one answer from every shell, nothing written, no secret told."""

import re

import pytest

from auditor.probe import (
    accounts,
    clock,
    file,
    log_daemons,
    package,
    processes,
    reboot,
    sshd,
    sudoers,
    walk,
)
from auditor.probe.base import Unseen
from tests.probes.capture import ASKED, understood
from tests.probes.overlay import as_account, asked, frames, run

SHELLS = (["dash", "-s"], ["bash", "--posix", "-s"], ["busybox", "sh", "-s"])
NOBODY = 65534
MOST_PROCESSES = 85
"""For the sixteen questions of ASKED without the walk; each section costs three."""


def steady(records):
    """Leave out what differs between two moments."""
    for record in records.values():
        for name in ("clock", "booted"):
            record.get("record", {}).pop(name, None)
    return records


def facts(visit, probes, script):
    seen = frames(visit, script)
    return steady({probe.key: understood(probe, seen) for probe in probes})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    probes, script = asked(*ASKED)
    visits = [run(tmp_path_factory.mktemp("overlay"), *shell, text=script.text) for shell in SHELLS]
    return probes, script, visits


def test_a_script_that_writes_would_be_noticed(tmp_path):
    visit = run(tmp_path, "sh", "-s", text="echo x >/etc/left; rm /etc/hostname")

    assert any("etc/left" in line for line in visit.written)
    assert any("etc/hostname" in line for line in visit.written)


def test_the_script_writes_nothing_anywhere(whole):
    _, _, visits = whole

    assert [visit.written for visit in visits] == [[], [], []]


def test_every_shell_sees_the_same_facts(whole):
    probes, script, visits = whole

    first, *others = [facts(visit, probes, script) for visit in visits]

    assert "record" in first["os"]
    assert others == [first, first]


def test_every_shell_comes_to_the_end_without_a_complaint(whole):
    _, script, visits = whole

    for visit in visits:
        assert list(frames(visit, script))[-1] == "end"
        assert "syntax" not in visit.complaint.lower()


def test_nobody_sees_all_but_what_needs_root(whole, tmp_path):
    probes, script, (as_root, *_) = whole

    visit = run(tmp_path, *as_account(NOBODY, "sh", "-s"), text=script.text)

    denied = {key for key, frame in frames(visit, script).items() if frame.denied}
    assert denied == {section.key for section in script.sections if section.root}
    assert visit.written == []
    mine, roots = facts(visit, probes, script), facts(as_root, probes, script)
    for key in ("os", "packages", "updates", "reboot", 'file{"path":"/etc/shadow"}'):
        assert mine[key] == roots[key]
    assert mine["sshd"] == mine["sudoers"] == {"unseen": "needs_root"}


def test_a_read_only_root_gives_the_same_facts(whole, tmp_path):
    probes, script, (as_root, *_) = whole

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare="mount -o remount,ro,bind . .")

    assert facts(visit, probes, script) == facts(as_root, probes, script)


def test_a_visit_costs_few_processes(tmp_path):
    _, script = asked(*(question for question in ASKED if question[0] is not walk.PROBE))

    visit = run(tmp_path, "dash", "-s", text=script.text)

    assert 20 < visit.processes <= MOST_PROCESSES


HASH = "$6$rounds=5000$saltsalt$PLANTEDHASHabcdefghijklmnopqrstuvwxyz0123456789"
ACCOUNTS = f"""
cat >etc/passwd <<'END'
root:x:0:0:Orang Bernama:/root:/bin/bash
x13:ABCDEFGHIJKLM:1:1::/:/bin/sh
open::2:2::/:
inpasswd:{HASH}:3:3::/:/bin/sh
disabled:x:4:4::/:/bin/sh
bang:x:5:5::/:/usr/sbin/nologin
twobang:x:6:6::/:/bin/false
starred:x:7:7::/:/bin/sh
shadowempty:x:8:8::/:/bin/sh
modern:x:9:9::/:/bin/sh
old:x:10:10::/:/bin/sh
blow:x:11:11::/:/bin/sh
odd:x:12:12::/:/bin/sh
unshadowed:x:13:13::/:/bin/sh
+::::::
+@netgroup::::::
#comment:x:14:14::/:/bin/sh
broken:x:nan:1::/:/bin/sh
short:x:1
END
cat >etc/group <<'END'
root:x:0:
adm:{HASH}:4:budi,siti
+:::
END
cat >etc/shadow <<'END'
root:{HASH}:19000:0:90:7:::
disabled:!{HASH}:19000:0:99999:7:::
bang:!:19000::::::
twobang:!!:19000::::::
starred:*:19000:0:99999:7:::
shadowempty::19000:0:99999:7:::
modern:$y$j9T$abc$def:19000:0:-1:7:::
old:$1$abc$def:19000:0:99999:7:::
blow:$2y$10$abcdef:19000:0:99999:7:::
odd:$9$abc:19000:0:99999:7:::
+::::::::
END
"""


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_no_hash_and_no_persons_name_leaves_the_target(tmp_path, shell):
    _, script = asked((accounts.PROBE, {}))

    visit = run(tmp_path, *shell, text=script.text, prepare=ACCOUNTS)

    assert b"disabled" in visit.output
    assert b"PLANTEDHASH" not in visit.output
    assert b"ABCDEFGHIJKLM" not in visit.output
    assert b"Bernama" not in visit.output


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
def test_every_awk_tells_the_classes_of_passwords(tmp_path, awk):
    (probe,), script = asked((accounts.PROBE, {}))
    other = f"{ACCOUNTS}\nrm -f usr/bin/awk; printf '#!/bin/sh\nexec {awk} \"$@\"' >usr/bin/awk"

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=f"{other}; chmod +x usr/bin/awk")

    found = probe.type.parse(probe.args, frames(visit, script))
    assert {user["name"]: user["password"] for user in found["users"]} == {
        "root": "sha512",
        "x13": "des",
        "open": "empty",
        "inpasswd": "sha512",
        "disabled": "locked",
        "bang": "locked",
        "twobang": "locked",
        "starred": "none",
        "shadowempty": "empty",
        "modern": "yescrypt",
        "old": "md5",
        "blow": "bcrypt",
        "odd": "other",
        "unshadowed": "none",
    }
    assert {user["name"]: user["login"] for user in found["users"]}["bang"] is False
    assert [user["max_days"] for user in found["users"]][:3] == [90, 99999, 99999]
    adm = {"name": "adm", "gid": 4, "members": ["budi", "siti"], "primary": ["disabled"]}
    assert found["groups"][1] == adm


SUDOERS = r"""
rm -rf etc/sudoers.d; mkdir -p etc/sudoers.d etc/more 'etc/a name'
cat >etc/sudoers <<'END'
Defaults env_reset
#include /etc/more/one
@include more/two
@include "/etc/a name/three"
#1000 ALL=(ALL) NOPASSWD: /bin/id
# plain comment with NOPASSWD: in it
siti ALL = \
    NOPASSWD: ALL
@includedir /etc/sudoers.d
@includedir /etc/nowhere
END
echo 'one ALL=NOPASSWD: ALL # why' >etc/more/one
printf 'two ALL=(ALL) ALL' >etc/more/two
echo 'Defaults:three !authenticate' >'etc/a name/three'
echo 'drop ALL=NOPASSWD: ALL' >etc/sudoers.d/10-drop
echo 'ignored ALL=NOPASSWD: ALL' >etc/sudoers.d/10.drop
echo 'ignored ALL=NOPASSWD: ALL' >etc/sudoers.d/10-drop~
"""


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_sudo_rules_are_followed_through_includes(tmp_path, shell):
    (probe,), script = asked((sudoers.PROBE, {}))

    visit = run(tmp_path, *shell, text=script.text, prepare=SUDOERS)

    found = probe.type.parse(probe.args, frames(visit, script))
    assert [(row["rule"], row["place"]) for row in found["nopasswd"]] == [
        ("one ALL=NOPASSWD: ALL", "/etc/more/one:1"),
        ("Defaults:three !authenticate", "/etc/a name/three:1"),
        ("#1000 ALL=(ALL) NOPASSWD: /bin/id", "/etc/sudoers:5"),
        ("siti ALL = NOPASSWD: ALL", "/etc/sudoers:7"),
        ("drop ALL=NOPASSWD: ALL", "/etc/sudoers.d/10-drop:1"),
    ]
    assert found["all_rules"] == 5


@pytest.mark.parametrize(
    "prepare",
    ["echo '@include /etc/gone' >>etc/sudoers", "echo '@include /etc/sudoers' >>etc/sudoers"],
    ids=["missing", "loop"],
)
def test_an_include_that_cannot_be_followed_is_a_gap(tmp_path, prepare):
    (probe,), script = asked((sudoers.PROBE, {}))

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=prepare)

    with pytest.raises(Unseen, match="cannot be read"):
        probe.type.parse(probe.args, frames(visit, script))


def test_without_sudo_there_is_no_rule(tmp_path):
    (probe,), script = asked((sudoers.PROBE, {}))

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare="rm etc/sudoers")

    record = understood(probe, frames(visit, script))["record"]
    assert (record["exists"], record["rules"], record["nopasswd"]) == (False, [], [])
    assert "valid" not in record


ODD = "/srv/a b\n'c\" $(touch run) é*"
FILES = r"""
mkdir -p srv/closed srv/f
printf isi >"$(printf "srv/a b\n'c\" \$(touch run) é*")"
chmod 4755 srv/a*
ln -s f srv/link
ln -s nowhere srv/dangling
ln -s "$(printf 'two\nlines')" srv/lines
touch srv/closed/in
chmod 700 srv/closed
chown 12345:54321 srv/f
mkfifo srv/fifo
printf '# c\nA = 1\nB: "two"\nC three\ngap x\nA=9' >srv/kv
"""
PATHS = [
    (ODD, {"exists": True, "type": "file", "mode": "4755", "size": 3}),
    ("/srv/link", {"type": "symlink", "target": "f", "owner": "12345", "group": "54321"}),
    ("/srv/dangling", {"exists": True, "type": "symlink", "target": "nowhere"}),
    ("/srv/lines", {"type": "symlink", "target": "two\ufffdlines"}),
    ("/srv/f", {"type": "directory", "mode": "0755"}),
    ("/srv/fifo", {"type": "fifo"}),
    ("/dev/null", {"type": "character device", "mode": "0666"}),
    ("/srv/gone/deep", {"exists": False}),
    ("/etc/passwd/x", {"exists": False}),
    ("/", {"exists": True, "type": "directory"}),
]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_files_are_seen_whatever_their_names(tmp_path, shell):
    probes, script = asked(
        *((file.PROBE, {"path": path}) for path, _ in PATHS),
        (file.PROBE, {"path": "/srv/kv", "content": "kv"}),
        (file.PROBE, {"path": "/srv/kv", "content": "lines"}),
        (file.PROBE, {"path": "/srv/fifo", "content": "lines"}),
    )

    visit = run(tmp_path, *shell, text=script.text, prepare=FILES)

    seen = frames(visit, script)
    for probe, (_, expected) in zip(probes, PATHS, strict=False):
        assert expected.items() <= probe.type.parse(probe.args, seen).items()
    kv, lines, fifo = [probe.type.parse(probe.args, seen) for probe in probes[-3:]]
    places = {"A": "/srv/kv:6", "B": "/srv/kv:3", "C": "/srv/kv:4"}
    assert kv["kv"] == {"A": "9", "B": "two", "C": "three", "places": places}
    assert lines["lines"] == ["A = 1", 'B: "two"', "C three", "gap x", "A=9"]
    assert "lines" not in fifo
    assert visit.written == []


def test_a_file_behind_a_closed_directory_is_neither_there_nor_absent(tmp_path):
    probes, script = asked(
        (file.PROBE, {"path": "/srv/closed/in"}), (file.PROBE, {"path": "/srv/closed/out"})
    )

    visit = run(tmp_path, *as_account(NOBODY, "sh", "-s"), text=script.text, prepare=FILES)

    for probe in probes:
        assert understood(probe, frames(visit, script)) == {"unseen": "needs_root"}


WALKED = r"""
mkdir -p srv/w/deep srv/w/tmp srv/other
printf x >srv/w/plain
printf x >"$(printf 'srv/w/two\n=w9\nwfake')"; chmod 666 srv/w/two*
chmod 666 srv/w/plain; chmod 777 srv/w/deep; chmod 1777 srv/w/tmp
printf x >srv/w/root; chmod 4755 srv/w/root
printf x >srv/w/lost; chown 4242:4242 srv/w/lost
ln -s plain srv/w/link
printf x >srv/other/open; chmod 666 srv/other/open
mkdir srv/w/mounted; mount -t tmpfs none srv/w/mounted; printf x >srv/w/mounted/far
chmod 666 srv/w/mounted/far
"""


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_one_walk_finds_all_and_names_cannot_forge_items(tmp_path, shell):
    probes, script = asked(
        (walk.PROBE, {"find": ("world_writable", "unowned", "suid"), "under": ("/srv/w", "/no")}),
        (walk.PROBE, {"find": ("world_writable",), "under": ("/srv/other", "/srv/w/deep")}),
    )

    visit = run(tmp_path, *shell, text=script.text, prepare=WALKED)

    first, second = [probe.type.parse(probe.args, frames(visit, script)) for probe in probes]
    assert sorted(first["world_writable"]) == [
        "/srv/w/deep",
        "/srv/w/mounted/far",
        "/srv/w/plain",
        "/srv/w/two\ufffd=w9\ufffdwfake",
    ]
    assert first["unowned"] == ["/srv/w/lost"]
    assert first["suid"] == ["/srv/w/root"]
    assert (first["world_writable_count"], first["suid_count"]) == (4, 1)
    assert sorted(second["world_writable"]) == ["/srv/other/open", "/srv/w/deep"]


def test_a_walk_of_nothing_finds_nothing(tmp_path):
    (probe,), script = asked((walk.PROBE, {"find": ("suid",), "under": ("/nowhere",)}))

    visit = run(tmp_path, "sh", "-s", text=script.text)

    assert probe.type.parse(probe.args, frames(visit, script)) == {"suid": [], "suid_count": 0}


LOGS = r"""
mkdir -p etc/rsyslog.d etc/syslog-ng var/log/audit
cat >etc/rsyslog.conf <<'END'
# *.* @@commented
*.* @@log.kota.example:514
auth.* @(z9)[2001:db8::1]:514
*.* :omrelp:relp.kota.example:2514
action(type="omfwd" queue.type="linkedList" Target='10.0.0.9'
  port="514") # pwd="RAHASIA"
END
echo 'action(type="omhttp" server="x" uid="u" pwd="RAHASIA")' >etc/rsyslog.d/a.conf
echo 'destination d { network("10.0.0.6" port(514) password("RAHASIA")); };' \
  >etc/syslog-ng/syslog-ng.conf
mkdir -p etc/systemd
echo 'URL=https://u:RAHASIA@up.kota.example:19532' >etc/systemd/journal-upload.conf
printf 'x' >var/log/auth.log; chmod 644 var/log/auth.log
printf 'x' >var/log/audit/audit.log; chmod 600 var/log/audit/audit.log; chmod 700 var/log/audit
"""


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
def test_destinations_of_logs_are_told_and_passwords_beside_them_are_not(tmp_path, awk):
    (probe,), script = asked((log_daemons.PROBE, {}))
    other = f"{LOGS}\nrm -f usr/bin/awk; printf '#!/bin/sh\nexec {awk} \"$@\"' >usr/bin/awk"

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=f"{other}; chmod +x usr/bin/awk")

    found = probe.type.parse(probe.args, frames(visit, script))
    assert found["forwards"] == [
        "@@log.kota.example:514",
        "@(z9)[2001:db8::1]:514",
        ":omrelp:relp.kota.example:2514",
        "10.0.0.9",
        "10.0.0.6",
        "https://up.kota.example:19532",
    ]
    assert b"RAHASIA" not in visit.output
    modes = {row["path"]: row["mode"] for row in found["files"]}
    assert modes["/var/log/auth.log"] == "0644"
    assert modes["/var/log/audit/audit.log"] == "0600"


def test_logs_in_a_closed_folder_do_not_pass_for_absent(tmp_path):
    (probe,), script = asked((log_daemons.PROBE, {}))
    closed = f"{LOGS}\nrm etc/rsyslog.conf etc/systemd/journal-upload.conf; chmod 700 etc/rsyslog.d"
    closed += "; rm -rf etc/syslog-ng"

    visit = run(tmp_path, *as_account(NOBODY, "sh", "-s"), text=script.text, prepare=closed)

    found = probe.type.parse(probe.args, frames(visit, script))
    assert found["gap"]["why"] == "needs_root"
    assert "forwards" not in found
    (row,) = [row for row in found["files"] if row["path"] == "/var/log/audit"]
    assert row["gap"]["why"] == "needs_root"


SSHD = r"""
mkdir -p run/sshd etc/ssh/sshd_config.d
cd etc/ssh
test -e ssh_host_ed25519_key || ssh-keygen -q -t ed25519 -N '' -f ssh_host_ed25519_key
cat >sshd_config <<'END'
Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin yes
HostKey /etc/ssh/ssh_host_ed25519_key
END
cat >sshd_config.d/0.conf <<'END'
PermitRootLogin no
Match Address 10.0.0.0/8
  PermitRootLogin yes
Match Address *,!10.0.0.0/8
  MaxAuthTries 3
END
"""


def test_match_blocks_and_drop_ins_count_for_the_connection_that_is_asked_about(tmp_path):
    probes, script = asked((sshd.PROBE, {}), (sshd.PROBE, {"addr": "10.1.1.1"}))

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=SSHD)

    stranger, inside = [p.type.parse(p.args, frames(visit, script)) for p in probes]
    assert (stranger["permitrootlogin"], inside["permitrootlogin"]) == ("no", "yes")
    assert (stranger["maxauthtries"], inside["maxauthtries"]) == (3, 6)
    assert stranger["port"] == ["22"]
    assert "aes256-ctr" in stranger["ciphers"]
    assert stranger["allowusers"] == []


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        ("mkdir -p run/sshd; echo Nonsense yes >etc/ssh/sshd_config", "refused"),
        ("mkdir -p run/sshd; rm -f etc/ssh/ssh_host*", "no_data"),
        ("rm -rf run/sshd", "no_data"),
        ("rm -f usr/sbin/sshd", "absent"),
    ],
    ids=["bad configuration", "no host keys", "not started", "not installed"],
)
def test_only_a_refused_configuration_is_a_fact_against_it(tmp_path, prepare, expected):
    (probe,), script = asked((sshd.PROBE, {}))

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=prepare)

    told = understood(probe, frames(visit, script))
    if expected == "refused":
        assert told["record"]["valid"] is False
        assert re.search("Nonsense", told["record"]["message"])
    elif expected == "absent":
        assert told["record"]["installed"] is False
        assert "valid" not in told["record"]
    else:
        assert told == {"unseen": expected}


@pytest.mark.parametrize(
    ("prepare", "zone"),
    [
        ("ln -sf /usr/share/zoneinfo/Asia/Jakarta etc/localtime", "Asia/Jakarta"),
        ("rm -f etc/localtime; echo Asia/Makassar >etc/timezone", "Etc/UTC"),
        ("rm -f etc/localtime; cp /dev/null etc/localtime; echo WIB >etc/timezone", "WIB"),
        ("rm -f etc/localtime etc/timezone; cp /dev/null etc/localtime", None),
    ],
)
def test_the_zone_is_the_one_that_programs_use(tmp_path, prepare, zone):
    (probe,), script = asked((clock.PROBE, {}))

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=prepare)

    assert probe.type.parse(probe.args, frames(visit, script)).get("zone") == zone


def test_hidden_processes_are_not_taken_for_none(tmp_path):
    (probe,), script = asked((clock.PROBE, {}))
    hide = 'mount -o remount,hidepid=2 /proc && exec "$@"'

    visit = run(tmp_path, "sh", "-c", hide, "sh", *as_account(NOBODY, "sh", "-s"), text=script.text)

    assert frames(visit, script)[processes.SECTION.key].rc == 77
    assert understood(probe, frames(visit, script)) == {"unseen": "needs_root"}


def test_a_flagged_reboot_names_its_packages(tmp_path):
    (probe,), script = asked((reboot.PROBE, {}))
    flag = "mkdir -p run; : >run/reboot-required; printf 'libc6\nlibc6' >run/reboot-required.pkgs"

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=flag)

    found = probe.type.parse(probe.args, frames(visit, script))
    assert (found["required"], found["reason"]) == (True, "reboot-required")
    assert found["packages"] == ["libc6"]


def test_a_damaged_package_database_is_a_gap(tmp_path):
    (probe,), script = asked((package.PROBE, {"name": ("bash",)}))
    damage = "echo nonsense >var/lib/dpkg/status"

    visit = run(tmp_path, "sh", "-s", text=script.text, prepare=damage)

    assert understood(probe, frames(visit, script)) == {"unseen": "unreadable"}
