"""Files of accounts that are made to be slow to read: time stays in proportion to their length."""

import time
from contextlib import suppress

import pytest

from auditor.probe import accounts, pam, shell_profile, sudoers
from auditor.probe.base import Unseen
from tests.unit.probe.asking import frame, text_files

LENGTH = 200_000
MOST_SECONDS = 5


def read(module, frames, args=None):
    begun = time.monotonic()
    with suppress(Unseen):
        module.PROBE.parse(args or module.PROBE.args(), frames)
    assert time.monotonic() - begun < MOST_SECONDS


@pytest.mark.parametrize("text", ["[ ", "auth [a=b ", "auth required x.so a=b ", "[\\", "auth ["])
@pytest.mark.parametrize("service", ["login", "*"])
def test_pam(text, service):
    lines = "\n".join([(text * 4000)[:4000]] * 50)
    args = pam.PamArgs(service=service)

    read(pam, text_files({"/etc/pam.d/login": lines, "/etc/pam.d/a": lines}), args)
    read(pam, text_files({"/etc/pam.d/login": text * (LENGTH // len(text))}), args)


@pytest.mark.parametrize(
    "text", ["=", "! ", "a,", '"', '\\"', "PASSWD: ", "x ALL=(", "Defaults:a,"]
)
@pytest.mark.parametrize("start", ["x ALL=", "Defaults:"])
def test_sudoers(text, start):
    statement = start + text * (LENGTH // len(text))

    read(sudoers, frame("sudoers", f"/etc/sudoers\t1\t{statement}\n"))


@pytest.mark.parametrize(
    "text", ["readonly ", "umask 1;", "declare -r", "TMOUT=1 ", "umask u=rwx,", " #", "umask -S "]
)
def test_shell_profile(text):
    line = "TMOUT " + text * (LENGTH // len(text))

    read(shell_profile, text_files({"/etc/profile": line}) | frame("root_path", ""))


def test_accounts_that_share_one_home():
    users = "".join(f"u:b{n}:x:{n % 7}:0:/h:/bin/sh\n" for n in range(20_000))
    files = "".join(f"81a4 0 0 r r /h/./.{n}\n" for n in range(19_000))
    frames = frame("accounts", users) | frame("shadow", "") | frame("homes", f"+/h\n{files}")

    read(accounts, frames)
