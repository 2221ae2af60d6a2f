"""The roots of this machine and of the inventory."""

import pytest

from auditor.collect import tls_roots
from tests.servers.certificates import issue

read = tls_roots.read.__wrapped__


def test_a_machine_without_roots_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    assert "ca-certificates" in read(None).missing


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff\x00"])
def test_a_ca_file_that_cannot_be_used_is_named(content, tmp_path):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)

    assert str(path) in read(str(path)).missing


def test_the_system_s_roots_and_the_inventory_s_are_trusted(monkeypatch, tmp_path):
    system, own, stranger = (issue(name, ca=True, days=900) for name in ("S", "O", "X"))
    for name, issued in (("system.pem", system), ("ca.pem", own)):
        (tmp_path / name).write_bytes(issued.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    roots = read(str(tmp_path / "ca.pem"))

    assert roots.missing == ""
    assert system.certificate in roots
    assert own.certificate in roots
    assert stranger.certificate not in roots
    assert own.certificate not in read(None)
