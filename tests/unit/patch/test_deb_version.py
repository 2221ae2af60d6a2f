"""The order of versions: dpkg itself is the judge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.patch.deb_version import LONGEST, deb_key
from tests.unit.patch.orders import said_by_dpkg, sign, vectors

VECTORS = vectors("deb")
versions = st.builds(
    lambda epoch, digit, rest, revision: epoch + (digit + rest).rstrip("-") + revision,
    st.sampled_from(["", "", "0:", "1:", "00:", "12:"]),
    st.sampled_from(["0", "1", "2", "9", "00", "10", "99999999999999999999"]),
    st.text(alphabet="0129aZ.+~-", max_size=7),
    st.sampled_from(["", "", "-0", "-1", "-1~", "-1+b1", "-1+deb12u1", "-1ubuntu2", "-0.a~1"]),
)


def near(version):
    """Return versions that differ from this one in little, where mistakes hide."""
    return st.sampled_from(
        [f"{version}{end}" for end in ("", "0", "~", "+", ".", ".0", "a", "-0", "-1", "~1", "00")]
        + [f"{'' if ':' in version else '0:'}{version}"]
    ).map(lambda text: text.rstrip("-"))


pairs = st.one_of(
    st.tuples(versions, versions),
    versions.flatmap(lambda one: st.tuples(st.just(one), near(one))),
)


@pytest.mark.parametrize("text", ["", "-", ":", "::", "-:-", "\0", "é", "\udcff", "٣", "a b", "\n"])
def test_what_is_no_version_has_a_key_all_the_same(text):
    assert deb_key(text) <= deb_key(f"{text}z")


@pytest.mark.parametrize("digits", ["٣", "۹", "²", "\uff13"])
def test_only_the_digits_of_ascii_are_numbers(digits):
    assert deb_key(f"{digits}:1") < deb_key("1:0")
    assert deb_key(f"1.{digits}") > deb_key("1.9")


def test_an_epoch_that_is_none_counts_as_none_and_a_huge_one_is_the_greatest():
    assert deb_key("x:1") == deb_key("1")
    assert deb_key("99999999999:1") > deb_key("1:é")


def test_of_a_flood_only_the_beginning_counts():
    assert deb_key("9" * LONGEST) == deb_key("9" * 10**6)
    assert deb_key("9" * 900 + ":1") > deb_key("4294967294:1")
    assert len(deb_key("a" * 10**6)) < 2 * LONGEST
    assert len(deb_key("a1" * 10**6)) < 4 * LONGEST


@pytest.mark.parametrize(("rule", "one", "said", "other"), VECTORS)
def test_a_published_rule_holds(rule, one, said, other):
    assert sign(deb_key(one), deb_key(other)) == said, rule


def test_the_rules_as_we_wrote_them_are_dpkgs():
    said = said_by_dpkg([(one, other) for _, one, _, other in VECTORS])

    assert said == [sign for _, _, sign, _ in VECTORS]


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_key_and_a_tilde_makes_it_older(text, end):
    assert deb_key(f"{text}~{end}") < deb_key(text) or "-" in end or ":" in text + end


@settings(max_examples=20, deadline=None)
@given(st.lists(pairs, min_size=60, max_size=60))
def test_the_order_is_dpkgs(chosen):
    for (a, b), said in zip(chosen, said_by_dpkg(chosen), strict=True):
        assert sign(deb_key(a), deb_key(b)) == said, (a, b)
