"""Sites as they should and should not be served, by nginx and by scripts, in the collector."""

import pytest

from auditor.collect.dial import Deadline, Unreached
from auditor.collect.http import Guide, HttpCollector
from auditor.model.fact import Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.http import PROBE, HttpArgs
from tests.servers.certificates import SITE, issue, rsa_key
from tests.servers.tls_servers import free_port, free_ports, nginx_server, openssl_server, scripted


def look(clear, secure, settings, limit, sites=(SITE,), address="127.0.0.1"):
    target = Target(id="t", opd="o", address=address, sites=sites)
    question = Probe(type=PROBE, args=HttpArgs())
    task = Task(via=Via.HTTP, targets=(target,), probes=(question,))
    (fact,) = HttpCollector(clear, secure, 0).collect(task, settings, limit)
    return fact


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    """Nginx with a good, a careless and a broken site; the ports in clear and over TLS."""
    folder = tmp_path_factory.mktemp("nginx")
    clear, secure = free_ports()
    certificate, key = issue().write(folder, "site")
    here = f"listen 127.0.0.1:{clear}; listen 127.0.0.1:{secure} ssl;"
    tls = f"ssl_certificate {certificate}; ssl_certificate_key {key};"
    sites = f"""
        server {{ listen 127.0.0.1:{clear}; server_name baik.test;
            return 301 https://$host$request_uri; }}
        server {{ listen 127.0.0.1:{secure} ssl; server_name baik.test; {tls}
            add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
            return 200 "halo"; }}
        server {{ {here} server_name lalai.test; {tls} return 200 "halo"; }}
        server {{ {here} server_name rusak.test; {tls}
            add_header Strict-Transport-Security "max-age=0" always; return 503; }}
    """
    with nginx_server(folder, sites):
        yield clear, secure


def test_each_site_is_asked_by_its_name(ports, settings, limit):
    fact = look(*ports, settings, limit, sites=("baik.test", "lalai.test", "rusak.test"))

    assert fact.value["sites"] == [
        {
            "site": "baik.test",
            "clear": {
                "answered": True,
                "status": 301,
                "location": "https://baik.test/",
                "redirects_https": True,
            },
            "secure": {"answered": True, "status": 200, "hsts_max_age": 31_536_000},
        },
        {
            "site": "lalai.test",
            "clear": {
                "answered": True,
                "status": 200,
                "location": "",
                "redirects_https": False,
            },
            "secure": {"answered": True, "status": 200, "hsts_max_age": 0},
        },
        {
            "site": "rusak.test",
            "clear": {
                "answered": True,
                "status": 503,
                "location": "",
                "redirects_https": False,
            },
            "secure": {"answered": True, "status": 503, "hsts_max_age": 0},
        },
    ]
    assert "http://baik.test/: 301 https://baik.test/" in fact.evidence.excerpt
    assert "https://lalai.test/: 200" in fact.evidence.excerpt


def test_a_name_as_the_target_is_looked_up_once(ports, settings, limit):
    fact = look(*ports, settings, limit, sites=("baik.test",), address="localhost")

    assert fact.value["sites"][0]["secure"]["answered"] is True


@pytest.mark.parametrize("options", [["-tls1"], ["-tls1_1"], ["-tls1_2"], ["-tls1_3"]])
def test_an_old_or_weak_server_can_still_be_asked(options, settings, limit, tmp_path):
    weak = issue(key=rsa_key(1024))

    with openssl_server(tmp_path, weak, *options, "-cipher", "ALL:@SECLEVEL=0") as port:
        fact = look(free_port(), port, settings, limit)

    assert fact.value["sites"][0]["secure"]["answered"] is True


def redirecting(asked, **locations):
    """Redirect each "name/path" as told; what is not told is answered with 200."""

    def script(connection):
        lines = connection.recv(4096).decode("latin-1").split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:] if line)
        place = fields["Host"] + lines[0].split(" ")[1]
        asked.append((place, fields))
        location = locations.get(place)
        head = f"302 Found\r\nLocation: {location}" if location else "200 OK"
        connection.sendall(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))

    return script


