"""Others that a site brings in, its cookies, and the list of well-known services."""

from collections import Counter

import pytest

from auditor.probe.crawl import Topic
from auditor.probe.privacy_loads import loads_of
from auditor.probe.privacy_pages import MOST_ROWS
from auditor.probe.privacy_snippets import snippets_of
from auditor.probe.privacy_trackers import Use, known, read_table
from auditor.probe.site_url import Place, refer
from auditor.resources import shipped
from tests.unit.probe.privacy_sites import SITE, front, read, sheet

WORDS = "<p>" + "kata " * 80
HERE = Place(secure=True, name=SITE)
DATA = (shipped("policies") / "data" / "trackers.json").read_bytes()


def service(address):
    return known().of(refer(HERE, address))


@pytest.mark.parametrize(
    ("address", "name", "kind"),
    [
        ("https://www.google-analytics.com/analytics.js", "Google Analytics", "analytics"),
        ("https://www.googletagmanager.com/gtm.js?id=x", "Google Tag Manager", "tag_manager"),
        ("https://stats.g.doubleclick.net/j/collect", "Google Ads", "advertising"),
        ("https://www.facebook.com/tr?id=1", "Meta Pixel", "advertising"),
        ("https://www.facebook.com/plugins/page.php", "Facebook", "social"),
        ("https://connect.facebook.net/en_US/sdk.js", "Facebook", "social"),
        ("https://docs.google.com/forms/d/e/x/viewform", "Google Forms", "form"),
        ("https://docs.google.com/document/d/x", "Google", "cdn"),
        ("https://forms.gle/abc", "Google Forms", "form"),
        ("https://www.google.com/recaptcha/api.js", "reCAPTCHA", "captcha"),
        ("https://www.google.com/maps/embed?pb=x", "Google Maps", "map"),
        ("https://fonts.googleapis.com/css2", "Google Fonts", "font"),
        ("https://a.b.c.d.e.hotjar.com/x", "Hotjar", "replay"),
        ("https://bit.ly/x", "Bitly", "short_link"),
        ("https://www.lapor.go.id/", "go.id", "government"),
        ("https://s.id/x", "s.id", "short_link"),
    ],
)
def test_known_services(address, name, kind):
    found = service(address)
    assert (found.name, found.kind) == (name, Use(kind))


@pytest.mark.parametrize(
    "address",
    [
        "https://contoh.example/",
        "https://nothotjar.com/",
        "https://com/",
        "https://hotjar.com.x.id/",
    ],
)
def test_services_that_are_not_known(address):
    assert service(address) is None


def test_meta_pixel_is_told_from_the_button():
    assert service("https://connect.facebook.net/en_US/fbevents.js").kind is Use.ADVERTISING


def test_the_list_is_sound():
    table = read_table(DATA)
    hosts = Counter(host for service in table.services for host in service.hosts)
    assert [host for host, times in hosts.items() if times > 1] == []
    assert all(host == host.lower() and "." in host and "//" not in host for host in hosts)
    assert all(service.hosts and service.name and service.operator for service in table.services)
    assert all(len(service.country) in {0, 2} for service in table.services)
    names = Counter(cookie.name for cookie in table.cookies)
    assert max(names.values()) == 1
    assert Use.OTHER not in {service.kind for service in table.services}
    kinds = {service.kind for service in table.services}
    assert kinds == set(Use) - {Use.OTHER, Use.GOVERNMENT}


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("_ga", "Google Analytics"),
        ("_ga_ABC*", "Google Analytics"),
        ("_hjSessionUser_*", "Hotjar"),
        ("mp_abc_mixpanel", "Mixpanel"),
        ("_gat2", None),
        ("PHPSESSID", None),
    ],
)
def test_names_of_cookies(name, service):
    found = known().cookie(name)
    assert (found.service if found else None) == service


def loads(html, **more):
    return {
        (load.resource.value, load.reference.host)
        for load in loads_of(sheet(html, **more)).every
        if load.reference.host != SITE
    }


