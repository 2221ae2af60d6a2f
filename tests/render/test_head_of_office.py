"""What a head of an office reads: from the page of the office alone the questions have answers."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from auditor.model.base import Lang
from auditor.model.check import Foundation
from auditor.model.result import Status
from auditor.render.html import Source, _Pages, write_report
from auditor.render.words import load_texts
from auditor.report.problems import actions
from auditor.report.shares import Share
from tests.render.sample import evidence, findings, summary, visits


@pytest.fixture(scope="module")
def made():
    return summary(visits())


def page_of(made, lang, number=0):
    return LexborHTMLParser(_Pages(made, lang).opd(made.opds[number]))


@pytest.mark.parametrize("lang", Lang)
def test_the_page_says_what_is_wrong_whose_job_it_is_by_when_and_under_which_article(made, lang):
    t = load_texts(lang)
    page = page_of(made, lang)
    row = made.opds[0]
    mine = actions(made.problems, row.opd.id)

    shown = page.css("ol.mend")[0].css("li")

    assert len(shown) == 3
    for item, action in zip(shown, mine, strict=False):
        answers = dict(
            zip(
                (node.text() for node in item.css("dt")),
                (node.text() for node in item.css("dd")),
                strict=True,
            )
        )
        assert item.css_first("h3").text() == action.check.title.in_(lang)
        assert answers[t["action_what"]]
        assert action.problems[0].target.id in answers[t["action_where"]]
        assert answers[t["action_who"]] == row.opd.head
        assert str(action.due.year) in answers[t["action_due"]]
        assert action.law[0].article in answers[t["action_law"]]
        assert answers[t["action_do"]] in (action.check.fix.id, action.check.fix.en)


@pytest.mark.parametrize("lang", Lang)
def test_the_page_says_what_was_not_examined(made, lang):
    t = load_texts(lang)
    text = page_of(made, lang, 1).body.text()
    row = made.opds[1]
    nothing = sum(share.nothing for share in row.shares.values())

    assert nothing > 0
    assert t["unexamined"] in text
    assert row.unexamined[0].check.title.in_(lang) in text
    assert f"{nothing} " in text
    assert t["unexamined_targets"] in text


def test_three_actions_come_first_and_the_page_is_brief_above_them(made):
    page = _Pages(made, Lang.ID).opd(made.opds[0])
    text = load_texts(Lang.ID)

    above = page[: page.index(text["per_foundation"])]

    words = len(LexborHTMLParser(above).body.text().split())
    assert words < 400, "two minutes at 200 words a minute"


def test_each_foundation_says_who_answered(made):
    page = page_of(made, Lang.ID).body.text()

    for foundation in Foundation:
        assert load_texts(Lang.ID)[foundation.value] in page
    assert "% mesin" in page
    assert load_texts(Lang.ID)["share_none"] in page, "three foundations were not asked"


def test_shares_add_up():
    share = Share(machine_good=1, machine_bad=2, people_good=3, people_bad=4, unseen=5, waiting=6)

    assert (share.machine, share.people, share.nothing) == (3, 7, 11)
    assert share.asked == 21
    assert (share.good, share.bad) == (4, 6)


def test_an_action_joins_the_targets_of_an_office(made):
    mine = actions(made.problems)

    assert sum(len(action.problems) for action in mine) == len(made.problems)
    assert [a.severity.rank for a in mine] == sorted((a.severity.rank for a in mine), reverse=True)
    for action in mine:
        assert action.due == min(problem.due for problem in action.problems)


@pytest.mark.parametrize("lang", Lang)
def test_the_internal_audit_has_the_shape_that_the_law_gives_it(made, lang):
    t = load_texts(lang)
    page = LexborHTMLParser(_Pages(made, lang).audit(made.opds[0]))
    wanted = ("condition", "criteria", "cause", "effect", "advice", "reply", "plan")

    for finding in page.css("article.finding"):
        terms = [node.text() for node in finding.css("dl.statutory > dt")]
        assert terms == [t[f"audit_{name}"] for name in wanted]
    assert len(page.css("article.finding")) == len(actions(made.problems, made.opds[0].opd.id))
    assert page.css_first(".signing") is not None


def test_an_office_without_findings_is_told_so(made):
    calm = summary([], found=())

    assert load_texts(Lang.ID)["actions_none"] in _Pages(calm, Lang.ID).opd(calm.opds[0])
    assert load_texts(Lang.ID)["actions_none"] in _Pages(calm, Lang.ID).audit(calm.opds[0])


SAME = {"target", "run", "sign_auditor"}
"""Words that both languages share."""
ENGLISH = re.compile(
    r"(?<![\w.-])"
    r"(?:the|not|was|were|has|have|should|could|which|from|with|and|their|there|of|is|are)(?![\w-])"
)


def test_both_languages_have_the_same_keys_and_other_words():
    indonesian, english = load_texts(Lang.ID), load_texts(Lang.EN)

    assert indonesian.keys() == english.keys()
    assert {key for key, text in indonesian.items() if text == english[key]} == SAME
    assert all(text.strip() for text in (*indonesian.values(), *english.values()))


def test_the_indonesian_report_holds_no_english_sentence(tmp_path):
    """What is quoted (evidence, commands) or marked as English does not count."""
    seen = visits()
    write_report(
        Source(summary=summary(seen), visits=seen, evidence=evidence, findings=findings(seen)),
        tmp_path / "report",
        Lang.ID,
    )
    for path in (tmp_path / "report").rglob("*.html"):
        tree = LexborHTMLParser(path.read_text())
        for node in tree.css("script, style, pre, code, [lang=en], template"):
            node.decompose()
        text = tree.body.text(separator=" ")
        found = [text[max(0, m.start() - 40) : m.end() + 40] for m in ENGLISH.finditer(text)]
        assert not found, (path.name, found[:3])


def test_statuses_of_all_kinds_are_counted_once(made):
    results = [result for visit in visits() for result in visit.results]
    asked = sum(share.asked for share in made.shares.values())

    assert asked == sum(result.status is not Status.NOT_APPLICABLE for result in results)
