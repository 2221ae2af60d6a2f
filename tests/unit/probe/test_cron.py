"""Jobs of cron and anacron, and the lists of who may use cron and at."""

import pytest

from auditor.model.fact import Why
from auditor.probe import cron
from auditor.probe.base import Frame
from tests.unit.probe.asking import parse, text_files


def ask(files, more=""):
    frames = text_files(files)
    text = f"{more}{frames['texts'].text}"
    return parse(cron, None, frames={"texts": Frame(key="texts", text=text)})


@pytest.mark.parametrize(
    ("path", "line", "schedule", "user", "command"),
    [
        ("/etc/crontab", "17 *\t* * *  root  cd / && run", "17 * * * *", "root", "cd / && run"),
        ("/etc/cron.d/a", "@reboot www-data /x y", "@reboot", "www-data", "/x y"),
        ("/etc/cron.d/a", "* * * * * root", "* * * * *", "root", ""),
        ("/var/spool/cron/crontabs/budi", "0 1 * * 1 /x y", "0 1 * * 1", "budi", "/x y"),
        ("/var/spool/cron/root", "@daily /x", "@daily", "root", "/x"),
        ("/var/spool/cron/tabs/root", "@daily /x", "@daily", "root", "/x"),
        ("/etc/anacrontab", "7 10 cron.weekly run-parts /x", "7 10", "root", "run-parts /x"),
        ("/etc/anacrontab", "@monthly 15 m run", "@monthly 15", "root", "run"),
    ],
)
def test_each_job_has_its_account_and_its_place(path, line, schedule, user, command):
    jobs = ask({path: f"# a\nSHELL=/bin/sh\n{line}\nodd"})["jobs"]

    assert [(job["schedule"], job["user"], job["command"]) for job in jobs] == [
        (schedule, user, command)
    ]
    assert jobs[0]["place"] == f"{path}:3"
    assert jobs[0]["job"] == f"{path}: {command[:60]}"


def test_a_line_of_blanks_names_nobody():
    assert ask({"/etc/cron.d/a": "* * * * *   \n@daily \t "})["jobs"][0]["user"] == ""


def test_a_setting_is_no_job():
    assert (
        ask({"/etc/anacrontab": "START_HOURS_RANGE= 3 22 x\n1 5 a b"})["jobs"][0]["command"] == "b"
    )
    assert ask({"/etc/crontab": "MAILTO = a b c d e f"})["jobs"] == []


def test_lists_of_who_may_are_facts_where_they_are_absent():
    found = ask({"/etc/cron.allow": "root\n budi ", "/etc/at.deny": ""})

    assert (found["cron_allow_exists"], found["cron_allow"]) == (True, ["root", "budi"])
    assert (found["at_deny_exists"], found["at_deny"]) == (True, [])
    assert (found["cron_deny_exists"], found["at_allow_exists"]) == (False, False)
    assert found["jobs"] == []


def test_folders_beside_crontabs_are_passed_over():
    found = ask({"/var/spool/cron/root": "@daily x"}, "o /var/spool/cron/crontabs\n")

    assert len(found["jobs"]) == 1


@pytest.mark.parametrize(
    "hidden",
    ["? /var/spool/cron/crontabs/*\n", "! /var/spool/cron/root\n", "! /etc/cron.d/a\n"],
)
def test_jobs_that_cannot_be_read_are_a_gap(hidden):
    found = ask({}, hidden)

    assert "jobs" not in found
    assert found["gap"]["why"] == Why.NEEDS_ROOT
    assert found["cron_allow_exists"] is False


def test_a_list_that_cannot_be_read_is_a_gap():
    found = ask({}, "! /etc/cron.allow\n")

    assert "cron_allow_exists" not in found
    assert found["gap"]["why"] == Why.NEEDS_ROOT
