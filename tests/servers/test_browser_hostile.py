"""Pages that want to hold up, flood or break a browser end in time, and nothing is left of it."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor.collect.browser_family import family
from tests.servers.browser_looking import CHROMIUM, look
from tests.servers.browser_sites import SITES, TEXT, Page, page, world_of
from tests.servers.certificates import issue

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]
SECONDS = 3.0


def endless(request):
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    while True:
        request.wfile.write(b"<p>lagi</p>" * 1000)
        time.sleep(0.001)


def sleeper(request):
    time.sleep(30)


HOSTILE = {
    "putar": page(TEXT + "<script>while (true) {}</script>"),
    "tanya": page(TEXT + "<script>while (true) alert(1)</script>"),
    "gemuk": page(
        TEXT + "<script>const a = []; setInterval(() => { for (let n = 0; n < 20; n++) "
        "a.push(new Uint8Array(8e6).fill(n)); }, 1)</script>"
    ),
    "mati": page(
        TEXT + "<script>const a = []; while (true) a.push(new Array(1e6).fill(1.5))</script>"
    ),
    "alih": Page(b"", fields=(("Location", "/"),), status=302),
    "banjir": page(
        TEXT + "<script>for (let n = 0; n < 500; n++) fetch(`/x${n}`).catch(() => {})</script>"
    ),
    "bicara": page(TEXT + "<script>for (;;) console.log('x'.repeat(1e6))</script>"),
    "lompat": page(TEXT + "<script>location = '/?' + Math.random()</script>"),
    "alir": endless,
    "diam": sleeper,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    pages = {(f"{name}.kota.test", "/"): made for name, made in HOSTILE.items()} | SITES
    with world_of(pages, *issue().write(tmp_path_factory.mktemp("tls"), "site")) as world:
        yield world


@pytest.fixture(scope="module", autouse=True)
def nothing_left():
    """No process and no folder is left of any browser."""
    before = set(Path("/tmp").glob("auditor-browser-*"))
    yield
    assert family(os.getpid()) == []
    assert set(Path("/tmp").glob("auditor-browser-*")) <= before


@pytest.fixture(scope="module")
def shown(world):
    """What became of each site, and in how many seconds; two browsers at a time."""

    def one(name):
        begun = time.monotonic()
        seen = look(world, f"{name}.kota.test", seconds=SECONDS)
        return seen.value["sites"][0], time.monotonic() - begun

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(HOSTILE, pool.map(one, HOSTILE), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_every_site_ends_in_time(shown, name):
    assert shown[name][1] < 2 * SECONDS + 4


@pytest.mark.parametrize("name", ["putar", "tanya", "gemuk", "bicara", "alir", "diam"])
def test_what_holds_up_the_browser_ends_as_a_gap(shown, name):
    assert shown[name][0]["gap"]["why"] in {"timeout", "cut"}


@pytest.mark.parametrize("name", ["mati", "alih"])
def test_what_breaks_a_page_is_a_gap(shown, name):
    assert shown[name][0]["gap"]["why"] in {"unreadable", "timeout", "cut"}


def test_requests_without_end_are_cut(world, shown):
    found = shown["banjir"][0]

    assert found.get("before", found)["gap"]["why"] in {"cut", "timeout"}
    assert len([ask for ask in world.asked if "banjir" in ask]) < 1500


def test_a_page_that_moves_on_for_ever_is_followed_a_few_times(world, shown):
    assert shown["lompat"]
    assert len([ask for ask in world.asked if "lompat" in ask]) < 60


def test_a_run_that_is_stopped_takes_the_browser_with_it(world):
    stopped = threading.Event()
    threading.Timer(1.5, stopped.set).start()
    begun = time.monotonic()

    found = look(world, "baik.kota.test", stopped=stopped).value["sites"][0]

    assert time.monotonic() - begun < 5
    assert found["gap"]["why"] == "interrupted"


def test_no_time_is_left(world):
    found = look(world, "baik.kota.test", limit=0.0).value["sites"][0]

    assert found["gap"]["why"] == "timeout"
