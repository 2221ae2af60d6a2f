from datetime import date

import pytest

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.inventory import load_inventory, parse_inventory
from auditor.model.inventory import Sudo, TargetKind
from tests.unit.load.written import INVENTORY, broken, document


def mistakes(text):
    with pytest.raises(ConfigErrors) as caught:
        parse_inventory(document(text))
    return caught.value.errors


def only(text):
    (error,) = mistakes(text)
    return error


def made(text):
    return parse_inventory(document(text)).value


TWICE = "  - {id: dinkes, name: Lain}\n  - {id: kominfo"
AUTHORITY = INVENTORY[INVENTORY.index("authority:") : INVENTORY.index("opds:")]


@pytest.mark.parametrize("text", ["", "- a\n", "just text", "7"])
def test_what_is_no_mapping_is_no_inventory(text):
    with pytest.raises(ConfigError, match="an inventory is a mapping"):
        parse_inventory(document(text))


@pytest.mark.parametrize("by", ["", "authority:\n", "authority: none\n", "authority: []\n"])
def test_without_an_authority_nothing_is_scanned(by):
    error = only(broken(INVENTORY, AUTHORITY, by))

    assert "nothing is scanned without an assignment letter" in error.problem


@pytest.mark.parametrize(
    ("part", "by", "line", "problem"),
    [
        ("letter: 094/7/2026", "letter:", 3, "letter is not filled in"),
        ("letter: 094/7/2026", "letter: '  '", 3, "letter is not filled in"),
        ("  letter: 094/7/2026\n", "", 2, "letter is not filled in"),
        ("date: 2026-01-02", "date:", 4, "date is not filled in"),
        ("valid_until: 2026-12-31", "valid_until: ''", 5, "valid_until is not filled in"),
        ('[10.0.0.0/8, "2001:db8::/32"]\n    domains: [batu.lab]', "[]", 6, "scope is not"),
    ],
)
def test_each_gap_in_the_letter_is_told(part, by, line, problem):
    error = only(broken(INVENTORY, part, by))

    assert error.line == line
    assert problem in error.problem
    assert error.hint


@pytest.mark.parametrize(
    ("part", "by", "line", "problem", "hint"),
    [
        ("2026-12-31", "2025-12-31", 5, "valid_until lies before date", ""),
        ("2026-12-31", "2026-02-30", 5, "'2026-02-30' is no date", "2026-12-31"),
        ("10.0.0.0/8", "10.0.0.7/8", 7, "'10.0.0.7/8' is an address inside", "'10.0.0.0/8'?"),
        ("10.0.0.0/8, ", "10.0.0.0/8, ten, ", 7, "'ten' is no network", "10.1.0.0/16"),
        ("10.0.0.0/8, ", "10.0.0.0/8, 0.0.0.0/0, ", 7, "whole Internet", "your own"),
        ("[batu.lab]", "[batu.lab, '*.x.lab']", 8, "'*.x.lab' is no domain", "subdomains"),
        ("[batu.lab]", "[batu.lab, 10.0.0.1]", 8, "'10.0.0.1' is no domain", "subdomains"),
        ("  - {id: kominfo", TWICE, 11, "the id 'dinkes' is given twice", "first in line 10"),
        ("aliases: [Dinkes]", "aliases: [dinas  kominfo]", 11, "means two OPDs", "in line 10"),
        ("id: db1", "id: web1", 18, "the id 'web1' is given twice", "first in line 13"),
        ("opd: dinkes", "opd: dinkse", 14, "web1: there is no OPD 'dinkse'", "'dinkes'?"),
        ("    opd: kominfo", "    opd: kominfo\n    zone: dmz", 20, "no zone 'dmz'", "default"),
        ("10.0.0.1", "11.0.0.1", 15, "web1: 11.0.0.1 lies outside", "extend the letter"),
        ("10.0.0.1", "10.0.0.300", 15, "'10.0.0.300' is neither an IP address", "without a port"),
        ("[web1.batu.lab]", "[web1.batu.lab:8443]", 16, "is neither an IP", "without a port"),
        ("[web1.batu.lab]", "[a.batu.lab, b.other.lab]", 16, "b.other.lab lies outside", "extend"),
        ("[web1.batu.lab]", "[notbatu.lab]", 16, "notbatu.lab lies outside", "extend"),
        ("443/tcp", "70000/tcp", 17, "'70000/tcp' is no port", "1 to 65535"),
        ("443/tcp", "443", 17, "ports: needs a text, not a number", "22/tcp"),
        ("{name: Kota Batu}", "{nama: Kota Batu}", 1, "unknown key 'nama'", "'name'?"),
        ("city:", "kota: 1\ncity:", 1, "unknown key 'kota'", ""),
        ("targets:\n", "zones: 7\ntargets:\n", 12, "zones is a list", "- id:"),
        ("db1.batu.lab\n", "db1.batu.lab\n    domains: [x.id]\n", 21, "x.id lies outside", ""),
    ],
)
def test_a_mistake_has_its_line_and_a_hint(part, by, line, problem, hint):
    error = only(broken(INVENTORY, part, by))

    assert error.line == line
    assert problem in error.problem
    assert hint in error.hint


def test_a_target_is_a_mapping():
    assert only(f"{INVENTORY}  - web9\n").problem == "targets: needs a mapping, not a text"


@pytest.mark.parametrize("name", ["opds", "targets"])
def test_a_missing_list_is_told(name):
    text = INVENTORY.replace(f"{name}:", "other:")

    assert f"the key '{name}' is missing" in {error.problem for error in mistakes(text)}


