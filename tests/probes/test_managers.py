"""The package list from the real rpm (databases in SQLite and Berkeley DB) and from apk's file:
what it says, and that asking writes nothing. Real dpkg is asked by test_real_runs.py.
"""

import shlex
import subprocess

import pytest

from auditor.probe import file, os_release, package, packages, reboot
from auditor.probe.base import Unseen
from tests.probes.capture import understood
from tests.probes.overlay import as_account, asked, frames, run

SPEC = """
Name: dasar
Version: 1
Release: 1
Summary: x
License: x
Vendor: Pabrik Kota
%description
x
%files
"""
KERNEL = "5.14.0-362.24.1.el9_3"
OLD_KERNEL = "5.14.0-362.8.1.el9_3"
SETS = {
    "x86_64": (
        ("bash", "", "5.1.8", "6.el9_1"),
        ("bind", "32", "9.16.23", "14.el9_3"),
        ("glibc", "", "2.34", "83.el9_3.7"),
        ("kernel-core", "", *KERNEL.split("-")),
        ("NetworkManager", "1", "1.44.0", "5.el9_3"),
        ("nodejs", "1", "20.11.1", "1.module+el8"),
    ),
    "i686": (("glibc", "", "2.34", "83.el9_3.7"),),
    "noarch": (("tzdata", "", "2024a", "1.el9"),),
    "older": (("kernel-core", "", *OLD_KERNEL.split("-")),),
}


@pytest.fixture(scope="module")
def rpms(tmp_path_factory):
    """Packages with Red Hat's names and versions and without files, made by the real rpmbuild."""
    folder = tmp_path_factory.mktemp("rpms")
    for name, wanted in SETS.items():
        arch = "x86_64" if name == "older" else name
        spec = folder / f"{name}.spec"
        spec.write_text(SPEC + "".join(subpackage(*one) for one in wanted))
        command = ["rpmbuild", "-bb", f"--target={arch}", "--define", f"_topdir {folder}"]
        subprocess.run([*command, str(spec)], capture_output=True, check=True)
    return [path for path in folder.glob("RPMS/*/*.rpm") if not path.name.startswith("dasar-")]


LABELS = {"nodejs": "nodejs:20:8090020240228165436:a75119d5"}


def subpackage(name, epoch, version, release):
    head = f"\n%package -n {name}\nVersion: {version}\nRelease: {release}\nSummary: x\n"
    more = f"Epoch: {epoch}\n" if epoch else ""
    more += f"ModularityLabel: {LABELS[name]}\n" if name in LABELS else ""
    return f"{head}{more}%description -n {name}\nx\n%files -n {name}\n"


RED_HAT = """
rm var/lib/dpkg/info/base-files.list
mkdir -p etc/rpm
echo '%_dbpath /var/lib/rpm' >etc/rpm/macros
"""
BERKELEY = """
cd var/lib/rpm
python3 -c '
import sqlite3
rows = sqlite3.connect("rpmdb.sqlite").execute("select hnum, blob from Packages").fetchall()
for number, header in [(0, len(rows).to_bytes(4, "little")), *rows]:
    print("", number.to_bytes(4, "little").hex())
    print("", header.hex())
' >rows
{ printf 'VERSION=3\nformat=bytevalue\ntype=hash\nHEADER=END\n'; cat rows; echo DATA=END; } |
  db5.3_load Packages
rm rows rpmdb.sqlite*
"""
"""Headers as older releases keep them: Packages is a hash table from a number to a header."""


def system(rpms, more=""):
    files = " ".join(shlex.quote(str(path)) for path in rpms)
    options = "--justdb --nodeps --ignorearch --ignoreos"
    return f'{RED_HAT}\nrpm --dbpath "$PWD/var/lib/rpm" -i {options} {files} 2>&-\n{more}'


