"""What runs a site, as its page shows it, and whether it is still mended."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe.cms import cms_of, products, software
from auditor.probe.cms_libraries import LIBRARIES, banner, libraries
from auditor.probe.cms_lifespans import FRESH, Branch, Lifespans, judge, read_lifespans
from auditor.probe.cms_page import LINKS, Page, read_page
from auditor.probe.exposed_survey import survey
from tests.unit.probe.talking import GONE, TIMEOUT, page, talk

DATA = Path(__file__).parents[3] / "policies" / "data" / "web-eol.json"
KNOWN = read_lifespans(DATA.read_bytes())
TODAY = dt.date(2026, 11, 24)


def read(html, **fields):
    return read_page(page(html.encode(), **fields))


@given(st.binary(max_size=2000))
def test_any_page_is_read(body):
    seen = read_page(page(body))

    assert len(seen.links) <= LINKS
    cms_of(seen)
    assert len(list(products(seen))) <= LIBRARIES + 3


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_address_of_a_script_is_read(links):
    assert len(libraries(tuple(links))) <= len(links) * 5


@pytest.mark.parametrize(
    ("generator", "name", "version"),
    [
        ("WordPress 6.9", "WordPress", "6.9"),
        ("WordPress", "WordPress", ""),
        ("Joomla! - Open Source Content Management", "Joomla", ""),
        ("Joomla! 1.5 - Open Source", "Joomla", "1.5"),
        ("Drupal 7 (http://drupal.org)", "Drupal", "7"),
        ("Open Journal Systems 3.3.0.8", "OJS", "3.3.0.8"),
        ("SLiMS 9 (Bulian)", "SLiMS", "9"),
        ("OpenSID v24.05", "OpenSID", "24.05"),
        ("MediaWiki 1.39.1", "MediaWiki", "1.39.1"),
        ("TYPO3 CMS", "TYPO3", ""),
    ],
)
def test_a_generator_names_the_product(generator, name, version):
    found = cms_of(read(f'<meta name="Generator" content="{generator}">'))

    assert (found.name, found.version, found.where) == (name, version, "generator")


@pytest.mark.parametrize(
    ("html", "name", "version"),
    [
        ('<link href="/wp-content/themes/x.css?ver=9.9">', "WordPress", ""),
        ('<script src="/wp-includes/js/wp-embed.min.js?ver=5.2.1">', "WordPress", "5.2.1"),
        ('<script src="/media/jui/js/x.js">', "Joomla", "3"),
        ('<script class="joomla-script-options">', "Joomla", ""),
        ("jQuery.extend(Drupal.settings, {})", "Drupal", ""),
        ('<link href="/lib/pkp/styles/x.css"> Open Journal Systems 2.4.8.1', "OJS", "2.4.8.1"),
        ("<script>M.cfg = {}</script>", "Moodle", ""),
        ("<p>Senayan Library Management System SLiMS 8 Akasia", "SLiMS", "8"),
        ("<footer>OpenSID 23.01", "OpenSID", "23.01"),
        ("<p>berita", None, None),
    ],
)
def test_traces_in_a_page(html, name, version):
    found = cms_of(read(html))

    assert (found and found.name, found and found.version) == (name, version)


def test_header_fields_name_products_as_well():
    seen = read("", x_generator="Drupal 9 (https://x)", x_powered_by="ASP.NET, PHP/8.1.2")

    assert cms_of(seen).version == "9"
    assert [(p.name, p.version) for p in products(seen)] == [("PHP", "8.1.2")]


@pytest.mark.parametrize(
    ("powered", "supported"),
    [
        ("PHP/7.4.33", False),
        ("PHP/8.4.1", True),
        ("PHP/5.1.6", False),
        ("PHP/4.4.9", False),
        ("PHP/9.0.0", None),
        ("PHP/7.4.3-4ubuntu2.24", None),
        ("PHP/7.4.33+deb11u5", None),
    ],
)
def test_php(powered, supported):
    (product,) = products(read("", x_powered_by=powered))

    record = software(product, KNOWN, TODAY)

    assert record.get("supported") is supported
    assert ("gap" in record) is (supported is None)


def test_only_the_first_php_counts():
    assert len(list(products(read("", x_powered_by="PHP/8.1.2, PHP/8.2.2")))) == 1


@pytest.mark.parametrize(
    ("html", "name", "version"),
    [
        ("<title>Laravel</title> Laravel v8.83.27 (PHP v7.4.33)", "Laravel", "8.83.27"),
        ("CodeIgniter Version <strong>3.1.11</strong>", "CodeIgniter", "3.1.11"),
    ],
)
def test_frameworks_that_show_themselves(html, name, version):
    assert [(p.name, p.version) for p in products(read(html))] == [(name, version)]


@pytest.mark.parametrize(
    ("link", "name", "version"),
    [
        ("/js/jquery-1.8.3.min.js", "jQuery", "1.8.3"),
        ("/js/jquery.min.js?v=2.0.0", "jQuery", ""),
        ("/js/jquery-3.7.1.slim.min.js", "jQuery", "3.7.1"),
        ("https://ajax.googleapis.com/ajax/libs/jquery/1.12.4/jquery.min.js", "jQuery", "1.12.4"),
        ("https://cdn.jsdelivr.net/npm/jquery@3.6.0/dist/jquery.min.js", "jQuery", "3.6.0"),
        ("/wp-includes/js/jquery/jquery.min.js?ver=3.7.1", "jQuery", "3.7.1"),
        ("/js/jquery-ui-1.12.1.custom.min.js", "jQuery UI", "1.12.1"),
        ("/js/jquery-ui.js", "jQuery UI", ""),
        ("/css/bootstrap.min.css", "Bootstrap", ""),
        ("https://x/bootstrap/3.3.7/css/bootstrap.min.css", "Bootstrap", "3.3.7"),
        ("https://x/npm/bootstrap@5.3.3/dist/js/bootstrap.bundle.min.js", "Bootstrap", "5.3.3"),
        ("https://x/angularjs/1.8.2/angular.min.js", "AngularJS", "1.8.2"),
        ("https://cdn.jsdelivr.net/npm/vue@2.6.14", "Vue", "2.6.14"),
        ("https://cdn.jsdelivr.net/npm/vue@2/dist/vue.js", "Vue", "2"),
        ("https://unpkg.com/vue@3.4.21/dist/vue.global.prod.js", "Vue", "3.4.21"),
    ],
)
def test_libraries(link, name, version):
    (found,) = libraries((link,))

    assert (found.name, found.version) == (name, version)
    assert "?" not in found.where
    assert not version or version not in found.where


@pytest.mark.parametrize(
    "link", ["", "/js/jquery.validate.js", "/js/app.js", "/js/myvue.js", "/jquery/plugin-1.2.js"]
)
def test_what_is_no_library(link):
    assert libraries((link,)) == ()


def test_two_versions_of_a_library_are_two():
    links = ("/js/jquery-1.8.3.js", "/js/jquery-3.7.1.js", "/js/jquery-3.7.1.js")

    assert [one.version for one in libraries(links)] == ["1.8.3", "3.7.1"]
    found = list(products(Page(links=links)))
    assert len({(product.name, product.where) for product in found}) == 2


@pytest.mark.parametrize(
    ("name", "start", "version"),
    [
        ("jQuery", b"/*! jQuery v3.6.0 | (c)", "3.6.0"),
        ("jQuery", b"/*!\n * jQuery JavaScript Library v1.8.3", "1.8.3"),
        ("jQuery UI", b"/*! jQuery UI - v1.12.1 -", "1.12.1"),
        ("Bootstrap", b"/*!\n * Bootstrap v3.3.7 (", "3.3.7"),
        ("AngularJS", b"/*\n AngularJS v1.5.8", "1.5.8"),
        ("Vue", b"/*!\n * Vue.js v2.6.14", "2.6.14"),
        ("Vue", b"<html>", ""),
    ],
)
def test_banners(name, start, version):
    assert banner(name, start) == version


def branch(name, eol):
    return Branch(branch=name, eol=eol and dt.date.fromisoformat(eol), source="recalled")


TABLE = Lifespans(
    source="uji",
    as_of=dt.date(2026, 6, 1),
    products={
        "X": (
            branch("3", None),
            branch("3.1", "2024-01-01"),
            branch("2.5", "2026-11-24"),
            branch("2.4", "2026-11-23"),
            branch("2.2", "2023-01-01"),
        ),
        "Y": (branch("5.1", None), branch("5.0", "2020-01-01")),
        "Z": (branch("1.1", "2020-01-01"), branch("1.0", "2019-01-01")),
    },
)


@pytest.mark.parametrize(
    ("name", "version", "supported", "eol"),
    [
        ("X", "3.4", True, None),
        ("X", "3.1.9", False, "2024-01-01"),
        ("X", "2.5.1", True, "2026-11-24"),
        ("X", "2.4", False, "2026-11-23"),
        ("X", "2.3.0", False, "2026-11-23"),
        ("X", "1.0", False, "2023-01-01"),
        ("X", "4.0", None, None),
        ("X", "2", None, None),
        ("X", "", None, None),
        ("X", "rc1", None, None),
        ("X", "3.1-beta", False, "2024-01-01"),
        ("X", "9999999.1", None, None),
        ("Y", "5", None, None),
        ("Y", "4.9", False, "2020-01-01"),
        ("Z", "1", False, "2020-01-01"),
        ("Q", "1.0", None, None),
    ],
)
def test_what_is_mended(name, version, supported, eol):
    verdict = judge(name, version, TABLE, TODAY)

    assert verdict.supported is supported
    assert verdict.eol == (eol and dt.date.fromisoformat(eol))
    assert bool(verdict.why) is (supported is None)


def test_old_data_supports_nothing_without_an_end():
    late = TABLE.as_of + FRESH + dt.timedelta(days=1)

    assert judge("X", "3.4", TABLE, late).supported is None
    assert judge("X", "3.4", TABLE, TABLE.as_of + FRESH).supported is True


@given(st.text(max_size=20))
def test_any_version_is_judged(version):
    judge("WordPress", version, KNOWN, TODAY)


def test_the_shipped_table_is_sound():
    assert {"WordPress", "PHP", "jQuery", "OJS", "Moodle", "Joomla"} <= set(KNOWN.products)
    for branches in KNOWN.products.values():
        names = [b.branch for b in branches]
        assert len(set(names)) == len(names)


def front(html):
    """Answer the front page by `html`, and the rest by what `others` say."""

    def look(others):
        def answers(ask):
            return page(html.encode()) if ask.path == "/" else others.get(ask.path, GONE)

        record, asked = talk(survey("situs.test", KNOWN, TODAY), answers)
        return {p["name"]: p["version"] for p in record["software"]}, [a.path for a in asked]

    return look


@pytest.mark.parametrize(
    ("html", "path", "body", "version"),
    [
        (
            '<meta name=generator content="Joomla!">',
            "joomla.xml",
            b"<version>5.4.0</version>",
            "5.4.0",
        ),
        ("<script>M.cfg = {}</script>", "upgrade.txt", b"x\n=== 4.1 ===\n", "4.1"),
        ("<script>M.cfg = {}</script>", "upgrade.txt", b"<html>", ""),
    ],
)
def test_a_public_file_tells_the_version(html, path, body, version):
    place = {"joomla.xml": "/administrator/manifests/files/joomla.xml"}.get(path, f"/lib/{path}")

    found, asked = front(html)({place: page(body, type_="text/plain")})

    assert list(found.values()) == [version]
    assert place in asked


@pytest.mark.parametrize("answer", [GONE, TIMEOUT])
def test_a_version_that_stays_unknown(answer):
    found, _ = front("<script>M.cfg = {}</script>")({"/lib/upgrade.txt": answer})

    assert found == {"Moodle": ""}


@pytest.mark.parametrize(
    ("src", "path"),
    [
        ("/js/jquery.min.js", "/js/jquery.min.js"),
        ("js/jquery.min.js", "/js/jquery.min.js"),
        ("./jquery.js?x=1", "/jquery.js?x=1"),
        ("https://situs.test/jquery.js", "/jquery.js"),
        ("//SITUS.test/jquery.js", "/jquery.js"),
        ("https://cdn.test/jquery.js", None),
        ("../jquery.js", None),
        ("/a b/jquery.js", None),
    ],
)
def test_a_library_of_the_site_itself_is_read_for_its_version(src, path):
    script = page(b"/*! jQuery v3.6.0", type_="text/javascript")

    found, asked = front(f'<script src="{src}"></script>')({path: script})

    assert found == {"jQuery": "3.6.0" if path else ""}
    assert (path in asked) is (path is not None)


def test_a_version_that_the_page_shows_is_not_asked_for():
    html = '<meta name=generator content="Hugo 0.1"><meta name=generator content="Joomla! 1.5">'

    found, asked = front(html)({})

    assert found == {"Joomla": "1.5"}
    assert not any("manifests" in path for path in asked)


@pytest.mark.parametrize("answer", [page(b"<p>berita", 200), page(b"<b>" * 30_000)])
def test_what_was_not_read_of_a_page_is_not_seen(answer):
    cut = msgspec.structs.replace(answer, cut=True)

    record, _ = talk(survey("a.test", KNOWN, TODAY), lambda ask: cut if ask.path == "/" else GONE)

    assert {row["kind"]: row["gap"]["why"] for row in record["software"]} == {
        "cms": Why.CUT,
        "library": Why.CUT,
    }


def test_few_libraries_are_read():
    html = "".join(f'<script src="/{n}/jquery.js"></script>' for n in range(5))

    _, asked = front(html)({})

    assert sum("jquery" in path for path in asked) == 2