@pytest.mark.parametrize(
    "jump",
    ["bastion", "audit@10.0.0.9", "audit@10.0.0.9:2222", "a.lab, b@c.lab:22", "x@[2001:db8::1]:22"],
)
def test_jump_hosts_are_addresses_with_user_and_port(jump):
    text = f"{INVENTORY}    ssh: {{jump: '{jump}'}}\nzones: [{{id: default, jump: '{jump}'}}]\n"

    assert made(text).targets[1].ssh.jump == jump


@pytest.mark.parametrize(
    "jump", ["", "a,,b", "-oProxyCommand=x", "a b", "a:99999", "a:0", "@a", "a@b@c", "10.0.0.300"]
)
def test_other_words_name_no_jump_host(jump):
    text = f"{INVENTORY}    ssh: {{jump: '{jump}'}}\nzones: [{{id: default, jump: '{jump}'}}]\n"

    errors = mistakes(text)

    assert {error.line for error in errors} == {21, 22}
    assert all("names no server" in error.problem for error in errors)


def test_all_mistakes_are_told_at_once_in_the_order_of_lines():
    text = broken(INVENTORY, "letter: 094/7/2026", "letter:")
    text = broken(text, "opd: dinkes", "opd: dinas")
    text = broken(text, "[22/tcp, 443/tcp]", "[22]")
    text = broken(text, "db1.batu.lab", "db1.other.lab")
    text = broken(text, "{id: kominfo", "{idd: kominfo")

    problems = [(error.line, error.problem.partition(":")[0]) for error in mistakes(text)]

    assert problems == [
        (3, "authority"),
        (11, "unknown key 'idd'"),
        (17, "ports"),
        (20, "db1"),
    ]


def test_a_thousand_mistakes_are_counted():
    text = INVENTORY + "".join(
        f"  - {{id: t{n}, opd: nobody, address: 10.0.0.1}}\n" for n in range(1000)
    )

    errors = mistakes(text)

    assert len(errors) == 21
    assert errors[-1].problem == "and 980 more mistakes"


def test_dates_addresses_and_kinds_are_read():
    inventory = made(INVENTORY)

    assert inventory.authority.date == date(2026, 1, 2)
    assert inventory.authority.letter == "094/7/2026"
    assert inventory.target("web1").ports == ("22/tcp", "443/tcp")
    assert inventory.target("db1").zone == "default"
    assert inventory.opd("dinkes").aliases == ("Dinkes",)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "inventory.yaml"
    path.write_text(INVENTORY)

    assert len(load_inventory(path).targets) == 2


def test_a_missing_file_says_how_to_begin(tmp_path):
    with pytest.raises(ConfigError, match="`auditor init` writes a first one"):
        load_inventory(tmp_path / "none.yaml")


DEFAULTS = "defaults: {ssh: {user: ops, port: 2222, sudo: no}, zone: dmz}\nzones: [{id: dmz}]\n"


def test_defaults_hold_where_a_target_says_nothing_else():
    text = f"{DEFAULTS}{INVENTORY}    ssh: {{port: 22}}\n"

    web, db = made(text).targets

    assert (web.zone, web.ssh.user, web.ssh.port, web.ssh.sudo) == ("dmz", "ops", 2222, Sudo.NO)
    assert (db.zone, db.ssh.user, db.ssh.port) == ("dmz", "ops", 22)


def test_a_target_without_ssh_stays_without():
    assert made(f"{DEFAULTS}{INVENTORY}    ssh: null\n").targets[1].ssh is None


@pytest.mark.parametrize("defaults", ["", DEFAULTS])
def test_what_is_no_server_is_not_visited_unless_it_says_how(defaults):
    text = f"""{defaults}{INVENTORY}    kind: site
  - {{id: dns, opd: kominfo, address: batu.lab, kind: domain}}
  - {{id: own, opd: kominfo, address: o.batu.lab, kind: site, ssh: {{user: x}}}}
"""

    _, site, domain, own = made(text).targets

    assert (site.kind, site.ssh, domain.ssh) == (TargetKind.SITE, None, None)
    assert own.ssh.user == "x"


@pytest.mark.parametrize(
    ("defaults", "problem"),
    [
        ("{ssh: {usr: x}}", "unknown key 'usr'"),
        ("{zones: dmz}", "unknown key 'zones'"),
        ("[]", "defaults: needs a mapping, not a list"),
        ("", "defaults: has no value"),
        ("{ssh: {password: x}}", "'password' is not read from a file"),
    ],
)
def test_a_mistake_in_defaults_is_told_once(defaults, problem):
    error = only(f"defaults: {defaults}\n{INVENTORY}")

    assert (error.line, error.problem) == (1, problem)


def test_this_machine_needs_no_scope_for_its_loopback():
    text = f"{INVENTORY}  - {{id: me, opd: kominfo, address: 127.0.0.1, local: true}}\n"

    assert made(text).targets[2].local


def test_loopback_of_another_machine_is_outside():
    text = f"{INVENTORY}  - {{id: me, opd: kominfo, address: 127.0.0.1}}\n"

    assert "outside" in only(text).problem


def test_two_targets_behind_one_door_are_odd():
    text = f"{INVENTORY}  - {{id: web2, opd: kominfo, address: 10.0.0.1}}\n"

    (warning,) = parse_inventory(document(text)).warnings

    assert str(warning) == "f:21:30: web2 and web1 are both reached at 10.0.0.1 port 22"


def test_another_port_is_another_door():
    text = f"{INVENTORY}  - {{id: web2, opd: kominfo, address: 10.0.0.1, ssh: {{port: 23}}}}\n"

    assert parse_inventory(document(text)).warnings == ()


def test_an_inventory_without_targets_is_odd():
    text = INVENTORY[: INVENTORY.index("targets:")] + "targets: []\n"

    assert "no target yet" in parse_inventory(document(text)).warnings[0].problem
