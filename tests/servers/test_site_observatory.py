"""The Mozilla HTTP Observatory as an oracle: every difference from our checks is explained."""

import shutil

import pytest

from tests.bench.compare_web import PAGE, differences, render
from tests.servers.observatory_oracle import HOME, cases, explained

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (HOME / "node_modules").is_dir(),
    reason="npm ci --prefix tests/servers/observatory --ignore-scripts",
)


def test_every_difference_is_explained_and_every_explanation_needed():
    found, _ = differences()
    reasons = {(test, case) for test, known in explained().items() for case in known}
    assert {(test, name) for test, name, *_ in found} == reasons


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == render()


def test_cases_have_names_of_their_own():
    names = [case["name"] for case in cases()]
    assert len(set(names)) == len(names)
