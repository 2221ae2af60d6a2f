"""What the golden cases of real targets do not show: odd, broken and foreign answers."""

import pytest

from auditor.model.fact import Why
from auditor.probe import listening, os_release, packages, session, sshd, sudoers, walk
from auditor.probe.base import Frame, Unseen, answer, take
from tests.unit.probe.asking import parse, why


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
tcp LISTEN 0 128 [::]:22 [::]:* users:(("twin",pid=2,fd=3))
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
        ("permitrootlogin no\nvalid no\nmessage forged\n", 0, {"valid": True, "message": ""}),
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
