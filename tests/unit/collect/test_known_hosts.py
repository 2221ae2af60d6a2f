import stat
import subprocess

import pytest

from auditor.collect.known_hosts import (
    KnownHosts,
    Standing,
    fingerprint,
    forget,
    read_known_hosts,
    record,
)

A = "AAAAC3NzaC1lZDI1NTE5AAAAIGFh"
B = "AAAAC3NzaC1lZDI1NTE5AAAAIGJi"


def blob(text):
    import base64

    return base64.b64decode(text)


def known(tmp_path, *lines):
    path = tmp_path / "known_hosts"
    path.write_text("\n".join(lines) + "\n")
    return read_known_hosts([tmp_path / "missing", path])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# comment",
        "web1",
        "web1 ssh-ed25519",
        "web1 ssh-ed25519 !!!notbase64",
        "@cert-authority * ssh-ed25519 " + A,
        "@marker web1 ssh-ed25519 " + A,
        "|1|broken ssh-ed25519 " + A,
        "|1|!!|!! ssh-ed25519 " + A,
        "\x00\x1b[31m",
    ],
)
def test_lines_that_say_nothing_usable_trust_nobody(tmp_path, line):
    assert known(tmp_path, line).standing("web1", 22, blob(A)) is Standing.UNKNOWN


def test_bad_lines_do_not_hide_good_ones(tmp_path):
    hosts = known(tmp_path, "@cert-authority * ssh-rsa AAAA", f"web1 ssh-ed25519 {A}")

    assert hosts.standing("web1", 22, blob(A)) is Standing.KNOWN


@pytest.mark.parametrize(
    ("hosts", "address", "port", "standing"),
    [
        ("web1", "web1", 22, Standing.KNOWN),
        ("web1", "WEB1", 22, Standing.KNOWN),
        ("web1", "web10", 22, Standing.UNKNOWN),
        ("web1", "web1", 2222, Standing.UNKNOWN),
        ("[web1]:2222", "web1", 2222, Standing.KNOWN),
        ("web1,10.0.0.1", "10.0.0.1", 22, Standing.KNOWN),
        ("web?", "web1", 22, Standing.KNOWN),
        ("*.batu.lab,!x.batu.lab", "a.batu.lab", 22, Standing.KNOWN),
        ("*.batu.lab,!x.batu.lab", "x.batu.lab", 22, Standing.UNKNOWN),
    ],
)
def test_hosts_are_matched_as_openssh_does(tmp_path, hosts, address, port, standing):
    assert known(tmp_path, f"{hosts} ssh-ed25519 {A}").standing(address, port, blob(A)) is standing


def test_another_key_for_the_same_host_is_a_change(tmp_path):
    assert (
        known(tmp_path, f"web1 ssh-ed25519 {A}").standing("web1", 22, blob(B)) is Standing.CHANGED
    )


def test_a_revoked_key_is_refused_even_where_it_is_recorded(tmp_path):
    hosts = known(tmp_path, f"web1 ssh-ed25519 {A}", f"@revoked * ssh-ed25519 {A}")

    assert hosts.standing("web1", 22, blob(A)) is Standing.REVOKED


def test_hashed_names_made_by_ssh_keygen_are_found(tmp_path):
    path = tmp_path / "known_hosts"
    path.write_text(f"web1 ssh-ed25519 {A}\n")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(path)], check=True, capture_output=True)

    hosts = read_known_hosts([path])

    assert path.read_text().startswith("|1|")
    assert hosts.standing("web1", 22, blob(A)) is Standing.KNOWN
    assert hosts.standing("web2", 22, blob(A)) is Standing.UNKNOWN


def test_recorded_types_come_in_order_without_revoked_ones(tmp_path):
    hosts = known(
        tmp_path,
        f"web1 ssh-rsa {B}",
        f"@revoked web1 ssh-dss {A}",
        f"web1 ssh-ed25519 {A}",
        f"web1 ssh-ed25519 {B}",
    )

    assert hosts.types("web1", 22) == ("ssh-rsa", "ssh-ed25519")


def test_record_and_forget_leave_other_hosts_alone(tmp_path):
    path = tmp_path / "home" / "known_hosts"
    record(path, "web1", 22, [("ssh-ed25519", blob(A))])
    record(path, "web2", 2222, [("ssh-ed25519", blob(B))])

    assert forget(path, "web1", 22) == 1
    assert forget(path, "web1", 22) == 0

    hosts = read_known_hosts([path])
    assert hosts.standing("web1", 22, blob(A)) is Standing.UNKNOWN
    assert hosts.standing("web2", 2222, blob(B)) is Standing.KNOWN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_forgetting_in_a_file_that_is_not_there_does_nothing(tmp_path):
    assert forget(tmp_path / "none", "web1", 22) == 0


def test_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path):
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "k")], check=True
    )
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(tmp_path / "k")], check=True, capture_output=True, text=True
    ).stdout
    key = (tmp_path / "k.pub").read_text().split()[1]

    assert fingerprint(blob(key)) in shown


def test_nothing_recorded_knows_nobody():
    assert KnownHosts(()).standing("web1", 22, b"x") is Standing.UNKNOWN
