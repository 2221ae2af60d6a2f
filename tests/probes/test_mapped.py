"""Real processes that listen, and real files replaced under them, seen through real /proc, dpkg,
rpm and each awk. Only systemd's part of it is played: a program that prints what ss(8) documents.
"""

import shlex
import subprocess

import pytest

from auditor.probe import listening, restarts, serving
from auditor.probe.script import read_frames
from tests.probes.capture import understood
from tests.probes.overlay import as_account, asked, frames, run

AWKS = ["mawk", "gawk", "busybox awk"]
LISTEN = "/usr/bin/busybox nc -l -p {port} >/dev/null 2>&1 &"
LIBC = "/lib/x86_64-linux-gnu/libc.so.6"
REPLACE = f"cp -p {LIBC} {LIBC}.dpkg-new; mv {LIBC}.dpkg-new {LIBC}"
WAIT = "until grep -q ':1F90 ' /proc/net/tcp*; do sleep 0.01; done"


def visit(tmp_path, *before, prepare=":", awk="mawk", account=()):
    """Run commands on the target, then ask; return both facts, and the visit."""
    probes, script = asked((serving.PROBE, {}), (restarts.PROBE, {}))
    other = f"rm -f usr/bin/awk; printf '#!/bin/sh\nexec {awk} \"$@\"' >usr/bin/awk"
    shell = " ".join(map(shlex.quote, as_account(account, "sh", "-s") if account else ("sh", "-s")))
    done = run(
        tmp_path,
        "sh",
        "-c",
        "\n".join(("ip link set lo up", *before, f"exec {shell}")),
        text=script.text,
        prepare=f"{prepare}\n{other}; chmod +x usr/bin/awk",
    )
    seen = frames(done, script)
    served, waiting = (understood(probe, seen).get("record") for probe in probes)
    return served, waiting, seen


def ports(served):
    return {row.pop("port"): row for row in served["sockets"]}


@pytest.mark.parametrize("awk", AWKS)
def test_program_and_libraries_of_what_listens(tmp_path, awk):
    served, waiting, _ = visit(tmp_path, LISTEN.format(port=8080), WAIT, awk=awk)

    row = ports(served)["8080/tcp"]
    assert (row["public"], row["unit"], row["process"]) == (True, "", "busybox")
    assert row["packages"] == ["busybox"]
    assert "libc6" in row["libraries"]
    assert served["complete"] is True
    assert waiting == {"services": [], "complete": True}


@pytest.mark.parametrize("awk", AWKS)
def test_a_replaced_library_is_told_with_its_package_and_who_has_it(tmp_path, awk):
    start = "sleep 99 & cp /usr/bin/sleep '/usr/bin/tidur'; /usr/bin/tidur 98 & sleep 0.2"

    _, waiting, _ = visit(tmp_path, start, REPLACE, awk=awk)

    told = {row["package"]: row["processes"] for row in waiting["services"]}
    assert {"sleep", "tidur"} <= set(told["libc6"])
    assert waiting["complete"] is True


def test_a_program_that_is_gone_stands_for_itself(tmp_path):
    start = "cp /usr/bin/sleep '/usr/bin/tidur'; /usr/bin/tidur 98 & sleep 0.2; rm /usr/bin/tidur"

    _, waiting, _ = visit(tmp_path, start)

    assert waiting["services"] == [{"package": "/usr/bin/tidur", "processes": ["tidur"]}]


def test_deleted_files_that_are_no_programs_are_no_matter(tmp_path):
    start = "cp /usr/bin/sleep /tmp/tidur; /tmp/tidur 98 & sleep 0.2; rm /tmp/tidur"
    start += "\nprintf x >/usr/share/data; tail -f /usr/share/data & sleep 0.2; rm /usr/share/data"

    _, waiting, _ = visit(tmp_path, start)

    assert waiting["services"] == []


def test_names_of_processes_are_only_names(tmp_path):
    name = "a b;$(id)"
    start = f"cp /usr/bin/sleep '/usr/bin/{name}'; '/usr/bin/{name}' 98 & sleep 0.2"

    _, waiting, _ = visit(tmp_path, start, REPLACE)

    (row,) = [row for row in waiting["services"] if row["package"] == "libc6"]
    assert name in row["processes"]


def test_without_root_only_own_processes_are_seen(tmp_path):
    served, waiting, _ = visit(
        tmp_path, "sleep 99 &", LISTEN.format(port=8080), WAIT, REPLACE, account=65534
    )

    assert served["complete"] is waiting["complete"] is False
    assert ports(served)["8080/tcp"]["packages"] == []
    assert [r for r in waiting.get("services", ()) if "sleep" in r["processes"]] == []


CONTAINER = """
mkdir -p /srv/c/usr /srv/c/proc
for n in bin lib lib64; do ln -s usr/$n /srv/c/$n; done
unshare -m sh -c 'mount --bind /usr /srv/c/usr; exec chroot /srv/c {}' &
"""


