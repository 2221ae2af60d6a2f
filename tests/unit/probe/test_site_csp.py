"""What a policy forbids, whatever it looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.site_csp import MOST_POLICIES, csp_record, framed_by, nonces, read_policies

STRICT = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"


def judged(*fields, metas=()):
    return csp_record(fields, False, metas)


def test_a_strict_policy():
    assert judged(STRICT) == {
        "present": True,
        "report_only": False,
        "unsafe_inline": False,
        "unsafe_eval": False,
        "broad": [],
        "clear": [],
        "object_src": True,
        "base_uri": True,
        "form_action": True,
    }


@pytest.mark.parametrize("fields", [(), ("",), (" ;; , ;",)])
def test_no_policy(fields):
    assert csp_record(fields, True) == {"present": False, "report_only": True}


@pytest.mark.parametrize(
    ("policy", "inline"),
    [
        ("script-src 'unsafe-inline'", True),
        ("script-src 'UNSAFE-INLINE'", True),
        ("default-src 'unsafe-inline'", True),
        ("default-src 'unsafe-inline'; script-src 'self'", False),
        ("script-src 'self'; script-src 'unsafe-inline'", False),
        ("script-src 'unsafe-inline' 'nonce-abc123'", False),
        ("script-src 'unsafe-inline' 'nonce-'", True),
        ("script-src 'unsafe-inline' 'sha256-AAAA='", False),
        ("script-src 'unsafe-inline' 'sha1-AAAA='", True),
        ("script-src 'unsafe-inline' 'strict-dynamic'", False),
        ("script-src 'self'; script-src-elem 'unsafe-inline'", True),
        ("script-src 'self'; script-src-attr 'unsafe-inline'", True),
        ("frame-ancestors 'self'", True),
        ("img-src *", True),
    ],
)
def test_whether_script_in_the_page_runs(policy, inline):
    assert judged(policy)["unsafe_inline"] is inline


def test_the_stricter_of_two_policies_counts():
    assert not judged("script-src 'unsafe-inline' 'unsafe-eval' *", "script-src 'self'")["broad"]
    both = judged("script-src 'unsafe-inline' *, script-src 'self'")
    assert not both["unsafe_inline"]
    assert judged("script-src *", "script-src https:")["broad"] == ["*", "https:"]


@pytest.mark.parametrize(
    "source",
    [
        "*",
        "*:*",
        "http:",
        "https:",
        "https://*",
        "https://*:443",
        "https://*.*/",
        "data:",
        "*.go.id",
    ],
)
def test_sources_that_name_everyone(source):
    assert judged(f"script-src 'self' {source}")["broad"] == [source]


@pytest.mark.parametrize(
    "source", ["cdn.example", "https://cdn.example", "*.batukota.go.id", "blob:", "'none'"]
)
def test_sources_that_do_not(source):
    assert judged(f"script-src 'self' {source}")["broad"] == []


def test_strict_dynamic_makes_hosts_moot():
    record = judged("script-src 'nonce-abc' 'strict-dynamic' https: http:")
    assert record["broad"] == []
    assert record["clear"] == []


def test_no_limit_on_scripts_is_told():
    record = judged("frame-ancestors 'self'")
    assert record["broad"] == ["script-src"]
    assert record["unsafe_eval"]


def test_sources_in_clear_but_not_for_pictures():
    record = judged(
        "script-src http://a.example; img-src http://b.example; report-uri http://c.example"
    )
    assert record["clear"] == ["http://a.example"]


@pytest.mark.parametrize(
    ("policy", "name", "limited"),
    [
        ("default-src 'self'", "object_src", True),
        ("default-src *", "object_src", False),
        ("object-src 'none'", "object_src", True),
        ("default-src 'none'", "base_uri", False),
        ("default-src 'none'", "form_action", False),
        ("base-uri *", "base_uri", False),
        ("form-action https:", "form_action", False),
    ],
)
def test_directives_that_stand_alone(policy, name, limited):
    assert judged(policy)[name] is limited


def test_frame_ancestors_counts_in_header_fields_only():
    assert framed_by(["frame-ancestors 'none'"]) is True
    assert framed_by(["frame-ancestors *"]) is False
    assert framed_by(["default-src 'self'"]) is None
    assert not judged(metas=["frame-ancestors 'none'"])["present"]
    assert judged(metas=["frame-ancestors 'none'; default-src 'self'"])["present"]


def test_a_policy_of_a_megabyte_and_many_policies():
    record = judged("script-src " + "a.example " * 100_000 + "'unsafe-inline'")
    assert record["unsafe_inline"]
    assert len(read_policies(["default-src 'self'," * 100_000])) == MOST_POLICIES
    assert len(judged("script-src " + " ".join(f"http://a{n}" for n in range(9000)))["clear"]) == 30


def test_nonces_are_found():
    assert nonces(["script-src 'nonce-AbC=' 'nonce-'", "x"]) == {"'nonce-AbC='"}


WORDS = st.sampled_from(
    [
        "script-src",
        "default-src",
        "'self'",
        "'unsafe-inline'",
        "*",
        ";",
        ",",
        "data:",
        "'nonce-a'",
        "object-src",
        "https:",
        "\x00",
        "'none'",
        "é",
        " ",
    ]
)


@given(st.lists(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40), max_size=4))
def test_any_policy_is_judged_and_one_more_never_allows_more(fields):
    one, two = judged(*fields), judged(*fields, "script-src 'none'; object-src 'none'")
    assert two["present"]
    assert not two["unsafe_inline"]
    assert not two["broad"]
    assert two["object_src"]
    assert set(one) <= set(two)
