"""Which button does what, where the question for consent is, how it is asked."""

import time

import pytest

from auditor.probe.browser_consent import NONE, Box, Clickable, Role, find, role

ACCEPTS = (
    "Terima", "Terima semua", "SETUJU", "Saya setuju", "Izinkan semua", "OK", "Oke", "Mengerti",
    "Saya mengerti", "Accept", "Accept all cookies", "I agree", "Allow all", "Got it", "Yes",
)  # fmt: skip
REFUSES = (
    "Tolak", "Tolak semua", "Tidak setuju", "Tidak, terima kasih", "Jangan izinkan",
    "Hanya yang diperlukan", "Hanya diperlukan", "Reject all", "Decline", "Deny", "Refuse",
    "Only necessary", "Necessary cookies only", "Continue without accepting", "No, thanks",
    "I do not accept", "Don\u2019t allow",
)  # fmt: skip
SETTINGS = (
    "Atur",
    "Pengaturan kuki",
    "Kelola preferensi",
    "Manage options",
    "Customise",
    "Choices",
)
NEITHER = ("", "   ", "Terima kasih", "Beranda", "Menu", "x", "Setuju " * 30)


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        *((words, Role.ACCEPT) for words in ACCEPTS),
        *((words, Role.REFUSE) for words in REFUSES),
        *((words, Role.SETTINGS) for words in SETTINGS),
        *((words, None) for words in NEITHER),
    ],
)
def test_words_of_buttons(words, meaning):
    assert role(words) is meaning


def test_long_words_take_no_time():
    begun = time.perf_counter()
    role("tidak " * 200_000)
    find([Box(number=0, words="kuki " * 200_000)], [])
    assert time.perf_counter() - begun < 1


def button(words, box=0, **more):
    return Clickable(words=words, box=box, x=1.0, y=2.0, **{"area": 100, "filled": True, **more})


ASKS = Box(number=0, words="Situs ini memakai kuki.")


def test_no_layer_is_no_question():
    assert find([], [button("Setuju")]) is NONE
    assert find([Box(number=0, words="Selamat datang")], [button("Setuju")]) is NONE
    assert find([ASKS], [button("Baca berita"), button("Setuju", box=1)]) is NONE


def test_the_first_layer_that_asks_counts():
    boxes = [Box(number=0, words="Menu, kebijakan privasi"), Box(number=1, words="Cookie")]
    asked = find(boxes, [button("Beranda"), button("Accept\u202e", box=1), button("Reject", box=1)])

    assert asked.banner.found
    assert asked.banner.accept == "Accept\ufffd"
    assert asked.banner.refuse == "Reject"
    assert asked.banner.settings == ""
    assert asked.accept is not None
    assert asked.accept.box == 1


def test_a_link_to_more_is_no_choice():
    asked = find([ASKS], [button("Setuju"), button("Selengkapnya", leads=True)])
    assert asked.banner.settings == ""
    asked = find([ASKS], [button("Setuju"), button("Pengaturan")])
    assert asked.banner.settings == "Pengaturan"
    assert asked.refuse is None


@pytest.mark.parametrize(
    ("accept", "refuse", "balanced"),
    [
        ({}, {}, True),
        ({}, {"filled": False}, False),
        ({"filled": False}, {"filled": False}, True),
        ({"filled": False}, {}, True),
        ({"area": 200}, {}, True),
        ({"area": 201}, {}, False),
        ({"area": 3}, {"area": 0}, False),
    ],
)
def test_how_easy_it_is_to_refuse(accept, refuse, balanced):
    asked = find([ASKS], [button("Setuju", **accept), button("Tolak", **refuse)])
    assert asked.banner.balanced is balanced


@pytest.mark.parametrize(
    ("covered", "refuse", "wall"), [(60, False, True), (59, False, False), (100, True, False)]
)
def test_a_wall_is_what_cannot_be_refused(covered, refuse, wall):
    box = Box(number=0, words="cookies", covered=covered, ticked=2)
    buttons = [button("Setuju"), *([button("Tolak")] if refuse else [])]
    banner = find([box], buttons).banner

    assert banner.wall is wall
    assert banner.ticked == 2
    assert banner.balanced