def test_a_container_s_files_are_not_this_system_s(tmp_path):
    inside = CONTAINER.format(LISTEN.format(port=8080).replace("&", "").split(">")[0])

    served, waiting, _ = visit(tmp_path, inside, WAIT, REPLACE)

    row = ports(served)["8080/tcp"]
    assert (row["packages"], row["libraries"]) == ([], [])
    assert served["complete"] is True
    assert not any("busybox" in row["processes"] for row in waiting["services"])


def test_a_service_with_mounts_of_its_own_is_this_system_s():
    """On this machine itself: seen from within a chroot, paths in other mounts begin elsewhere."""
    probes, script = asked((serving.PROBE, {}))
    private = f"unshare -m {LISTEN.format(port=8080)}"
    shell = f"ip link set lo up\n{private}\n{WAIT}\nexec sh -s"

    done = subprocess.run(
        ["unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", shell],
        input=script.text.encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )

    seen = read_frames(done.stdout, script.nonce, script.sections)
    served = probes[0].type.parse(probes[0].args, seen)
    assert ports(served)["8080/tcp"]["packages"] == ["busybox"]


SS = r"""
mv usr/bin/ss usr/bin/ss-real
cat >usr/bin/ss <<'END'
#!/bin/sh
cat /srv/sockets
END
chmod +x usr/bin/ss
mkdir -p usr/lib/systemd/system etc/systemd/system
"""


def played(sockets, more=""):
    return f"{SS}\ncat >srv/sockets <<'END'\n{sockets}\nEND\nrm -rf etc/systemd/system/*\n{more}"


def line(port, cgroup, users=""):
    return f"tcp LISTEN 0 128 0.0.0.0:{port} 0.0.0.0:* {users} cgroup:{cgroup}"


@pytest.mark.parametrize("awk", AWKS)
def test_a_unit_leads_to_its_package_without_root(tmp_path, awk):
    """The unit file of Debian's openssh-server is real; it stands below /lib in dpkg's list."""
    sockets = line(22, "/system.slice/ssh.service")

    served, _, _ = visit(tmp_path, prepare=played(sockets), awk=awk, account=65534)

    row = ports(served)["22/tcp"]
    assert (row["unit"], row["packages"]) == ("ssh.service", ["openssh-server"])
    assert served["complete"] is False


def test_an_own_unit_leads_to_the_program_that_it_starts(tmp_path):
    unit = (
        "printf '[Service]\nExecStart=-/usr/bin/busybox httpd\n' >etc/systemd/system/web@.service"
    )
    sockets = line(80, "/system.slice/system-web.slice/web@kota.service")

    served, _, _ = visit(tmp_path, prepare=played(sockets, unit))

    row = ports(served)["80/tcp"]
    assert (row["unit"], row["packages"]) == ("web@kota.service", ["busybox"])


