"""Sites with planted numbers on real nginx, through the whole command line: found, never kept.

Every byte that the auditor leaves behind is searched: database, reports, letters, screen, log.
"""

import base64
import functools
import gzip
import io
import json
import logging
import re
import sqlite3
import zlib
from contextlib import closing
from tempfile import NamedTemporaryFile

import pypdf
import pytest

from auditor.cli import _run
from auditor.collect.pages import PagesCollector
from auditor.model.result import Status
from auditor.probe.personal_data import PROBE
from tests.servers.page_sites import NOW, SITE, edited, model, serve
from tests.unit.probe.personal_made import KKS, NIKS, NPWPS, pdf, table, written, xlsx

N, W, B, OTHER, PAPUA, LOMBOK = NIKS
K = KKS[0]
PHONES = [f"0812345678{n:02}" for n in range(12)]
MAILS = [f"warga{n}@gmail.com" for n in range(12)]
INVENTORY = """\
city: {name: Kota Uji, unit: Diskominfo Uji}
authority:
  letter: 1/ST/2026
  date: 2026-01-01
  valid_until: 2027-12-31
  scope: {networks: [127.0.0.0/8], domains: [localhost, batukota.go.id]}
opds:
  - {id: dinkes, name: Dinas Contoh}
targets:
  - {id: web, opd: dinkes, kind: site, address: 127.0.0.1, sites: [%s], ssh: null}
"""
POLICY = """\
id: terbuka
title: {id: Data terbuka, en: Open data}
checks:
  - use: personal.*
  - use: privacy.*
  - use: channels.*
  - use: content.*
"""


def link(path, text="berkas"):
    return f'<li><a href="{path}">{text}</a></li>'


def telling(number: str) -> bytes:
    """A PDF about whose odd map of characters pypdf has something to say, with a number in it."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf("x")))
    font = writer.pages[0]["/Resources"]["/Font"]
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(f"beginbfchar\n<{number}> <zz{number}>\nendbfchar".encode())
    next(iter(font.values())).get_object()[pypdf.generic.NameObject("/ToUnicode")] = stream
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def planted():
    body = (
        f"<p>NIK: {N[:4]}<b>{N[4:8]}</b>{N[8:]}, KK {K}, NPWP {NPWPS[0]}</p>"
        f"<p>wali NIK {written(W)[2]}</p><p>{' '.join((*PHONES, *MAILS))}</p>"
        f"<table><tr><th>No<th>NIK<th>Diagnosa<tr><td>1<td>{OTHER}<td>TBC</table>"
        f"<!-- nik {PAPUA} --><script>var d={{'nik':'{LOMBOK}'}}</script>"
        f"<a href='/cek?nik={B}' title='NIK {B}'>NIK {B}</a>"
        f"<ul>{link('/data/a.pdf')}{link('/data/b.xlsx')}"
        f""
        f"{link('/data/c.csv')}{link(f'/data/ktp-{W}.pdf', f'KTP {W}')}"
        f"{link('/data/d.pdf')}{link('/data/kk.csv')}</ul>"
    )

    def hide(book):
        book["b"].sheet_state = "hidden"

    return model(
        {
            **edited("/data-terbuka.html", "<h2>Metadata</h2>", f"{body}<h2>Metadata</h2>"),
            **edited("/index.html", "<title>", f"<title>NIK {N} "),
            "/data/a.pdf": pdf(f"NIK {N}", table=[["NIK", "No KK"], [W, K]], author="Budi Santoso"),
            "/data/b.xlsx": xlsx({"a": [["NIK"], [N], [int(W)]], "b": [["NIK"], [B]]}, hide),
            "/data/c.csv": table([["NIK", "Nama Siswa"], [B, "Ani"], [OTHER, "Budi"]], ";"),
            "/data/kk.csv": table([["No KK"], [K]], "\t", "utf-8-sig"),
            f"/data/ktp-{W}.pdf": pdf(f"NIK {W}"),
            "/data/d.pdf": telling(PAPUA),
        }
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("planted"), planted()) as served:
        yield served


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("clean"), model()) as served:
        yield served


def failing(served):
    return {n for n, one in served.judged("personal-data").items() if one.status is Status.FAIL}


def test_the_model_site_has_no_fault(clean):
    results = clean.judged("personal-data")

    assert len(results) == 15
    assert {one.status for one in results.values()} <= {Status.PASS}


def test_what_is_planted_is_found(served):
    results = served.judged("personal-data")
    failed = {name for name, one in results.items() if one.status is Status.FAIL}

    assert failed == {f"personal.{name}" for name in (
        "nik", "kk", "npwp", "link-number", "children", "specific", "columns", "hidden-cells",
        "phones", "mails", "author",
    )}  # fmt: skip


def test_each_place_is_told(served):
    rows = {
        row["address"].removeprefix(f"https://{SITE}"): row
        for row in served.record(PROBE)["places"]
    }

    assert rows["/data-terbuka.html"]["nik"] == 6
    assert rows["/data-terbuka.html"]["phones"] == rows["/data-terbuka.html"]["mails"] == 12
    assert rows["/"]["nik"] == 1
    assert rows["/data/a.pdf"]["nik"] == 2
    assert rows["/data/a.pdf"]["kk"] == 1
    assert rows["/data/b.xlsx"]["nik"] == 3
    assert rows["/data/b.xlsx"]["hidden"] is True
    assert rows["/data/c.csv"]["minors"] == 1
    assert rows["/data/kk.csv"]["kk"] == 1
    assert rows[f"/data/ktp-{W[:6]}xxxxxxxxxx.pdf"]["nik"] == 1


@pytest.fixture(scope="module")
def left(served, tmp_path_factory):
    """Run scan, report, letters; return every byte that is left behind, by name."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "inventory.yaml").write_text(INVENTORY % SITE)
    (folder / "policy.yaml").write_text(POLICY)
    home = folder / "out"
    said = io.StringIO()
    log = logging.StreamHandler(said)
    patch = pytest.MonkeyPatch()
    collector = functools.partial(PagesCollector, served.clear, served.secure, 0)
    patch.setattr("auditor.collect.pages.PagesCollector", collector)
    patch.setattr("sys.stdout", said)
    patch.setattr("sys.stderr", said)
    logging.getLogger().addHandler(log)
    try:
        files = ("-i", folder / "inventory.yaml", "-p", folder / "policy.yaml")
        codes = [
            run("scan", *files, "--home", home, "--lang", "id"),
            run("scan", *files, "--home", home, "--lang", "en"),
            run("report", "--home", home, "--lang", "both", "-o", folder / "report"),
            run("report", "--home", home, "--format", "json", "-o", folder / "json"),
            run("run", "show", "--home", home),
            run("letters", "--home", home, "-o", folder / "letters"),
        ]
    finally:
        logging.getLogger().removeHandler(log)
        patch.undo()
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return codes, found | {"screen": said.getvalue().encode()}


