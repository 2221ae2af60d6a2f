"""Who stands behind a port and who runs what was replaced.

The lines of `ss --cgroup` on systemd are written after ss(8) and the kernel's documentation of
control groups: no systemd runs where these tests were written. tests/probes/test_mapped.py asks
real processes.
"""

import pytest

from auditor.model.fact import Why
from auditor.probe import listening, restarts, serving
from tests.unit.probe.asking import frame, parse, why

OS = frame("os", "os ID=debian\narch amd64\n")
SSH = (
    "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* "
    'users:(("sshd",pid=812,fd=3)) cgroup:/system.slice/ssh.service\n'
    "tcp LISTEN 0 128 [::]:22 [::]:* "
    'users:(("sshd",pid=812,fd=4)) cgroup:/system.slice/ssh.service\n'
)
NGINX = (
    "tcp LISTEN 0 511 127.0.0.1:8080 0.0.0.0:* "
    'users:(("nginx",pid=901,fd=6),("nginx",pid=900,fd=6)) cgroup:/system.slice/nginx.service\n'
)
FREE = "udp UNCONN 0 0 127.0.0.1%lo:323 0.0.0.0:* cgroup:/system.slice/chrony.service\n"
MAPPED = """\
root
seen
f 1 /usr/sbin/sshd
f 2 /usr/lib/x86_64-linux-gnu/libcrypto.so.3
p 812 1 2
f 3 /usr/sbin/nginx
p 900 3 2
p 901 3 2
f 4 /usr/lib/systemd/system/ssh.service
n 4 ssh.service
n 1 ssh.service
d 2 sshd
d 2 php-fpm: pool
owners dpkg
openssh-server: /usr/sbin/sshd
libssl3:amd64: /usr/lib/x86_64-linux-gnu/libcrypto.so.3
diversion by dash from: /usr/sbin/nginx
nginx-core, nginx-light: /usr/sbin/nginx
openssh-server: /lib/systemd/system/ssh.service
"""


def given(sockets, mapped=MAPPED, tool="ss"):
    return OS | frame("listening", f"{tool}\n{sockets}") | frame("mapped", mapped)


def served(sockets, mapped=MAPPED, tool="ss"):
    found = parse(serving, None, frames=given(sockets, mapped, tool))
    return {row.pop("port"): row for row in found["sockets"]}, found["complete"]


def waiting(mapped):
    found = parse(restarts, None, frames=given("", mapped))
    return {row["package"]: row["processes"] for row in found.get("services", ())}, found[
        "complete"
    ]


@pytest.mark.parametrize(
    "mapped",
    ["", "f\nf 1\nn\nn 1\nb\nl\np\no\nd\nd 9 x\np 812 7\nowners pacman\nx", "\0\n\n \nowners \n"],
)
def test_lines_that_are_cut_or_odd_name_no_package(mapped):
    rows, complete = served(SSH, mapped)

    assert (rows["22/tcp"]["packages"], rows["22/tcp"]["libraries"]) == ([], [])
    assert complete is False
    assert waiting(mapped) == ({}, False)


@pytest.mark.parametrize("key", ["listening", "mapped", "os"])
def test_where_a_part_is_missing_nothing_is_seen(key):
    frames = given(SSH) | frame(key, "", rc=124)

    assert why(serving, None, frames=frames) is Why.TIMEOUT
    assert why(serving, None, frames=given("", tool="lsof")) is Why.UNREADABLE


def test_a_package_is_behind_a_port_by_its_unit_and_its_program():
    rows, complete = served(SSH + NGINX)

    assert rows == {
        "22/tcp": {
            "public": True,
            "unit": "ssh.service",
            "process": "sshd",
            "packages": ["openssh-server"],
            "libraries": ["libssl3"],
        },
        "8080/tcp": {
            "public": False,
            "unit": "nginx.service",
            "process": "nginx",
            "packages": ["nginx-core", "nginx-light"],
            "libraries": ["libssl3"],
        },
    }
    assert complete is True


def test_without_root_a_unit_still_tells_its_package():
    sockets = SSH.replace('users:(("sshd",pid=812,fd=3))', "").replace("pid=812", "pid=0")
    mapped = MAPPED.replace("root\n", "").replace("p 812 1 2\n", "")

    rows, complete = served(sockets, mapped)

    assert (rows["22/tcp"]["unit"], rows["22/tcp"]["packages"]) == (
        "ssh.service",
        ["openssh-server"],
    )
    assert rows["22/tcp"]["libraries"] == []
    assert complete is False


@pytest.mark.parametrize(
    "change",
    [
        ("root\n", ""),
        ("seen\n", ""),
        ("p 812 1 2\n", ""),
        ("owners", "x\nowners"),
        ("d 2", "cut\nd 2"),
    ],
)
def test_what_was_not_looked_at_is_not_complete(change):
    assert served(SSH, MAPPED.replace(change[0], change[1], 1))[1] is False


def test_sockets_of_the_kernels_tables_name_nobody():
    rows, complete = served("tcp 00000000:0016\n", tool="proc")

    assert rows["22/tcp"]["packages"] == []
    assert complete is False


def test_a_process_in_a_container_has_no_package_of_this_system():
    rows, complete = served(SSH.replace("ssh.service", "docker-0f.scope"), "root\nseen\no 812\n")

    assert (rows["22/tcp"]["unit"], rows["22/tcp"]["packages"]) == ("docker-0f.scope", [])
    assert complete is True


def test_a_socket_of_the_kernel_is_nobodys():
    assert served(FREE) == (
        {
            "323/udp": {
                "public": False,
                "unit": "chrony.service",
                "process": "",
                "packages": [],
                "libraries": [],
            }
        },
        True,
    )


