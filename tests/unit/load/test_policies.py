import pytest

from auditor.errors import ConfigError
from auditor.load.frameworks import (
    load_frameworks,
    read_framework,
    read_frameworks,
    shipped_frameworks,
)
from auditor.load.policies import load_policy, read_policy, shipped_policies
from tests.unit.load.written import FRAMEWORK, POLICY, broken


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return str(path)


def policy(id_, *extends, frameworks=()):
    return (
        f"id: {id_}\ntitle: {{id: a, en: b}}\nextends: [{', '.join(extends)}]\n"
        f"frameworks: [{', '.join(frameworks)}]\nchecks: []\n"
    )


def test_an_unknown_name_gets_a_hint():
    with pytest.raises(ConfigError, match="there is no policy 'sbpe'\n  hint: did you mean 'spbe'"):
        load_policy("sbpe")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"none.yaml: there is no such file"):
        load_policy(str(tmp_path / "none.yaml"))


@pytest.mark.parametrize(
    ("base", "problem"), [("b.yaml", "no such file"), ("bb", "no policy 'bb'")]
)
def test_a_missing_base_points_to_the_policy_that_names_it(tmp_path, base, problem):
    path = write(tmp_path, "a.yaml", policy("a", base))

    with pytest.raises(ConfigError, match=problem) as caught:
        load_policy(path)

    assert (caught.value.path, caught.value.line, caught.value.column) == (path, 3, 11)


def test_a_mistake_in_a_base_points_into_the_base(tmp_path):
    path = write(tmp_path, "a.yaml", policy("a", "b.yaml"))
    write(tmp_path, "b.yaml", broken(policy("b"), "checks:", "cheks:"))

    with pytest.raises(ConfigError, match=r"b.yaml:5:1: unknown key 'cheks'"):
        load_policy(path)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"a.yaml": ["a.yaml"]}, 3),
        ({"a.yaml": ["b.yaml"], "b.yaml": ["c.yaml"], "c.yaml": ["a.yaml"]}, 3),
        ({"a.yaml": ["x/b.yaml"], "x/b.yaml": ["../x/../a.yaml"]}, 3),
        ({"a.yaml": ["./a.yaml"]}, 3),
    ],
)
def test_policies_that_extend_each_other_are_refused(tmp_path, files, line):
    for name, extends in files.items():
        write(tmp_path, name, policy(name.replace("/", "-"), *extends))

    with pytest.raises(ConfigError, match="policies extend each other") as caught:
        load_policy(str(tmp_path / "a.yaml"))

    assert caught.value.line == line


def test_a_folder_that_leads_into_itself_leads_nowhere(tmp_path):
    (tmp_path / "d").symlink_to(tmp_path)
    path = write(tmp_path, "a.yaml", policy("a", "d/a.yaml"))

    with pytest.raises(ConfigError, match="policies extend each other"):
        load_policy(path)


def test_a_base_that_two_policies_share_comes_once_and_first(tmp_path):
    path = write(tmp_path, "a.yaml", policy("a", "b.yaml", "c.yaml"))
    write(tmp_path, "b.yaml", policy("b", "sub/d.yaml"))
    write(tmp_path, "c.yaml", policy("c", "./sub/d.yaml"))
    write(tmp_path, "sub/d.yaml", policy("d"))

    assert [one.id for one in load_policy(path)] == ["d", "b", "c", "a"]


def test_two_policies_of_one_id_are_refused(tmp_path):
    path = write(tmp_path, "a.yaml", policy("same", "b.yaml"))
    write(tmp_path, "b.yaml", policy("same"))

    with pytest.raises(ConfigError, match=r"a.yaml:1:1: two policies have the id 'same'"):
        load_policy(path)


def test_a_shipped_policy_can_be_extended(tmp_path):
    path = write(tmp_path, "own.yaml", policy("own", "spbe"))

    assert [one.id for one in load_policy(path)] == ["bssn-host", "ethics", "spbe", "own"]


def test_every_shipped_policy_and_framework_can_be_read():
    policies = [read_policy(name)[-1] for name in shipped_policies()]

    assert "spbe" in {one.value.id for one in policies}
    assert read_frameworks(policies)
    assert [read_framework(name).value.id for name in shipped_frameworks()]


def test_entries_keep_their_order_and_their_parameters(tmp_path):
    (one,) = load_policy(write(tmp_path, "a.yaml", POLICY))

    assert [entry.use for entry in one.checks] == ["world.*", "world.number"]
    assert one.checks[1].params == {"most": 3}
    assert one.checks[1].for_.kind == ("server",)


def test_a_framework_of_one_s_own_lies_beside_the_policy(tmp_path):
    path = write(
        tmp_path, "a.yaml", policy("a", frameworks=["law.yaml", "bssn-4-2021", "law.yaml"])
    )
    write(tmp_path, "law.yaml", FRAMEWORK)

    policies = read_policy(path)

    assert [one.value.id for one in read_frameworks(policies)] == ["law", "bssn-4-2021"]
    assert [one.id for one in load_frameworks(p.value for p in policies)] == ["law", "bssn-4-2021"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("none.yaml", "there is no such file"),
        ("bssn-4-2022", "there is no framework 'bssn-4-2022'"),
    ],
)
def test_a_missing_framework_points_to_the_policy(tmp_path, name, problem):
    path = write(tmp_path, "a.yaml", policy("a", frameworks=[name]))

    with pytest.raises(ConfigError, match=problem) as caught:
        read_frameworks(read_policy(path))

    assert (caught.value.path, caught.value.line) == (path, 4)


def test_a_mistake_in_a_framework_points_into_it(tmp_path):
    path = write(tmp_path, "a.yaml", policy("a", frameworks=["law.yaml"]))
    write(tmp_path, "law.yaml", broken(FRAMEWORK, "short: Hukum", "shrot: Hukum"))

    with pytest.raises(ConfigError, match=r"law.yaml:2:1: unknown key 'shrot'"):
        read_frameworks(read_policy(path))