@pytest.mark.parametrize(
    ("locations", "secured", "hops"),
    [
        ({f"{SITE}/": f"https://{SITE}/"}, True, 1),
        ({f"{SITE}/": f"https://{SITE}:443/masuk"}, True, 1),
        ({f"{SITE}/": f"//{SITE}/x", f"{SITE}/x": f"https://{SITE}/"}, True, 2),
        ({f"{SITE}/": f"https://www.{SITE}/"}, True, 1),
        ({f"{SITE}/": "/beranda", f"{SITE}/beranda": f"https://{SITE}/beranda"}, True, 2),
        ({f"{SITE}/": "a?b=c#d", f"{SITE}/a?b=c": f"https://{SITE}/"}, True, 2),
        ({f"{SITE}/": "/h\xe9 x", f"{SITE}/h%C3%A9%20x": f"https://{SITE}/"}, True, 2),
        ({f"{SITE}/": f"http://{SITE}:80/b", f"{SITE}/b": f"https://{SITE}/"}, True, 2),
        ({f"{SITE}/": "/beranda"}, False, 2),
        ({f"{SITE}/": f"http://{SITE}/a", f"{SITE}/a": "https://lain.test/"}, False, 2),
    ],
)
def test_redirects_are_followed_on_the_site_alone(locations, secured, hops, settings, limit):
    asked = []

    with scripted(redirecting(asked, **locations)) as port:
        clear = look(port, free_port(), settings, limit).value["sites"][0]["clear"]

    assert clear["redirects_https"] is secured
    assert clear["status"] == 302
    assert len(asked) == hops


def test_a_redirect_to_another_site_of_the_target_is_followed(settings, limit):
    asked = []
    locations = {f"{SITE}/": f"http://www.{SITE}/", f"www.{SITE}/": f"https://www.{SITE}/"}

    with scripted(redirecting(asked, **locations)) as port:
        sites = (SITE, f"www.{SITE}")
        clear = look(port, free_port(), settings, limit, sites=sites).value["sites"][0]["clear"]

    assert clear["redirects_https"] is True
    assert [place for place, _ in asked] == [f"{SITE}/", f"www.{SITE}/", f"www.{SITE}/"]


def test_a_redirect_out_of_the_scope_is_not_followed(settings, limit):
    asked = []
    locations = {f"{SITE}/": f"http://www.{SITE}/"}

    with scripted(redirecting(asked, **locations)) as port:
        clear = look(port, free_port(), settings, limit).value["sites"][0]["clear"]

    assert "redirects_https" not in clear
    assert clear["gap"]["why"] is Why.SCOPE
    assert len(asked) == 1


def test_another_name_is_looked_up_once_within_the_scope(settings, limit):
    target = Target(id="t", opd="o", address="127.0.0.1", sites=(SITE,))
    guide = Guide(target, "127.0.0.1", settings)
    deadline = Deadline(limit, 2)

    assert guide(SITE.upper(), deadline) == "127.0.0.1"
    assert {guide("localhost", deadline) for _ in range(2)} <= {"127.0.0.1", "::1"}
    with pytest.raises(Unreached):
        guide("lain.test", deadline)


def test_a_request_says_who_asks_and_wants_no_compression(settings, limit):
    asked = []

    with scripted(redirecting(asked)) as port:
        look(port, free_port(), settings, limit)

    ((place, fields),) = asked
    assert place == f"{SITE}/"
    assert fields["User-Agent"].startswith("auditor/")
    assert "audit keamanan; Diskominfo ?Uji? ?" in fields["User-Agent"]
    assert fields["Accept-Encoding"] == "identity"
    assert fields["Accept-Language"] == "id"


def test_an_address_of_ip_version_6_is_written_in_brackets(settings, limit):
    asked = []

    with scripted(redirecting(asked)) as port:
        look(port, free_port(), settings, limit, sites=("2001:db8::1",))

    assert asked[0][0] == "[2001:db8::1]/"
