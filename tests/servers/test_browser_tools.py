"""Without a browser nothing is examined; with one that breaks, something went wrong."""

import os
import shutil
import subprocess
import sys
from importlib import util

import msgspec
import pytest

from auditor.cli import main
from auditor.collect import browser_tools as tools
from auditor.collect.browser_order import HOME, Order
from auditor.collect.browser_process import MODULE, home
from auditor.evaluate import evaluate
from auditor.examples import NOW, ORDINARY
from auditor.load.checks import load_checks
from auditor.model.fact import Gap, Why
from auditor.model.scope import Scope
from auditor.plan import Chosen, bind
from auditor.probe.base import Unseen
from auditor.probe.catalogue import CATALOGUE
from tests.servers.browser_looking import CHROMIUM, look
from tests.servers.browser_sites import World

NOWHERE = World({}, clear=1, secure=1)


def executable(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def chromium(monkeypatch, tmp_path_factory):
    """Put a shell text in Chromium's place, where any user can run it."""

    def replace(text):
        folder = tmp_path_factory.mktemp("chromium")
        for path in (folder, folder.parent, folder.parent.parent):
            path.chmod(0o755)
        monkeypatch.setenv(tools.VARIABLE, executable(folder / "chromium", text))

    return replace


@pytest.mark.parametrize("module", ["playwright", "axe_core_python"])
def test_without_a_library_nothing_is_examined(monkeypatch, chromium, module):
    chromium("exit 0")
    known = util.find_spec
    monkeypatch.setattr(tools, "find_spec", lambda name: None if name == module else known(name))

    seen = look(NOWHERE, "dinas.kota.test")

    assert isinstance(seen, Gap)
    assert seen.why is Why.NO_TOOL
    assert "auditor[browser]" in seen.detail


@pytest.mark.parametrize("named", [None, "", "/nowhere/chromium", "/etc/passwd"])
def test_without_chromium_nothing_is_examined(monkeypatch, tmp_path, named):
    monkeypatch.setenv("PATH", str(tmp_path))
    if named is None:
        monkeypatch.delenv(tools.VARIABLE, raising=False)
    else:
        monkeypatch.setenv(tools.VARIABLE, named)

    seen = look(NOWHERE, "dinas.kota.test")

    assert isinstance(seen, Gap)
    assert seen.why is Why.NO_TOOL


def test_what_nobody_could_look_at_is_not_checked():
    for name, check in load_checks().items():
        if name.startswith("browser."):
            bound = bind(check, Chosen(check=name, params={}, severity=None), ORDINARY, CATALOGUE)
            (probe,) = bound.probes.values()
            gap = Gap(target=ORDINARY.id, probe=probe.key, why=Why.NO_TOOL, detail="none")
            found = evaluate(bound, ORDINARY.id, {probe.key: gap}, NOW)
            assert found.status == "not_checked"


def test_chromium_is_found_by_any_of_its_names(monkeypatch, tmp_path):
    monkeypatch.delenv(tools.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in reversed(tools.COMMANDS):
        executable(tmp_path / name, "exit 0")
        assert tools.find_tools().chromium == str(tmp_path / name)


def test_root_gives_its_browser_a_user_of_its_own(monkeypatch, chromium):
    chromium("exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert tools.find_tools().user is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    user = tools.find_tools().user
    assert user is not None
    assert 61_184 <= user < 65_520
    monkeypatch.setattr(tools, "SETPRIV", "/nowhere/setpriv")
    with pytest.raises(Unseen, match="setpriv"):
        tools.find_tools()


@pytest.mark.parametrize("text", ["exit 1", "echo tidak >&2; exit 0", "kill -9 $$"])
def test_a_browser_that_breaks_is_an_error(chromium, text):
    chromium(text)

    record = look(NOWHERE, "dinas.kota.test").value["sites"][0]

    assert record["gap"]["why"] == "unreadable"
    assert "broke" in record["gap"]["detail"]


def test_a_browser_that_hangs_ends_in_time(chromium):
    chromium("sleep 60")

    record = look(NOWHERE, "dinas.kota.test", seconds=2.0).value["sites"][0]

    assert record["gap"]["why"] == "timeout"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_where_no_sandbox_is_allowed_the_evidence_says_so(chromium):
    lines = (
        'case "$*" in *--no-sandbox*) exec {} "$@";; esac; echo "No usable sandbox!" >&2; exit 1'
    )
    chromium(lines.format(CHROMIUM))

    seen = look(NOWHERE, "dinas.kota.test")

    assert "no sandbox" in seen.evidence.excerpt
    assert seen.value["sites"][0]["gap"]["why"] == "refused"


def test_a_target_without_sites_or_outside_the_letter_is_a_gap(chromium):
    chromium("exit 1")
    assert look(NOWHERE).why is Why.NO_DATA
    assert look(NOWHERE, "dinas.kota.test", address="192.0.2.1").why is Why.SCOPE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_the_browser_owns_its_folder_and_nothing_else(tmp_path, monkeypatch):
    with home(61_200) as folder:
        assert folder.stat().st_uid == 61_200
        assert folder.parent.stat().st_uid == 0
        assert folder.parent.stat().st_mode & 0o777 == 0o711
    assert not folder.parent.exists()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("tempfile.tempdir", str(closed))
    with home(61_200) as folder:
        assert str(folder).startswith("/tmp/")
    with home(None) as folder:
        assert folder.is_relative_to(closed)


def test_nothing_stays_where_the_auditor_was_killed(tmp_path):
    """The child's input ends with the auditor, which cannot clear up any more."""
    outer = tmp_path / f"{HOME}x"
    (outer / "profile").mkdir(parents=True)
    order = Order(
        site="dinas.kota.test",
        names=(),
        scope=Scope(),
        relay=1,
        chromium=executable(tmp_path / "chromium", "sleep 60"),
        folder=str(outer / "profile"),
        agent="a",
    )

    done = subprocess.run(
        [sys.executable, "-m", MODULE],
        input=msgspec.json.encode(order) + b"\n",
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 1
    assert not outer.exists()
    assert (tmp_path / "chromium").exists()


def test_doctor_tells_whether_there_is_a_browser(monkeypatch, capsys, tmp_path, chromium):
    def doctor():
        monkeypatch.setattr(sys, "argv", ["auditor", "doctor"])
        with pytest.raises(SystemExit):
            main()
        return next(line for line in capsys.readouterr().out.splitlines() if "browser" in line)

    monkeypatch.chdir(tmp_path)
    chromium("exit 0")
    assert doctor().startswith("ok")
    monkeypatch.setenv(tools.VARIABLE, "/nowhere")
    assert doctor().startswith("note")
    assert shutil.which("/nowhere") is None
