"""What the golden cases of real targets do not show: odd, broken and foreign answers."""

import pytest

from auditor.model.fact import Why
from auditor.probe import (
    accounts,
    apt,
    clock,
    file,
    listening,
    log_daemons,
    os_release,
    packages,
    processes,
    reboot,
    session,
    sshd,
    sudoers,
    walk,
)
from auditor.probe.base import Frame, Unseen, answer, take

RUNNING = {"processes": Frame(key="processes", text="init\nsshd\n")}


def parse(module, text, *, rc=0, args=None, frames=None, **more):
    probe = module.PROBE
    given = args or probe.args()
    keys = [section.key for section in probe.sections([given])]
    own = {keys[-1]: Frame(key=keys[-1], text=text, rc=rc, **more)}
    return probe.parse(given, {**(frames or {}), **own})


def why(module, text, **more):
    with pytest.raises(Unseen) as caught:
        parse(module, text, **more)
    return caught.value.why


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ({}, Why.INTERRUPTED),
        ({"k": Frame(key="k", text="", denied=True)}, Why.NEEDS_ROOT),
        ({"k": Frame(key="k", text="", cut=True)}, Why.CUT),
        ({"k": Frame(key="k", text="", rc=124)}, Why.TIMEOUT),
    ],
)
def test_a_frame_that_is_not_whole_says_why(frames, reason):
    with pytest.raises(Unseen) as caught:
        take(frames, "k")
    assert caught.value.why is reason


@pytest.mark.parametrize(("rc", "reason"), [(127, Why.UNSUPPORTED), (1, Why.UNREADABLE)])
def test_a_section_that_failed_is_no_answer(rc, reason):
    with pytest.raises(Unseen) as caught:
        answer({"k": Frame(key="k", text="oops", rc=rc)}, "k")
    assert caught.value.why is reason


def test_the_own_machine_has_no_host_key_to_compare():
    assert session.PROBE.sections([session.PROBE.args()]) == ()
    assert session.PROBE.parse(session.PROBE.args(), {})["host_key"] == "local"


SS = """ss
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))
tcp LISTEN 0 128 [::]:22 [::]:*
tcp LISTEN 0 128 127.0.0.1:5432 0.0.0.0:*
tcp LISTEN 0 128 [::ffff:127.0.0.1]:8080 *:*
udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*
udp UNCONN 0 0 *:68 *:*
udp UNCONN 0 0 odd-name:69 *:*
raw UNCONN 0 0 *:7 *:*
tcp LISTEN 0 128 0.0.0.0:http 0.0.0.0:*
short line
"""


def test_sockets_are_told_apart_by_who_can_reach_them():
    found = parse(listening, SS)

    assert found["public"] == ["22/tcp", "68/udp", "69/udp"]
    assert found["loopback"] == ["53/udp", "5432/tcp", "8080/tcp"]
    assert found["sockets"][0]["process"] == "sshd"
    assert found["sockets"][0]["addresses"] == ["0.0.0.0", "::"]


def test_without_ss_the_kernels_tables_tell():
    text = (
        "proc\ntcp 00000000:0016\ntcp 0100007F:1538\n"
        "tcp6 00000000000000000000000001000000:0016\nudp zz:1\n"
    )

    found = parse(listening, text)

    assert found["public"] == ["22/tcp"]
    assert found["loopback"] == ["5432/tcp"]


def test_a_list_of_sockets_from_nowhere_is_not_believed():
    assert why(listening, "tcp LISTEN") is Why.UNREADABLE


def test_an_account_that_sees_only_itself_cannot_tell_what_runs():
    with pytest.raises(Unseen) as caught:
        processes.running({"processes": Frame(key="processes", text="sh\n")})
    assert caught.value.why is Why.DENIED


@pytest.mark.parametrize(
    ("daemon", "text", "kept"),
    [
        ("rsyslogd", "", True),
        ("systemd-journal", "", False),
        ("systemd-journal", "journal\n", True),
        ("systemd-journal", "conf Storage=persistent\n", True),
        ("systemd-journal", "journal\nconf Storage=volatile\n", False),
        ("none", "journal\n", False),
    ],
)
def test_logs_are_kept_only_where_something_keeps_them(daemon, text, kept):
    frames = {"processes": Frame(key="processes", text=f"init\n{daemon}\n")}

    assert parse(log_daemons, text, frames=frames)["persistent"] is kept


