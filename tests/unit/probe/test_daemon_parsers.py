"""Parsers of the probes about log and time daemons and the processes behind them."""

import pytest

from auditor.model.fact import Why
from auditor.probe import clock, log_daemons, processes
from auditor.probe.base import Frame, Unseen
from tests.unit.probe.asking import RUNNING, frame, parse, why


def test_an_account_that_sees_only_itself_cannot_tell_what_runs():
    hidden = frame("processes", "", rc=77)

    assert why(log_daemons, "", frames=hidden) is Why.NEEDS_ROOT
    assert why(clock, "", frames=hidden) is Why.NEEDS_ROOT


def test_a_cut_list_of_processes_proves_nothing():
    with pytest.raises(Unseen) as caught:
        processes.running({"processes": Frame(key="processes", text="sh\n", cut=True)})

    assert caught.value.why is Why.CUT


@pytest.mark.parametrize(
    ("running", "daemon", "text", "kept"),
    [
        ("rsyslogd\nsystemd-journal", "rsyslog", "storage volatile\n", True),
        ("syslog-ng", "syslog-ng", "", True),
        ("systemd-journal", "journald", "", False),
        ("systemd-journal", "journald", "journal\n", True),
        ("systemd-journal", "journald", "storage persistent\n", True),
        ("systemd-journal", "journald", "journal\nstorage volatile\n", False),
        ("systemd-journal", "journald", "journal\nstorage none\nstorage auto\n", True),
        ("bash", "none", "journal\n", False),
    ],
)
def test_logs_are_kept_only_where_something_keeps_them(running, daemon, text, kept):
    found = parse(log_daemons, text, frames=frame("processes", f"init\n{running}\n"))

    assert (found["daemon"], found["persistent"]) == (daemon, kept)


def test_modes_are_four_digits_and_odd_lines_are_no_files():
    text = "file 640 root adm /var/log/syslog\nfile odd\nfile 4755 root root /var/log/x y\n"

    found = parse(log_daemons, text, frames=RUNNING)

    assert [(row["path"], row["mode"]) for row in found["files"]] == [
        ("/var/log/syslog", "0640"),
        ("/var/log/x y", "4755"),
    ]


def test_no_forwarding_is_a_fact_only_where_all_settings_were_read():
    hidden = "hidden /etc/rsyslog.d\n"

    assert parse(log_daemons, "", frames=RUNNING)["forwards"] == []
    unsure = parse(log_daemons, hidden, frames=RUNNING)
    assert "forwards" not in unsure
    assert unsure["gap"]["why"] == "needs_root"
    assert parse(log_daemons, f"{hidden}to @log\nto @log\n", frames=RUNNING)["forwards"] == ["@log"]


def test_a_closed_folder_of_logs_is_a_row_of_its_own():
    found = parse(log_daemons, "hidden /var/log/audit\n", frames=RUNNING)

    assert found["files"] == [
        {
            "path": "/var/log/audit",
            "gap": {"why": "needs_root", "detail": "needs root: the folder cannot be searched"},
        }
    ]
    assert found["forwards"] == []


@pytest.mark.parametrize(
    ("text", "zone", "in_step"),
    [
        ("zone Asia/Jakarta\nntp yes\n", "Asia/Jakarta", True),
        ("zone posix/Asia/Jakarta\nntp no\n", "Asia/Jakarta", False),
        ("Leap status     : Normal\n", None, True),
        ("Leap status     : Insert second\n", None, True),
        ("Leap status     : Not synchronised\n", None, False),
        ("506 Cannot talk to daemon\nntp \n", None, None),
    ],
)
def test_the_clock_is_in_step_only_where_a_tool_says_so(text, zone, in_step):
    found = parse(clock, f"{text}clock 1790000000\n", frames=RUNNING)

    assert found.get("zone") == zone
    assert found.get("synchronised") is in_step
    assert found["clock"] == "2026-09-21T14:13:20+00:00"
    assert ("gap" in found) is (zone is None or in_step is None)


@pytest.mark.parametrize(
    ("comm", "service"),
    [
        ("chronyd", "chrony"),
        ("ntpd", "ntpd"),
        ("systemd-timesyn", "timesyncd"),
        ("chronyd-helper", "none"),
    ],
)
def test_the_time_service_goes_by_its_process(comm, service):
    frames = frame("processes", f"init\n{comm}\n")

    assert parse(clock, "clock 1790000000\n", frames=frames)["service"] == service


def test_a_clock_that_is_no_number_is_no_time():
    assert why(clock, "clock soon\n", frames=RUNNING) is Why.UNREADABLE
    assert "clock" not in parse(clock, "zone UTC\n", frames=RUNNING)
