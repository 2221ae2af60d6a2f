import pytest

from auditor.load.hint import did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("dinkes", ["dinkes-kota", "kominfo"], "did you mean 'dinkes-kota'?"),
        ("DINKES", ["Dinkes", "kominfo"], "did you mean 'Dinkes'?"),
        ("zzz", ["b", "a"], "known: a, b"),
        ("zzz", [], ""),
        ("zzz", [f"n{i:02}" for i in range(14)], "n11 and 2 more"),
    ],
)
def test_the_closest_name_or_the_known_names(name, known, hint):
    assert did_you_mean(name, known).endswith(hint)


def test_a_long_name_is_compared_quickly():
    assert did_you_mean("x" * 10_000_000, ["kominfo"]) == "known: kominfo"
