"""Header fields as browsers understand them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.http_talk import Answer
from auditor.probe.site_cors import cors_record
from auditor.probe.site_headers import (
    framing,
    headers_record,
    hsts_record,
    methods,
    referrer_policy,
    versions_record,
)


def answer(*fields):
    return Answer(status=200, fields=fields)


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ([("x-frame-options", "DENY")], "header"),
        ([("x-frame-options", " SameOrigin ")], "header"),
        ([("x-frame-options", "SAMEORIGIN"), ("x-frame-options", "SAMEORIGIN")], "header"),
        ([("x-frame-options", "SAMEORIGIN, DENY")], "header"),
        ([("x-frame-options", "ALLOWALL")], "none"),
        ([("x-frame-options", "ALLOW-FROM https://a.example")], "none"),
        ([("x-frame-options", "allow-from a, b")], "none"),
        ([("x-frame-options", '"DENY"')], "none"),
        ([], "none"),
        ([("content-security-policy", "frame-ancestors 'none'")], "csp"),
        (
            [("content-security-policy", "frame-ancestors *"), ("x-frame-options", "DENY")],
            "none",
        ),
        (
            [("content-security-policy", "default-src 'none'"), ("x-frame-options", "DENY")],
            "header",
        ),
        ([("content-security-policy-report-only", "frame-ancestors 'none'")], "none"),
    ],
)
def test_what_prevents_framing(fields, by):
    assert framing(answer(*fields)) == by


@pytest.mark.parametrize(
    ("values", "set_"),
    [
        (["nosniff"], True),
        (["NoSniff, nosniff"], True),
        (["nosniff", "x"], True),
        (["x", "nosniff"], False),
        (["nosniff;"], False),
        ([], False),
    ],
)
def test_nosniff(values, set_):
    record = headers_record(answer(*(("x-content-type-options", value) for value in values)))
    assert record["nosniff"] is set_


@pytest.mark.parametrize(
    ("fields", "metas", "policy"),
    [
        ([], [], ""),
        (["no-referrer"], [], "no-referrer"),
        (["no-referrer, strict-origin-when-cross-origin"], [], "strict-origin-when-cross-origin"),
        (["unsafe-url, foo"], [], "unsafe-url"),
        (["foo"], [], "invalid"),
        (["never"], [], "invalid"),
        (["no-referrer"], ["ALWAYS"], "unsafe-url"),
        (["no-referrer"], ["foo"], "no-referrer"),
        ([], ["foo"], "invalid"),
        ([""], [""], ""),
    ],
)
def test_the_referrer_policy_in_force(fields, metas, policy):
    assert referrer_policy(fields, metas) == policy


def test_isolation_words_and_permissions():
    record = headers_record(
        answer(
            ("cross-origin-opener-policy", 'Same-Origin; report-to="x"'),
            ("cross-origin-resource-policy", "everyone"),
            ("permissions-policy", "camera=(), microphone=();x, geolocation=(self)"),
            ("x-xss-protection", "1; mode=block\x1b"),
        )
    )
    assert record["coop"] == "same-origin"
    assert record["corp"] == "invalid"
    assert record["coep"] == ""
    assert record["permissions_policy"]
    assert record["xss_protection"] == "1; mode=block\ufffd"
    assert not headers_record(answer(("permissions-policy", "camera 'none'")))["permissions_policy"]


@pytest.mark.parametrize(
    ("value", "record"),
    [
        ("max-age=5; includeSubDomains; preload", (5, True, True)),
        ("max-age=5;INCLUDESUBDOMAINS", (5, True, False)),
        ("max-age=0; includeSubDomains; preload", (0, False, False)),
        ("includeSubDomains; preload", (0, False, False)),
    ],
)
def test_hsts(value, record):
    found = hsts_record(answer(("strict-transport-security", value)))
    assert tuple(found.values()) == record


def test_no_hsts():
    assert hsts_record(answer())["max_age"] == 0


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (("server", "nginx/1.22.1"), True),
        (("server", "Apache/2.4.57 (Debian) OpenSSL/3.0.11"), True),
        (("server", "Apache (Ubuntu)"), True),
        (("server", "nginx"), False),
        (("server", "cloudflare"), False),
        (("via", "1.1 vegur"), False),
        (("via", "1.1 varnish (Varnish/7.1)"), True),
        (("x-generator", "Drupal 10.2"), True),
        (("x-other", "1.2"), False),
    ],
)
def test_versions_that_are_told(field, told):
    assert bool(versions_record([answer(field)])["server"]) is told


def test_technology_that_is_told_once():
    power = ("x-powered-by", "PHP/7.4\x1b[31m")
    record = versions_record([answer(power), answer(power, ("x-aspnet-version", "4.0"))])
    assert record["powered_by"] == "x-powered-by: PHP/7.4\ufffd[31m; x-aspnet-version: 4.0"


def test_methods_that_are_announced():
    found = methods(
        [
            answer(("allow", "get, trace")),
            answer(("access-control-allow-methods", "PUT"), ("dav", "1,2"), ("public", "*")),
        ]
    )
    assert found == ["DAV", "GET", "PUT", "TRACE"]


@pytest.mark.parametrize(
    ("origin", "allowed", "with_", "record"),
    [
        ("https://x.example", "https://x.example", "true", (True, ["foreign"])),
        ("https://x.example", "https://x.example", "TRUE", (True, [])),
        ("https://x.example", "https://x.example", "", (True, [])),
        ("https://x.example", "https://other.example", "true", (False, [])),
        ("https://x.example", "*", "true", (True, ["any"])),
        ("null", "null", "true", (True, ["null"])),
        ("https://x.example", "", "true", (False, [])),
    ],
)
def test_who_may_read_with_a_users_cookies(origin, allowed, with_, record):
    said = answer(
        ("access-control-allow-origin", allowed), ("access-control-allow-credentials", with_)
    )
    assert tuple(cors_record({origin: said}).values()) == record


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "server",
                    "x-frame-options",
                    "referrer-policy",
                    "allow",
                    "via",
                    "x-powered-by",
                    "cross-origin-opener-policy",
                    "content-security-policy",
                    "permissions-policy",
                ]
            ),
            st.text(max_size=60),
        ),
        max_size=8,
    )
)
def test_any_fields_are_read(fields):
    said = answer(*fields)
    assert headers_record(said)
    assert set(versions_record([said])) == {"server", "powered_by"}
    assert methods([said]) == sorted(methods([said]))