@pytest.mark.parametrize(
    ("line", "forwards"),
    [
        ("*.* @@log.batu.lab:514", ["@@log.batu.lab:514"]),
        ("#*.* @log", []),
        ('action(type="omfwd" target="10.0.0.5" port="514")', ["10.0.0.5"]),
        ('destination d { network("10.0.0.6" port(514)); };', ["10.0.0.6"]),
        ("URL=https://log.batu.lab", ["https://log.batu.lab"]),
        ("mail@example nothing", []),
    ],
)
def test_forwarding_is_found_in_every_daemons_words(line, forwards):
    found = parse(
        log_daemons, f"conf {line}\nfile 640 root adm /var/log/syslog\nfile odd\n", frames=RUNNING
    )

    assert found["forwards"] == forwards
    assert [f["mode"] for f in found["files"]] == ["0640"]


@pytest.mark.parametrize(
    ("text", "zone", "in_step"),
    [
        ("zone Asia/Jakarta\nntp yes\n", "Asia/Jakarta", True),
        ("zone posix/Asia/Jakarta\nntp no\n", "Asia/Jakarta", False),
        ("Leap status     : Normal\n", "Etc/UTC", True),
        ("Leap status     : Not synchronised\n", "Etc/UTC", False),
        ("ntp maybe\n", "Etc/UTC", None),
    ],
)
def test_the_clock_is_in_step_only_where_a_tool_says_so(text, zone, in_step):
    found = parse(clock, text, frames=RUNNING)

    assert found["zone"] == zone
    assert found.get("synchronised") is in_step
    assert found["service"] == "none"


def test_sources_are_read_in_both_formats():
    text = """\
list 1790000000 /var/lib/apt/lists/x_InRelease
source /etc/apt/sources.list
= # deb http://old lama main
= deb [signed-by=/k] http://mirror/debian bookworm main
= deb-src http://mirror/debian bookworm main
source /etc/apt/sources.list.d/debian.sources
= Types: deb
= URIs: http://mirror/security
= Suites: bookworm-security
= 
= Types: deb
= Enabled: no
= URIs: http://mirror/off
= Suites: off
conf APT::Periodic::Unattended-Upgrade "1";
conf // Unattended-Upgrade "1";
"""

    found = parse(apt, text)

    assert found["suites"] == ["bookworm", "bookworm-security"]
    assert found["security_suite"] is True
    assert found["automatic"] is True
    assert found["lists_time"].startswith("2026-09-")


def test_lists_that_were_never_fetched_are_a_gap():
    found = parse(apt, "source /etc/apt/sources.list\n")

    assert found["gap"]["why"] == "no_data"
    assert (found["security_suite"], found["automatic"]) == (False, False)


def test_a_system_without_apt_is_not_judged():
    assert why(apt, "", rc=127) is Why.UNSUPPORTED


DPKG = "linux-image-{0}\t1\tlinux\t1\tamd64\tii \n"
OS = "os ID=debian\nosrelease {0}\nversion #1 SMP {1}\nuptime 100\nclock 1790000000\narch amd64\n"


@pytest.mark.parametrize(
    ("running", "build", "installed", "files", "reason"),
    [
        ("6.1.0-41-amd64", "Debian 6.1.158-1", "6.1.0-41-amd64", "", ""),
        ("6.1.0-40-amd64", "Debian 6.1.153-1", "6.1.0-41-amd64", "", "kernel"),
        ("6.18.44-fc", "Firecracker", "6.1.0-41-amd64", "", ""),
        (
            "6.1.0-41-amd64",
            "Debian",
            "6.1.0-41-amd64",
            "required\npackage libc6\n",
            "reboot-required",
        ),
    ],
)
def test_a_reboot_waits_where_the_own_kernel_is_older(running, build, installed, files, reason):
    frames = {
        "os": Frame(key="os", text=OS.format(running, build)),
        "packages": Frame(key="packages", text=DPKG.format(installed)),
    }

    found = parse(reboot, files, frames=frames)

    assert (found["reason"], found["required"]) == (reason, bool(reason))


def test_without_an_installed_kernel_none_can_wait():
    frames = {
        "os": Frame(key="os", text=OS.format("6.1", "Debian")),
        "packages": Frame(key="packages", text="bash\t1\tbash\t1\tamd64\tii \n"),
    }

    assert parse(reboot, "", frames=frames)["newest"] == ""


