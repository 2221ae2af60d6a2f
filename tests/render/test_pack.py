"""Evidence packs: whole, inert, the same bytes for the same run."""

import csv
import hashlib
import io
import zipfile

import msgspec
import pytest

from auditor.errors import StoreError
from auditor.model.base import Lang
from auditor.model.result import Status
from auditor.render import pack as packing
from auditor.render.pack import Attached, Material, pack_name, write_packs, zip_packs
from tests.render.sample import EVIL, evidence, summary, visits


@pytest.fixture(scope="module")
def seen():
    return visits()


@pytest.fixture(scope="module")
def made(seen):
    return summary(seen)


@pytest.fixture(scope="module")
def row(made):
    """A control with failures behind it."""
    return max(made.controls, key=lambda one: one.evidence.against)


def material(made, seen, **more):
    return Material(
        summary=made, visits=lambda: seen, look=lambda target: evidence(target).values(), **more
    )


def packs(made, seen, row, folder, **more):
    framework = next(f for f in made.frameworks if f.id == row.framework)
    return write_packs(material(made, seen, **more), framework, (row.control.id,), folder, Lang.ID)


def test_a_pack_is_named_by_its_code_and_words(row):
    code, _, words = pack_name(row).partition("-")

    assert code == row.control.id.rpartition(":")[2]
    assert words == words.lower()


def test_a_pack_holds_the_page_the_table_the_evidence_and_their_digests(made, seen, row, tmp_path):
    (folder,) = packs(made, seen, row, tmp_path)

    sums = dict(
        reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert files == {*sums, "SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert row.control.text.id in (folder / "index.html").read_text()


def test_every_result_is_a_line_and_no_cell_is_a_formula(made, seen, row, tmp_path):
    (folder,) = packs(made, seen, row, tmp_path)
    rows = list(csv.DictReader(io.StringIO((folder / "results.csv").read_text())))
    behind = set(row.checks)

    wanted = [
        r for v in seen for r in v.results
        if r.check in behind and r.status is not Status.NOT_APPLICABLE
    ]  # fmt: skip
    assert len(rows) == len(wanted)
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in rows for cell in line.values())


def test_evidence_is_inert_and_linked(made, seen, row, tmp_path):
    (folder,) = packs(made, seen, row, tmp_path)
    page = (folder / "index.html").read_text()

    texts = list((folder / "evidence").iterdir())
    assert texts
    for text in texts:
        assert f'href="evidence/{text.name}"' in page
        assert "\x1b" not in text.read_text()
    assert EVIL not in page


def test_evidence_is_bounded(made, seen, row, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "MOST_EVIDENCE", 2)

    (folder,) = packs(made, seen, row, tmp_path)

    assert len(list((folder / "evidence").iterdir())) == 2


def test_files_of_officials_are_in_the_pack(made, seen, row, tmp_path):
    file = Attached(opd="dinkes", name="../../SK Kepala.pdf", body=lambda: b"%PDF-1.7 isi")

    (folder,) = packs(made, seen, row, tmp_path, attached=lambda _checks: [file])

    (path,) = (folder / "attached").iterdir()
    assert path.read_bytes() == file.body()
    assert path.parent == folder / "attached"


def test_a_control_that_nothing_answers_has_a_pack_that_says_so(made, seen, tmp_path):
    row = next((one for one in made.controls if not one.verdicts), None)
    assert row is not None

    (folder,) = packs(made, seen, row, tmp_path)

    assert "Belum diperiksa" in (folder / "index.html").read_text()
    assert not (folder / "evidence").exists()


def test_the_same_run_makes_the_same_bytes(made, seen, row, tmp_path):
    archives = []
    for name in ("a", "b"):
        folders = packs(made, seen, row, tmp_path / name)
        archives.append(zip_packs(folders, tmp_path / f"{name}.zip").read_bytes())

    assert archives[0] == archives[1]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None


def test_a_zip_that_cannot_be_written_is_told_and_leaves_nothing(made, seen, row, tmp_path):
    folders = packs(made, seen, row, tmp_path)
    (tmp_path / "busy.zip").mkdir()

    with pytest.raises(StoreError, match="busy"):
        zip_packs(folders, tmp_path / "busy.zip")
    assert not list(tmp_path.glob(".busy*"))


def test_without_names_all_controls_of_a_framework_have_a_pack(made, seen, tmp_path):
    framework = msgspec.structs.replace(
        made.frameworks[0], controls=made.frameworks[0].controls[:3]
    )

    assert len(write_packs(material(made, seen), framework, (), tmp_path, Lang.EN)) == 3
