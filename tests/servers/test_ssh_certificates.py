"""Host certificates of a real sshd; every verdict is compared with that of ssh itself."""

import base64
import subprocess
import threading
import time
from contextlib import ExitStack

import msgspec
import paramiko
import pytest

from auditor.collect import Limit
from auditor.collect.host_certificate import BadCertificate, objection, read_certificate
from auditor.collect.host_key import algorithms, judge
from auditor.collect.known_hosts import Standing, read_known_hosts
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_login import connect, shown_keys
from auditor.model.fact import Why
from auditor.model.inventory import Ssh, Target
from tests.servers.certificates import NOW
from tests.servers.ssh_servers import USER, certify, keygen, new_key, ssh_server

CERTIFIED = "HostCertificate {folder}/host-cert.pub\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Authorities by name, and the client's key."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ca", "other", "client"):
        new_key(folder / name)
    return folder


def public(path):
    return " ".join(path.with_name(f"{path.name}.pub").read_text().split()[:2])


def visited(server, keys, settings, *known, **more):
    """Log in; returns the session's fingerprint, or the refusal."""
    hosts = server.folder / "known"
    hosts.write_text("".join(f"{line}\n" for line in known))
    settings = msgspec.structs.replace(settings, known_hosts=(hosts,), **more)
    one = Target(
        id="a",
        opd="o",
        address=server.address,
        ssh=Ssh(user=USER, port=server.port, key=str(keys / "client")),
    )
    with ExitStack() as stack:
        limit = Limit(20, threading.Event(), time.monotonic)
        try:
            return connect(one, settings, limit, stack).fingerprint
        except Refusal as refusal:
            caught = refusal
    assert caught.why is Why.HOST_KEY
    return caught


def ssh_agrees(server, keys, *, accepted):
    """Ask OpenSSH's own client with the same known_hosts."""
    options = {
        "UserKnownHostsFile": server.folder / "known",
        "GlobalKnownHostsFile": "none",
        "StrictHostKeyChecking": "yes",
        "BatchMode": "yes",
        "IdentitiesOnly": "yes",
    }
    line = ["ssh", "-F", "none", "-i", str(keys / "client"), "-p", str(server.port)]
    for name, value in options.items():
        line += ["-o", f"{name}={value}"]
    done = subprocess.run(
        [*line, f"{USER}@{server.address}", "true"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode == 0) is accepted, done.stderr


@pytest.fixture
def serve(keys, tmp_path):
    """Run a server that shows a certificate made with these options."""
    with ExitStack() as stack:

        def start(*options, authority="ca", kind="ed25519", **more):
            new_key(tmp_path / "host", kind)
            certify(keys / authority, tmp_path / "host.pub", *options, **more)
            config = CERTIFIED.format(folder=tmp_path)
            return stack.enter_context(ssh_server(tmp_path, keys / "client", config))

        yield start


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize("hosts", ["127.0.0.1", "127.0.0.*", "[127.0.0.1]:{port}", "*,!10.*"])
def test_a_recorded_authority_vouches_for_a_host(serve, keys, settings, kind, hosts):
    server = serve(kind=kind)
    hosts = hosts.format(port=server.port)

    shown = visited(server, keys, settings, f"@cert-authority {hosts} {public(keys / 'ca')}")

    assert shown == keygen("-l", "-f", server.folder / "host.pub").split()[1]
    ssh_agrees(server, keys, accepted=True)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_authorities_have_other_kinds_of_keys_too(serve, keys, settings, kind):
    new_key(keys / f"ca-{kind}", kind)
    server = serve(authority=f"ca-{kind}")

    shown = visited(server, keys, settings, f"@cert-authority * {public(keys / f'ca-{kind}')}")

    assert isinstance(shown, str)
    ssh_agrees(server, keys, accepted=True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"validity": "20200101:20200201"}, "it ended on 2020-02-01"),
        ({"validity": "20400101:20410101"}, "it holds only from 2040-01-01 on"),
        ({"principals": "web.batu.lab,127.0.0.2"}, "it is for web.batu.lab, 127.0.0.2"),
        ({"principals": "127.0.0.*"}, "it is for 127.0.0.*"),
        ({"principals": "evil\x1b[31m"}, "it is for evil\ufffd[31m"),
    ],
)
def test_a_certificate_that_does_not_hold_is_refused(serve, keys, settings, more, words):
    server = serve(**more)

    refusal = visited(server, keys, settings, f"@cert-authority * {public(keys / 'ca')}")

    assert f"its certificate is not accepted: {words}" in refusal.detail
    assert (refusal.key_standing, refusal.fingerprint[:7]) == ("unknown", "SHA256:")
    ssh_agrees(server, keys, accepted=False)


def test_a_certificate_for_every_host_is_refused(serve, keys, settings):
    """Deliberately stricter than ssh 9.2: whoever holds such a key could be any target."""
    server = serve(principals="")

    refusal = visited(server, keys, settings, f"@cert-authority * {public(keys / 'ca')}")

    assert "it names no host" in refusal.detail


