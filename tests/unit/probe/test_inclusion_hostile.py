"""Pages that are made to keep the rules of accessibility busy, or to carry something out."""

import time

import pytest

from auditor.probe.inclusion import InclusionArgs, read
from auditor.probe.inclusion_colour import colour, contrast
from auditor.probe.inclusion_media import no_zoom
from auditor.probe.inclusion_tree import Page, words_of
from tests.unit.probe.inclusion_sites import crawl, faults, sheet

BOMBS = {
    "deep fields": "<div>" * 9000 + "<input>" * 9000,
    "deep labels": "<label>" * 9000 + "<input>" * 9000,
    "tables in tables": "<table><tr><td>" * 6000,
    "lists of groups": "<dl><div>" * 6000,
    "lists in lists": "<ul>" * 15_000,
    "one wide table": "<table><tr>" + "<td>x" * 15_000,
    "many rules": "<style>" + "p,q{color:red}" * 10_000 + "</style>" + "<p>x" * 15_000,
    "braces": "<style>" + "{" * 200_000 + "</style><p>x",
    "closing braces": "<style>" + "}" * 200_000 + "</style><p>x",
    "conditions": "<style>" + "@media{" * 30_000 + "</style><p>x",
    "comments": "<style>" + "/*" * 100_000 + "</style><p>x",
    "one selector": "<style>" + "p[x]:not(a):is(" * 10_000 + "{color:red}</style><p>x",
    "many selectors": "<style>" + "a," * 100_000 + "b{color:red}</style><p>x",
    "many properties": "<style>p{" + "color:red;" * 100_000 + "}</style><p>x",
    "references": '<p role="img" aria-labelledby="' + "a " * 20_000 + '">' + "<p id=a>" * 9000,
    "one id": "<p id=a>" * 19_000,
    "blank link": "<a href=x>" + " " * 300_000 + "</a>",
    "blank pieces": ("<a href=x>" + "<i> </i>" * 20 + "</a>") * 700,
    "viewport": '<meta name="viewport" content="' + ",;" * 100_000 + '">',
    "style attribute": '<p style="' + "color:" * 50_000 + '">x',
    "classes": '<p class="' + "a " * 100_000 + '">x</p><style>.a{color:red}</style>',
    "colour": '<p style="color:rgb(' + "1" * 3000 + ')">x',
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_page_takes_long(name):
    begun = time.process_time()
    faults(BOMBS[name])
    assert time.process_time() - begun < 6


def test_a_page_of_too_many_elements_is_a_gap():
    front = sheet("<html lang=id><title>a</title><main><h1>A</h1>" + "kata " * 100)
    record = read(InclusionArgs(), crawl(front, sheet("<p>" * 30_000, "/b")))
    assert record["gap"]["why"] == "cut"
    assert record["pages"] == 1


def test_what_is_told_of_an_element_is_short_inert_and_nobodys():
    found = faults(
        '<img src="/foto/3579012345678901.jpg"><img src="/a\u202e.jpg"><img src="/a?nik=1">'
        f'<img src="/{"x" * 300}"><img src="mailto:a"><img id="budi@kota.go.id">'
        '<form><input name="081-234-567"></form><a href="tel:0341500100"></a>'
    )
    assert found["pictures"] == ["img", "img", 'img[src="/a"]', "img", "img", "img"]
    assert found["fields"] == ["input"]
    assert found["links"] == ["a"]


def test_paths_in_a_record_are_inert():
    page = sheet("<p>x", "/3579012345678901/\u202e?token=rahasia")
    (line,) = read(InclusionArgs(), crawl(page))["main"]
    assert line == "/…/\ufffd: html"


@pytest.mark.parametrize("text", ["rgb(1,2)", "rgb(1.2.3,1,1)", "#12", "#ggg", "rgba(0,0,0,1.1.1)"])
def test_a_colour_that_is_none(text):
    assert colour(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("white", (255, 255, 255)),
        ("#abc", (170, 187, 204)),
        ("#aabbccff", (170, 187, 204)),
        ("#aabbcc80", None),
        ("rgb(0, 128, 255)", (0, 128, 255)),
        ("rgb(100% 0% 50%)", (255, 0, 127)),
        ("rgba(1,2,3,.5)", None),
        ("rgba(1,2,3,50%)", None),
        ("rgba(1,2,3,100%)", (1, 2, 3)),
        ("rgba(1,2,3,1)", (1, 2, 3)),
        ("var(--x)", None),
    ],
)
def test_colours(text, wanted):
    assert colour(text) == wanted


def test_contrast_is_that_of_the_standard():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("content", ["", "=", ",", "user-scalable=ya", "maximum-scale=-1", "x=y=z"])
def test_an_odd_viewport_does_not_forbid(content):
    page = Page(sheet(f'<meta name="viewport" content="{content}">'))
    assert list(no_zoom(page)) == []


def test_words_stop_somewhere():
    page = Page(sheet("<p>" + "<i>a</i>" * 2000))
    page.hide({})
    assert len(words_of(page.every("p")[0], 60)) <= 60
