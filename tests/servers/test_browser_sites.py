"""Sites of a city in real Chromium: what they do before, without and with consent."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor.collect import browser as collecting
from auditor.evaluate import evaluate
from auditor.examples import NOW, ORDINARY
from auditor.load.checks import load_checks
from auditor.model.shape import misfits
from auditor.plan import Chosen, bind
from auditor.probe.browser_view import PROBE
from auditor.probe.catalogue import CATALOGUE
from tests.servers.browser_looking import CHROMIUM, look
from tests.servers.browser_sites import (
    OUTSIDE,
    REPLAY,
    SITES,
    STRANGE,
    STRANGERS,
    TRACKER,
    folder_of,
    world_of,
)
from tests.servers.certificates import issue

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]
MODEL = "dinas.kota.test"
NAMES = sorted({host for host, _ in SITES} | {MODEL})
CHECKS = {name: check for name, check in load_checks().items() if name.startswith("browser.")}


class Peers(threading.Thread):
    """Notes to where the browser's own users have sockets, as /proc tells."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen = set()
        self.going = True

    def run(self):
        while self.going:
            for kind in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
                for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]:
                    words = line.split()
                    if 61_184 <= int(words[7]) < 65_520:
                        self.seen.add((kind, words[2]))
            time.sleep(0.02)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    pages = SITES | STRANGE | folder_of(MODEL, Path(__file__).parent / "model_site")
    with world_of(pages, *issue().write(tmp_path_factory.mktemp("tls"), "x")) as world:
        yield world


@pytest.fixture(scope="module")
def relays():
    """All relays that were opened."""
    opened = []

    class Noted(collecting.Relay):
        def __enter__(self):
            opened.append(self)
            return super().__enter__()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collecting, "Relay", Noted)
        yield opened


@pytest.fixture(scope="module")
def peers(relays, world):
    """All sites looked at, two at a time, and the sockets meanwhile."""
    peers = Peers()
    peers.start()
    with ThreadPoolExecutor(2) as pool:
        facts = pool.map(lambda name: look(world, name), NAMES)
        peers.facts = dict(zip(NAMES, facts, strict=True))
    peers.going = False
    return peers


@pytest.fixture(scope="module")
def records(peers):
    return {name: fact.value["sites"][0] for name, fact in peers.facts.items()}


def verdicts(record):
    """Return browser check -> status on the record of one site."""
    found = {}
    for name, check in CHECKS.items():
        bound = bind(check, Chosen(check=name, params={}, severity=None), ORDINARY, CATALOGUE)
        (probe,) = bound.probes.values()
        seen = {probe.key: record}
        found[name.removeprefix("browser.")] = evaluate(bound, ORDINARY.id, seen, NOW).status
    return found


def failed(fact):
    return {name for name, status in verdicts(fact).items() if status == "fail"}


@pytest.mark.parametrize("name", NAMES)
def test_every_record_has_its_shape(peers, name):
    assert list(misfits(peers.facts[name].value, PROBE.gives)) == []


@pytest.mark.parametrize("name", ["baik.kota.test", MODEL])
def test_a_good_site_passes_every_check(peers, name):
    wrong = {
        check: status
        for check, status in verdicts(peers.facts[name]).items()
        if status not in {"pass", "not_applicable"}
    }

    assert wrong == {}