QUESTIONS = (
    (os_release.PROBE, {}),
    (package.PROBE, {"name": ("NetworkManager", "glibc", "openssh-server")}),
    (packages.PROBE, {}),
    (reboot.PROBE, {}),
)
EXPECTED = {
    "NetworkManager": ("1:1.44.0-5.el9_3", "x86_64"),
    "bash": ("5.1.8-6.el9_1", "x86_64"),
    "bind": ("32:9.16.23-14.el9_3", "x86_64"),
    "nodejs": ("1:20.11.1-1.module+el8", "x86_64"),
    "glibc": ("2.34-83.el9_3.7", "x86_64"),
    "glibc:i686": ("2.34-83.el9_3.7", "i686"),
    "kernel-core": (KERNEL, "x86_64"),
    f"kernel-core-{OLD_KERNEL}": (OLD_KERNEL, "x86_64"),
    "tzdata": ("2024a-1.el9", "noarch"),
}


def visit(folder, prepare, *shell):
    probes, script = asked(*QUESTIONS)
    done = run(folder, *(shell or ("sh", "-s")), prepare=prepare, text=script.text)
    seen = frames(done, script)
    return {probe.type.name: understood(probe, seen) for probe in probes}, seen, done


NOBODY = as_account(65534, "sh", "-s")


@pytest.mark.parametrize("shell", [("sh", "-s"), ("busybox", "sh", "-s"), NOBODY])
@pytest.mark.parametrize("more", ["", BERKELEY], ids=["sqlite", "berkeley"])
def test_rpm_is_asked_and_nothing_is_written(tmp_path, rpms, more, shell):
    seen, _, done = visit(tmp_path, system(rpms, more), *shell)

    record = seen["packages"]["record"]
    assert record["manager"] == "rpm"
    assert {p["name"]: (p["version"], p["arch"]) for p in record["packages"]} == EXPECTED
    assert {p["source"] for p in record["packages"]} == {"dasar"}
    assert {p["source_version"] for p in record["packages"]} == {"1-1"}
    assert done.written == []


@pytest.mark.parametrize(("more", "stream"), [("", "nodejs:20"), ("rm -r etc/dnf", "")])
def test_a_module_is_told_where_dnf_keeps_modules(tmp_path, rpms, more, stream):
    seen, _, _ = visit(tmp_path, system(rpms, f"mkdir -p etc/dnf/modules.d\n{more}"))

    told = {p["name"]: (p["stream"], p["vendor"]) for p in seen["packages"]["record"]["packages"]}
    assert told.pop("nodejs") == (stream, "Pabrik Kota")
    assert set(told.values()) == {("", "Pabrik Kota")}


def test_a_label_that_rpm_does_not_know_would_be_refused(tmp_path, rpms):
    line = "rpm -qa --qf '%|NOSUCHTAG?{%{NOSUCHTAG}}|%{NAME}' 2>&1"
    done = run(tmp_path, "sh", "-c", line, prepare=system(rpms))

    assert b"unknown tag" in done.output
    assert b"bash" not in done.output


def test_the_named_packages_are_found_and_holding_is_unknown(tmp_path, rpms):
    seen, _, _ = visit(tmp_path, system(rpms))

    there, also, absent = seen["package"]["record"]["packages"]
    assert (there["installed"], there["version"]) == (True, "1:1.44.0-5.el9_3")
    assert also["gap"]["why"] == "unsupported"
    assert absent == {"name": "openssh-server", "installed": False, "version": "", "held": False}


def test_rpm_as_root_would_write_and_that_would_be_noticed(tmp_path, rpms):
    done = run(tmp_path, "rpm", "-qa", prepare=system(rpms))

    assert b"bash-5.1.8-6.el9_1.x86_64" in done.output
    assert any("var/lib/rpm/rpmdb.sqlite-" in line for line in done.written)


@pytest.mark.parametrize(
    ("more", "why", "words"),
    [
        ("rm var/lib/rpm/rpmdb.sqlite-*", "unsupported", "lacks its index"),
        ("chmod 700 var/lib/rpm", "unreadable", "Unable to open"),
        ("rm var/lib/rpm/*", "unreadable", "Unable to open"),
        ("echo x >var/lib/rpm/rpmdb.sqlite", "unreadable", "failed with status"),
    ],
    ids=["no index", "closed", "no database", "broken"],
)
def test_where_rpm_cannot_read_without_writing_nothing_is_seen(tmp_path, rpms, more, why, words):
    seen, answers, done = visit(tmp_path, system(rpms, more))

    assert seen["packages"] == seen["package"] == {"unseen": why}
    with pytest.raises(Unseen, match=words):
        packages.read_packages(answers)
    assert done.written == []


