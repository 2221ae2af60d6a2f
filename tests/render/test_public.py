"""The public edition: no name, no weakness, whatever the run holds."""

import pytest
from click.testing import CliRunner

from auditor.cli.report import report
from auditor.model.base import Lang
from auditor.render.public import page, write_public
from auditor.report.public import public
from tests.render.sample import EARLIER, findings, summary, visits


@pytest.fixture(scope="module")
def made():
    return summary(visits(), previous=EARLIER)


@pytest.mark.parametrize("lang", Lang)
def test_it_holds_no_name_and_no_weakness(made, lang):
    text = page(public(made), lang)

    assert made.head.city in text
    for row in made.targets:
        assert row.target.id not in text
        assert row.target.address not in text
    for office in made.opds:
        assert office.opd.name not in text
        assert office.opd.head not in text
    for problem in made.problems:
        assert problem.check.id not in text
        assert problem.check.title.in_(lang) not in text
    assert made.head.authority.letter not in text
    assert made.head.run.id not in text


def test_it_counts_by_severity_and_says_what_changed(made):
    edition = public(made)

    assert sum(weight.count for weight in edition.weights) == len(made.problems)
    assert edition.compared
    assert "butir selesai sejak audit sebelumnya" in page(edition, Lang.ID)
    assert public(summary([], found=())).weights[0].days == 0


def test_it_counts_controls_by_indicative_word(made):
    (first, *_) = public(made).frameworks

    assert first.size == sum(first.words.values())
    assert first.size == made.frameworks[0].size
    assert all(first.count(word) == made.frameworks[0].count(word) for word in first.words)


def test_it_is_one_page_in_place_of_an_older_one(made, tmp_path):
    for _ in range(2):
        path = write_public(public(made), tmp_path / "publik", Lang.ID)

    assert [p.name for p in (tmp_path / "publik").iterdir()] == ["index.html"]
    assert path.read_text().lstrip().startswith("<!doctype html>")


def test_there_is_no_public_json(tmp_path):
    done = CliRunner().invoke(
        report, ["--home", str(tmp_path), "--edition", "public", "--format", "json"]
    )

    assert "public edition is HTML" in str(done.exception)


def test_findings_of_the_sample_are_there():
    assert findings(visits())
