"""What the targets of the lab are like: each role and each fault, seen without the auditor."""

from pathlib import Path

import paramiko
import pytest

from tests.lab import Fault, Lab, TargetSpec
from tests.lab.client import connect, password_login, s_client, ssh, wait_until

PACKAGES = {"bad": 354, "expired": 353, "good": 371}
DEBIAN = {"bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media"}
DEBIAN |= {"mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"}


@pytest.fixture(scope="module")
def small():
    """Roles and faults that the audited lab does not have."""
    specs = (
        TargetSpec("apache", sites=("apache.batu.lab",), roles=("apache",)),
        TargetSpec("basis", roles=("database",)),
        TargetSpec("maria", roles=("mariadb",), faults=frozenset({Fault.DATABASE_OPEN})),
        TargetSpec("refuses", faults=frozenset({Fault.REFUSES})),
        TargetSpec("telnet", faults=frozenset({Fault.TELNET, Fault.UNOWNED})),
        TargetSpec("match", hardened=True, faults=frozenset({Fault.MATCH_ROOT})),
        TargetSpec("impostor"),
    )
    with Lab(specs) as lab:
        yield lab


def test_a_target_shows_nothing_of_the_machine_and_gives_nothing_back(small):
    shown = set(small.inside("match", "ls", "/").stdout.split())
    people = small.inside("match", "ls", "/home", "/root").stdout.split()
    small.inside("match", "sh", "-c", "echo x >/etc/lab-was-here; useradd -M lab-was-here")

    assert shown <= DEBIAN
    assert people == ["/home:", "auditor", "/root:"]
    assert small.inside("match", "test", "-e", "/etc/lab-was-here").returncode == 0
    assert small.inside("telnet", "test", "-e", "/etc/lab-was-here").returncode == 1
    assert not Path("/etc/lab-was-here").exists()
    assert "lab-was-here" not in Path("/etc/passwd").read_text()


def test_a_target_buries_orphans(lab):
    lab.inside("plain", "sh", "-c", "(sleep 0.05 &) ; sleep 0.3")

    assert "Z" not in lab.inside("plain", "ps", "-eo", "stat=").stdout


@pytest.mark.parametrize(("name", "packages"), PACKAGES.items())
def test_the_package_list_is_that_of_the_release(lab, name, packages):
    form = "${db:Status-Abbrev}${Package}\n"

    listed = lab.inside(name, "dpkg-query", "-W", "-f", form)

    assert listed.stderr == ""
    assert len([x for x in listed.stdout.splitlines() if x.startswith("ii ")]) == packages


def test_the_release_is_shown_as_debian_does(lab):
    shown = lab.inside("bad", "cat", "/etc/debian_version", "/etc/os-release").stdout

    assert shown.startswith("11.")
    assert 'PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"' in shown


def test_the_audit_key_logs_in_by_the_real_client(lab):
    done = ssh(lab, "good", "id -un; hostname")

    assert done.stdout == "auditor\ngood\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "free", "paid"), [("bad", 0, 0), ("password", 1, 0), ("plain", 1, 1)]
)
def test_sudo_asks_as_the_spec_says(lab, name, free, paid):
    without = ssh(lab, name, "sudo", "-n", "true").returncode
    with_password = ssh(lab, name, "sudo", "-S", "-p", "''", "true", input=f"{lab.password}\n")

    assert (without, with_password.returncode) == (free, paid)


def test_a_password_logs_in_where_the_account_has_one(lab):
    assert password_login(lab, "password", lab.password) == "auditor"


@pytest.mark.parametrize(("name", "word"), [("password", "salah"), ("good", Lab.password)])
def test_a_wrong_or_closed_password_login_is_refused(lab, name, word):
    with pytest.raises(paramiko.AuthenticationException):
        password_login(lab, name, word)


def test_a_key_that_is_not_wanted_is_refused(lab):
    assert "Permission denied" in ssh(lab, "nokey", "true").stderr


