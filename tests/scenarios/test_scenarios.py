import os

import pytest

from tests.scenarios.runner import HERE, read_scenario, run, scenarios
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def stage():
    if os.geteuid() != 0:
        pytest.skip("namespaces need root")
    made = Stage()
    yield made
    made.close()


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in scenarios(HERE)]
)
def test_the_name_of_a_script_is_the_verdict(stage, path):
    verdict = run(read_scenario(path), stage)

    assert verdict.right, verdict.words
