"""The command line against the lab: what a person at a shell and cron would see."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.cli import _run
from tests.lab.conftest import DATA

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(lab, tmp_path, monkeypatch):
    """A home that knows the targets' keys, with an inventory in it; the quick policy is asked."""
    monkeypatch.setenv("AUDITOR_POLICY", "quick")
    made = lab.make_home(tmp_path / "home")
    lab.write_inventory(made / "inventory.yaml")
    return made


@pytest.fixture
def auditor(lab, home, capsys):
    """Run `auditor ARGS` on the lab; returns exit code, output and errors."""

    def run(command, *args):
        options = ["-i", home / "inventory.yaml"] if command in ("scan", "plan", "trust") else []
        with lab.network():
            code = _run([str(a) for a in (command, *args, *options, "--home", home)], "auditor")
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def background(lab, home, *args):
    """Start a scan as cron would: another process, output to files."""
    command = [sys.executable, "-m", "auditor", "scan", "-i", str(home / "inventory.yaml")]
    return subprocess.Popen(
        lab.command(*command, "--home", str(home), *args),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_keys_are_shown_confirmed_and_then_known(lab, home, auditor, monkeypatch):
    (home / "known_hosts").unlink()

    code, out, _ = auditor("trust", "plain", "--yes")
    assert (code, "SHA256:" in out) == (0, True)
    assert "recorded" in auditor("trust", "plain")[1]
    code, _, err = auditor("trust", "down")
    assert (code, "No route" in err or "no connection" in err) == (5, True)
    assert auditor("trust", "nothing")[0] == 2

    (home / "known_hosts").write_text(
        (home / "known_hosts")
        .read_text()
        .replace("AAAAC3NzaC1lZDI1NTE5AAAAI", "AAAAC3NzaC1lZDI1NTE5AAAAJ")
    )
    assert "NOT the recorded key" in auditor("trust", "plain")[2]
    assert "recorded in" in auditor("trust", "plain", "--replace", "--yes")[1]
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert "recorded in" not in auditor("trust", "password")[1]


def test_one_office_and_one_target_are_chosen(auditor):
    code, out, err = auditor("scan", "--target", "plain", "--check", "accounts.*", "--lang", "en")

    assert code == 5
    assert "0 of 1 targets" in out
    assert "needs root" in err
    assert auditor("scan", "--target", "nobody")[0] == 2


def test_a_password_from_the_environment_opens_the_account_and_sudo(auditor, monkeypatch, home):
    from tests.lab.spec import PASSWORD

    monkeypatch.setenv("AUDITOR_PASSWORD", PASSWORD)
    code, _, _ = auditor("scan", "--target", "password", "--check", "files.*", "--format", "json")

    assert code == 0
    for path in home.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes()


def test_a_wrong_password_leaves_the_probes_that_need_root_unseen(auditor, monkeypatch):
    monkeypatch.setenv("AUDITOR_PASSWORD", "salah")
    code, _, err = auditor("scan", "--target", "password", "--check", "accounts.*")

    assert code == 5
    assert "sudo refused the password" in err


def test_a_target_outside_the_scope_is_refused(home, auditor):
    path = home / "inventory.yaml"
    path.write_text(path.read_text().replace("10.79.0.0/16", "10.80.0.0/16"))

    code, out, err = auditor("scan")

    assert (code, out) == (2, "")
    assert "scope" in err


def test_an_authority_that_ended_is_refused(home, auditor):
    import re

    path = home / "inventory.yaml"
    text = re.sub(r"valid_until: '[^']+'", "valid_until: '2020-01-01'", path.read_text())
    path.write_text(re.sub(r"  date: '[^']+'", "  date: '2019-01-01'", text))

    code, _, err = auditor("scan")

    assert code == 2
    assert "2020-01-01" in err


def test_the_printed_script_is_the_one_that_runs(lab, auditor):
    code, out, _ = auditor("plan", "--script", "plain")
    script = out.partition("\n# (the nonce")[2].partition("\n")[2]
    login = (
        "ssh",
        "-i",
        str(lab.key),
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        f"auditor@{lab.addresses['plain']}",
        "sh -s",
    )
    done = lab.run(*login, input=script, capture_output=True, text=True)

    assert code == 0
    assert " end 0 " in done.stdout


def test_two_scans_at_once_do_not_share_a_store(lab, home, auditor):
    first = background(lab, home, "--target", "hangshell")
    until = time.monotonic() + 10
    while not (home / "lock").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.3)

    code, _, err = auditor("scan", "--target", "plain")
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)

    assert code == 75
    assert f"pid {first.pid}" in err or "pid " in err


def test_ctrl_c_keeps_what_was_seen_and_resume_finishes_it(lab, home, auditor):
    chosen = ("--target", "plain", "--target", "good", "--target", "hangshell")
    running = background(lab, home, *chosen, "--check", "accounts.*", "--check", "files.shadow")
    for line in running.stderr:
        if "plain" in line:
            break
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)

    assert running.returncode in (1, 5)
    assert "exit" in err.splitlines()[-1]
    assert "aborted" in auditor("run", "list")[1]
    (home / "known_hosts").write_text(
        "\n".join(
            line
            for line in (home / "known_hosts").read_text().splitlines()
            if not line.startswith(lab.addresses["hangshell"] + " ")
        )
    )
    code, _, err = auditor(
        "scan", "--resume", *chosen, "--check", "accounts.*", "--check", "files.shadow"
    )
    assert code == 5, err
    assert "1 dari 3 target" in err or "2 dari 3 target" in err
    assert "incomplete" in auditor("run", "list")[1]


def test_without_nmap_ports_are_unseen_and_the_rest_goes_on(lab, home, auditor, monkeypatch):
    folder = home / "bin"
    folder.mkdir()
    for name in ("sh", "gpgv"):
        (folder / name).symlink_to(shutil.which(name))
    monkeypatch.setenv("PATH", str(folder))

    code, out, _ = auditor("scan", "--target", "good", "--format", "json")
    results = {r["check"]: r for r in json.loads(out)["targets"][0]["results"]}

    assert code == 5
    assert results["ports.unexpected"]["status"] == "error"
    assert "apt install nmap" in results["ports.unexpected"]["reasons"][0]["detail"]
    assert results["files.shadow"]["status"] == "pass"


def test_feeds_come_from_a_folder_and_are_shown(auditor):
    names = (f"{release}-security amd64" for release in ("bullseye", "bookworm", "trixie"))
    part = [word for name in names for word in ("--accept", name)]
    code, out, _ = auditor("feeds", "update", "--from", DATA / "debian-indexes", *part)
    assert (code, out.count("signed by")) == (0, 4)
    assert "bookworm-security" in auditor("feeds", "status")[1]
    code, _, err = auditor("feeds", "update", "--from", os.fspath(DATA))
    assert (code, "No such file" in err) == (5, True)


def test_two_runs_over_unchanged_targets_say_the_same(auditor):
    said = []
    for _ in range(2):
        _, out, _ = auditor("scan", "--target", "plain", "--target", "broken", "--format", "json")
        document = json.loads(out)
        for one in document["targets"]:
            one.pop("ms")
        said.append((document["targets"], {f["id"] for f in document["findings"]}))

    assert said[0] == said[1]
