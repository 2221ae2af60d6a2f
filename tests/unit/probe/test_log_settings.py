"""Settings of journald, rsyslog, the journal's upload and logrotate."""

import pytest

from auditor.model.fact import Why
from auditor.probe import log_daemons
from auditor.probe.base import Frame
from tests.unit.probe.asking import RUNNING, parse, text_files

MAIN = "/etc/systemd/journald.conf"
DROP = "/etc/systemd/journald.conf.d"
DEBIAN = {"/etc/debian_version": "12.5"}


def ask(files=None, text=""):
    return parse(log_daemons, text, frames=RUNNING | text_files(files or {}))


@pytest.mark.parametrize(
    ("files", "value", "place"),
    [
        ({}, "auto", "default"),
        ({MAIN: "[Journal]\nStorage = Persistent"}, "persistent", f"{MAIN}:2"),
        ({MAIN: "[Other]\nStorage=none"}, "auto", "default"),
        ({MAIN: "Storage=none"}, "auto", "default"),
        (
            {MAIN: "[Journal]\nStorage=none", f"{DROP}/a.conf": "[Journal]\nStorage=volatile"},
            "volatile", f"{DROP}/a.conf:2",
        ),
        (
            {
                f"{DROP}/b.conf": "[Journal]\nStorage=none",
                f"{DROP}/a.conf": "[Journal]\nStorage=volatile",
            },
            "none", f"{DROP}/b.conf:2",
        ),
        (
            {
                "/usr/lib/systemd/journald.conf.d/a.conf": "[Journal]\nStorage=none",
                f"{DROP}/a.conf": "[Journal]\nStorage=volatile",
            },
            "volatile", f"{DROP}/a.conf:2",
        ),
        (
            {"/usr/lib/systemd/journald.conf": "[Journal]\nStorage=none", MAIN: "[Journal]"},
            "auto", "default",
        ),
        ({MAIN: "[Journal]\nStorage=none\nStorage="}, "auto", "default"),
        ({MAIN: "[Journal]\nStorage=none\nStorage=volatile\nodd"}, "volatile", f"{MAIN}:3"),
    ],
)  # fmt: skip
def test_the_last_drop_in_sets_where_the_journal_is_kept(files, value, place):
    journald = ask(files)["journald"]

    assert (journald["storage"], journald["places"]["storage"]) == (value, place)


@pytest.mark.parametrize(
    ("word", "compress"),
    [("yes", True), ("no", False), ("ON", True), ("0", False), ("4K", True), ("maybe", True)],
)
def test_compress_is_a_switch_or_a_size(word, compress):
    journald = ask({MAIN: f"[Journal]\nCompress={word}\nSeal=maybe"})["journald"]

    assert journald["compress"] is compress
    assert (journald["places"]["compress"] == "default") is (word == "maybe")
    assert journald["places"]["seal"] == "default"


def test_debian_forwards_to_syslog_where_nothing_is_said():
    assert ask(DEBIAN)["journald"]["forward_to_syslog"] is True
    assert ask()["journald"]["forward_to_syslog"] is False
    said = ask(DEBIAN | {MAIN: "[Journal]\nForwardToSyslog=no"})["journald"]
    assert said["forward_to_syslog"] is False


def test_retention_is_set_by_one_limit():
    journald = ask({MAIN: "[Journal]\nSystemMaxUse=1G"})["journald"]

    assert (journald["limited"], journald["system_max_use"]) == (True, "1g")
    assert ask({MAIN: "[Journal]\nRuntimeMaxUse=1G"})["journald"]["limited"] is False
    names = ("SystemMaxUse", "SystemKeepFree", "RuntimeMaxUse", "RuntimeKeepFree", "MaxFileSec")
    every = "\n".join(f"{name}=1" for name in (*names, "MaxRetentionSec"))
    assert "gap" not in ask({MAIN: f"[Journal]\n{every}"})["journald"]


def test_settings_that_cannot_be_read_are_a_gap():
    frames = RUNNING | {"texts": Frame(key="texts", text=f"! {MAIN}\n! /etc/logrotate.conf\n")}
    found = parse(log_daemons, "", frames=frames)

    assert found["journald"] == {
        "gap": {"why": Why.NEEDS_ROOT, "detail": f"needs root: {MAIN} may not be read"}
    }
    assert "configured" not in found["rotation"]
    assert found["forwards"] == []


def test_rsyslogs_settings_have_their_places():
    text = (
        "set /etc/rsyslog.conf:5 file_create_mode 0640\n"
        "set /etc/rsyslog.d/a.conf:2 file_create_mode 0604\n"
        "set /etc/rsyslog.conf:9 receives 514\nset /etc/rsyslog.conf:7 encrypts tls\n"
        "set /etc/rsyslog.conf:7 unheard of\nset nonsense\n"
    )
    rsyslog = ask({}, text)["rsyslog"]

    assert rsyslog["file_create_mode"] == "0644"
    assert rsyslog["file_create_modes"] == ["0604", "0640"]
    assert rsyslog["receives"] == ["/etc/rsyslog.conf:9"]
    assert rsyslog["encrypts"] is True
    assert rsyslog["places"]["file_create_mode"] == "/etc/rsyslog.d/a.conf:2"


def test_rsyslogs_defaults():
    rsyslog = ask()["rsyslog"]

    assert (rsyslog["file_create_mode"], rsyslog["receives"]) == ("0644", [])
    assert rsyslog["places"] == {"file_create_mode": "default"}


def test_the_journals_upload():
    text = "set /etc/systemd/journal-upload.conf:4 upload_url https://log\n"
    upload = ask({}, f"{text}set /etc/x:1 upload_serverkeyfile\n")["upload"]

    assert (upload["url"], upload["key"], upload["trusted"]) == ("https://log", "", "")
    assert upload["places"]["url"] == "/etc/systemd/journal-upload.conf:4"


def test_logs_are_rotated_by_a_schedule():
    conf = "weekly\nrotate 4\n/var/log/x {\n daily\n rotate 1\n}\nrotate many\ninclude /x"
    files = {
        "/etc/logrotate.conf": conf,
        "/etc/logrotate.d/a": "x",
        "/etc/cron.daily/logrotate": "x",
    }
    rotation = ask(files)["rotation"]

    assert (rotation["configured"], rotation["scheduled"]) == (True, True)
    assert (rotation["frequency"], rotation["keeps"]) == ("weekly", 4)
    assert rotation["places"]["keeps"] == "/etc/logrotate.conf:2"
    assert rotation["parts"] == ["/etc/logrotate.d/a"]
    assert "gap" not in rotation
    without = ask()["rotation"]
    assert (without["configured"], without["scheduled"]) == (False, False)