def test_a_user_s_certificate_is_none_of_a_host(keys, tmp_path, settings):
    new_key(tmp_path / "u")
    path = certify(keys / "ca", tmp_path / "u.pub", user=True, principals="root")
    read = read_certificate(base64.b64decode(path.read_text().split()[1]))

    assert objection(read, "root", NOW) == "it certifies a user, not a host"


def test_conditions_that_are_not_known_void_a_certificate(keys, tmp_path):
    new_key(tmp_path / "h")
    path = certify(keys / "ca", tmp_path / "h.pub", "-O", "critical:only-on-mondays@lab=x")
    read = read_certificate(base64.b64decode(path.read_text().split()[1]))

    assert "conditions that are not known here: only-on-mondays@lab" in objection(
        read, "127.0.0.1", NOW
    )


def test_the_auditor_s_clock_counts(serve, keys, settings):
    server = serve(validity="20300101:20310101")
    line = f"@cert-authority * {public(keys / 'ca')}"

    refusal = visited(server, keys, settings, line)
    later = visited(server, keys, settings, line, now=lambda: NOW.replace(year=2030, month=6))

    assert "it holds only from" in refusal.detail
    assert isinstance(later, str)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("@cert-authority * {other}", "its authority is not recorded for this host"),
        ("@cert-authority 10.0.0.1 {ca}", ""),
        ("@cert-authority *,!127.0.0.1,![127.0.0.1]:* {ca}", ""),
        ("* {ca}", ""),
        ("", ""),
    ],
)
def test_an_authority_that_is_not_recorded_for_a_host_vouches_for_nothing(
    serve, keys, settings, line, words
):
    server = serve()
    line = line.format(ca=public(keys / "ca"), other=public(keys / "other"))

    refusal = visited(server, keys, settings, line)

    assert refusal.key_standing in ("unknown", "changed")
    assert words in refusal.detail
    ssh_agrees(server, keys, accepted=False)


def test_a_host_that_is_taken_out_is_out_at_every_port(serve, keys, settings):
    """Deliberately stricter than ssh, which looks for the name with its port alone first."""
    server = serve()

    refusal = visited(server, keys, settings, f"@cert-authority *,!127.0.0.1 {public(keys / 'ca')}")

    assert refusal.key_standing == "unknown"


def test_a_revoked_authority_is_refused(serve, keys, settings):
    server = serve()
    authority = public(keys / "ca")

    refusal = visited(
        server, keys, settings, f"@cert-authority * {authority}", f"@revoked * {authority}"
    )

    assert "is revoked" in refusal.detail
    assert "its authority is revoked" in refusal.detail
    assert refusal.key_standing == "revoked"
    ssh_agrees(server, keys, accepted=False)


def test_a_revoked_authority_is_refused_even_if_the_bare_key_is_recorded(serve, keys, settings):
    server = serve()
    authority = public(keys / "ca")

    refusal = visited(
        server,
        keys,
        settings,
        f"@cert-authority * {authority}",
        f"@revoked * {authority}",
        server.known,
    )

    assert refusal.key_standing == "revoked"
    ssh_agrees(server, keys, accepted=False)


def test_a_revoked_key_is_refused_whoever_vouches_for_it(serve, keys, settings):
    server = serve()

    refusal = visited(
        server,
        keys,
        settings,
        f"@cert-authority * {public(keys / 'ca')}",
        f"@revoked * {server.public}",
    )

    assert refusal.key_standing == "revoked"
    ssh_agrees(server, keys, accepted=False)


def test_a_key_that_is_recorded_is_known_whatever_its_certificate(serve, keys, settings):
    server = serve(validity="20200101:20200201")

    shown = visited(
        server, keys, settings, f"@cert-authority * {public(keys / 'ca')}", server.known
    )

    assert isinstance(shown, str)
    ssh_agrees(server, keys, accepted=True)


def test_another_key_that_is_recorded_makes_it_a_change(serve, keys, settings):
    server = serve(validity="20200101:20200201")
    changed = server.known.replace(server.public, public(keys / "other"))

    refusal = visited(server, keys, settings, f"@cert-authority * {public(keys / 'ca')}", changed)

    assert refusal.key_standing == "changed"
    ssh_agrees(server, keys, accepted=False)


def test_trust_is_shown_bare_keys(serve, keys, settings):
    """What `auditor trust` records is a key, never a certificate."""
    server = serve()
    hosts = server.folder / "known"
    hosts.write_text(f"@cert-authority * {public(keys / 'ca')}\n")
    one = Target(id="a", opd="o", address="127.0.0.1", ssh=Ssh(user=USER, port=server.port))

    shown = shown_keys(
        one,
        msgspec.structs.replace(settings, known_hosts=(hosts,)),
        Limit(20, threading.Event(), time.monotonic),
    )

    kind, blob = server.public.split()
    assert shown == [(kind, base64.b64decode(blob))]