@pytest.mark.parametrize(
    ("html", "resource"),
    [
        ("<script src=//a.example/x></script>", "script"),
        ("<link rel=modulepreload href=//a.example/x>", "script"),
        ("<link rel='preload stylesheet' href=//a.example/x>", "preload"),
        ("<link rel=stylesheet href=//a.example/x>", "style"),
        ("<style>@import url(//a.example/x)</style>", "style"),
        ("<style>@font-face{src:url(//a.example/x)}</style>", "image"),
        ("<p style='background:url(//a.example/x)'>", "image"),
        ("<iframe src=//a.example/x></iframe>", "frame"),
        ("<object data=//a.example/x></object>", "frame"),
        ("<img src=//a.example/x>", "image"),
        ("<img src=//a.example/x width=1 height=1>", "pixel"),
        ("<img src=//a.example/x width=1>", "image"),
        ("<img srcset='//a.example/x 2x'>", "image"),
        ("<noscript><img src=//a.example/x width=0 height=0></noscript>", "pixel"),
        ("<video src=//a.example/x></video>", "media"),
        ("<link rel=preconnect href=//a.example/>", "preconnect"),
        ("<base href=//a.example/><img src=x>", "image"),
        ("<script>var u='https:\\/\\/a.example\\/x'</script>", "inline"),
        ("<script>j.src='//a.example/gtm.js'</script>", "inline"),
    ],
)
def test_what_pages_load(html, resource):
    assert loads(html) == {(resource, "a.example")}


@pytest.mark.parametrize(
    "html",
    [
        "<script type=text/plain src=//a.example/x></script>",
        "<script type=application/json>{'u':'//a.example/x'}</script>",
        "<link rel=canonical href=//a.example/>",
        "<link rel=stylesheet>",
        "<a href=//a.example/>x</a>",
        "<script src=javascript:x></script>",
        "<script>// a comment, //x and https://[</script>",
    ],
)
def test_what_pages_do_not_load(html):
    assert loads(html) == set()


def test_of_what_scripts_name_only_known_trackers_count():
    html = f"{WORDS}<script>a='//contoh.example/x';b='//fonts.googleapis.com/css';"
    found = front(html + "c='https://www.googletagmanager.com/gtm.js';</script>")
    assert [row["domain"] for row in found["third_parties"]] == ["googletagmanager.com"]
    assert found["third_parties"][0]["resources"] == ["inline"]


def test_trackers_come_first_and_the_rest_is_bounded():
    many = "".join(f"<img src=//h{n}.example/>" for n in range(1_200))
    found = front(f"{WORDS}{many}<script src=//hotjar.com/x></script>")
    rows = found["third_parties"]
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1]["gap"]["why"] == "cut"


def test_a_tracker_is_told_before_others():
    rows = front(f"{WORDS}<img src=//a.example/><script src=//hotjar.com/x></script>")[
        "third_parties"
    ]
    assert [row["domain"] for row in rows] == ["hotjar.com", "a.example"]
    assert "country" not in rows[1]
    assert rows[1]["use"] == "other"


def test_the_holders_own_names_are_not_others():
    assert front(f"{WORDS}<img src=//cdn.batukota.go.id/x>")["third_parties"] == []


def test_a_host_that_nobody_registers():
    rows = front(f"{WORDS}<img src=//lokal/x>")["third_parties"]
    assert [row["domain"] for row in rows] == ["lokal"]


@pytest.mark.parametrize(
    ("html", "how"),
    [
        ("<iframe src=https://docs.google.com/forms/d/x></iframe>", ["embed"]),
        ("<a href=https://forms.gle/x>Isi</a>", ["link"]),
        ("<iframe src=//forms.gle/x></iframe><a href=//forms.gle/x>x</a>", ["embed", "link"]),
        ("<a href=https://bit.ly/x>Formulir pendaftaran</a>", ["short_link"]),
        ("<form method=post action=https://formspree.io/f/x><input name=email>", ["action"]),
    ],
)
def test_forms_of_others(html, how):
    (row,) = front(html)["foreign_forms"]
    assert row["how"] == how


@pytest.mark.parametrize(
    "html",
    [
        "<a href=https://bit.ly/x>Video kegiatan</a>",
        "<a href=https://contoh.example/>Formulir</a>",
        "<a href=https://batukota.go.id/form>Formulir</a>",
        "<form action=https://formspree.io/f/x><input name=pesan>",
        "<iframe src=https://www.youtube.com/embed/x></iframe>",
    ],
)
def test_what_is_no_form_of_others(html):
    assert front(html)["foreign_forms"] == []


