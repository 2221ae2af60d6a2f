import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigError
from auditor.load.importing.merge import merge
from auditor.load.importing.rows import cell
from auditor.load.inventory import parse_inventory
from auditor.load.yaml import parse_yaml
from tests.unit.load.written import INVENTORY, broken

NEW = {"id": "new", "address": "10.0.0.7", "name": "Baru: no", "ports": ["22/tcp"], "opd": "dinkes"}
NEW_LINES = [
    "  - id: new",
    "    address: 10.0.0.7",
    "    name: 'Baru: no'",
    "    ports: [22/tcp]",
    "    opd: dinkes",
]


def merged(text, *raws):
    return merge(parse_inventory(parse_yaml(text, "inventory.yaml")), text, raws)


def test_new_targets_stand_after_the_last_one():
    made = merged(INVENTORY, NEW)

    assert made.text == INVENTORY + "\n".join(NEW_LINES) + "\n"
    assert made.added == ("new",)
    assert made.diff.splitlines() == [
        "--- inventory.yaml",
        "+++ inventory.yaml",
        "@@ -20,0 +21,5 @@",
        *(f"+{line}" for line in NEW_LINES),
    ]


LAST = """    # a word about db1
    ssh: {user: x,
      port: 22}   # its door

# the zones come last
zones: [{id: default}]
"""


def test_what_stands_around_the_targets_stays():
    made = merged(INVENTORY + LAST, NEW)

    before, after = LAST.split("\n\n")
    assert made.text == f"{INVENTORY}{before}\n" + "\n".join(NEW_LINES) + f"\n\n{after}"


@pytest.mark.parametrize(
    "last",
    [
        "    name: |\n      two\n      lines\n",
        "    name: >-\n      two\n",
        "    roles:\n    - a\n    - b\n",
    ],
)
def test_a_block_at_the_end_is_not_cut(last):
    text = f"{INVENTORY}{last}zones: [{{id: default}}]\n"

    made = merged(text, NEW)

    before = parse_inventory(parse_yaml(text, "f")).value
    after = parse_inventory(parse_yaml(made.text, "f")).value
    assert after.targets[:2] == before.targets
    assert after.targets[2].id == "new"
    assert after.zones == before.zones


def test_a_file_without_a_last_line_break_gets_one():
    assert merged(INVENTORY.rstrip("\n"), NEW).text == merged(INVENTORY, NEW).text


def test_line_breaks_of_windows_stay():
    made = merged(INVENTORY.replace("\n", "\r\n"), NEW)

    assert made.text.count("\r\n") == made.text.count("\n") == 25


TARGETS = INVENTORY[INVENTORY.index("targets:") :]


def test_an_empty_list_is_opened():
    text = broken(INVENTORY, TARGETS, "targets: []  # none yet\nzones: [{id: default}]\n")

    made = merged(text, NEW)

    assert "targets:  # none yet\n  - id: new\n" in made.text
    assert made.text.endswith("    opd: dinkes\nzones: [{id: default}]\n")
    assert made.diff.splitlines()[2:5] == [
        "@@ -12,1 +12,6 @@",
        "-targets: []  # none yet",
        "+targets:  # none yet",
    ]


def test_a_list_in_brackets_is_not_touched():
    text = broken(INVENTORY, TARGETS, "targets: [{id: a, opd: dinkes, address: 10.0.0.1}]\n")

    with pytest.raises(ConfigError, match=r"inventory.yaml:12: targets stand in brackets"):
        merged(text, NEW)


def test_words_named_targets_elsewhere_do_not_mislead():
    text = broken(INVENTORY, "aliases: [Dinkes]", "aliases: [targets], head: targets")

    assert merged(text, NEW).text.startswith(text)


def test_a_text_without_targets_is_refused():
    written = parse_inventory(parse_yaml(INVENTORY, "f"))

    with pytest.raises(ConfigError, match="has no list of targets"):
        merge(written, "a: targets\n", [NEW])


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "web1", "address": "10.0.0.1", "opd": "dinkes"},
        {"id": "other-name", "address": "10.0.0.1", "opd": "dinkes", "ssh": {"port": 22}},
        {"id": "other-name", "address": "DB1.batu.lab", "opd": "kominfo", "ssh": None},
    ],
)
def test_a_target_that_is_there_is_not_added(raw):
    made = merged(INVENTORY, raw)

    assert (made.text, made.diff, made.added) == (INVENTORY, "", ())


def test_the_same_address_behind_another_port_is_another_target():
    raw = {"id": "web1-b", "address": "10.0.0.1", "opd": "dinkes", "ssh": {"port": 2222}}

    assert merged(INVENTORY, raw).added == ("web1-b",)


def test_differences_are_told_with_the_line_of_the_inventory():
    raw = {
        "id": "web1",
        "address": "10.0.0.9",
        "opd": "dinkes",
        "ports": ["22/tcp", "443/tcp"],
        "ssh": {"user": "ops", "port": 22},
        "tags": {"kategori_se": "tinggi"},
    }

    made = merged(INVENTORY, raw)

    assert made.same == 0
    assert made.differing == (
        "inventory.yaml:13: web1: address is 10.0.0.1, not 10.0.0.9",
        "inventory.yaml:13: web1: ssh.user is auditor, not ops",
        "inventory.yaml:13: web1: tags.kategori_se is null, not tinggi",
    )


def test_a_target_without_ssh_differs_from_one_with():
    raw = {"id": "web1", "address": "10.0.0.1", "opd": "dinkes", "ssh": None}

    (told,) = merged(INVENTORY, raw).differing

    assert "ssh is {user: auditor, port: 22" in told
    assert told.endswith("not null")


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_whatever_a_list_says_is_read_back_as_it_was(name, others):
    raw = {**NEW, "name": cell(name), "tags": {"other": [cell(other) for other in others]}}

    target = parse_inventory(parse_yaml(merged(INVENTORY, raw).text, "f")).value.targets[2]

    assert target.name == raw["name"]
    assert list(target.tags.other) == raw["tags"]["other"]