@pytest.fixture(scope="module")
def blob(keys, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blob")
    new_key(folder / "h")
    path = certify(keys / "ca", folder / "h.pub")
    return base64.b64decode(path.read_text().split()[1])


def test_a_certificate_with_any_byte_changed_is_refused(blob):
    assert objection(read_certificate(blob), "127.0.0.1", NOW) == ""
    for at in range(len(blob)):
        changed = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        with pytest.raises(BadCertificate):
            read_certificate(changed)


def test_a_certificate_that_is_cut_or_continued_is_refused(blob):
    for short in range(len(blob)):
        with pytest.raises(BadCertificate):
            read_certificate(blob[:short])
    with pytest.raises(BadCertificate):
        read_certificate(blob + b"x")


def test_a_bare_key_is_no_certificate(keys):
    with pytest.raises(BadCertificate, match="no certificate"):
        read_certificate(base64.b64decode(public(keys / "ca").split()[1]))


@pytest.mark.parametrize(
    ("options", "weak"), [(("-t", "ssh-rsa"), True), (("-t", "rsa-sha2-256"), False)]
)
def test_signatures_with_sha_1_count_for_nothing(tmp_path, options, weak):
    new_key(tmp_path / "ca", "rsa", "-b", "2048")
    new_key(tmp_path / "h")
    path = certify(tmp_path / "ca", tmp_path / "h.pub", *options)
    content = base64.b64decode(path.read_text().split()[1])

    if weak:
        with pytest.raises(BadCertificate, match="too weak"):
            read_certificate(content)
    else:
        assert objection(read_certificate(content), "127.0.0.1", NOW) == ""


def test_short_authorities_count_for_nothing(tmp_path):
    new_key(tmp_path / "ca", "rsa", "-b", "1024")
    new_key(tmp_path / "h")
    path = certify(tmp_path / "ca", tmp_path / "h.pub")

    with pytest.raises(BadCertificate, match="too weak"):
        read_certificate(base64.b64decode(path.read_text().split()[1]))


def test_a_certificate_that_never_ends_holds_and_odd_days_are_told(keys, tmp_path):
    new_key(tmp_path / "h")
    path = certify(keys / "ca", tmp_path / "h.pub", validity="always:forever")
    read = read_certificate(base64.b64decode(path.read_text().split()[1]))

    assert (read.begins, read.ends) == (0, 2**64 - 1)
    late = msgspec.structs.replace(read, begins=2**63)
    assert objection(late, "127.0.0.1", NOW) == ("it holds only from a day that no calendar has on")


def shown(content):
    """Return a key as paramiko makes it of what a server sends."""
    return paramiko.Ed25519Key(data=content)


def known_to(tmp_path, *lines):
    path = tmp_path / "known"
    path.write_text("".join(f"{line}\n" for line in lines))
    return read_known_hosts([path])


def test_what_a_hostile_server_sends_as_certificate_counts_for_nothing(blob, keys, tmp_path):
    known = known_to(tmp_path, f"@cert-authority * {public(keys / 'ca')}")
    tampered = bytes([*blob[:-1], blob[-1] ^ 1])

    good = judge(known, "127.0.0.1", 2222, shown(blob), NOW)
    bad = judge(known, "127.0.0.1", 2222, shown(tampered), NOW)

    assert (good.standing, good.certificate) == (Standing.KNOWN, "")
    assert (bad.standing, bad.certificate) == (Standing.UNKNOWN, "its signature does not hold")
    assert bad.fingerprint == good.fingerprint


def test_a_certificate_of_another_key_counts_for_nothing(blob, keys, tmp_path):
    known = known_to(tmp_path, f"@cert-authority * {public(keys / 'ca')}")
    key = shown(base64.b64decode(public(keys / "other").split()[1]))
    key.public_blob = shown(blob).public_blob

    judged = judge(known, "127.0.0.1", 22, key, NOW)

    assert (judged.standing, judged.certificate) == (Standing.UNKNOWN, "it can be read in two ways")


def test_a_certificate_can_be_revoked_as_a_whole(blob, keys, tmp_path):
    text = base64.b64encode(blob).decode()
    known = known_to(
        tmp_path,
        f"@cert-authority * {public(keys / 'ca')}",
        f"@revoked * ssh-ed25519-cert-v01@openssh.com {text}",
    )

    assert judge(known, "127.0.0.1", 22, shown(blob), NOW).standing is Standing.REVOKED


def test_certificates_are_asked_for_only_where_an_authority_is_recorded(keys, tmp_path):
    known = known_to(
        tmp_path,
        f"@cert-authority *.batu.lab {public(keys / 'ca')}",
        f"old.lab ssh-rsa {public(keys / 'other').split()[1]}",
        f"old.lab ssh-dss {public(keys / 'other').split()[1]}",
    )

    assert algorithms(known, "web.batu.lab", 22)[0] == "ssh-ed25519-cert-v01@openssh.com"
    assert algorithms(known, "old.lab", 22)[:3] == ("rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519")
    assert not any("cert" in name for name in algorithms(known, "old.lab", 22))
