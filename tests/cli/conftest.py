"""Call the command line as a shell would, in this process."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from auditor.cli import _run


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def auditor(capsys, tmp_path, monkeypatch) -> Callable[..., Said]:
    """Run `auditor ARGS` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("AUDITOR_HOME", "AUDITOR_INVENTORY", "AUDITOR_POLICY", "AUDITOR_LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: object) -> Said:
        code = _run([str(arg) for arg in args], "auditor")
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run
