"""`auditor feeds` against a mirror on loopback and against folders."""

import json
import os
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from auditor.cli import _run, options
from auditor.feeds.database import read_indexes
from auditor.feeds.keep import good
from tests.servers.feed_mirror import DATA, running

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ALL = ["bullseye-security amd64", "bookworm-security amd64", "trixie-security amd64"]


LIST = """\
archives:
  - distribution: debian
    suites: ["{release}-security"]
    keyring: /usr/share/keyrings/debian-archive-keyring.gpg
"""


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def feeds(capsys, monkeypatch, tmp_path):
    """Run `auditor feeds ARGS` with a home of its own, on the day of the lab's copies."""
    for name in os.environ:
        if name.startswith("AUDITOR_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AUDITOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(options, "now", lambda: NOW)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "feeds.yaml").write_text(LIST)

    def run(*args):
        code = _run(["feeds", *map(str, args)], "auditor")
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def mirror():
    """A mirror on loopback."""
    with running() as made:
        yield made


def held(tmp_path):
    path = good(tmp_path / "home")
    return {index.name: index for index in read_indexes(path)} if path else {}


def test_a_feed_that_fails_keeps_its_old_data_and_date_and_the_others_go_on(
    feeds, mirror, tmp_path
):
    assert feeds("update", "--mirror", mirror.base).code == 0
    before = held(tmp_path)
    mirror.answers["trixie-security/InRelease"] = 500

    said = feeds("update", "--mirror", mirror.base)

    assert said.code == 5
    assert "trixie-security amd64: " in said.err
    assert "HTTP 500" in said.err
    assert said.err.endswith("exit 5: incomplete: trixie-security amd64\n")
    assert said.out.count("signed by") == 2
    assert held(tmp_path) == before


def test_an_older_release_than_the_one_held_is_told(feeds, mirror, tmp_path):
    assert feeds("update", "--mirror", mirror.base).code == 0
    with sqlite3.connect(tmp_path / "home" / "feeds.db") as database:
        database.execute("UPDATE feed SET date = '2026-12-24T00:00:00Z' WHERE release = 'trixie'")
    database.close()

    said = feeds("update", "--mirror", mirror.base)

    assert said.code == 5
    assert "older than the one that is held" in said.err


def test_a_mirror_without_anything_leaves_nothing(feeds, mirror, tmp_path):
    mirror.answers["InRelease"] = 404

    said = feeds("update", "--mirror", mirror.base)

    assert (said.code, said.out) == (5, "")
    assert said.err.count("HTTP 404") == 3
    assert held(tmp_path) == {}


@pytest.mark.parametrize(
    "args",
    [
        ["--mirror", "nonsense"],
        ["--mirror", ""],
        ["--mirror", "ftp://mirror.lab/x"],
        ["--mirror", "http://"],
        ["--mirror", "http:// x/"],
        ["--mirror", "http://[::1"],
        ["--keyring", "/nonexistent"],
        ["--feeds", "/nonexistent"],
        ["--feed", "nothing"],
        ["--release", "etch-and-a-half"],
        ["--release", "haiku:5"],
        ["--release", "almalinux:"],
    ],
)
def test_what_cannot_be_used_is_the_operators_mistake(feeds, args):
    assert feeds("update", *args).code == 2


def test_an_apt_without_security_updates_asks_for_a_mirror(feeds, tmp_path, monkeypatch):
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    (tmp_path / "apt.conf").write_text(f'Dir "{tmp_path}";\n')

    said = feeds("update")

    assert said.code == 5
    assert said.err.count("name a mirror in feeds.yaml of the home folder") == 3


def test_the_mirror_is_apts_own(feeds, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    (tmp_path / "apt.conf").write_text(f'Dir "{tmp_path}";\n')
    (tmp_path / "etc" / "apt").mkdir(parents=True)
    source = f"deb {mirror.base} bookworm-security main\n"
    (tmp_path / "etc" / "apt" / "sources.list").write_text(source)

    assert feeds("update").code == 0
    assert list(held(tmp_path)) == sorted(ALL)


def test_without_a_keyring_data_is_kept_as_unverified_and_the_command_is_incomplete(
    feeds, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))

    said = feeds("update", "--from", DATA, "--release", "bookworm")

    assert said.code == 5
    assert re.search(r"bookworm-security amd64: 2994 packages .*, ageing, unverified\n", said.out)
    assert "install gpgv and debian-archive-keyring" in said.err
    assert said.err.endswith("exit 5: incomplete: bookworm-security amd64\n")
    assert not held(tmp_path)["bookworm-security amd64"].believed
    assert " none " in feeds("status").out


def test_the_operator_may_trust_what_cannot_be_verified(feeds, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    said = feeds("update", "--from", DATA, "--release", "bookworm", "--trust-unverified")

    assert said.code == 0
    assert "unverified, trusted" in said.out
    assert held(tmp_path)["bookworm-security amd64"].believed
    assert " operator " in feeds("status").out


def test_trust_does_not_help_a_wrong_signature(feeds, tmp_path):
    for name in ("InRelease", "Packages.xz"):
        text = (DATA / f"bookworm-security.{name}").read_bytes()
        changed = text.replace(b"Suite: old", b"Suite: Old", 1)
        (tmp_path / f"bookworm-security.{name}").write_bytes(changed)

    said = feeds("update", "--from", tmp_path, "--release", "bookworm", "--trust-unverified")

    assert said.code == 5
    assert "not by a key of the keyring" in said.err


def test_another_keyring_may_be_named(feeds):
    keyring = "/usr/share/keyrings/debian-archive-bullseye-security-automatic.gpg"

    said = feeds("update", "--from", DATA, "--keyring", keyring)

    assert (said.code, said.out.count("signed by")) == (5, 2)
    assert "trixie-security amd64: the signature" in said.err


def test_an_architecture_that_a_folder_does_not_hold_is_told(feeds):
    said = feeds("update", "--from", DATA, "--release", "bookworm", "--arch", "arm64")

    assert said.code == 5
    assert "bookworm-security arm64: main/binary-arm64/Packages.xz" in said.err


def test_a_folder_without_any_of_the_feeds_is_told(feeds, tmp_path):
    text = """feeds:
  - {name: kev, kind: kev, source: kev, files: ["kev*.json"]}
"""
    (tmp_path / "home" / "feeds.yaml").write_text(text)

    said = feeds("update", "--from", DATA)

    assert said.code == 2
    assert "holds no file of what is to be updated" in said.err
    assert "`files`" in said.err


def test_copies_of_a_folder_are_kept_with_their_own_dates(feeds, tmp_path):
    said = feeds("update", "--from", DATA)

    assert said.code == 0
    assert said.err == "exit 0: every feed is up to date\n"
    assert held(tmp_path)["bullseye-security amd64"].date == datetime(
        2026, 9, 12, 9, 27, 8, tzinfo=UTC
    )
    assert {index.fetched for index in held(tmp_path).values()} == {NOW}


def test_status_shows_age_state_and_key_of_each_feed(feeds, monkeypatch):
    feeds("update", "--from", DATA)

    lines = feeds("status").out.splitlines()
    monkeypatch.setattr(options, "now", lambda: NOW + timedelta(days=3))
    later = feeds("status").out.splitlines()

    assert lines[0].split()[:2] == ["feed", "kind"]
    assert re.search(
        r"^bookworm-security amd64 +suite +debian bookworm +2026-11-21 00:53 +3 +ageing +signed "
        r"+2994 +A48449044AAD5C5D$",
        lines[1],
    )
    assert re.search(r"^bullseye-security amd64 .* 2026-09-12 09:27 +72 +stale ", lines[2])
    assert len(lines) == 4
    assert re.search(r"^bookworm-security amd64 .* 2026-11-21 00:53 +6 +ageing ", later[1])


def test_status_is_given_as_json(feeds):
    feeds("update", "--from", DATA, "--release", "bookworm")

    told = json.loads(feeds("status", "--json").out)

    (row,) = told["feeds"]
    assert (row["name"], row["state"], row["age_days"]) == ("bookworm-security amd64", "ageing", 3)
    assert row["trust"] == "signed"


def test_status_tells_of_a_damaged_file(feeds, tmp_path):
    feeds("update", "--from", DATA)
    feeds("update", "--from", DATA)
    (tmp_path / "home" / "feeds.db").write_bytes(b"damaged")

    said = feeds("status")

    assert "the generation before serves" in said.err
    assert "bookworm-security" in said.out


def test_nothing_held_is_said(feeds):
    said = feeds("status")

    assert (said.code, said.out) == (0, "nothing is held: run `auditor feeds update`\n")


@pytest.mark.parametrize("command", ["update", "status", "export", "import"])
def test_help_has_an_example(feeds, command):
    assert f"auditor feeds {command}" in feeds(command, "--help").out


def test_doctor_judges_what_is_held(feeds, tmp_path, capsys, monkeypatch):
    feeds("update", "--from", DATA)
    feeds("update", "--from", DATA)

    _run(["doctor"], "auditor")
    whole = capsys.readouterr().out
    (tmp_path / "home" / "feeds.db").write_bytes(b"damaged")
    _run(["doctor"], "auditor")

    assert "ok    feeds        bookworm-security amd64: 3 days old, ageing" in whole
    assert "note  feeds        bullseye-security amd64: 72 days old, stale" in whole
    assert "feeds.db: file is not a database: auditor feeds update" in capsys.readouterr().out
