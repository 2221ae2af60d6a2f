import msgspec
import pytest

from auditor.bind import bind_args, bind_expectations, bind_params, duration
from auditor.errors import ConfigError
from auditor.model.check import Param, ParamType
from auditor.model.inventory import Target
from tests.unit.evaluate.world import WorldArgs, check, each, group, that

TARGET = Target(id="web1", opd="kominfo", address="10.0.0.1", ports=("22/tcp",))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600), (5, 5)],
)
def test_durations_become_seconds(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "7 days", "-1d", True, None, "d"])
def test_other_words_are_no_duration(text):
    with pytest.raises(ValueError, match="no duration"):
        duration(text)


def with_param(**param):
    return check(that("w.number", "max", "$most"), params={"most": Param(**param)})


@pytest.mark.parametrize(
    ("param", "given", "bound"),
    [
        ({"type": ParamType.INT, "default": 4}, {}, 4),
        ({"type": ParamType.INT, "default": 4, "min": 1, "max": 9}, {"most": 9}, 9),
        ({"type": ParamType.DURATION, "default": "7d"}, {}, 604_800),
        ({"type": ParamType.STRINGS, "default": ["a"]}, {"most": ["b", "c"]}, ["b", "c"]),
        ({"type": ParamType.STR, "default": "a", "choices": ("a", "b")}, {"most": "b"}, "b"),
        ({"type": ParamType.BOOL, "default": True}, {"most": False}, False),
    ],
)
def test_the_policys_value_comes_before_the_default(param, given, bound):
    assert bind_params(with_param(**param), given) == {"most": bound}


@pytest.mark.parametrize(
    ("param", "given", "problem"),
    [
        ({"type": ParamType.INT, "default": 4}, {"more": 1}, "unknown parameter 'more'"),
        ({"type": ParamType.INT, "default": 4}, {"most": "x"}, "not of type int"),
        ({"type": ParamType.INT, "default": 4}, {"most": True}, "not of type int"),
        ({"type": ParamType.INT, "default": 4, "min": 1}, {"most": 0}, "0 is below 1"),
        ({"type": ParamType.INT, "default": 4, "max": 9}, {"most": 10}, "10 is above 9"),
        ({"type": ParamType.DURATION, "default": "7d"}, {"most": "soon"}, "no duration"),
        ({"type": ParamType.STR, "default": "a", "choices": ("a",)}, {"most": "c"}, "none of a"),
    ],
)
def test_a_wrong_parameter_is_the_operators_mistake(param, given, problem):
    with pytest.raises(ConfigError, match=problem):
        bind_params(with_param(**param), given)


def test_unknown_parameter_of_a_check_without_any_says_so():
    with pytest.raises(ConfigError, match="the check knows: none"):
        bind_params(check(), {"most": 1})


def test_arguments_hold_parameters_and_target_fields():
    args = bind_args(check(), WorldArgs, {"which": "$target.address"}, {}, TARGET)

    assert args == WorldArgs(which="10.0.0.1")


@pytest.mark.parametrize("raw", [{"which": 3}, {"where": "x"}])
def test_wrong_arguments_are_refused(raw):
    with pytest.raises(ConfigError, match="probe arguments"):
        bind_args(check(), WorldArgs, raw, {}, TARGET)


@pytest.mark.parametrize("name", ["$nothing", "$target.secret"])
def test_unknown_names_are_refused_with_what_is_known(name):
    with pytest.raises(ConfigError, match=r"\$target\.ports"):
        bind_expectations(check(that("w.number", "max", name)), {}, TARGET)


def test_operands_are_filled_at_every_depth():
    asked = check(
        group("any", that("w.number", "max", "$most")),
        each(
            "all",
            "w.users",
            where=(that("uid", "eq", "$most"),),
            that=(that("ports", "subset_of", "$target.ports"),),
        ),
        that("w.words", "contains_all", ["$most", "x"]),
    )

    found = msgspec.to_builtins(bind_expectations(asked, {"most": 4}, TARGET))

    assert found[0]["of"][0]["operand"] == 4
    assert found[1]["where"][0]["operand"] == 4
    assert found[1]["that"][0]["operand"] == ["22/tcp"]
    assert found[2]["operand"] == [4, "x"]
