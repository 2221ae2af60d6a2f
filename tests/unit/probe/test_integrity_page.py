"""What pages hide, where they lead, what was put into them: hostile pages first."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.probe.base import Unseen
from auditor.probe.integrity_css import MOST_CSS, Styles, Trick, colour, hidden_by, read_rules
from auditor.probe.integrity_glyphs import MOST_TEXT
from auditor.probe.integrity_hosts import domain, kin, stranger
from auditor.probe.integrity_page import look
from tests.unit.probe.integrity_pages import BODY, HEAD, SITE, page, record, sheet

FAR = '<a href="https://asing.example/x">Mitra</a>'
OWN = '<a href="/layanan">Layanan</a>'


def view(body="", head=HEAD):
    return look(sheet(page(body, head)))


def links(body, head=HEAD):
    return record(sheet(page(body, head)))["links"]


@pytest.mark.parametrize(
    ("style", "trick"),
    [
        ("position:absolute;left:-9999px", "off-screen"),
        ("position:fixed; top : -5000PX !important", "off-screen"),
        ("position:absolute;right:-120vw", "off-screen"),
        ("margin-left:-9999px", "off-screen"),
        ("transform:translateX(-9999px)", "off-screen"),
        ("transform: scale(0)", "off-screen"),
        ("text-indent:-9999px", "text-indent"),
        ("text-indent:-999em", "text-indent"),
        ("font-size:0", "font-size"),
        ("font-size:1px", "font-size"),
        ("font-size:0em", "font-size"),
        ("height:0;overflow:hidden", "no-size"),
        ("width:1px;overflow:clip", "no-size"),
        ("position:absolute;clip:rect(0,0,0,0)", "clip"),
        ("clip-path:inset(50%)", "clip"),
        ("color:#fff;background:#ffffff", "colour"),
        ("color:white;background-color:rgb(255, 255, 255)", "colour"),
        ("color:#FFF", "colour"),
    ],
)
def test_links_to_strangers_hidden_by_a_trick(style, trick):
    expected = [f"https://{SITE}/: asing.example ({trick})"]
    assert links(f'<div style="{style}">{FAR}</div>')["tricked"] == expected
    rule = f"<style>.x{{{style}}}</style>"
    assert links(f'<div class="y x"><p>{FAR}</p></div>', HEAD + rule)["tricked"] == expected
    assert links(f'<div style="{style}">{OWN}</div>')["tricked"] == []
    for friend in ("https://batukota.go.id/", "https://www.facebook.com/x", "http://10.0.0.5/x"):
        friendly = f'<div style="{style}"><a href="{friend}">x</a></div>'
        assert links(friendly)["tricked"] == []


def test_links_in_the_colour_of_the_ground():
    table = f'<table bgcolor="white"><tr><td style="color:#ffffff">{FAR}</td></tr></table>'
    assert links(table, HEAD + "<link rel=stylesheet href=/x.css>")["tricked"]
    bare = f'<p style="color:#fff">{FAR}</p>'
    assert links(bare)["tricked"]
    assert not links(bare, HEAD + "<link rel=stylesheet href=/x.css>")["tricked"]


def test_a_marquee_without_size():
    assert links(f'<marquee height="1">{FAR}</marquee>')["tricked"]
    assert not links(f"<marquee height=40>{FAR}</marquee>")["tricked"]


@pytest.mark.parametrize(
    "start",
    [
        '<div style="display:none">',
        '<div style="visibility:hidden">',
        '<div style="opacity:0">',
        '<div style="opacity:.01">',
        '<div style="max-height:0;overflow:hidden">',
        "<div hidden>",
        "<noscript>",
    ],
)
def test_links_to_strangers_that_nothing_shows(start):
    end = start[1:].partition(" ")[0].rstrip(">")
    assert links(f"{start}{FAR}</{end}>")["unshown"]
    assert links(f"{start}{FAR}</{end}>")["tricked"] == []
    assert links(f"{start}{OWN}</{end}>")["unshown"] == []


@pytest.mark.parametrize(
    "around",
    [
        '<nav style="display:none">{}</nav>',
        '<ul class="dropdown-menu" style="display:none">{}</ul>',
        '<div class="modal fade" style="display:none">{}</div>',
        '<div role="dialog" hidden>{}</div>',
        '<div id="mobile-menu" aria-hidden="true" style="visibility:hidden">{}</div>',
        '<div aria-hidden="true">{}</div>',
        "<details>{}</details>",
        '<div style="font-size:0.8em">{}</div>',
        '<div style="position:absolute;left:-5px">{}</div>',
        '<div style="opacity:0.5">{}</div>',
        '<div style="color:#fff;background:#0a5">{}</div>',
        '<div style="color:#fff;background:url(x.png) #000">{}</div>',
        '<div style="color:#fff;background-image:linear-gradient(red,blue)">{}</div>',
        '<table background="x.png"><tr><td style="color:#fff">{}</td></tr></table>',
        '<table bgcolor="#004080"><tr><td style="color:#fff">{}</td></tr></table>',
        '<div style="height:0">{}</div>',
        '<div style="left:-9999px">{}</div>',
        '<div style="text-indent:nothing;opacity:x;font-size:-">{}</div>',
        "<style>@media (max-width:600px){{.q{{display:none}}}}</style><div class=q>{}</div>",
        "<style>@media print{{.q{{display:none}}}}</style><div class=q>{}</div>",
        '<style>nav .q{{display:none}} .q:hover{{display:none}}</style><div class="q">{}</div>',
        '<style>p.q{{display:none}}</style><div class="q">{}</div>',
        "<!-- <div style='font-size:0'>{}</div> -->",
        '<template><div style="font-size:0">{}</div></template>',
        '<a class="sr-only" style="position:absolute;left:-9999px" href="#isi">Ke isi</a>',
    ],
)
def test_what_honest_pages_do(around):
    found = links(around.format(FAR))
    assert found["tricked"] == []
    assert found["unshown"] == []


def test_rules_of_styles():
    css = (
        "/* .a{display:none} */ @import url(x.css); .b, #c , i.d{display:none} .e{} {x:y}"
        "@media all{.f{display:none}} @keyframes k{from{opacity:0}} @supports (x:y){.g{height:0}}"
        "@font-face{font-family:x} }}} .h{color:red"
    )
    names = [(rule.tag, rule.name) for rule in read_rules(css)]
    assert names == [("", ".b"), ("", "#c"), ("i", ".d"), ("", ".f"), ("", ".g")]
    styles = Styles(css)
    assert styles.of("i", {"class": "d"}) == {"display": "none"}
    assert styles.of("b", {"class": "d"}) == {}
    assert styles.of("b", {"id": "c", "style": "display:block"}) == {"display": "block"}
    assert Styles("").of("b", {"class": "d"}) == {}
    assert Styles("x" * (MOST_CSS + 1)).cut


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("#FFF".lower(), "ffffff"),
        ("#a1b2c3", "a1b2c3"),
        ("#abcd", ""),
        ("rgba(300, 0, 16, .5)", "ff0010"),
        ("black url(x)", "000000"),
        ("inherit", ""),
        ("", ""),
    ],
)
def test_colours(text, digits):
    assert colour(text) == digits


def test_no_style_hides_nothing():
    assert hidden_by({}, "") is None
    assert hidden_by({"color": "#fff"}, "ffffff") is Trick.SAME_COLOUR


HOSTILE = {
    "deep": "<div>" * 5_000,
    "many rules": f"<style>{'.a{display:none}' * 20_000}</style>" + "<p class=a>x</p>" * 3_000,
    "braces": f"<style>{'{' * 100_000}{'}' * 100_000}</style>",
    "comments": f"<style>{'/*' * 100_000}</style>",
    "selectors": f"<style>{'a,' * 100_000}b{{x:y}}</style>",
    "classes": f"<p class='{'a ' * 50_000}'>x</p>",
    "links": "<a href=https://a.example>x</a>" * 6_000,
    "hidden links": "<div style='font-size:0'>"
    + "<a href=https://a.example>slot gacor</a>" * 5_000,
    "one style": f"<p style='{'a:b;' * 100_000}'>x</p>",
    "numbers": "<p style='left:" + "9" * 100_000 + "px'>x</p>",
    "scripts": "<script>" + "document.referrer google location = " * 5_000 + "</script>",
    "char codes": "<script>" + "fromCharCode(" + "10, " * 50_000 + "</script>",
    "json": "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
    "json texts": "<script>[" + ",".join(['"slot"'] * 20_000) + "]</script>",
    "headings": "<h1>x</h1>" * 2_000,
    "tags": "".join(f"<x{n}>" for n in range(3_000)),
    "numbers in json": "<script>[1, null, true, {}]</script>",
    "json names": "<script>" + '{"a":' * 500 + "1" + "}" * 500 + "</script>",
    "parameters": "<a href='/x?" + "a=https%3A//b.example&" * 150 + "'>x</a>" * 1,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_little(name):
    start = time.process_time()
    assert "exhibits" in record(sheet(page(HOSTILE[name])))
    assert time.process_time() - start < 8


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<div style='", "font-size:0'", ">", "<a href='//x.example'>", "slot gacor", "</a>",
             "</div>", "<style>", "{", "}", ".a", "<noscript>", "<bdo dir=rtl>", "<svg><title>",
             "<iframe src=//y.example width=1>", "<base href=//z.example>", "\u202e", "<h1>"]
        ),
        max_size=20,
    ).map("".join)
)  # fmt: skip
def test_any_page_is_read(body):
    assert len(record(sheet(body))["exhibits"]) <= 30


def test_a_text_too_long_is_not_read_to_its_end():
    seen = view("<p>kata </p>" * 10 + "x " * MOST_TEXT + "<p>kata</p>")
    assert seen.more
    gambling = record(sheet(page("x " * MOST_TEXT + "<p>slot gacor</p>")))["gambling"]
    assert gambling["gap"]["why"] == "cut"
    assert "texts" not in gambling


def test_too_many_links_are_not_all_read():
    assert view(OWN * 2_001).more
    assert not view(OWN * 100).more


def test_what_is_no_page():
    with pytest.raises(Unseen):
        look(sheet("%PDF-1.7", "/", ("content-type", "application/pdf")))


def test_texts_of_a_page():
    seen = look(
        sheet(
            '<html lang="ID-id"><head><title> Dinas  Contoh </title><title>Lain</title>'
            '<meta name="description" content="Ringkas"><meta property="og:image" '
            'content="https://x.example/a.png"><meta name=viewport content="width=device-width">'
            '<meta property="og:title" content=" "></head><body bgcolor="#000000"><svg><title>'
            "Gambar</title></svg><h1>Satu</h1><p>a<b>b</b>c<br>d</p><p>e</p><textarea>f</textarea>"
            '<img alt="g"><script src="https://s.example/x.js"></script><script></script>'
            '<a href="mailto:a@b.example">surat</a><map><area href="/x"></map>'
        )
    )
    assert seen.title == "Dinas Contoh"
    assert seen.language == "id-id"
    assert seen.metas == ["Ringkas"]
    assert seen.headings == ["Satu"]
    assert seen.labels == ["g"]
    assert seen.text == "Satu abc d e surat"
    assert seen.dark
    assert [script.host for script in seen.scripts] == ["s.example"]
    assert seen.data == []
    assert len(seen.links) == 1


def test_whose_hosts():
    assert stranger(SITE, "asing.example")
    assert not stranger(SITE, "ppid.batukota.go.id")
    assert not stranger(SITE, "kemenkeu.go.id")
    assert not stranger(SITE, "www.youtube.com")
    assert stranger(SITE, "notyoutube.com")
    assert stranger(SITE, "8.8.8.8")
    for local in ("localhost", "127.0.0.1", "192.168.1.2", "[fe80::1]", "web.local", "intranet"):
        assert not stranger(SITE, local)
    assert kin(SITE, "unair.ac.id")
    assert not kin(SITE, "asing.example")
    assert domain("localhost") == "localhost"
    assert domain("a.b.asing.example") == "asing.example"


def doorways(body="", head=HEAD, *fields, lang="id"):
    return record(sheet(page(body, head, lang), "/", *fields))["doorways"]


AT = f"https://{SITE}/: "


@pytest.mark.parametrize(
    ("head", "leaf", "item"),
    [
        ('<link rel="canonical" href="{}">', "identity", "canonical"),
        ('<meta property="og:url" content="{}">', "identity", "og:url"),
        ('<link rel="alternate" hreflang="th" href="{}">', "alternate", "hreflang"),
        ('<link rel="amphtml" href="{}">', "alternate", "amphtml"),
    ],
)
def test_claims(head, leaf, item):
    for address in ("https://asing.example/", "//www.asing.example/x"):
        assert doorways(head=HEAD + head.format(address))[leaf] == [f"{AT}asing.example ({item})"]
    for friend in (f"https://www.{SITE}", "https://lama.go.id", "http://localhost", "/x"):
        assert doorways(head=HEAD + head.format(friend))[leaf] == []


def test_other_relations_are_no_claims():
    head = (
        '<link rel="alternate" type="application/rss+xml" href="https://asing.example/f">'
        '<link rel="icon" href="https://asing.example/i.png"><link rel="canonical">'
        '<link rel="canonical" href="javascript:x">'
    )
    assert doorways(head=HEAD + head)["identity"] == []
    assert doorways(head=HEAD + head)["alternate"] == []


def test_a_foreign_base():
    head = HEAD + '<base href="https://asing.example/"><base href="/">'
    assert doorways(head=head)["base"] == [f"{AT}asing.example"]
    assert doorways(head=HEAD + '<base href="/a/">')["base"] == []


@pytest.mark.parametrize(
    ("fields", "head", "goal"),
    [
        ((), '<meta http-equiv="refresh" content="0;url=https://asing.example/">', True),
        ((("refresh", "1; url=//asing.example"),), "", True),
        ((), '<meta http-equiv="refresh" content="0;url=/beranda">', False),
        ((), '<meta http-equiv="refresh" content="300">', False),
        ((), '<meta http-equiv="refresh" content="0;url=javascript:x">', False),
    ],
)
def test_a_refresh(fields, head, goal):
    assert bool(doorways("", HEAD + head, *fields)["refresh"]) is goal


def test_parameters_that_hold_a_stranger():
    body = (
        '<a href="/keluar?a=1&link=https%3A%2F%2Fasing.example%2Fx">a</a>'
        '<a href="/keluar?link=https://lain.go.id/">b</a><a href="/?q=asing.example">c</a>'
        '<a href="https://bagi.example/?u=https://x.example">d</a><a href="/?u=//:x">e</a>'
    )
    assert doorways(body)["parameters"] == [
        f"{AT}{SITE}/keluar?link= → asing.example",
    ]


THAI = "สล็อตเว็บตรงแตกง่ายเล่นได้เงินจริงฝากถอนไม่มีขั้นต่ำ" * 3


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        (THAI, "th"),
        ("公式通販サイト送料無料のブランド激安ショップ" * 5, "ja"),
        ("免费在线赌场老虎机注册送彩金官方网站" * 5, "zh"),
        ("온라인카지노추천바카라사이트먹튀검증" * 5, "ko"),
        ("日本語 中文 한국어 ไทย", ""),
        ("Kota Batu " * 30, ""),
        ("Приветствие из города " * 30, ""),
    ],
)
def test_foreign_scripts(text, tongue):
    expected = [f"{AT}{tongue}"] if tongue else []
    assert doorways(f"<p>{text}</p>")["tongues"] == expected
    assert doorways(f"<p>{text}</p>", lang="th-TH")["tongues"] == []


def test_a_foreign_title():
    assert doorways(head="<title>สล็อตเว็บตรง 2026</title>")["tongues"]


@pytest.mark.parametrize(
    ("head", "body", "boast"),
    [
        ("<title>Hacked by Mr.X</title>", "", "hacked by"),
        ("<title>H4ck3d By Tim Y</title>", "", "hacked by"),
        (HEAD, "<h1>T0uched by xX_Team</h1><p>Greetz to all</p>", "greetz to"),
        (HEAD, "<p>Your site has been hacked</p>", "your site has been hacked"),
        ("<title>Polisi ungkap kasus: situs bertuliskan Hacked by X</title>", "", ""),
        (HEAD, "<p>BSSN menangani laman bertuliskan hacked by X</p>", ""),
        (HEAD, f"<p>{'Panduan teknis panjang lebar. ' * 100} hacked by</p>", ""),
        ("<title>Dinas Perhubungan</title>", "", ""),
    ],
)
def test_boasts(head, body, boast):
    signs = record(sheet(page(body, head)))["defacement"]["signs"]
    assert (f"{AT}{boast}" in signs) if boast else (signs == [])


@pytest.mark.parametrize(
    ("html", "emptied"),
    [
        ("<body bgcolor=black><img src=x.jpg></body>", True),
        ("<body style='background:#000'><h1>X</h1><img src=x.jpg></body>", True),
        ("<body><iframe src=https://asing.example/></iframe></body>", True),
        ("<body bgcolor=black>Segera hadir</body>", False),
        ("<body><img src=x.jpg></body>", False),
        ("<body bgcolor=black><img src=x.jpg><a href=/masuk>Masuk</a></body>", False),
        ("<body bgcolor=black><img src=x.jpg>" + "kata " * 100, False),
        ("<body><iframe src=https://www.youtube.com/embed/x></iframe></body>", False),
    ],
)
def test_emptied_pages(html, emptied):
    assert bool(record(sheet(html))["defacement"]["emptied"]) is emptied


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("document.write(unescape('%3C'))", "document.write(unescape"),
        ("eval(atob('x'))", "eval(atob"),
        ("eval( window.atob('x'))", "eval(atob"),
        ("eval(unescape('x'))", "eval(unescape"),
        ("eval(String.fromCharCode(1))", "eval(fromCharCode"),
        ("new Function(atob('x'))()", "Function(atob"),
        (f"String.fromCharCode({','.join(['118'] * 30)})", "fromCharCode list"),
        ("var _0x4f2a=['\\x68\\x74'];", "hex string array"),
        ("new CoinHive.Anonymous('x')", "coinhive"),
        ("if(/google/.test(document.referrer)){location.href='/a'}", "search-engine redirect"),
        ("location.replace('https://asing.example/')", "redirect → asing.example"),
        ("window.location = '//asing.example'", "redirect → asing.example"),
        ("window.location = '/masuk'", ""),
        (
            "if(/Android/.test(navigator.userAgent)){google.translate.x()} location.href='/a'",
            "",
        ),
        ("navigator.userAgent;" + "x;" * 2_000 + "'google.com'; location.href='/a'", ""),
        ("location.href='https://play.google.com/x'", ""),
        ("if (location.href == 'https://asing.example') x()", ""),
        ("location.href='https://:'", ""),
        ("eval(function(p,a,c,k,e,d){return p}('x',1,1,[],0,{}))", ""),
        ("gtag('js', new Date()); document.referrer", ""),
        ("el.innerHTML = atob(data)", ""),
    ],
)
def test_scripts(script, name):
    found = record(sheet(page(f"<script>{script}</script>")))["injected"]["scripts"]
    assert found == ([f"{AT}{name}"] if name else [])


def test_frames():
    body = (
        '<iframe src="https://satu.example" width="1" height=1></iframe>'
        '<iframe src="https://dua.example" style="display:none"></iframe>'
        '<iframe src="https://tiga.example" width=600></iframe>'
        '<div class=modal style="display:none"><iframe src="https://empat.example"></iframe></div>'
        '<iframe src="https://www.googletagmanager.com/ns.html" width=0></iframe>'
        '<iframe src="about:blank"></iframe><object data="https://lima.example/x"></object>'
        '<iframe src="/peta" width=0></iframe>'
    )
    injected = record(sheet(page(body)))["injected"]
    hidden = [item.removeprefix(AT) for item in injected["hidden_frames"]]
    assert hidden == ["dua.example (display)", "satu.example (no-size)"]
    shown = [item.removeprefix(AT) for item in injected["frames"]]
    assert shown == ["empat.example", "lima.example", "tiga.example"]


def test_many_strangers_on_one_page():
    body = "".join(f"<a href=https://situs{n}.example>x</a>" for n in range(60))
    assert links(body)["most_domains"] == 60
    assert links(BODY)["most_domains"] == 0
