import pytest

from auditor.errors import ConfigError
from auditor.examples import run_example
from auditor.model.check import Applies, Example
from auditor.model.result import Status
from tests.unit.evaluate.world import check, that
from tests.unit.load.catalogue import CATALOGUE

NUMBER = check(that("w.number", "max", 4))


def judged(given, one=NUMBER, **more):
    example = Example(name="one", verdict="pass", given=given, **more)
    return run_example(one, example, CATALOGUE).status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"w": {"number": 4}}, Status.PASS),
        ({"w": {"number": 5}}, Status.FAIL),
        ({"w": {"gap": "needs_root"}}, Status.ERROR),
        ({"w": {"gap": {"why": "timeout", "detail": "slow"}}}, Status.ERROR),
        ({"w": {}}, Status.ERROR),
        ({}, Status.ERROR),
    ],
)
def test_an_example_is_judged_as_a_target_would_be(given, status):
    assert judged(given) is status


@pytest.mark.parametrize(
    ("given", "place"),
    [({"w": {"number": "4"}}, "w.number"), ({"w": {"gap": "odd"}}, "w.gap"), ({"w": 5}, "w")],
)
def test_facts_that_no_probe_gives_prove_nothing(given, place):
    with pytest.raises(ConfigError, match=f"test.check: an example gives {place} as its probe"):
        judged(given)


def test_an_example_may_stand_on_another_target():
    one = check(that("w.ports", "subset_of", "$target.ports"))
    given = {"w": {"ports": ["22/tcp", "8080/tcp"]}}

    assert judged(given, one) is Status.FAIL
    assert judged(given, one, target={"ports": ["22/tcp", "8080/tcp"]}) is Status.PASS


@pytest.mark.parametrize(
    ("applies", "more", "status"),
    [
        (Applies(os=("debian>=12",)), {}, Status.PASS),
        (Applies(os=("debian>=13",)), {}, Status.NOT_APPLICABLE),
        (Applies(os=("ubuntu",)), {"os": {"id": "ubuntu"}}, Status.PASS),
        (Applies(os=("debian",)), {"os": {"gap": "refused"}}, Status.ERROR),
        (Applies(container=True), {}, Status.NOT_APPLICABLE),
        (Applies(package="nginx"), {}, Status.PASS),
        (
            Applies(package="nginx"),
            {"package": {"installed": False, "packages": [{"name": "nginx", "installed": False}]}},
            Status.NOT_APPLICABLE,
        ),
    ],
)
def test_the_ordinary_server_is_debian_with_what_the_check_is_about(applies, more, status):
    one = check(that("w.number", "max", 4), applies=applies)

    assert judged({"w": {"number": 1}, **more}, one) is status
