"""What scripts do to a visitor, and whose they are."""

import pytest

from auditor.probe.browser_conduct import conduct
from auditor.probe.browser_seen import Call, Stage, Visit

SITE = "dinas.kota.test"
HOLE = {"gap": {"why": "withheld", "detail": "not loaded"}}
TRAITS = ("plugins", "mimeTypes", "platform", "deviceMemory", "doNotTrack", "colorDepth")


def seen(*calls, **more):
    return Visit(stage=Stage.FRONT, url=f"https://{SITE}/", calls=calls, **more)


def test_nothing_is_told_of_nothing():
    assert conduct(SITE, [seen()], {}) == {
        "fingerprinting": [],
        "keys": [],
        "asks": [],
        "clear": [],
        "windows": 0,
        "dialogs": 0,
        "downloads": 0,
        "errors": 0,
    }
    assert conduct(SITE, [seen()], HOLE) == HOLE


def test_what_was_found_counts_beside_a_hole():
    found = conduct(SITE, [seen(Call(what="open", times=2), errors=3)], HOLE)
    assert found == {"windows": 2, **HOLE}


def test_visits_are_told_together():
    first = seen(Call(what="dialog", times=2), errors=1, downloads=1, clear=("a.example/x",))
    second = seen(Call(what="ask:camera"), Call(what="dialog"), errors=1, downloads=1)
    found = conduct(SITE, [first, second], {})

    assert (found["dialogs"], found["errors"], found["downloads"]) == (3, 2, 2)
    assert found["clear"] == ["a.example/x"]
    assert found["asks"] == ["camera"]


@pytest.mark.parametrize("method", ["canvas", "audio", "fonts", "webgl", "battery", "webrtc"])
def test_ways_of_telling_devices_apart(method):
    calls = (Call(what=method, hosts=("iklan.example", SITE)), Call(what=method))
    found = conduct(SITE, [seen(*calls)], {})["fingerprinting"]

    assert found == sorted([f"{method} iklan.example", f"{method} {SITE}"])


def test_a_few_traits_of_a_device_are_no_fingerprint():
    calls = [Call(what=f"device:{trait}", hosts=("iklan.example",)) for trait in TRAITS]

    assert conduct(SITE, [seen(*calls[:5], calls[0])], {})["fingerprinting"] == []
    assert conduct(SITE, [seen(*calls)], {})["fingerprinting"] == ["device iklan.example"]


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        ((), []),
        ((SITE,), []),
        (("cdn.example", SITE), []),
        (("cdn.example",), ["cdn.example"]),
        (("b.example", "a.example"), ["b.example"]),
    ],
)
def test_who_listens_to_keys_of_their_own_accord(hosts, found):
    calls = (Call(what="keys:keydown", hosts=hosts), Call(what="open", hosts=("c.example",)))
    assert conduct(SITE, [seen(*calls)], {})["keys"] == found
