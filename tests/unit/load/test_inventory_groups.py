"""Groups, limits, and what an inventory leaves open to ssh_config."""

import pytest

from auditor.errors import ConfigErrors
from auditor.load.inventory import parse_inventory
from auditor.load.yaml import parse_yaml
from auditor.model.inventory import Group, Zone
from tests.unit.load.written import INVENTORY, broken


def made(text):
    return parse_inventory(parse_yaml(text, "inventory.yaml")).value


def mistakes(text):
    with pytest.raises(ConfigErrors) as caught:
        made(text)
    return [(error.line, error.problem, error.hint) for error in caught.value.errors]


GROUPED = f"{INVENTORY}    group: hyp1\ngroups: [{{id: hyp1, name: Hypervisor, at_once: 2}}]\n"


def test_groups_and_their_limits_are_read():
    inventory = made(GROUPED)

    assert inventory.groups == (Group(id="hyp1", name="Hypervisor", at_once=2),)
    assert [target.group for target in inventory.targets] == [None, "hyp1"]


def test_a_group_allows_one_at_once_and_a_zone_any_number():
    text = broken(GROUPED, ", at_once: 2", "")

    inventory = made(f"{text}zones: [{{id: default}}, {{id: dmz, at_once: 3}}]\n")

    assert inventory.groups[0].at_once == 1
    assert inventory.zones == (Zone(id="default"), Zone(id="dmz", at_once=3))


def test_a_group_that_is_not_there_is_told():
    text = broken(GROUPED, "group: hyp1", "group: hyp2")

    ((line, problem, hint),) = mistakes(text)

    assert (line, problem) == (21, "db1: there is no group 'hyp2'")
    assert "hyp1" in hint


@pytest.mark.parametrize(
    ("part", "by", "problem"),
    [
        ("at_once: 2", "at_once: 0", "at_once"),
        ("at_once: 2", "at_once: two", "at_once"),
        ("at_once: 2", "at_once: -1", "at_once"),
        ("{id: hyp1, name", "{name", "id"),
        ("{id: hyp1, name: Hypervisor, at_once: 2}", "{id: hyp1}, {id: hyp1}", "given twice"),
        ("[{id: hyp1, name: Hypervisor, at_once: 2}]", "hyp1", "groups is a list"),
        ("group: hyp1", "group: Hyp 1", "group"),
    ],
)
def test_a_group_that_cannot_be_read_is_told(part, by, problem):
    assert any(problem in told for _, told, _ in mistakes(broken(GROUPED, part, by)))


@pytest.mark.parametrize(
    ("defaults", "ssh", "left"),
    [
        ("", "", ("user", "port")),
        ("", "    ssh: {user: auditor}\n", ("port",)),
        ("", "    ssh: {port: 22}\n", ("user",)),
        ("defaults: {ssh: {user: auditor, port: 22}}\n", "", ()),
        ("defaults: {ssh: null}\n", "    ssh: {port: 22}\n", ("user",)),
        ("", "    ssh: {user: ops, left_open: [port, user]}\n", ("port", "user")),
    ],
)
def test_what_is_not_written_is_left_to_ssh_config(defaults, ssh, left):
    assert made(f"{defaults}{INVENTORY}{ssh}").targets[1].ssh.left_open == left


def test_only_user_and_port_can_be_left_open():
    assert mistakes(f"{INVENTORY}    ssh: {{left_open: [key]}}\n")


def test_none_is_a_way_without_jump_hosts():
    assert made(f"{INVENTORY}    ssh: {{jump: none}}\n").targets[1].ssh.jump == "none"