def test_an_init_script_is_a_unit_too(tmp_path):
    (script,) = subprocess.run(
        ["sh", "-c", "cd /etc/init.d && dpkg-query -S /etc/init.d/* 2>&- | head -n 1"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    package, _, path = script.partition(": ")
    sockets = line(99, f"/system.slice/{path.rpartition('/')[2]}.service")

    served, _, _ = visit(tmp_path, prepare=played(sockets))

    assert package in ports(served)["99/tcp"]["packages"]


@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize(
    ("cgroup", "users"),
    [
        ("/init.scope", 'users:(("systemd",pid=1,fd=70))'),
        ("/system.slice/ssh.socket", ""),
    ],
    ids=["held by systemd", "opened in its own group"],
)
def test_a_socket_unit_leads_to_the_service_that_it_starts(tmp_path, awk, cgroup, users):
    """Debian's own ssh.socket listens on port 22 and starts ssh@.service."""
    sockets = line(22, cgroup, users)
    alone = "rm -f lib/systemd/system/tinysshd*"  # installed for other tests, on the same port

    served, _, _ = visit(tmp_path, prepare=played(sockets, alone), awk=awk)

    row = ports(served)["22/tcp"]
    assert (row["unit"], row["packages"]) == ("ssh.socket", ["openssh-server"])
    assert served["complete"] is False


def test_a_socket_unit_may_name_its_service_and_have_its_port_in_a_drop_in(tmp_path):
    units = r"""
cd etc/systemd/system
printf '[Socket]\nListenStream=127.0.0.1:631\nService=cetak.service\n' >kertas.socket
mkdir kertas.socket.d
printf '[Socket]\nListenStream=[::]:7070\nListenDatagram=7071\n' >kertas.socket.d/port.conf
printf '[Service]\nExecStart=/usr/bin/busybox nc\n' >cetak.service
cd ../../..
"""
    users = 'users:(("systemd",pid=1,fd=70))'
    sockets = "\n".join(line(port, "/init.scope", users) for port in (631, 7070, 7072))

    served, _, _ = visit(tmp_path, prepare=played(sockets, units))

    rows = ports(served)
    assert rows["631/tcp"]["packages"] == rows["7070/tcp"]["packages"] == ["busybox"]
    assert rows["7070/tcp"]["unit"] == "kertas.socket"
    assert "busybox" not in rows["7072/tcp"]["packages"]


def test_an_ss_that_knows_no_control_groups_is_asked_without(tmp_path):
    old = "mv usr/bin/ss usr/bin/ss-real; cat >usr/bin/ss <<'END'\n#!/bin/sh\n"
    old += 'case $* in *cgroup*) echo unrecognized >&2; exit 255 ;; esac\nexec ss-real "$@"\nEND\n'

    served, _, _ = visit(
        tmp_path, LISTEN.format(port=8080), WAIT, prepare=f"{old}chmod +x usr/bin/ss"
    )

    assert ports(served)["8080/tcp"]["process"] == "busybox"


def test_a_list_of_sockets_that_fails_is_not_an_empty_one(tmp_path):
    broken = "mv usr/bin/ss usr/bin/ss-real; printf '#!/bin/sh\nexit 3\n' >usr/bin/ss"
    (probe,), script = asked((listening.PROBE, {}))

    done = run(tmp_path, "sh", "-s", text=script.text, prepare=f"{broken}; chmod +x usr/bin/ss")

    assert understood(probe, frames(done, script)) == {"unseen": "unreadable"}


def test_files_without_end_are_not_all_looked_at(tmp_path):
    many = r"""
cd etc/systemd/system
for n in $(seq 300); do
  printf '[Socket]\nListenStream=80\n' >u$n.socket
  for m in 1 2 3; do printf 'ExecStart=/usr/bin/p%s-%s\n' $n $m; done >u$n.service
done
cd ../../..
"""
    sockets = line(80, "/init.scope", 'users:(("systemd",pid=1,fd=70))')

    served, waiting, seen = visit(tmp_path, prepare=played(sockets, many))

    assert served["complete"] is waiting["complete"] is False
    assert len(seen["mapped"].text) < 100_000


SPEC = """
Name: dasar
Version: 1
Release: 1
Summary: x
License: x
%description
x
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/usr/lib/x86_64-linux-gnu
touch %{buildroot}/usr/bin/busybox %{buildroot}/usr/lib/x86_64-linux-gnu/libc.so.6
%files
%package -n kotak
Summary: x
%description -n kotak
x
%files -n kotak
/usr/bin/busybox
%package -n glibc
Summary: x
%description -n glibc
x
%files -n glibc
/usr/lib/x86_64-linux-gnu/libc.so.6
"""


@pytest.fixture(scope="module")
def rpms(tmp_path_factory):
    """Packages that say that files of this machine are theirs; only their database is installed."""
    folder = tmp_path_factory.mktemp("rpms")
    (folder / "dasar.spec").write_text(SPEC)
    command = ["rpmbuild", "-bb", "--define", f"_topdir {folder}", str(folder / "dasar.spec")]
    subprocess.run(command, capture_output=True, check=True)
    return " ".join(shlex.quote(str(path)) for path in folder.glob("RPMS/*/*.rpm"))


def red_hat(rpms):
    return f"""
rm var/lib/dpkg/info/base-files.list
mkdir -p etc/rpm
echo '%_dbpath /var/lib/rpm' >etc/rpm/macros
rpm --dbpath "$PWD/var/lib/rpm" -i --justdb --nodeps --ignorearch --ignoreos {rpms} 2>&-
"""


@pytest.mark.parametrize("account", [(), 65534])
def test_rpm_tells_whose_the_files_are_and_writes_nothing(tmp_path, rpms, account):
    probes, script = asked((serving.PROBE, {}), (restarts.PROBE, {}))
    shell = " ".join(as_account(account, "sh", "-s") if account else ("sh", "-s"))
    start = (LISTEN.format(port=8080), WAIT, f"exec {shell}")
    if account:
        start = (f"{' '.join(as_account(account, LISTEN.format(port=8080)))}", *start[1:])

    done = run(tmp_path, "sh", "-c", "\n".join(start), text=script.text, prepare=red_hat(rpms))

    served = probes[0].type.parse(probes[0].args, frames(done, script))
    (row,) = served["sockets"]
    assert row["packages"] == ["kotak"]
    assert row["libraries"] == ["glibc"]
    assert done.written == []


def test_apk_tells_whose_the_files_are(tmp_path):
    database = r"""
rm var/lib/dpkg/info/base-files.list
mkdir -p lib/apk/db
cat >lib/apk/db/installed <<'END'
P:busybox
V:1.36.1-r15
F:bin
R:busybox
F:usr/bin
R:busybox

P:musl
V:1.2.4-r2
F:lib/x86_64-linux-gnu
R:libc.so.6
END
"""
    served, _, _ = visit(tmp_path, LISTEN.format(port=8080), WAIT, prepare=database)

    row = ports(served)["8080/tcp"]
    assert (row["packages"], row["libraries"]) == (["busybox"], ["musl"])
