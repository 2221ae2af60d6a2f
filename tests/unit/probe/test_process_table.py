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
    rows = ask("0 sshd\n+/usr/sbin/sshd\n33 a b\n+/tmp/x (deleted)\n0 kthreadd\n+\n")

    told = {row["name"]: (row["user"], row["exe"], row["deleted"]) for row in rows}
    assert told == {
        "sshd": ("root", "/usr/sbin/sshd", False),
        "a b": ("33", "/tmp/x", True),
        "kthreadd": ("root", "", False),
    }


def test_equal_processes_are_one_row_whatever_their_order():
    two = "0 b\n+/b\n0 a\n+/a\n0 b\n+/b\n"

    assert ask(two) == ask("0 a\n+/a\n0 b\n+/b\n")


def test_a_program_that_is_not_shown_is_a_gap():
    (row,) = ask("0 sshd\n-\n")

    assert row["gap"]["why"] == Why.NEEDS_ROOT
    assert "exe" not in row


@pytest.mark.parametrize("text", ["", "x a\n+\n", "0 a"])
def test_odd_lines_are_no_processes(text):
    assert ask(text) == []


def test_an_account_that_sees_only_itself_cannot_tell_what_runs():
    assert why(process_table, None, frames=PASSWD | frame("process_table", "", rc=77)) is (
        Why.NEEDS_ROOT
    )
    assert why(process_table, "0 a\n+\n!\n", frames=PASSWD) is Why.CUT


def test_without_names_accounts_go_by_number():
    frames = {"texts": Frame(key="texts", text="")}

    assert ask("0 a\n+\n", frames)[0]["user"] == "0"
