import pytest

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.refuse import refuse


def test_nothing_wrong_is_no_error():
    refuse([])


def test_mistakes_come_in_the_order_of_lines():
    with pytest.raises(ConfigErrors) as caught:
        refuse(
            [
                ConfigError("b", "two", line=9),
                ConfigError("b", "one", line=2),
                ConfigError("a", "x"),
            ]
        )

    assert str(caught.value) == "a: x\nb:2: one\nb:9: two"
    assert caught.value.line == 0


@pytest.mark.parametrize(
    ("number", "lines", "last"), [(20, 20, "f:20: x"), (23, 21, "f: and 3 more mistakes")]
)
def test_no_more_are_shown_than_a_person_reads(number, lines, last):
    with pytest.raises(ConfigErrors) as caught:
        refuse(ConfigError("f", "x", line=line) for line in range(number, 0, -1))

    assert str(caught.value).splitlines()[-1] == last
    assert len(caught.value.errors) == lines