FAULTS = {
    "lalai": {
        "complaint-strangers", "cookie-lifetime", "data-sent", "fingerprinting", "foreign-frames",
        "key-listeners", "session-replay", "third-parties-before-consent", "third-party-cookies",
        "trackers-before-consent", "tracking-cookies", "tracking-storage",
    },
    "ingkar": {"consent-balance", "consent-ticked", "refusal-honoured"},
    "paksa": {"consent-refuse", "consent-wall"},
    "lupa": {"choice-kept"},
    "jelek": {"axe-critical", "contrast", "reflow", "script-errors", "without-script"},
    "usil": {"axe-serious", "blocked-content", "intrusions", "permissions"},
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_careless_site_fails_what_it_gets_wrong(peers, name):
    assert failed(peers.facts[f"{name}.kota.test"]) - {"third-parties-before-consent"} == (
        FAULTS[name] - {"third-parties-before-consent"}
    )


def test_every_check_has_a_site_that_fails_it():
    assert {f"browser.{name}" for faults in FAULTS.values() for name in faults} == set(CHECKS)


def test_what_others_do_is_seen_with_their_names(records):
    found = records["lalai.kota.test"]

    assert found["before"]["trackers"] == [REPLAY, TRACKER]
    assert found["before"]["third_cookies"] == [f"NID {TRACKER}", "id iklan.example"]
    assert "local siapa bingkai.example" in found["before"]["stored"]
    assert found["conduct"]["keys"] == [REPLAY]
    assert found["conduct"]["fingerprinting"] == [
        f"{method} iklan.example" for method in ("audio", "canvas", "device", "fonts", "webgl")
    ]


def test_nothing_is_asked_outside_the_letter(peers, records, world, relays):
    before = records["luar.kota.test"]["before"]

    assert OUTSIDE in before["third_parties"]
    assert before["withheld"] == [OUTSIDE]
    assert before["sent"] == [OUTSIDE, f"soket.{OUTSIDE}"]
    assert not [ask for ask in world.asked if OUTSIDE in ask]
    assert {name for relay in relays for name, _, _ in relay.reached} <= {*NAMES, *STRANGERS}


def test_what_was_not_loaded_is_not_judged(peers):
    found = verdicts(peers.facts["luar.kota.test"])

    for name in (
        "trackers-before-consent",
        "third-party-cookies",
        "consent-refuse",
        "axe-critical",
    ):
        assert found[name] == "not_checked"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's browser has a user of its own")
def test_the_browser_has_one_way_out(peers, relays):
    doors = {relay.port for relay in relays}
    leads = [place for kind, place in peers.seen if kind == "tcp" and not place.endswith(":0000")]

    assert leads
    assert {place.partition(":")[0] for place in leads} == {"0100007F"}
    assert {int(place.partition(":")[2], 16) for place in leads} <= doors
    assert {kind for kind, place in peers.seen if place.strip("0") != ":"} == {"tcp"}


def test_only_what_reads_is_sent(world, records):
    assert records["luar.kota.test"]["before"]["cookies"] == []
    assert {ask.split()[0] for ask in world.asked} <= {"GET", "HEAD"}


def test_a_page_cannot_move_the_window_away(records):
    assert records["luar.kota.test"]["url"] == "https://luar.kota.test/"


def test_a_page_that_changes_what_words_mean_is_still_read(records):
    assert records["lupa.kota.test"]["consent"]["banner"] is True
    assert records["lupa.kota.test"]["axe"]["whole"] is True


def test_no_value_is_kept(peers):
    said = json.dumps([repr(fact) for fact in peers.facts.values()])

    assert "GA1.1.1" not in said
    assert "abc" not in said


AGREED = ("baik.kota.test", "ingkar.kota.test", "jelek.kota.test", "lalai.kota.test", MODEL)


@pytest.fixture(scope="module")
def direct(world):
    """What axe-core says of the same pages, run by its own library in an ordinary browser."""
    from axe_core_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    rules = f"--host-resolver-rules=MAP *:443 127.0.0.1:{world.secure}"
    args = [rules, "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"]
    found = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=args)
        for name in AGREED:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"https://{name}/", wait_until="networkidle")
            said = Axe().run(page)["violations"]
            found[name] = {(one["id"], one["impact"], len(one["nodes"])) for one in said}
        browser.close()
    return found


@pytest.mark.parametrize("name", AGREED)
def test_axe_says_the_same_as_when_it_is_asked_directly(peers, records, direct, name):
    front = records[name]["url"]
    ours = {
        (one["rule"], one["impact"], one["times"])
        for one in records[name]["axe"]["violations"]
        if one["page"] == front
    }

    assert ours == direct[name]
    assert ours or name != "jelek.kota.test"
