"""The running programs with their accounts and files."""

import pytest

from auditor.model.fact import Why
from auditor.probe import process_table
from auditor.probe.base import Frame
from tests.unit.probe.asking import frame, parse, text_files, why

PASSWD = text_files({"/etc/passwd": "root:x:0:0::/root:/bin/sh\nodd\ntoor:x:0:0::/:/bin/sh"})


def ask(text, frames=PASSWD):
    return parse(process_table, text, frames=frames)["processes"]


def test_a_process_has_its_program_and_account():
    rows = ask("7 0 sshd\n+/usr/sbin/sshd\n8 33 a b\n+/tmp/x (deleted)\n9 0 kthreadd\n+\n")

    assert rows[0] == {
        "pid": 7, "user": "root", "name": "sshd", "exe": "/usr/sbin/sshd", "deleted": False,
    }  # fmt: skip
    assert rows[1] == {
        "pid": 8, "user": "33", "name": "a b", "exe": "/tmp/x", "deleted": True,
    }  # fmt: skip
    assert (rows[2]["exe"], rows[2]["deleted"]) == ("", False)


def test_a_program_that_is_not_shown_is_a_gap():
    (row,) = ask("7 0 sshd\n-\n")

    assert row["gap"]["why"] == Why.NEEDS_ROOT
    assert "exe" not in row


@pytest.mark.parametrize("text", ["", "x 0 a\n+\n", "7 0 a"])
def test_odd_lines_are_no_processes(text):
    assert ask(text) == []


def test_an_account_that_sees_only_itself_cannot_tell_what_runs():
    assert why(process_table, None, frames=PASSWD | frame("process_table", "", rc=77)) is (
        Why.NEEDS_ROOT
    )
    assert why(process_table, "7 0 a\n+\n!\n", frames=PASSWD) is Why.CUT


def test_without_names_accounts_go_by_number():
    frames = {"texts": Frame(key="texts", text="")}

    assert ask("7 0 a\n+\n", frames)[0]["user"] == "0"