def run(*args):
    return int(_run([str(arg) for arg in args], "auditor"))


def unpacked(name: str, data: bytes):
    """Yield what is packed inside a file: documents of the store, tables of a page."""
    yield data
    if name.endswith(".db"):
        with NamedTemporaryFile(suffix=".db") as file:
            file.write(data)
            file.flush()
            with closing(sqlite3.connect(file.name)) as store:
                for (body,) in store.execute("SELECT body FROM document"):
                    yield zlib.decompress(body)
    for blob in re.findall(rb"[A-Za-z0-9+/]{200,}={0,2}", data):
        whole = base64.b64decode(blob[: len(blob) // 4 * 4])
        if whole.startswith(b"\x1f\x8b"):
            yield gzip.decompress(whole)


def test_the_run_went_through(left):
    codes, found = left

    assert codes[0] in (1, 5), found["screen"].decode()
    assert codes[2:] == [0, 0, codes[4], 0]
    assert any(name.endswith("auditor.db") for name in found)
    assert sum(name.startswith("letters/") for name in found) == 2
    run_json = json.loads(found["json/run.json"])
    assert "personal.nik" in json.dumps(run_json)
    assert any(
        b"357901xxxxxxxxxx" in part for n, data in found.items() for part in unpacked(n, data)
    )
    assert "Pasal 46" in found[next(name for name in found if name.startswith("letters/"))].decode()


def test_not_one_number_is_left_behind(left):
    _, found = left
    numbers = [form for number in (*NIKS, *KKS) for form in written(number)]
    numbers += [*NPWPS, *("".join(filter(str.isdigit, one)) for one in NPWPS), *PHONES, *MAILS]
    numbers += [phone.replace("08", "628", 1) for phone in PHONES]
    places = 0
    for name, data in found.items():
        if name in ("inventory.yaml", "policy.yaml"):
            continue
        for part in unpacked(name, data):
            places += 1
            for number in numbers:
                assert number.encode() not in part, (name, number[:6])
                assert number.encode("utf-16-le") not in part, (name, number[:6])
                assert json.dumps(number).strip('"').encode() not in part, (name, number[:6])
    assert places > 20


def test_pypdf_tells_nobody_what_it_reads(left):
    screen = left[1]["screen"].decode()

    assert "Skipping" not in screen
    assert "pypdf" not in screen
    assert NOW.year == 2026
