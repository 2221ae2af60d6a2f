"""Banners: whole, with comments, and what they tell about the system."""

import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import banner
from tests.unit.probe.asking import parse, why

SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]]
NAMES = 'ID debian\nID "Debian GNU/Linux"\n'


def ask(text, path="/etc/issue"):
    return parse(banner, text, args=banner.BannerArgs(path=path))


@pytest.mark.parametrize(
    ("lines", "text", "escapes", "names"),
    [
        (":Debian GNU/Linux 12 \\n \\l\n:\n", "Debian GNU/Linux 12 \\n \\l", [], ["debian"]),
        (":# DEBIAN\n", "# DEBIAN", [], ["debian"]),
        (":\\r on \\m \\r\n", "\\r on \\m \\r", ["\\r", "\\m"], []),
        (":\\S{PRETTY_NAME} \\S\n", "\\S{PRETTY_NAME} \\S", ["\\S{PRETTY_NAME}", "\\S"], []),
        (":Dilarang masuk ke server ini.\n", "Dilarang masuk ke server ini.", [], []),
        (":Debianku\n", "Debianku", [], []),
        ("", "", [], []),
    ],
)
def test_what_a_banner_tells(lines, text, escapes, names):
    found = ask(f"-/etc/motd\n+/etc/issue\n{lines}-/etc/issue.net\n{NAMES}")

    assert (found["text"], found["escapes"], found["names"]) == (text, escapes, names)
    assert found["places"]["text"] == "/etc/issue"


def test_a_banner_that_is_not_there_and_ones_that_were_not_seen():
    text = "-/etc/motd\n?/etc/issue\n+/etc/issue.net\n:x\n!\n"

    assert ask(text, "/etc/motd")["exists"] is False
    assert why(banner, text) is Why.UNREADABLE
    assert why(banner, text, args=banner.BannerArgs(path="/etc/issue.net")) is Why.CUT
    assert why(banner, "") is Why.UNREADABLE


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_real_shells_send_text_that_forges_nothing(tmp_path, shell):
    (tmp_path / "issue").write_text("+/etc/motd\n!\n  # two\\n\nlast" + "x" * 2000)
    (tmp_path / "motd").mkdir()
    (tmp_path / "issue.net").write_text("y\n" * 300)
    (tmp_path / "os-release").write_text('PRETTY_NAME="z"\nID=rocky\nNAME="Rocky Linux"\n')
    text = banner.SECTION.text.replace("/etc/", f"{tmp_path}/")
    done = subprocess.run(
        [*shell, "-c", f"s() {{\n{text}\n}}\ns\n"], capture_output=True, check=True, text=True
    )
    sent = done.stdout.replace(f"{tmp_path}/", "/etc/")

    found = ask(sent)

    assert found["text"].startswith("+/etc/motd\n!\n  # two\\n\nlastx")
    assert found["names"] == []
    assert why(banner, sent, args=banner.BannerArgs(path="/etc/motd")) is Why.UNREADABLE
    assert why(banner, sent, args=banner.BannerArgs(path="/etc/issue.net")) is Why.CUT
    assert "ID rocky" in sent
