"""The report as people meet it: a real Chromium, axe-core, a phone, paper, no script."""

import json
import subprocess
from pathlib import Path

import pytest

from auditor.model.base import Lang
from auditor.render.html import Source, write_report
from auditor.render.pack import Material, write_packs
from auditor.render.public import page
from auditor.report.public import public
from tests.render.patching import look, patched
from tests.render.sample import evidence, findings, visits

HERE = Path(__file__).parent
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def apart(source: Source, folder: Path, lang: Lang) -> None:
    """Write what is no page of the report: the public edition, and the page of a pack."""
    folder.mkdir()
    (folder / "public.html").write_text(page(public(source.summary), lang))
    framework = source.summary.frameworks[0]
    material = Material(
        summary=source.summary,
        visits=lambda: source.visits,
        look=lambda t: source.evidence(t).values(),
    )
    (pack,) = write_packs(
        material, framework, (framework.controls[9].control.id,), folder.parent.parent, lang
    )
    (folder / "pack.html").write_text((pack / "index.html").read_text())


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
    apart(source, tmp_path / "report" / "apart", lang)

    done = subprocess.run(
        ["node", "check.mjs", str(tmp_path / "report")],
        cwd=HERE, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["pages"]) == 12
    assert found["wrong"] == []
