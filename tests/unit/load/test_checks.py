import pytest

from auditor.errors import ConfigErrors
from auditor.load.checks import load_checks, read_checks, read_document
from auditor.model.check import Assertion, Op
from tests.unit.load.written import CHECK, broken, document


def problems(text):
    errors = []
    found = list(read_document(document(text), errors))
    return [(error.line, error.problem) for error in errors], found


@pytest.mark.parametrize(
    ("part", "by", "line", "problem"),
    [
        ("severity: high", "severity: hihg", 5, "severity: 'hihg' is not possible here"),
        ("  severity: high\n", "", 1, "the key 'severity' is missing"),
        ("  expect: [{w.number: {max: $most}}]\n", "", 1, "the key 'expect' is missing"),
        ("[{w.number: {max: $most}}]", "[]", 8, "expects nothing: it could not fail"),
        ("{max: $most}", "{most: $most}", 8, "w.number: there is no operator 'most'"),
        ("probe: {w: {world: {}}}", "probe: {w: world}", 7, "w: needs a mapping, not a text"),
        ("verdict: pass", "verdict: passed", 11, "verdict: 'passed' does not have the right form"),
        ("title:", "titel:", 2, "unknown key 'titel'"),
    ],
)
def test_a_mistake_in_a_check_has_its_line(part, by, line, problem):
    found, checks = problems(broken(CHECK, part, by))

    assert found == [(line, problem)]
    assert checks == []


def test_expectations_and_the_rest_are_looked_at_both():
    text = broken(broken(CHECK, "severity: high", "severity: x"), "{max: $most}", "{}")

    found, _ = problems(text)

    assert [line for line, _ in found] == [8, 5]


def test_a_bad_check_does_not_hide_the_others():
    text = CHECK + "- 7\n" + CHECK.replace("world.number", "world.other")

    found, checks = problems(text)

    assert found == [(13, "a check is a mapping: id, title, why, fix, …")]
    assert [written.value.id for written in checks] == ["world.number", "world.other"]


def test_a_check_knows_where_it_and_its_expectations_stand():
    _, (written,) = problems(CHECK)

    assert written.value.expect == (Assertion(path="w.number", op=Op.MAX, operand="$most"),)
    assert written.placed[0].at == ("expect", 0, "w.number", "max")
    assert str(written.mistake(("params", "most"), "is odd")) == "f:6:12: world.number: is odd"


def test_the_shipped_checks_can_be_read():
    assert "ssh.root-login" in load_checks()


def test_own_checks_join_the_shipped_ones(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "own.yml").write_text(CHECK)
    (tmp_path / "notes.txt").write_text("not read")

    assert {"world.number", "ssh.root-login"} <= set(load_checks([tmp_path]))


def test_a_single_file_can_be_given(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(CHECK)

    assert "world.number" in load_checks([path])


def test_every_file_s_mistakes_are_told(tmp_path):
    (tmp_path / "a.yaml").write_text("a: [\n")
    (tmp_path / "b.yaml").write_text("id: not a list")
    (tmp_path / "c.yaml").write_text(broken(CHECK, "severity: high", "severity: x"))

    with pytest.raises(ConfigErrors) as caught:
        read_checks([tmp_path])

    told = [(error.path.rpartition("/")[2], error.line) for error in caught.value.errors]
    assert told == [("a.yaml", 2), ("b.yaml", 1), ("c.yaml", 5)]


def test_a_folder_without_checks_is_a_mistake(tmp_path):
    with pytest.raises(ConfigErrors, match="no check stands in this folder"):
        read_checks([tmp_path])


def test_an_id_given_twice_names_both_places(tmp_path):
    (tmp_path / "a.yaml").write_text(CHECK)
    (tmp_path / "b.yaml").write_text(f"# a comment\n{CHECK}")

    with pytest.raises(ConfigErrors) as caught:
        read_checks([tmp_path])

    (error,) = caught.value.errors
    assert (error.line, error.problem) == (2, "world.number: the id is given twice")
    assert error.hint == f"first in {tmp_path}/a.yaml:1"


def test_nothing_takes_the_place_of_a_shipped_check(tmp_path):
    (tmp_path / "own.yaml").write_text(CHECK.replace("world.number", "ssh.root-login"))

    with pytest.raises(ConfigErrors, match=r"own.yaml:1:3: ssh.root-login: the id is given twice"):
        read_checks([tmp_path])
