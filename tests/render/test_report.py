import html
import json
import re

import msgspec
import pytest
import yaml

from auditor.errors import StoreError
from auditor.model.base import Lang
from auditor.model.check import Foundation
from auditor.model.result import RunState, Status
from auditor.render import json_v1
from auditor.render.console import summarise
from auditor.render.html import Source, load_texts, slug, write_report
from auditor.resources import shipped
from tests.render.sample import EARLIER, EVIL, FRAMEWORKS, evidence, findings, summary, visits


@pytest.fixture(scope="module")
def seen():
    return visits()


@pytest.fixture(scope="module")
def found(seen):
    return findings(seen)


def source(seen, **more):
    return Source(
        summary=summary(seen, **more),
        visits=seen,
        evidence=evidence,
        findings=findings(seen),
        frameworks=FRAMEWORKS,
    )


@pytest.fixture(scope="module", params=Lang)
def pages(request, seen, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "out"
    write_report(source(seen, previous=EARLIER), folder, request.param, {"run.json": b"{}"})
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_there_is_a_page_for_everyone(pages):
    assert "index.html" in pages
    assert "run.json" in pages
    assert len([p for p in pages if p.startswith("opd/")]) == 4
    assert len([p for p in pages if p.startswith("targets/")]) == 8
    assert len([p for p in pages if p.startswith("controls/")]) == 30


def test_every_link_leads_to_a_page(pages):
    for name, page in pages.items():
        for link in re.findall(r'href="([^"#]+)', page):
            parts = [p for p in (name.rpartition("/")[0] + "/" + link).split("/") if p]
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            assert "/".join(parts) in pages, (name, link)


def test_what_a_target_sent_is_never_markup(pages):
    for name, page in pages.items():
        assert "<script>document" not in page, name
        assert "<img" not in page, name
    assert "{{7*7}}" in pages["targets/web0.html"]
    assert (
        html.escape(EVIL).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        in pages["targets/web0.html"]
    )


def test_no_page_asks_for_anything(pages):
    for page in pages.values():
        assert not re.search(r'(src|href)="(https?:)?//', page)
        assert " style=" not in page
        assert not re.search(r"\son[a-z]+=\"", page)


def test_the_policy_allows_only_our_own_style_and_script(pages):
    page = pages["index.html"]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]

    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy


def test_the_first_screen_says_by_whom_how_much_and_what_changed(pages):
    page = pages["index.html"]
    order = ("800/123/35.79.4/2026", "8 target", 'class="counts"', 'class="big"', 'class="mend"')
    places = [page.find(words) for words in order]

    assert all(place > 0 for place in places[:1] + places[2:])
    assert places[0] < places[2] < places[3] < places[4]


def test_both_languages_have_the_same_words():
    indonesian, english = (load_texts(lang) for lang in Lang)

    assert indonesian.keys() == english.keys()
    same = {k for k in indonesian if indonesian[k] == english[k]}
    assert same <= {"target", "info", "lang", "run", "sign_auditor"}
    for key, words in indonesian.items():
        assert re.findall(r"\{\w+\}", words) == re.findall(r"\{\w+\}", english[key])


def test_texts_are_plain_yaml():
    for lang in Lang:
        text = (shipped("reports") / "texts" / f"{lang.value}.yaml").read_text()
        assert isinstance(yaml.safe_load(text), dict)


def test_a_new_report_takes_the_place_of_the_old(seen, tmp_path):
    folder = tmp_path / "report"
    write_report(source(seen), folder, Lang.ID)
    (folder / "opd" / "gone.html").write_text("old")
    write_report(source(seen[:2], number=2), folder, Lang.ID)

    assert not (folder / "opd" / "gone.html").exists()
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_of_other_things_is_left_alone(seen, tmp_path):
    (tmp_path / "thesis.txt").write_text("x")

    with pytest.raises(StoreError, match="is no report"):
        write_report(source(seen), tmp_path, Lang.ID)
    assert (tmp_path / "thesis.txt").exists()


def test_a_disk_that_refuses_is_told(seen, tmp_path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match="cannot write the report"):
        write_report(source(seen), tmp_path / "file" / "report", Lang.ID)


def test_file_names_are_safe():
    assert slug("BSSN-4-2021:27.8.a") == "BSSN-4-2021-27.8.a"
    assert slug("../x/<y>") == "..-x-y-"


def test_unvisited_targets_count_as_unseen(seen):
    made = summary(seen)

    assert made.coverage.targets == 8
    assert made.coverage.seen + made.coverage.partly + made.coverage.unseen == 8
    assert made.targets[-1].state.value == "interrupted"
    assert sum(row.unseen for row in made.opds) == made.coverage.unseen


def test_nothing_asked_has_no_share(seen):
    made = summary([], found=())

    assert made.coverage.share is None
    assert made.score.value is None
    assert made.problems == ()


def test_problems_are_grouped_and_the_gravest_come_first(seen):
    made = summary(seen)

    assert [p.severity.rank for p in made.problems] == sorted(
        (p.severity.rank for p in made.problems), reverse=True
    )
    assert any(p.count > 1 for p in made.problems)


def test_offices_without_targets_are_not_listed(seen):
    assert len(summary(seen[:1], number=1).opds) == 1


def test_findings_of_things_that_are_gone_make_no_problem(seen, found):
    strange = msgspec.structs.replace(found[0], target="gone")
    other = msgspec.structs.replace(found[0], check="gone.check")

    assert summary(seen, found=(strange, other)).problems == ()


def test_long_lists_of_verdicts_are_cut_and_counted(monkeypatch, seen):
    monkeypatch.setattr("auditor.report.summary.VERDICTS", 2)

    assert any(row.more for row in summary(seen).controls)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("case", ["full", "first", "empty"])
def test_the_console_summary_fits_one_screen(seen, lang, case):
    made = {
        "full": lambda: summary(seen, previous=EARLIER),
        "first": lambda: summary(seen),
        "empty": lambda: summary([], found=()),
    }[case]()

    text = summarise(made, lang, "audit-out/report/index.html")

    assert len(text.splitlines()) <= 24
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text
    assert "800/123" in text


def test_the_console_counts_offices_beyond_its_lines(seen, monkeypatch):
    monkeypatch.setattr("auditor.render.console.OPDS", 2)

    assert "dan 2 perangkat daerah lagi" in summarise(summary(seen), Lang.ID)


def test_the_console_lists_few_problems_whole(seen):
    few = findings(seen[:1])[:2]

    assert "temuan lagi" not in summarise(summary(seen[:1], found=few), Lang.ID)


def test_the_document_holds_everything(seen, found):
    made = summary(seen, previous=EARLIER)
    text = json_v1.encode(json_v1.document(made, seen, found))
    data = json.loads(text)

    assert data["format"] == "auditor-run/1"
    assert data["run"]["previous"] == EARLIER.id
    assert len(data["targets"]) == 8
    assert data["targets"][7]["results"] == []
    statuses = {r["status"] for t in data["targets"] for r in t["results"]}
    assert Status.ERROR in statuses
    assert len(data["findings"]) == len(found)
    assert any(check["controls"] for check in data["checks"])
    assert msgspec.json.decode(text, type=json_v1.DocumentV1).run.state == RunState.INCOMPLETE
    assert set(data["foundations"]) <= set(Foundation)


def test_the_schema_is_published():
    assert "DocumentV1" in json_v1.schema()["$defs"]


def test_the_index_stays_small_for_a_big_city():
    many = visits(1000)
    made = summary(many, number=1000)
    from auditor.render.html import _Pages

    page = _Pages(made, Lang.ID).index()

    assert len(page.encode()) < 2**20
