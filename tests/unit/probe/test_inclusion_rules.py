"""Each rule of accessibility on pages with one fault; a browser says the same of these pages."""

import pytest

from tests.servers.inclusion_lab import DOT, PAGES, page
from tests.unit.probe.inclusion_sites import faults

FAULTS = {
    "no lang": ("language_missing",),
    "blank lang": ("language_missing",),
    "lang that is none": ("language_unknown",),
    "two letters that are no language": ("language_unknown",),
    "part in no language": ("language_parts",),
    "no title": ("title_missing",),
    "blank title": ("title_missing",),
    "title of a drawing": ("title_missing",),
    "picture without alt": ("pictures",),
    "alt of spaces": ("pictures",),
    "picture labelled by nothing": ("pictures",),
    "drawing without a name": ("pictures",),
    "role of a picture": ("pictures",),
    "picture button without alt": ("picture_controls",),
    "map without alt": ("picture_controls",),
    "object without a name": ("picture_controls",),
    "field without a label": ("fields",),
    "field with an empty label": ("fields",),
    "label of another field": ("fields",),
    "field pointing to nothing": ("fields",),
    "field with a placeholder": ("placeholders",),
    "field with a hidden label": ("fields",),
    "text area without a label": ("fields",),
    "choice without a label": ("fields",),
    "choice in an empty label": ("fields",),
    "button without a name": ("buttons",),
    "button with a decoration": ("buttons",),
    "button with an icon": ("buttons",),
    "button of input without a value": ("buttons",),
    "send button without words": ("buttons",),
    "link without a name": ("links",),
    "link with a decoration": ("links",),
    "link with an icon": ("links",),
    "frame without a title": ("frames",),
    "viewport that cannot grow": ("zoom",),
    "viewport that grows little": ("zoom",),
    "viewport by number": ("zoom",),
    "refresh": ("refresh",),
    "no first heading": ("heading_first",),
    "skipped level": ("heading_order",),
    "empty heading": ("heading_empty",),
    "no way around the menu": ("bypass", "heading_first", "main"),
    "a link around the menu": ("heading_first", "main"),
    "no main part": ("main",),
    "ids twice": ("ids",),
    "ids of controls twice": ("ids",),
    "tab order": ("tab_order",),
    "list with a stray": ("lists",),
    "list with a text": ("lists",),
    "item astray": ("lists",),
    "terms with a stray": ("lists",),
    "description before its term": ("lists",),
    "description astray": ("lists",),
    "headers of nowhere": ("table_references",),
    "headings without cells": ("table_references",),
    "data without headings": ("table_headless",),
    "moving text": ("moving",),
    "blinking text": ("moving",),
    "sound that plays by itself": ("self_playing",),
    "film without captions": ("captions",),
    "faint text": ("contrast",),
    "large too faint text": ("contrast",),
    "faint by a sheet": ("contrast",),
    "faint by inheritance": ("contrast",),
    "faint link": ("contrast",),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_lab(name):
    assert set(faults(PAGES[name])) == set(FAULTS.get(name, ()))


MORE = {
    "xml lang alone": (page(html='xml:lang="id"'), {"language_missing"}),
    "xml lang that is none": (page(html='lang="id" xml:lang="q"'), {"language_unknown"}),
    "part in a wrong xml lang": (page('<p xml:lang="q">x</p>'), {"language_parts"}),
    "English in an Indonesian page": (
        page("<p>" + "the words of this page are in a language that is not yours, and " * 5),
        {"language_other"},
    ),
    "Indonesian by its old code": (
        page("<p>" + "kata yang ada di dalam halaman ini untuk warga dan " * 5, html="lang=in"),
        set(),
    ),
    "Indonesian by three letters": (
        page("<p>" + "kata yang ada di dalam halaman ini untuk warga dan " * 5, html="lang=ind"),
        set(),
    ),
    "Indonesian in an English page": (
        page("<p>" + "kata yang ada di dalam halaman ini untuk warga dan " * 5, html="lang=en"),
        {"language_other"},
    ),
    "two titles": (page(title="<title>A</title><title></title>"), set()),
    "symbol in a drawing": (page('<svg><g role="img"></g></svg>'), {"pictures"}),
    "role of a picture on a picture": (page(f'<img role="img" src="{DOT}" alt="x">'), set()),
    "picture labelled by a picture": (
        page(f'<img id="a" alt="Balai" src="{DOT}"><img src="{DOT}" aria-labelledby="a">'),
        set(),
    ),
    "picture labelled by a label": (
        page(f'<i id="a" aria-label="Balai"></i><img src="{DOT}" aria-labelledby="a">'),
        set(),
    ),
    "picture of no meaning that is reached": (
        page(f'<img src="{DOT}" role="none" tabindex="0">'),
        {"pictures"},
    ),
    "object of no meaning": (page(f'<object role="none" data="{DOT}"></object>'), set()),
    "area without a goal": (page("<map name=a><area></map>"), set()),
    "area outside a map": (page("<area href=/a>"), set()),
    "text field that is no picture": (page("<input aria-label=a type=TEXT>"), set()),
    "label with a label": (page('<label for="a" aria-label="Nama"></label><input id=a>'), set()),
    "label around a hidden label": (
        page("<label aria-hidden=true>Nama <input></label>"),
        set(),
    ),
    "label with a picture": (
        page(f'<label><img src="{DOT}" alt="Nama"><input></label>'),
        set(),
    ),
    "label with a choice that has a name": (
        page("<label><select title=Kota></select></label>"),
        set(),
    ),
    "two fields with labels": (
        page("<label for=a>A</label><input id=a><!-- x --><label for=b>B</label><input id=b>"),
        set(),
    ),
    "hidden label around a field that is seen": (
        page('<label hidden for="b">x</label><input id="b">'),
        {"fields"},
    ),
    "no placeholder but spaces": (page('<input placeholder=" ">'), {"fields"}),
    "reset button": (page("<input type=reset>"), set()),
    "button of input with a title": (page("<input type=button title=x>"), set()),
    "frame of no meaning": (page("<iframe role=presentation></iframe>"), set()),
    "heading by role alone": (page("<p role=heading>Judul</p>"), set()),
    "heading with another role": (page("<h4 role=tab>Judul</h4>"), set()),
    "heading with a level of its own": (page("<h4 aria-level=2>Judul</h4>"), set()),
    "heading with a level that is none": (page("<h2 aria-level=99999>Judul</h2>"), set()),
    "heading with a title": (page('<h2 title="Judul"></h2>'), set()),
    "main with another role": (
        page(frame="<main role=none><h1>A</h1>{}</main>"),
        {"main"},
    ),
    "menu without a way around": (page("<nav><a href=/a>A</a></nav>"), {"skip_link"}),
    "menu by role without a way around": (
        page("<div role=navigation><a href=/a>A</a></div>"),
        {"skip_link"},
    ),
    "way to a name": (
        page('<a href="#b">Isi</a><nav><a href="/a">A</a></nav><a name="b"></a>'),
        set(),
    ),
    "way to the top": (
        page('<a href="#">Atas</a><nav><a href="/a">A</a></nav>'),
        {"skip_link"},
    ),
    "hidden link around": (
        page('<a href="#b" hidden>Isi</a><a href="/a">A</a>', frame="<div>{}</div>"),
        {"bypass", "main", "heading_first"},
    ),
    "signed tab order": (page('<p tabindex="+2">x</p>'), {"tab_order"}),
    "backward tab order": (page('<p tabindex="-1">x</p><p tabindex="a">y</p>'), set()),
    "tab order of many digits": (page(f'<p tabindex="{"9" * 5000}">x</p>'), {"tab_order"}),
    "list of scripts": (page("<ul><script></script><template></template></ul>"), set()),
    "list of other roles": (page("<ul><li role=tab>A</li></ul>"), {"lists"}),
    "list of items by role": (page("<ul><div role=listitem>A</div></ul>"), set()),
    "items in a list by role": (page("<div role=list><li>A</li></div>"), set()),
    "items in a list of another role": (page("<ul role=tablist><li>A</li></ul>"), {"lists"}),
    "terms of a text": (page("<dl>x<dt>A</dt><dd>B</dd></dl>"), {"lists"}),
    "terms alone": (page("<dl><dt>A</dt></dl>"), {"lists"}),
    "terms in a group with a role": (
        page("<dl><div role=group><dt>A</dt><dd>B</dd></div></dl>"),
        {"lists"},
    ),
    "empty list of terms": (page("<dl></dl>"), set()),
    "table for looks": (
        page("<table role=presentation><tr><td>1</td><td>2</td></tr>" * 2),
        set(),
    ),
    "table of one row": (page("<table><tr><td>1</td><td>2</td></tr></table>"), set()),
    "table without rows": (page("<table><caption>x</caption></table>"), set()),
    "table of a form": (
        page("<table>" + "<tr><td>Nama<input title=a></td><td>2</td></tr>" * 2 + "</table>"),
        set(),
    ),
    "table of blank heads": (
        page("<table><tr><td></td><td>2</td></tr><tr><td>1</td><td>2</td></tr></table>"),
        set(),
    ),
    "table with heads by role": (
        page(
            "<table><tr><td role=columnheader>A</td><td role=columnheader>B</td></tr>"
            "<tr><td>1</td><td>2</td></tr></table>"
        ),
        set(),
    ),
    "table in a table": (
        page(
            "<table><tr><td>1</td><td><table><tr><td>2</td></tr></table></td></tr>"
            "<tr><td>1</td><td>2</td></tr></table>"
        ),
        set(),
    ),
    "cell that is its own head": (
        page("<table><tr><th id=h>A</th></tr><tr><td id=c headers=c>1</td></tr></table>"),
        {"table_references"},
    ),
    "cell outside a row": (page("<table><td>x</table>"), set()),
    "another meta": (page(head="<meta name=robots content=x><meta http-equiv=refresh>"), set()),
    "viewport that says yes to a limit": (
        page(head='<meta name=viewport content="maximum-scale=yes">'),
        {"zoom"},
    ),
    "words of a link with a label": (page('<a href=/a aria-label="Profil">Klik</a>'), set()),
    "words of a link labelled elsewhere": (
        page('<p id=p>Profil</p><a href=/a aria-labelledby="p">Klik di sini</a>'),
        set(),
    ),
    "words of a link": (page("<a href=/a>Selengkapnya »</a>"), {"link_words"}),
    "words of an anchor": (page("<a>Selengkapnya</a>"), set()),
    "words of a picture": (
        page(f'<a href=/a><img src="{DOT}" alt="Selengkapnya"><i hidden>x</i></a>'),
        {"link_words"},
    ),
    "fallback of no script": (page("<noscript>Teks<img></noscript>"), set()),
    "closed dialog": (page("<dialog><img></dialog>"), set()),
    "open dialog": (page("<dialog open><img></dialog>"), {"pictures"}),
    "shown although hidden": (page('<p hidden style="display:block"><img></p>'), {"pictures"}),
    "invisible": (page('<p style="visibility:hidden"><img></p>'), set()),
}


@pytest.mark.parametrize("name", MORE)
def test_more_pages(name):
    html, wanted = MORE[name]
    assert set(faults(html)) == wanted


FAINT = "color:#999;background:#fff"
LOOKS = {
    "size that nobody knows": (f'<p style="{FAINT};font-size:2vw">Teks</p>', True),
    "size that nobody knows, enough if large": (
        '<p style="color:#888;background:#fff;font-size:2vw">Teks</p>',
        False,
    ),
    "by a font": ('<p style="color:#888;background:#fff;font:x">Teks</p>', False),
    "weight that nobody knows": (
        '<p style="color:#888;background:#fff;font-weight:bolder">Teks</p>',
        False,
    ),
    "heading": ('<h2 style="color:#888;background:#fff">Teks</h2>', False),
    "light heading": ('<h3 style="color:#888;background:#fff;font-weight:400">Teks</h3>', True),
    "percent of the size": (
        '<p style="color:#888;background:#fff;font-size:200%">Teks</p>',
        False,
    ),
    "times the size": ('<p style="color:#888;background:#fff;font-size:1em">Teks</p>', True),
    "times a size that nobody knows": (
        '<p style="font-size:x"><b style="color:#888;background:#fff;font-size:1em">T</b></p>',
        False,
    ),
    "transparent": (f'<p style="{FAINT};opacity:.5"><b style="{FAINT}">Teks</b></p>', False),
    "opaque": (f'<p style="{FAINT};opacity:1">Teks</p>', True),
    "no ground of its own": (
        '<p style="background:#fff"><b style="color:#aaa;background:transparent">T</b></p>',
        True,
    ),
    "inherited": ('<p style="color:#aaa;background:#fff"><b style="color:inherit">T</b></p>', True),
    "lifted": (
        '<p style="background:#fff"><b style="color:#aaa;position:absolute">T</b></p>',
        False,
    ),
    "picture": (f'<p style="{FAINT};background-image:url(x)">Teks</p>', False),
    "no picture": (f'<p style="{FAINT};background-image:none">Teks</p>', True),
    "ground of a button": (
        '<p style="background:#fff"><button style="color:#aaa">T</button>',
        False,
    ),
    "link without a colour": (f'<p style="{FAINT}"><a href="/a">T</a></p>', False),
    "hidden": (f'<p hidden style="{FAINT}">Teks</p>', False),
    "in a drawing": (f'<svg><text style="{FAINT}">Teks</text></svg>', False),
    "switched off": (f'<p aria-disabled="true" style="{FAINT}">Teks</p>', False),
    "choice": (f'<select title="x"><option style="{FAINT}">Teks</option></select>', False),
    "no text": (f'<p style="{FAINT}"></p>', False),
}


@pytest.mark.parametrize("name", LOOKS)
def test_how_text_looks(name):
    body, faint = LOOKS[name]
    assert ("contrast" in faults(page(body))) is faint


SHEETS = {
    "id": ("#a{color:#aaa;background:#fff}", True),
    "tag and class": ("p.b{color:#aaa;background:#fff}", True),
    "anything": ("*{color:#aaa;background:#fff}", True),
    "another class": (".c{color:#aaa;background:#fff}", False),
    "weight": ("#a{color:#111;background:#fff} .b{color:#aaa}", False),
    "important": (".b{color:#aaa!important} #a{color:#111;background:#fff}", True),
    "later": ("p{color:#aaa;background:#fff} p{color:#111}", False),
    "condition": ("p{color:#111;background:#fff} @media print{p{color:#aaa}}", False),
    "condition that leaves doubt": (
        "p{color:#aaa;background:#fff} @media print{p{color:#111}}",
        False,
    ),
    "after a condition": ("@media print{q{color:red}} p{color:#aaa;background:#fff}", True),
    "state": ("p{color:#111;background:#fff} p:hover{color:#aaa}", False),
    "state that takes nothing back": ("p{color:#aaa;background:#fff} p:hover{color:#111}", True),
    "two steps": ("main p{color:#aaa;background:#fff}", False),
    "attribute": ("p[id]{color:#aaa;background:#fff}", False),
    "what is no selector": ("p{color:#aaa;background:#fff} 5%{color:#111}", False),
    "other properties": ("p{color:#aaa;background:#fff} p{margin:0}", True),
    "fetched by another": ("@import url(x); p{color:#aaa;background:#fff}", False),
    "a charset": ('@charset "utf-8"; p{color:#aaa;background:#fff}', True),
    "comment": ("/* p{color:#111} */ p{color:#aaa;background:#fff}", True),
    "long selector": (f"{'x' * 5000},p{{color:#aaa;background:#fff}}", False),
    "too many rules": ("p{color:#aaa;background:#fff}" * 500, False),
}


@pytest.mark.parametrize("name", SHEETS)
def test_style_sheets(name):
    css, faint = SHEETS[name]
    html = page('<p id="a" class="b">Teks</p>', head=f"<style>{css}</style>")
    assert ("contrast" in faults(html)) is faint


def test_a_sheet_that_is_fetched_leaves_what_an_element_says_itself():
    head = '<link rel="stylesheet" href="/a.css"><style>p{background:#fff}</style>'
    assert "contrast" not in faults(page('<p style="color:#aaa">T</p>', head=head))
    assert "contrast" in faults(page('<p style="color:#aaa;background:#fff">T</p>', head=head))
    inside = '<p style="background:#fff"><b style="color:#aaa">T</b></p>'
    assert "contrast" not in faults(page(inside, head=head))
