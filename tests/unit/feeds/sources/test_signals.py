"""What says how urgent a weakness is, and how long a release lives: KEV, EPSS, SSVC, dates."""

import gzip
import subprocess
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.feeds.sources import endoflife, epss, kev, ssvc
from auditor.model.advisory import Dated, Exploited, Impact, Likelihood
from auditor.model.feed import Release

SAMPLES = Path("tests/data/feeds")
LAB = Path("tests/lab/data")


def test_the_real_catalogue_of_exploited_weaknesses():
    dated, *rows = kev.read(LAB / "kev-2026-08-07.json.xz", ())
    assert dated == Dated(date=datetime(2026, 8, 7, 16, 45, 47, 64800, tzinfo=UTC))
    assert len(rows) == 1662
    assert Counter(row.ransomware for row in rows) == {False: 1324, True: 338}
    assert Exploited(cve="CVE-2026-8037", added=date(2026, 8, 7)) in rows


def test_scores_of_likelihood(tmp_path):
    path = tmp_path / "epss.csv.gz"
    path.write_bytes(gzip.compress((SAMPLES / "epss.csv").read_bytes()))
    dated, *rows = epss.read(path, ())
    assert dated == Dated(date=datetime(2026, 11, 23, tzinfo=UTC))
    assert rows[0] == Likelihood(cve="CVE-2024-10001", epss=0.94375, percentile=0.99963)
    assert rows[2] == Likelihood(cve="CVE-2024-10003", epss=0.0, percentile=0.0)


@pytest.mark.parametrize(
    "first",
    [
        "#model_version:v2025.03.14,score_date:2026-11-23T00:00:00Z",
        "#score_date:2026-11-23,model_version:v2025.03.14",
    ],
)
def test_the_date_of_scores_in_other_writings(tmp_path, first):
    path = tmp_path / "epss.csv"
    path.write_text(f"{first}\ncve,epss,percentile\nCVE-2024-1000,0.5,0.5\n")
    assert next(epss.read(path, ())) == Dated(date=datetime(2026, 11, 23, tzinfo=UTC))


def test_the_real_table_of_decisions():
    rows = {row.cve: row for row in ssvc.read(LAB / "ssvc-cvss-2024-10.tsv.xz", ())}
    assert len(rows) == 44_130
    assert all(isinstance(row, Impact) for row in rows.values())
    assert Counter(row.automatable for row in rows.values())[None] == 104
    assert {row.vector[:7] for row in rows.values()} == {"", "CVSS:3."}
    assert rows["CVE-1999-0006"] == Impact(
        cve="CVE-1999-0006",
        automatable=True,
        total=True,
        cvss=9.8,
        vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    )


def test_the_archive_of_records_with_decisions(tmp_path):
    path = tmp_path / "vulnrichment.tar.gz"
    command = ["tar", "-C", SAMPLES, "-czf", path, "README.md", "vulnrichment"]
    subprocess.run(command, check=True)
    *rows, dated = ssvc.read(path, ())
    assert dated == Dated(date=datetime(2024, 6, 2, 10, tzinfo=UTC))
    assert sorted(rows, key=lambda row: row.cve) == [
        Impact(
            cve="CVE-2024-3001",
            automatable=True,
            total=True,
            cvss=9.8,
            vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        ),
        Impact(
            cve="CVE-2024-3002",
            automatable=False,
            total=False,
            cvss=5.0,
            vector="CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:L",
        ),
        Impact(cve="CVE-2024-3003", cvss=8.1),
    ]


def test_records_without_any_decision_have_no_date(tmp_path):
    path = tmp_path / "one.tar"
    file = "2024/3xxx/CVE-2024-3003.json"
    subprocess.run(["tar", "-C", SAMPLES / "vulnrichment", "-cf", path, file], check=True)
    assert list(ssvc.read(path, ())) == [Impact(cve="CVE-2024-3003", cvss=8.1)]


def lives(path):
    rows = list(endoflife.read(path, ()))
    found = [row for row in rows if isinstance(row, Release)]
    return [row for row in rows if isinstance(row, Dated)], found


def test_the_dates_of_the_site():
    dated, found = lives(SAMPLES / "endoflife-v1.json")
    assert dated == [Dated(date=datetime(2026, 11, 20, 6, tzinfo=UTC))]
    assert {(one.distribution, one.version): one for one in found} == {
        ("debian", "12"): Release(
            distribution="debian",
            codename="bookworm",
            version="12",
            released=date(2023, 6, 10),
            eol=date(2026, 7, 11),
            eol_lts=date(2028, 6, 30),
        ),
        ("debian", "13"): Release(
            distribution="debian",
            codename="trixie",
            version="13",
            released=date(2020, 1, 1),
            eol=date(2028, 8, 9),
            eol_lts=date(2030, 6, 30),
        ),
        ("ubuntu", "22.04"): Release(
            distribution="ubuntu",
            codename="jammy",
            version="22.04",
            released=date(2020, 1, 1),
            eol=date(2027, 4, 1),
            eol_extended=date(2032, 4, 9),
        ),
        ("centos", "8"): ended("centos", "8", date(2021, 12, 31)),
        ("centos", "9"): ended("centos", "9", date(2027, 5, 31)),
        ("ol", "10"): ended("ol", "10", None),
        ("ol", "5"): ended("ol", "5", date(1970, 1, 1), released=None),
        ("alpine", "3.19"): ended("alpine", "3.19", date(2023, 12, 7), date(2023, 12, 7)),
    }


def ended(distribution, version, eol, released=date(2020, 1, 1)):
    return Release(
        distribution=distribution, codename="", version=version, released=released, eol=eol
    )


def test_the_dates_of_the_site_as_files(tmp_path):
    path = tmp_path / "eol.json"
    path.write_text("""{"products": {
      "rhel": {"releases": [{"releaseCycle": "9", "releaseDate": "2022-05-18", "lts": "2032-05-31",
                             "eol": "2032-05-31", "eoes": "2036-05-31"}]},
      "sles": {"releases": [{"releaseCycle": "15.5", "eol": true, "eoes": false}]},
      "fedora": {"releases": [{"releaseCycle": "44", "codename": "", "eol": "2027-06-02"}]},
      "opensuse": {"releases": [{"releaseCycle": "15.6", "eol": false}]}}}""")
    dated, found = lives(path)
    assert dated == []
    assert [(one.version, one.eol, one.eol_lts, one.eol_extended) for one in found] == [
        ("9", date(2032, 5, 31), None, date(2036, 5, 31)),
        ("15.5", date(1970, 1, 1), None, None),
        ("44", date(2027, 6, 2), None, None),
        ("15.6", None, None, None),
    ]