def test_tls10_is_spoken_by_the_neglected_only(lab):
    old = ("-tls1", "-cipher", "ALL:@SECLEVEL=0")

    assert "Protocol  : TLSv1\n" in s_client(lab, "bad", *old)
    assert "Cipher is (NONE)" in s_client(lab, "good", *old)


@pytest.mark.parametrize(
    ("name", "code"),
    [("good", "0 (ok)"), ("expired", "10 ("), ("selfsigned", "18 ("), ("wrongname", "62 (")],
)
def test_certificates_have_their_fault_and_no_other(lab, name, code):
    site = f"{name}.batu.lab"

    said = s_client(
        lab, name, "-servername", site, "-verify_hostname", site, "-CAfile", str(lab.ca_file)
    )

    assert f"Verify return code: {code}" in said


def test_a_hanging_target_accepts_and_says_nothing(lab):
    with lab.network(), connect(lab.addresses["hang"]) as connection:
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)


def test_a_target_that_is_down_has_no_one_at_its_address(lab):
    with lab.network(), pytest.raises(OSError, match=r"timed out|No route to host"):
        connect(lab.addresses["down"])


def test_a_target_that_refuses_is_up_with_its_port_closed(small):
    with small.network(), pytest.raises(ConnectionRefusedError):
        connect(small.addresses["refuses"])


def test_a_banner_of_control_characters_ends_the_connection(lab):
    with lab.network(), connect(lab.addresses["banner"]) as connection:
        said = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert b"<script>" in said
    assert b"\x1b[31m" in said


def test_a_hostile_target_is_hostile_in_every_field(lab):
    asked = "cat /etc/os-release /etc/passwd /etc/issue.net /etc/hostname; hostname; ls /etc"
    site = ("-servername", "hostile.batu.lab")
    asked_page = b"GET / HTTP/1.0\r\nHost: hostile.batu.lab\r\n\r\n"

    assert lab.inside("hostile", "sh", "-c", asked).stdout.count("<script>") >= 6
    assert "<script>alert(1)</script>" in s_client(lab, "hostile", *site)
    assert "X-Powered-By: <script>" in s_client(lab, "hostile", "-ign_eof", send=asked_page)


def test_a_well_kept_target_logs_forwards_and_keeps_time(lab):
    running = lab.inside("good", "ps", "-eo", "comm=").stdout.split()
    lab.inside("good", "logger", "-p", "auth.info", "jejak dari lab")

    assert {"rsyslogd", "chronyd", "sshd", "nginx"} <= set(running)
    wait_until(
        lambda: "jejak dari lab" in lab.inside("good", "cat", "/var/log/auth.log").stdout, seconds=5
    )
    assert lab.inside("good", "stat", "-c", "%a", "/var/log/auth.log").stdout == "640\n"


def test_a_match_block_opens_what_the_global_value_forbids(small):
    plain = small.inside("match", "sshd", "-T").stdout
    matched = small.inside("match", "sshd", "-T", "-C", "user=root,host=x,addr=10.1.1.1").stdout

    assert "permitrootlogin no" in plain
    assert "permitrootlogin yes" in matched


def test_apache_serves_the_site_by_its_role(small):
    said = s_client(small, "apache", "-servername", "apache.batu.lab")

    assert "subject=CN" in said
    assert "apache2" in small.inside("apache", "ps", "-eo", "comm=").stdout


def test_databases_listen_as_their_role_and_fault_say(small):
    with small.network():
        connect(small.addresses["maria"], 3306).close()
        connect(small.addresses["telnet"], 23).close()
        with pytest.raises(ConnectionRefusedError):
            connect(small.addresses["basis"], 5432)

    wait_until(lambda: "127.0.0.1:5432" in small.inside("basis", "ss", "-ltn").stdout)


def test_a_file_without_owner_is_found(small):
    found = small.inside("telnet", "find", "/opt", "-xdev", "-nouser").stdout

    assert found == "/opt/warisan/data.csv\n"


def test_a_changed_host_key_is_seen_by_the_client(small):
    assert ssh(small, "impostor", "true").returncode == 0

    small.change_host_key("impostor")

    wait_until(lambda: "HAS CHANGED" in ssh(small, "impostor", "true").stderr, seconds=5)
