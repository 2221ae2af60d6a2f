"""The order of rpm's versions: rpm itself is the judge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.patch.rpm_version import LONGEST, comparable, rpm_key
from tests.unit.patch.orders import said_by_rpm, sign, vectors

VECTORS = vectors("rpm")
heads = st.text(alphabet="0129aZb.+~^_", min_size=1, max_size=8)
releases = st.one_of(
    st.just(""),
    st.text(alphabet="019el.~^_", min_size=1, max_size=5).map("-{}".format),
    st.sampled_from(["-1.el9", "-1.el9_4", "-1.el9_4.1", "-10.el9", "-150500.5.5.1"]),
)
versions = st.builds(
    lambda epoch, head, release: f"{epoch}{head}{release}",
    st.sampled_from(["", "", "0:", "1:", ":", "00:", "12:", "x:"]),
    st.one_of(heads, st.sampled_from(["99999999999999999999", "1.0~rc1^git1", "5.14.0"])),
    releases,
)


def near(version):
    """Return versions that differ from this one in little, where mistakes hide."""
    head, dash, release = version.rpartition("-")
    head, release = (head, dash + release) if dash else (version, "")
    changed = [f"{head}{end}{release}" for end in ("", "0", ".0", "~", "^", "_", "a", "^~", "~^")]
    return st.sampled_from([*changed, head, f"{head}-0", f"{version}.1", f"{version}~"])


pairs = st.one_of(
    st.tuples(versions, versions),
    versions.flatmap(lambda one: st.tuples(st.just(one), near(one))),
)


@pytest.mark.parametrize("text", ["", "-", ":", "::", "-:-", "\0", "é", "\udcff", "٣", "a b", "\n"])
def test_what_is_no_version_has_a_key_all_the_same(text):
    assert rpm_key(text) <= rpm_key(f"{text}z")
    assert comparable(text, text) == (rpm_key(text), rpm_key(text))


@pytest.mark.parametrize("digits", ["٣", "۹", "²", "\uff13"])
def test_only_the_digits_of_ascii_are_numbers(digits):
    assert rpm_key(f"{digits}:1-1") < rpm_key("1:0-1")
    assert rpm_key(f"1.{digits}-1") < rpm_key("1.0-1")


def test_a_huge_epoch_is_the_greatest():
    assert rpm_key("99999999999:1") > rpm_key("1:é")


def test_of_a_flood_only_the_beginning_counts():
    assert rpm_key("9" * LONGEST) == rpm_key("9" * 10**6)
    assert rpm_key("9" * 900 + ":1") > rpm_key("4294967294:1")
    assert len(rpm_key("a.1" * 10**6)) < 4 * LONGEST
    assert len(rpm_key("1a" * 10**6)) < 5 * LONGEST
    assert comparable("9" * 10**6 + "-1", "9" * LONGEST)[0] == rpm_key("9" * LONGEST)


@pytest.mark.parametrize(("rule", "one", "said", "other"), VECTORS)
def test_a_published_rule_holds(rule, one, said, other):
    assert sign(rpm_key(one), rpm_key(other)) == said, rule


def test_the_rules_as_we_wrote_them_are_rpms():
    said = said_by_rpm([(one, other) for _, one, _, other in VECTORS])

    assert said == [sign for _, _, sign, _ in VECTORS]


@pytest.mark.parametrize(
    ("have", "fixed", "said"),
    [
        ("1.2-3.el9", "1.2", "="),
        ("1.2", "1.2-3.el9", "="),
        ("1.2-3.el9", "1.2-4.el9", "<"),
        ("1.2-3.el9", "1.3", "<"),
        ("1.2-3.el9", "1.2~rc1", ">"),
        ("1.2", "1.3", "<"),
        ("1:1.2-3.el9", "1:1.2", "="),
        ("1.2-3.el9", "1:1.2", "<"),
        ("1.2-", "1.2", "="),
        ("1.2-1-5", "1.2-1", ">"),
    ],
)
def test_releases_count_only_where_both_have_one(have, fixed, said):
    assert sign(*comparable(have, fixed)) == said


@settings(max_examples=40, deadline=None)
@given(st.lists(pairs, min_size=100, max_size=100))
def test_the_order_is_rpms(chosen):
    for (a, b), said in zip(chosen, said_by_rpm(chosen), strict=True):
        assert sign(rpm_key(a), rpm_key(b)) == said, (a, b)
