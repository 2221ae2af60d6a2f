"""`auditor letters`: nothing to tell first, hostile words, then whole letters."""

import re
from datetime import timedelta

import msgspec
import pytest

from auditor.model.base import Text
from auditor.model.check import Foundation, Severity
from auditor.model.result import Finding, FindingState, RunState
from auditor.store import open_store
from auditor.store.context import Context
from tests.render.sample import CHECKS, FRAMEWORKS, HOSTILE, NOW, POLICIES, RUN, inventory


def finding(number=0, target="web0", **more):
    fields = {
        "id": f"f{number}{target}",
        "check": "personal.nik",
        "target": target,
        "item": f"web.batu.lab https://web.batu.lab/{number}.pdf",
        "severity": Severity.CRITICAL,
        "foundation": Foundation.ETHICS,
        "state": FindingState.NEW,
        "message": Text(id="Jumlah NIK yang terbuka: 3, seharusnya 0", en="3"),
        "first_seen": NOW,
        "last_seen": NOW,
        "place": f"https://web.batu.lab/{number}.pdf#page=1",
    }
    return Finding(**{**fields, **more})


def keep(home, findings):
    city = inventory(4)
    run = msgspec.structs.replace(RUN, state=RunState.RUNNING, ended=None)
    with open_store(home, lock=True) as store:
        context = Context(
            inventory=city,
            policies=POLICIES,
            checks=tuple(CHECKS.values()),
            frameworks=FRAMEWORKS,
            targets=tuple(target.id for target in city.targets),
        )
        store.begin(run, context)
        store.finish(run.id, RunState.COMPLETE, NOW + timedelta(minutes=5), findings)
    return home


def test_no_finding_no_letter(auditor, tmp_path):
    home = keep(tmp_path / "home", [finding(check="ssh.root-login")])
    said = auditor("letters", "--home", home)

    assert said.code == 0
    assert "no letter is due" in said.out
    assert not (home / "letters").exists()


def test_no_run(auditor, tmp_path):
    assert auditor("letters", "--home", tmp_path / "none").code == 2


def test_a_folder_that_cannot_be_made(auditor, tmp_path):
    home = keep(tmp_path / "home", [finding()])
    (tmp_path / "file").write_text("x")

    said = auditor("letters", "--home", home, "-o", tmp_path / "file" / "surat")

    assert said.code == 3
    assert "cannot write" in said.err


def test_hostile_words_stay_words(auditor, tmp_path):
    evil = finding(item=HOSTILE, place=HOSTILE, message=Text(id=HOSTILE, en=HOSTILE))
    home = keep(tmp_path / "home", [evil, finding(target="web3")])
    auditor("letters", "--home", home)
    pages = [path.read_text() for path in (home / "letters").iterdir()]

    assert len(pages) == 6
    for page in pages:
        assert "<script" not in page
        assert "\x1b" not in page
        assert "\u202e" not in page
        assert "<img" not in page


@pytest.fixture
def letters(auditor, tmp_path):
    found = [finding(n) for n in range(101)]
    found.append(finding(200, state=FindingState.FIXED, fixed_at=NOW, check="personal.children"))
    found.append(finding(target="web1", state=FindingState.FIXED, fixed_at=NOW))
    home = keep(tmp_path / "home", found)
    said = auditor("letters", "--home", home, "-o", tmp_path / "surat")
    assert said.code == 0
    assert len(said.out.splitlines()) == 5
    return {path.name: path.read_text() for path in (tmp_path / "surat").iterdir()}


def test_whom_they_go_to(letters):
    assert {re.sub(r"-2026.*", "", name) for name in letters} == {
        "surat-lembaga-kominfo",
        "surat-subjek-data-kominfo",
        "laporan-insiden-kominfo",
        "surat-lembaga-dinkes",
        "surat-subjek-data-dinkes",
    }


def letter(letters, beginning):
    (text,) = [text for name, text in letters.items() if name.startswith(beginning)]
    return text


def test_what_the_institution_is_told(letters):
    text = letter(letters, "surat-lembaga-kominfo")

    assert "Pasal 46 Undang-Undang Nomor 27 Tahun 2022" in text
    assert "Pasal 14 ayat (5) Peraturan Pemerintah Nomor 71 Tahun 2019" in text
    assert "24 November 2026 pukul 08.00 WIB" in text
    assert "27 November 2026 pukul 08.00 WIB" in text
    assert "data anak (data pribadi spesifik)" in text
    assert "0.pdf#page=1" in text
    assert "dan 2 tempat lain" in text
    assert "Kepala Dinas Komunikasi dan Informatika" in text
    assert "belum dipastikan tertutup" in text
    assert text.count("…………") > 8


def test_what_a_data_subject_is_told(letters):
    text = letter(letters, "surat-subjek-data-kominfo")

    assert "subjek data pribadi" in text
    assert "web.batu.lab" in text
    assert ".pdf" not in text
    assert "OTP" in text


def test_what_is_no_longer_there(letters):
    assert "tidak lagi terlihat" in letter(letters, "surat-lembaga-dinkes")


def test_vital_infrastructure_reports_within_a_day(letters):
    text = letter(letters, "laporan-insiden-kominfo")

    assert "Peraturan BSSN Nomor 1 Tahun 2024 Pasal 15" in text
    assert "25 November 2026 pukul 08.00 WIB" in text
    assert "Dampak" in text


def test_a_letter_that_is_there_is_left(auditor, tmp_path):
    home = keep(tmp_path / "home", [finding(target="web1")])
    auditor("letters", "--home", home)
    mine = next((home / "letters").iterdir())
    mine.write_text("sudah diisi")

    said = auditor("letters", "--home", home)

    assert mine.read_text() == "sudah diisi"
    assert said.out.count("left as it is") == 2


def test_the_clock_began_at_the_first_sight_in_a_run_of_any_scope(auditor, tmp_path):
    """A scan of one target had seen it the day before; the next whole scan calls it new."""
    home = tmp_path / "home"
    yesterday = NOW - timedelta(days=1)
    earlier = msgspec.structs.replace(
        RUN, id="20261123-0100-cccc", started=yesterday, ended=None, scope="targets=web0",
        state=RunState.RUNNING,
    )  # fmt: skip
    city = inventory(4)
    with open_store(home, lock=True) as store:
        context = Context(
            inventory=city, policies=POLICIES, checks=(), frameworks=(), targets=("web0",)
        )
        store.begin(earlier, context)
        seen = finding(first_seen=yesterday, last_seen=yesterday)
        store.finish(earlier.id, RunState.COMPLETE, yesterday, [seen])
    keep(home, [finding()])

    auditor("letters", "--home", home, "-o", tmp_path / "surat")

    text = next((tmp_path / "surat").glob("surat-lembaga*")).read_text()
    assert "26 November 2026 pukul 08.00 WIB" in text, "72 hours after the first sight"
