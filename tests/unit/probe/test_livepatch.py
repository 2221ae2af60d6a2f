"""Live patches: what is said of them counts only where it is said of the kernel that runs."""

import pytest

from auditor.model.fact import Why
from auditor.probe import livepatch
from tests.unit.probe.asking import parse, why


def test_what_is_no_weakness_is_left_out():
    odd = "state applied\nfix\nfix CVE-1\nfix x\nfix cve-2024-26581\nfix CVE-2023-6931\nnoise\n"

    assert parse(livepatch, odd)["fixes"] == ["CVE-2023-6931", "CVE-2024-26581"]


@pytest.mark.parametrize("state", ["nothing-to-apply", "unpatched", "applying"])
def test_what_is_not_applied_mends_nothing(state):
    found = parse(livepatch, f"module lkp\nstate {state}\nfix CVE-2023-6931\n")

    assert (found["state"], found["fixes"]) == (state, [])


def test_where_nothing_is_loaded_nothing_is_mended():
    assert parse(livepatch, "") == {"state": "none", "modules": [], "fixes": []}


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        ("module kpatch_5_14_0_1_1\n", "loaded", Why.NO_DATA),
        ("module lkp_Ubuntu_5_15\nroot\n", "loaded", Why.NEEDS_ROOT),
        ("unasked\n", "none", Why.NO_DATA),
    ],
)
def test_what_was_not_told_is_a_gap(text, state, reason):
    found = parse(livepatch, text)

    assert found["state"] == state
    assert "fixes" not in found
    assert found["gap"]["why"] == reason


def test_a_visit_that_was_cut_is_a_gap():
    assert why(livepatch, "state applied\n", cut=True) is Why.CUT