def test_modules_here_are_all_ssh_probes():
    for module in (accounts, file, os_release, packages, sshd, sudoers, walk):
        assert module.PROBE.via == "ssh"


SUDOERS = """/etc/sudoers\t1\tDefaults env_reset
/etc/sudoers\t2\tUser_Alias OPS = budi
/etc/sudoers\t3\troot ALL=(ALL:ALL) ALL # NOPASSWD: in a comment
/etc/sudoers\t4\t#1000 ALL=NOPASSWD: ALL
/etc/sudoers\t5\t@includedir /etc/sudoers.d
/etc/sudoers\t6\tsiti ALL=\\
/etc/sudoers\t7\tNOPASSWD: /usr/bin/id
/etc/sudoers.d/a\t1\tbudi ALL=(ALL) \\
/etc/sudoers.d/b\t1\tDefaults:budi !authenticate
/etc/sudoers.d/b\t2\tjoko ALL=ALL \\
garbage
"""


def test_sudo_rules_are_read_as_sudo_reads_them():
    found = parse(sudoers, SUDOERS)

    assert [(r["rule"], r["place"]) for r in found["nopasswd"]] == [
        ("#1000 ALL=NOPASSWD: ALL", "/etc/sudoers:4"),
        ("siti ALL=NOPASSWD: /usr/bin/id", "/etc/sudoers:6"),
        ("Defaults:budi !authenticate", "/etc/sudoers.d/b:1"),
    ]
    assert found["all_rules"] == 5


def test_an_included_file_that_cannot_be_read_hides_the_rest():
    assert why(sudoers, "?\t0\t/etc/sudoers.d/x\n") is Why.UNREADABLE


@pytest.mark.parametrize(
    ("text", "given", "reason"),
    [
        ("w/etc/a\n#0\n", {"world_writable": ["/etc/a"]}, None),
        ("#124\n", {}, "timeout"),
        ("#1\n", {}, "unreadable"),
        ("=w2000\nw/opt/x\n#0\n", {}, "cut"),
        ("w/etc/a\n#1\n", {"world_writable": ["/etc/a"]}, None),
        ("=w2000\nw/etc/a\n#0\n", {"world_writable": ["/etc/a"]}, None),
    ],
)
def test_a_walk_that_was_not_whole_proves_only_what_it_found(text, given, reason):
    args = walk.WalkArgs(find=("world_writable",), under=("/etc",))

    found = parse(walk, text, args=args)

    assert {k: v for k, v in found.items() if k == "world_writable"} == given
    assert found.get("gap", {}).get("why") == reason


@pytest.mark.parametrize(
    ("text", "rc", "expected"),
    [
        ("", 127, {"installed": False}),
        ("line 3: Bad configuration option", 255, {"valid": False}),
        ("", 255, {"message": "exit status 255"}),
        ("permitrootlogin no\nmaxauthtries many\nport 22\nport 2222\n", 0, {"valid": True}),
    ],
)
def test_sshd_answers_for_itself(text, rc, expected):
    found = parse(sshd, text, rc=rc)

    assert expected.items() <= found.items()
    assert "maxauthtries" not in found


def test_settings_without_the_first_of_all_are_not_believed():
    assert why(sshd, "port 22\n") is Why.UNREADABLE


def test_a_machine_that_cannot_run_sshd_tells_nothing_of_its_settings():
    said = "Missing privilege separation directory: /run/sshd"

    assert why(sshd, said, rc=255) is Why.NO_DATA


@pytest.mark.parametrize(
    ("release", "codename"),
    [
        ('os ID=debian\nos VERSION="8 (jessie)"\n', "jessie"),
        ("os ID=ubuntu\nos UBUNTU_CODENAME=jammy\n", "jammy"),
        ('os ID=rhel\nos VERSION="9 (Plow)"\n', ""),
        ("os ID='broken\nos #X=1\n", ""),
    ],
)
def test_codenames_of_older_and_other_systems(release, codename):
    found = parse(os_release, f"{release}clock 1790000000\nuptime 99999999999\n")

    assert found["codename"] == codename
    assert "booted" not in found


def test_a_system_that_tells_nothing_is_a_gap():
    found = parse(os_release, "clock 1790000000\n")

    assert "id" not in found
    assert found["gap"]["why"] == "no_data"


def test_a_damaged_package_list_is_not_half_believed():
    assert why(packages, "bash\t1\n") is Why.UNREADABLE
    assert why(packages, "") is Why.NO_DATA
