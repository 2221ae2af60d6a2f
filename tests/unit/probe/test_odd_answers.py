"""Answers that no real target gave yet."""

import pytest

from auditor.model.base import Text
from auditor.model.fact import Field, Kind, Why
from auditor.probe import accounts, file, listening, sshd
from auditor.probe.base import Frame, Unseen
from auditor.probe.script import compile_script, new_nonce
from tests.unit.probe.test_script import probe, section

LABEL = Text(id="a", en="b")


def test_there_is_no_type_below_a_leaf():
    record = Field(kind=Kind.RECORD, label=LABEL, fields={"a": Field(kind=Kind.TEXT, label=LABEL)})

    assert record.at("a.b") is None
    assert record.at("") is record


def test_a_class_that_passwd_itself_shows_was_seen_without_shadow():
    frames = {
        "accounts": Frame(key="accounts", text="u:tamu:empty:1001:1001:/home/tamu:/bin/sh\n"),
        "shadow": Frame(key="shadow", text="", denied=True),
    }

    (user,) = accounts.PROBE.parse(accounts.PROBE.args(), frames)["users"]

    assert user["password"] == "empty"
    assert user["gap"]["why"] is Why.NEEDS_ROOT


def test_a_stat_that_is_none_is_not_believed():
    args = file.FileArgs(path="/etc/passwd")
    (key,) = (s.key for s in file.PROBE.sections([args]))
    text = f"{file._id('/etc/passwd')} +\n=\nnonsense\n"

    with pytest.raises(Unseen, match="nonsense"):
        file.PROBE.parse(args, {key: Frame(key=key, text=text)})


def test_a_socket_that_is_listed_twice_is_one():
    line = "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n"
    frames = {"listening": Frame(key="listening", text="ss\n" + line * 2)}

    (socket,) = listening.PROBE.parse(listening.PROBE.args(), frames)["sockets"]

    assert socket["addresses"] == ["0.0.0.0"]


def test_a_keyword_that_is_called_like_a_field_of_ours_is_left_out():
    args = sshd.PROBE.args()
    (key,) = (s.key for s in sshd.PROBE.sections([args]))
    text = "permitrootlogin no\nmessage forged\n"

    found = sshd.PROBE.parse(args, {key: Frame(key=key, text=text)})

    assert found["message"] == ""


def test_a_question_that_is_asked_twice_is_asked_once():
    asked = probe(section("a", "echo a"))

    assert len(compile_script([asked, asked], new_nonce()).sections) == 1