def test_a_form_of_an_operator_without_country():
    (row,) = front("<a href=https://formsubmit.co/x>Isi</a>")["foreign_forms"]
    assert "country" not in row


@pytest.mark.parametrize(
    ("script", "name", "use"),
    [
        ("window._hjSettings={}", "Hotjar", "replay"),
        ("clarity('set','x')", "Microsoft Clarity", "replay"),
        ("fbq('init')", "Meta Pixel", "advertising"),
        ("gtag('config','G-1')", "Google Analytics", "analytics"),
        ("FingerprintJS.load()", "FingerprintJS", "fingerprint"),
        ("c.fillText('x');c.toDataURL()", "canvas", "fingerprint"),
        ("new OfflineAudioContext(1)", "audio", "fingerprint"),
    ],
)
def test_calls_in_scripts(script, name, use):
    assert list(snippets_of(script)) == [(name, Use(use))]


def test_ordinary_scripts_call_nothing_of_the_kind():
    assert list(snippets_of("document.querySelector('a');c.toDataURL();ga(1)")) == []


def test_wordpress_looking_for_emoji_tells_no_devices_apart():
    loader = "window._wpemojiSettings={};" + "x;" * 1_000 + "e.fillText(t,0,0);e.toDataURL();"
    assert list(snippets_of(loader)) == []
    other = loader + "x;" * 2_000 + "c.fillText('x');c.toDataURL()"
    assert list(snippets_of(other)) == [("canvas", Use.FINGERPRINT)]


def cookies(*fields, **more):
    headers = [("set-cookie", field) for field in fields]
    return read(sheet("<p>x", "/", (Topic.FRONT,), *headers, **more))


@pytest.mark.parametrize(
    ("field", "kind", "tracks", "lifetime"),
    [
        ("PHPSESSID=a", "session", False, 0),
        ("XSRF-TOKEN=a; Max-Age=7200", "csrf", False, 7200),
        ("bahasa=id; Max-Age=31536000", "other", False, 31_536_000),
        ("_ga=x; Max-Age=63072000", "analytics", True, 63_072_000),
        ("bahasa=id; Expires=Wed, 25 Nov 2026 08:00:00 GMT", "other", False, 86_400),
        ("bahasa=id; Expires=Wed, 25-Nov-2026 08:00:00 GMT", "other", False, 86_400),
        ("bahasa=id; Expires=25 Nov 2026 08:00:00", "other", False, 86_400),
        ("bahasa=id; Expires=Mon, 23 Nov 2026 08:00:00 GMT", "other", False, 0),
        ("bahasa=id; Expires=besok", "other", False, 0),
        ("bahasa=id; Max-Age=lama; Expires=besok", "other", False, 0),
    ],
)
def test_cookies(field, kind, tracks, lifetime):
    (row,) = cookies(field)["cookies"]
    assert (row["kind"], row["tracks"], row["lifetime"]) == (kind, tracks, lifetime)


def test_a_cookie_of_several_pages_is_told_once_with_its_longest_life():
    rows = cookies("a=1; Max-Age=5", "a=1; Max-Age=9", "_fbp=x")["cookies"]
    assert [(row["name"], row["lifetime"]) for row in rows] == [("_fbp", 0), ("a", 9)]


def test_cookies_that_browsers_refuse():
    found = cookies(
        "uid=1; Domain=tracker.example", "x=1; Domain=go.id", "__Host-a=1", "y=; Max-Age=0"
    )
    assert found["cookies"] == []
    assert found["foreign_cookies"] == ["uid", "x"]


def test_more_cookies_than_are_read():
    rows = cookies(*(f"a{chr(97 + n // 26)}{chr(97 + n % 26)}=1" for n in range(60)))["cookies"]
    assert len(rows) == 51
    assert rows[-1]["gap"]["why"] == "cut"
    rows = cookies(*(["a=1"] * 201))["cookies"]
    assert [row["name"] for row in rows] == ["a", "…"]
