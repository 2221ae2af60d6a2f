"""The file of waivers: bad input first."""

import pytest

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.waivers import load_waivers

GOOD = """\
- id: ftp-migrasi
  check: ports.unexpected
  target: web1
  item: 21/tcp
  reason: FTP dipakai sampai migrasi selesai
  letter: 800/12/2026
  role: Kepala Dinas Kesehatan
  date: 2026-11-01
  until: 2026-12-31
"""
CHECKS = ("ports.unexpected", "tls.version")
TARGETS = ("web1", "web2")


def load(folder, text):
    path = folder / "waivers.yaml"
    path.write_text(text)
    return load_waivers(path, CHECKS, TARGETS)


def test_a_good_file_is_read(tmp_path):
    (waiver,) = load(tmp_path, GOOD)

    assert (waiver.id, waiver.item, str(waiver.until)) == ("ftp-migrasi", "21/tcp", "2026-12-31")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("check: ports.unexpected", "check: ports.unexpectd", "there is no check"),
        ("target: web1", "target: web9", "the inventory has no 'web9'"),
        ("  check: ports.unexpected\n", "", "it must name a finding"),
        ("target: web1", "target: web1\n  finding: abc", "it must name a finding"),
        ("  check: ports.unexpected\n  target: web1\n", "  finding: x\n", "it must name a finding"),
        ("until: 2026-12-31", "until: 2026-10-31", "it ends before it begins"),
        ("until: 2026-12-31", "until: 2027-05-01", "more than 180 days"),
        ("until: 2026-12-31", "until: selamanya", "until"),
        ("role: Kepala Dinas Kesehatan", "role: ''", "role"),
        ("  letter: 800/12/2026\n", "", "letter"),
        ("reason: FTP", "resaon: FTP", "resaon"),
        ("reason: FTP", "reason: 3579014203950001", "a person's number"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path, old, new, problem):
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path, GOOD.replace(old, new))

    assert any(problem in error.problem for error in caught.value.errors)
    assert all(error.line for error in caught.value.errors)


def test_180_days_are_allowed(tmp_path):
    assert load(tmp_path, GOOD.replace("until: 2026-12-31", "until: 2027-04-30"))


def test_an_id_is_given_once(tmp_path):
    with pytest.raises(ConfigErrors, match="given twice"):
        load(tmp_path, GOOD + GOOD)


@pytest.mark.parametrize("text", ["a: 1\n", "- 5\n", "- [\n"])
def test_what_is_no_list_of_waivers_is_refused(tmp_path, text):
    with pytest.raises(ConfigError):
        load(tmp_path, text)
