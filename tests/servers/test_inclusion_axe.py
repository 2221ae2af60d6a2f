"""The rules of accessibility against axe-core in a real browser, page by page.

What both say stands in docs/comparison-accessibility.md; `AUDITOR_WRITE_COMPARISON=1` writes it.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import axe_core_python
import pytest
from playwright.sync_api import sync_playwright

from auditor.probe.crawl import Sheet
from auditor.probe.http_talk import Answer
from auditor.probe.inclusion_rules import judge
from auditor.probe.site_url import Place
from tests.servers.inclusion_lab import PAGES

CHROMIUM = Path("/usr/bin/chromium")
TABLE = Path(__file__).parents[2] / "docs" / "comparison-accessibility.md"
SAME: Mapping[str, tuple[str, ...]] = {
    "language_missing": ("html-has-lang",),
    "language_unknown": ("html-lang-valid",),
    "language_parts": ("valid-lang",),
    "title_missing": ("document-title",),
    "pictures": ("image-alt", "svg-img-alt", "role-img-alt"),
    "picture_controls": ("input-image-alt", "area-alt", "object-alt"),
    "fields": ("label", "select-name"),
    "buttons": ("button-name", "input-button-name"),
    "links": ("link-name",),
    "frames": ("frame-title",),
    "heading_first": ("page-has-heading-one",),
    "heading_order": ("heading-order",),
    "heading_empty": ("empty-heading",),
    "bypass": ("bypass",),
    "main": ("landmark-one-main",),
    "ids": ("duplicate-id", "duplicate-id-active", "duplicate-id-aria"),
    "tab_order": ("tabindex",),
    "lists": ("list", "listitem", "definition-list", "dlitem"),
    "table_references": ("td-headers-attr", "th-has-data-cells"),
    "zoom": ("meta-viewport",),
    "refresh": ("meta-refresh",),
    "moving": ("marquee", "blink"),
    "self_playing": ("no-autoplay-audio",),
    "captions": ("video-caption",),
    "contrast": ("color-contrast",),
}
"""Fact → rules of axe-core that ask the same."""
DIFFERENCES: Mapping[tuple[str, str], str] = {
    ("blank lang", "language_unknown"): "axe-core reports the blank language twice, as missing and "
    "as wrong; the auditor once, as missing.",
    ("faint by a sheet of two steps", "contrast"): "The auditor reads selectors of one step only "
    "and takes the others for a doubt; with the browser extra axe-core judges the page itself.",
    ("faint on the browser's own ground", "contrast"): "The ground is not written anywhere; the "
    "auditor judges two written colours only.",
    ("film without sound", "captions"): "axe-core asks a person to look; a film that is muted has "
    "nothing to caption.",
    ("sound that can be stopped", "self_playing"): "axe-core could not read how long the sound is "
    "and asks a person; its rule, as the auditor's, is content with controls.",
}
"""(page, fact) of which only one of the two finds a fault, and why."""
OWN: Mapping[str, str] = {
    "language_other": "needs the words of the page: 60 common words of Indonesian and of English",
    "titles_same": "needs several pages",
    "placeholders": "axe-core takes a placeholder for a label; it is gone with the first letter",
    "link_words": "a list of words such as 'selengkapnya' and 'klik di sini'",
    "skip_link": "axe-core's `bypass` is content with a heading",
    "table_headless": "axe-core has `td-has-header` for tables of three by three, switched off",
}
"""Facts that no rule of axe-core 4.4 gives."""

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")


def ours(html: str) -> set[str]:
    """Return the facts that have a fault."""
    fields = (("content-type", "text/html; charset=utf-8"),)
    answer = Answer(status=200, fields=fields, body=html.encode())
    _, faults = judge(Sheet(Place(secure=True, name="dinas-contoh.batukota.go.id"), answer))
    return {fact for fact, found in faults.items() if found} & set(SAME)


@pytest.fixture(scope="module")
def seen():
    """What axe-core says of each page: violations, and what it leaves to a person."""
    source = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
    rules = [rule for some in SAME.values() for rule in some]
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        tab = browser.new_page()
        tab.set_default_timeout(15_000)
        html = ""
        tab.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        for name, html in PAGES.items():  # noqa: B007 - the route answers with it
            tab.goto("http://lab.localhost/")
            tab.add_script_tag(content=source)
            answer = tab.evaluate(
                "(rules) => axe.run(document, {runOnly: rules, iframes: false})", rules
            )
            found[name] = {
                kind: {item["id"] for item in answer[kind]} for kind in ("violations", "incomplete")
            }
        browser.close()
    return found


def theirs(answer: Mapping[str, set[str]]) -> set[str]:
    """Return the facts of which axe-core finds a fault or wants a person to look.

    About colours it wants that of every text of one letter; there only what is certain counts.
    """
    every = answer["violations"] | (answer["incomplete"] - {"color-contrast"})
    return {fact for fact, rules in SAME.items() if every & set(rules)}


def test_both_find_the_same_but_for_what_is_explained(seen):
    apart = {
        (name, fact) for name, html in PAGES.items() for fact in ours(html) ^ theirs(seen[name])
    }
    assert apart == set(DIFFERENCES)


def test_the_auditor_finds_nothing_that_axe_does_not(seen):
    assert all(ours(html) <= theirs(seen[name]) for name, html in PAGES.items())


def test_the_comparison_is_what_was_measured(seen):
    text = comparison(seen)
    if os.environ.get("AUDITOR_WRITE_COMPARISON"):
        TABLE.write_text(text)
    assert TABLE.read_text() == text


def comparison(seen: Mapping[str, Mapping[str, set[str]]]) -> str:
    """Return the comparison as a document."""
    found = {name: (ours(html), theirs(seen[name])) for name, html in PAGES.items()}
    lines = []
    for fact, rules in SAME.items():
        pairs = [(fact in mine, fact in other) for mine, other in found.values()]
        told = " | ".join(
            str(pairs.count(pair)) for pair in ((True, True), (True, False), (False, True))
        )
        names = ", ".join(f"`{rule}`" for rule in rules)
        lines.append(f"| `{fact}` | {names} | {told} | {pairs.count((False, False))} |")
    judged = len(SAME) * len(PAGES)
    both = sum(len(mine & other) for mine, other in found.values())
    either = sum(len(mine | other) for mine, other in found.values())
    apart = "\n".join(f"- {name} (`{fact}`): {why}" for (name, fact), why in DIFFERENCES.items())
    own = "\n".join(f"- `{fact}`: {why}." for fact, why in OWN.items())
    return f"""# Accessibility: the auditor's rules and axe-core

Written by `tests/servers/test_inclusion_axe.py` from what it measured: {len(PAGES)} pages of
`tests/servers/inclusion_lab.py` in Chromium with axe-core 4.4.3, and the same pages read by the
auditor without a browser. {judged - len(DIFFERENCES)} of {judged} answers are the same
({100 * (judged - len(DIFFERENCES)) / judged:.2f} %); of {either} faults that either finds, {both}
are found by both, and none by the auditor alone.

An answer of axe-core is a violation, or a question to a person ("incomplete"); about colours only
a violation. Numbers are pages.

| fact | rules of axe-core | both find it | auditor only | axe-core only | neither |
|---|---|---|---|---|---|
{chr(10).join(lines)}

## Where they differ, and why

{apart}

## What only the auditor asks

{own}

## What takes a browser

Styles that are fetched, what scripts add, the order on the screen, the size of targets and the
content of frames. There the browser extra runs axe-core itself.
"""
