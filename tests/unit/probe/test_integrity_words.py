"""Gambling spam in every disguise, and texts that only sound like it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.probe.integrity_glyphs import MOST_TEXT, host_decoded, legible, percent_decoded
from auditor.probe.integrity_lexicon import lexicon
from auditor.probe.integrity_score import ALARM, read_text
from auditor.probe.integrity_words import words
from tests.unit.probe.gambling_evasions import EVASIONS, HEADS
from tests.unit.probe.gambling_innocents import INNOCENTS
from tests.unit.probe.integrity_pages import page, record, sheet

CYRILLIC = "sl\u043et"


def found(html):
    gambling = record(sheet(html))["gambling"]
    assert "gap" not in gambling
    return {leaf: items for leaf, items in gambling.items() if items}


@pytest.mark.parametrize("name", EVASIONS)
def test_an_evasion_is_caught(name):
    assert found(page(EVASIONS[name]))


@pytest.mark.parametrize("name", HEADS)
def test_spam_in_the_head_is_caught(name):
    assert "titles" in found(page(head=HEADS[name]))


def test_the_tables_are_long_enough():
    assert len(EVASIONS) >= 30
    assert len(INNOCENTS) >= 40


@pytest.mark.parametrize("text", INNOCENTS)
def test_an_innocent_text_raises_no_alarm(text):
    slug = "-".join(words(text))
    quoted = text.replace("'", "&#39;")
    body = (
        f"<h1>{text}</h1><p>{text}</p><a href='/berita/{slug}'>{text}</a>"
        f"<a href='https://koran.example/{slug}'>{text}</a><img src=/a.png alt='{quoted}'>"
        f"<div hidden>{text}</div>"
        f'<script type="application/ld+json">{{"headline": "{text}"}}</script>'
    )
    head = f"<title>{text}</title><meta name=description content='{quoted}'>"
    assert found(page(body, head)) == {}
    assert found(page(f"<p>{text}</p>")) == {}


def test_all_innocent_texts_on_one_page_raise_no_alarm():
    assert found(page("".join(f"<p>{text}</p>" for text in INNOCENTS))) == {}


def test_the_lexicon_is_sound():
    known = lexicon()
    assert known.source == "ours"
    lists = [known.certain, known.likely, known.gaming, known.vague, known.lure, known.ward]
    terms = [term for some in (*lists, known.innocent, known.defacement) for term in some]
    assert len(terms) == len(set(terms))
    assert all(term == term.lower().strip() for term in terms)
    for term in known.certain:
        assert read_text(term).alarms, term
    for term in (*known.likely, *known.gaming, *known.vague, *known.lure):
        assert not read_text(term).alarms, term
    assert ALARM > 0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("%73lot", "slot"),
        ("%2573lot", "slot"),
        ("%E0%B8%AA", "ส"),
        ("%ff", "\ufffd"),
        ("100%", "100%"),
        ("%25252573", "%73"),
    ],
)
def test_percent_signs(written, read):
    assert percent_decoded(written) == read


@pytest.mark.parametrize(
    ("host", "read"),
    [
        ("a.example", "a.example"),
        (f"xn--{CYRILLIC.encode('punycode').decode()}.example", "slot.example"),
        ("xn--\ud800.example", "xn--\ud800.example"),
        ("xn--99999999999.example", "xn--99999999999.example"),
    ],
)
def test_punycode(host, read):
    assert legible(host_decoded(host)) == legible(read)


HOSTILE = {
    "one term": "slot " * 60_000,
    "single letters": "s l o t " * 37_000,
    "warnings": "judi polisi " * 25_000,
    "digits in words": "".join(f"x{number}y " for number in range(50_000)),
    "pieces": "sl ot " * 50_000,
    "a long word": "s1" * 150_000,
    "ligatures": "\ufdfa" * 300_000,
    "marks": "s" + "\u0336" * 300_000,
    "turned": "\u202e" * 300_000,
    "entities": "&#115;" * 50_000,
    "percent signs": "%25" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_costs_little(name):
    start = time.process_time()
    read_text(HOSTILE[name])
    percent_decoded(HOSTILE[name])
    assert time.process_time() - start < 5


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text):
    reading = read_text(text)
    assert set(reading.loud) <= set(reading.alarms)
    assert len(legible(text)) <= 2 * MOST_TEXT
    assert isinstance(percent_decoded(text), str)
    assert isinstance(host_decoded(text), str)