def test_a_broken_header_is_no_absent_package(tmp_path, rpms):
    more = """
python3 -c '
import sqlite3
with sqlite3.connect("var/lib/rpm/rpmdb.sqlite") as database:
    database.execute("update Packages set blob = ? where hnum = 3", (bytes(9),))
'
rpm --dbpath "$PWD/var/lib/rpm" -qa >&- 2>&- || :
"""

    seen, _, _ = visit(tmp_path, system(rpms, more))

    assert seen["packages"] == {"unseen": "unreadable"}


def test_rpm_beside_dpkg_is_not_the_systems_manager(tmp_path, rpms):
    prepare = system(rpms).replace("rm var/lib/dpkg/info/base-files.list", ":")

    seen, _, _ = visit(tmp_path, prepare)

    assert seen["packages"]["record"]["manager"] == "dpkg"


INSTALLED = """\
C:Q1AAAA=
P:alpine-baselayout
V:3.4.3-r2
A:x86_64
S:8917
T:Alpine base dir structure and init scripts
o:alpine-baselayout
F:root
M:0:0:700
R:spool
a:0:0:777

C:Q1BBBB=
P:openssh-server
V:9.6_p1-r0
A:x86_64
o:openssh
R:V:not a version

P:.build-deps
V:20240101.000000
A:noarch

P:linux-lts
V:6.6.7-r0
A:x86_64
o:linux-lts
"""
ALPINE = f"""
rm var/lib/dpkg/info/base-files.list
mkdir -p lib/apk/db
cat >lib/apk/db/installed <<'END'
{INSTALLED}END
"""


@pytest.mark.parametrize(
    ("more", "shell"),
    [
        ("", ("sh", "-s")),
        ("rm usr/bin/rpm usr/bin/dpkg*; ln -sf /usr/bin/busybox etc/alternatives/awk", ()),
        ("", ("busybox", "sh", "-s")),
        ("", NOBODY),
    ],
    ids=["dash", "busybox awk", "busybox sh", "no root"],
)
def test_apks_file_is_read(tmp_path, more, shell):
    seen, _, done = visit(tmp_path, f"{ALPINE}\n{more}", *shell)

    assert seen["packages"]["record"] == {
        "manager": "apk",
        "packages": [
            {
                "name": name, "version": version, "source": source,
                "source_version": version, "arch": arch, "status": "apk", "stream": "",
                "vendor": "",
            }
            for name, version, source, arch in (
                ("alpine-baselayout", "3.4.3-r2", "alpine-baselayout", "x86_64"),
                ("openssh-server", "9.6_p1-r0", "openssh", "x86_64"),
                (".build-deps", "20240101.000000", "", "noarch"),
                ("linux-lts", "6.6.7-r0", "linux-lts", "x86_64"),
            )
        ],
    }  # fmt: skip
    assert seen["package"]["record"]["packages"][2]["installed"] is True
    assert done.written == []


@pytest.mark.parametrize(
    ("more", "shell", "why"),
    [
        (": >lib/apk/db/installed", (), "no_data"),
        ("sed -i /^V:3/d lib/apk/db/installed", (), "unreadable"),
        ("chmod 600 lib/apk/db/installed", NOBODY, "unreadable"),
        ("rm -r lib/apk usr/bin/rpm usr/bin/dpkg-query", (), "unsupported"),
    ],
    ids=["empty", "without a version", "closed", "none"],
)
def test_a_database_that_is_not_whole_gives_no_package(tmp_path, more, shell, why):
    seen, _, _ = visit(tmp_path, f"{ALPINE}\n{more}", *shell)

    assert seen["packages"] == {"unseen": why}


def test_asking_rpm_starts_two_processes(tmp_path, rpms):
    """timeout(1) and rpm, into which chroot and env turn."""
    _, with_rpm = asked((packages.PROBE, {}))
    _, without = asked((file.PROBE, {"path": "/etc/hostname"}))
    prepare = system(rpms)

    counted = [run(tmp_path, "sh", "-s", prepare=prepare, text=with_rpm.text).processes]
    other = tmp_path / "other"
    other.mkdir()
    counted.append(run(other, "sh", "-s", prepare=prepare, text=without.text).processes)

    assert counted[0] <= counted[1] + 1