def test_a_program_of_no_package_hides_no_library():
    rows, _ = served(NGINX, MAPPED.replace("p 901 3 2", "p 901 0 2").replace("p 900 3 2", "p 900"))

    assert (rows["8080/tcp"]["packages"], rows["8080/tcp"]["libraries"]) == ([], ["libssl3"])


HELD = "tcp LISTEN 0 4096 *:22 *:* users:(("
ACTIVATED = """\
root
seen
f 1 /usr/lib/systemd/systemd
p 1 1
f 2 /usr/lib/systemd/system/ssh.socket
n 2 ssh.socket
b ssh.socket ssh.service ssh@.service
f 3 /usr/sbin/sshd
n 3 ssh.service
f 4 /usr/lib/systemd/system/ssh@.service
n 4 ssh@.service
p 812 3
owners dpkg
systemd: /usr/lib/systemd/systemd
openssh-server: /usr/lib/systemd/system/ssh.socket
openssh-sftp: /usr/sbin/sshd
openssh-extra: /usr/lib/systemd/system/ssh@.service
"""


@pytest.mark.parametrize(
    ("cgroup", "more", "unit"),
    [
        ("/system.slice/ssh.socket", "", "ssh.socket"),
        ("/init.scope", "l 22/tcp ssh.socket\n", "ssh.socket"),
    ],
)
def test_of_a_socket_that_systemd_holds_the_service_counts(cgroup, more, unit):
    alone = f'{HELD}("systemd",pid=1,fd=70)) cgroup:{cgroup}\n'
    both = f'{HELD}("sshd",pid=812,fd=3),("systemd",pid=1,fd=70)) cgroup:{cgroup}\n'
    mapped = ACTIVATED.replace("owners", f"{more}owners", 1)

    rows, complete = served(alone, mapped)
    assert rows["22/tcp"]["unit"] == unit
    assert rows["22/tcp"]["packages"] == ["openssh-server", "openssh-sftp", "openssh-extra"]
    assert complete is False
    assert served(both, mapped)[1] is True


def test_systemd_itself_may_serve():
    rows, complete = served(f'{HELD}("systemd",pid=1,fd=70)) cgroup:/init.scope\n', ACTIVATED)

    assert (rows["22/tcp"]["unit"], rows["22/tcp"]["packages"]) == ("", ["systemd"])
    assert complete is True


@pytest.mark.parametrize(
    ("cgroup", "unit"),
    [
        (
            "cgroup:/system.slice/system-postgresql.slice/postgresql@15-main.service",
            "postgresql@15-main.service",
        ),
        ("cgroup:/system.slice/docker.service/payload", "docker.service"),
        ("cgroup:/user.slice/user-0.slice/session-1.scope", "session-1.scope"),
        ("cgroup:/", ""),
        ("cgroup:unreachable:1a2b", ""),
        ("", ""),
        ("cgroup:/system.slice/..;rm.service", ""),
    ],
)
def test_the_unit_is_the_innermost_of_the_control_group(cgroup, unit):
    rows, _ = served(f"tcp LISTEN 0 1 0.0.0.0:5432 0.0.0.0:* {cgroup}\n")

    assert rows["5432/tcp"]["unit"] == unit


def test_replaced_files_go_by_their_package_or_by_themselves():
    gone = MAPPED.replace("d 2 sshd", "f 9 /usr/lib/libgone.so.1\nd 9 mysqld\nd 2 sshd")

    assert waiting(gone) == (
        {"libssl3": ["php-fpm: pool", "sshd"], "/usr/lib/libgone.so.1": ["mysqld"]},
        True,
    )
    assert waiting(gone.replace("root\n", ""))[1] is False
    assert "services" not in parse(restarts, None, frames=given("", "seen\n"))
    assert waiting("root\nseen\n") == ({}, True)


def test_foreign_architectures_are_named_as_in_the_list():
    mapped = MAPPED.replace("libssl3:amd64", "libssl3:i386")

    assert served(SSH, mapped)[0]["22/tcp"]["libraries"] == ["libssl3:i386"]


NONE = "file /proc/uptime is not owned by any package\n"
RPM = f"""\
root
seen
f 1 /usr/sbin/sshd
f 2 /usr/lib64/libcrypto.so.3
f 3 /usr/lib/libz.so.1
p 812 1 2 3
owners rpm
openssh-server\tx86_64
{NONE}openssl-libs\tx86_64
openssl-libs\ti686
{NONE}file /usr/lib/libz.so.1 is not owned by any package
{NONE}"""


def test_rpms_answers_are_told_apart_by_their_order():
    rows, _ = served(SSH, RPM)

    assert rows["22/tcp"]["packages"] == ["openssh-server"]
    assert rows["22/tcp"]["libraries"] == ["openssl-libs", "openssl-libs:i686"]


@pytest.mark.parametrize("text", [RPM.replace(NONE, "", 1), RPM + NONE, RPM.partition("owners")[0]])
def test_answers_of_rpm_that_do_not_match_are_no_answers(text):
    assert served(SSH, text)[0]["22/tcp"]["packages"] == []


def test_apk_tells_package_and_file():
    mapped = RPM.partition("owners")[0] + "owners apk\nopenssh-server\t/usr/sbin/sshd\nodd\n\t\n"

    assert served(SSH, mapped)[0]["22/tcp"]["packages"] == ["openssh-server"]


def test_control_groups_change_nothing_for_who_listens():
    found = parse(listening, f"ss\n{SSH}{NGINX}{FREE}")

    assert found["public"] == ["22/tcp"]
    assert found["loopback"] == ["323/udp", "8080/tcp"]
    assert [row["process"] for row in found["sockets"]] == ["sshd", "", "nginx"]
