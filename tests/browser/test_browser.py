"""The report as people meet it: a real Chromium, axe-core, a phone, paper, no script."""

import json
import subprocess
from pathlib import Path

import pytest

from auditor.model.base import Lang
from auditor.render.html import Source, write_report
from tests.render.patching import look, patched
from tests.render.sample import evidence, findings, visits

HERE = Path(__file__).parent
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", Lang)
def test_the_report_serves_everyone(lang, tmp_path):
    seen = visits()
    source = Source(
        summary=patched(),
        visits=seen,
        evidence=lambda target: evidence(target) | {o.probe: o for o in look(target)},
        findings=findings(seen),
    )
    write_report(source, tmp_path / "report", lang)

    done = subprocess.run(
        ["node", "check.mjs", str(tmp_path / "report")],
        cwd=HERE, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["pages"]) == 8
    assert found["wrong"] == []
