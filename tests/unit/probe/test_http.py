"""HSTS and where a redirect may lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.http import MAX_AGE_LIMIT, PROBE, hsts_max_age, same_site, survey
from auditor.probe.http_talk import Answer, Ask
from tests.unit.probe.talking import REFUSED, TIMEOUT, page, talk


@given(st.lists(st.text(max_size=60), max_size=3))
def test_any_header_gives_seconds(fields):
    assert 0 <= hsts_max_age(fields) <= MAX_AGE_LIMIT


@pytest.mark.parametrize(
    "field",
    [
        "",
        ";;",
        "includeSubDomains",
        "max-age",
        "max-age=",
        "max-age=-1",
        "max-age=1.5",
        "max-age=٣١",
        "max-age=1 2",
        'max-age="31',
        "max-age=1; max-age=31536000",
        "max-age=31536000; max-AGE=1",
        "max age=31536000",
        "max-age=31536000, includeSubDomains",
        "=31536000",
    ],
)
def test_a_malformed_header_protects_nobody(field):
    assert hsts_max_age([field]) == 0


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        ("max-age=31536000", 31_536_000),
        ("MAX-AGE=31536000; includeSubDomains; preload", 31_536_000),
        (' max-age = "63072000" ;', 63_072_000),
        ('includeSubDomains; new="a b"; max-age=5', 5),
        ("max-age=0", 0),
        ("max-age=000000000000000005", 5),
        (f"max-age={'9' * 5000}", MAX_AGE_LIMIT),
        ("max-age=9999999999", MAX_AGE_LIMIT),
    ],
)
def test_a_well_formed_header(field, seconds):
    assert hsts_max_age([field]) == seconds


def test_only_the_first_header_counts():
    assert hsts_max_age(["max-age=5", "max-age=31536000"]) == 5
    assert hsts_max_age([]) == 0


@pytest.mark.parametrize(
    ("site", "other", "same"),
    [
        ("kota.test", "kota.test", True),
        ("kota.test", "KOTA.test.", True),
        ("kota.test", "www.kota.test", True),
        ("kota.test", "portal.kota.test", True),
        ("www.kota.test", "kota.test", True),
        ("portal.kota.test", "kota.test", False),
        ("kota.test", "evilkota.test", False),
        ("kota.test", "kota.test.evil.test", False),
        ("kota.test", "", False),
    ],
)
def test_same_site(site, other, same):
    assert same_site(site, other) is same


def test_every_fact_is_labelled_in_both_languages():
    table = PROBE.gives.at("sites")

    for name in ("clear", "secure"):
        for field in table.fields[name].fields.values():
            assert field.label.id
            assert field.label.en


def conversation(answers):
    """Drive the survey with answers by scheme and path."""
    return talk(survey("kota.test"), lambda ask: answers[ask.secure, ask.path])[0]


HOME = page(b"", 200)


def to(site="kota.test", path="/", **how):
    return Answer(status=301, fields=(("location", "x"),), leads=Ask(site=site, path=path, **how))


@pytest.mark.parametrize(
    ("answers", "redirects"),
    [
        ({(False, "/"): HOME}, False),
        ({(False, "/"): to()}, True),
        ({(False, "/"): to("lain.test")}, False),
        ({(False, "/"): to("lain.test", secure=False)}, False),
        ({(False, "/"): to(path="/b", secure=False), (False, "/b"): to()}, True),
    ],
)
def test_redirects_to_tls(answers, redirects):
    clear = conversation({(True, "/"): HOME, **answers})["clear"]

    assert clear["redirects_https"] is redirects


@pytest.mark.parametrize("later", [TIMEOUT, to(path="/b", secure=False)])
def test_a_redirect_that_ends_nowhere_is_not_seen(later):
    answers = {(False, "/"): to(path="/b", secure=False), (False, "/b"): later, (True, "/"): HOME}

    clear = conversation(answers)["clear"]

    assert "redirects_https" not in clear
    assert clear["gap"]["detail"]


def test_answers_and_silence():
    secured = page(b"", 200, strict_transport_security="max-age=5")

    assert conversation({(False, "/"): REFUSED, (True, "/"): secured}) == {
        "clear": {"answered": False, "gap": {"why": "refused", "detail": REFUSED.detail}},
        "secure": {"answered": True, "status": 200, "hsts_max_age": 5},
    }
    refused = conversation({(False, "/"): TIMEOUT, (True, "/"): REFUSED})
    assert set(refused["clear"]) == {"gap"}
    assert refused["secure"]["hsts_max_age"] == 0
    assert set(conversation({(False, "/"): HOME, (True, "/"): TIMEOUT})["secure"]) == {"gap"}
