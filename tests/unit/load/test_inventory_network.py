"""What an inventory says of the outside: vantage, networks, domains, resolvers."""

import pytest

from auditor.errors import ConfigErrors
from auditor.load.inventory import parse_inventory
from auditor.model.inventory import Vantage
from tests.unit.load.written import INVENTORY, document

MORE = """\
  - {id: zona, opd: kominfo, kind: domain, domains: [batu.lab], dkim: [s1]}
  - {id: jaringan, opd: kominfo, kind: opd, networks: [10.1.4.0/24, "2001:db8:5::/64"]}
zones:
  - {id: default}
  - {id: dmz, vantage: internet, rate: 500}
  - {id: kantor, vantage: intranet}
resolvers: [10.0.0.53]
trust_anchors: anchors.ds
"""


def made(text):
    return parse_inventory(document(text)).value


def problems(text):
    with pytest.raises(ConfigErrors) as caught:
        made(text)
    return [error.problem for error in caught.value.errors]


def test_a_domain_and_an_office_s_networks_need_no_address_of_their_own():
    inventory = made(INVENTORY + MORE)

    assert inventory.target("zona").address == "batu.lab"
    assert inventory.target("zona").dkim == ("s1",)
    assert inventory.target("jaringan").address == "10.1.4.0"
    assert inventory.target("jaringan").ssh is None
    assert inventory.resolvers == ("10.0.0.53",)
    assert inventory.trust_anchors == "anchors.ds"
    assert inventory.zone("dmz").vantage is Vantage.INTERNET
    assert inventory.zone("dmz").rate == 500


@pytest.mark.parametrize(
    ("zone", "seen_from"),
    [("dmz", "internet"), ("kantor", "intranet"), ("default", "zone:default")],
)
def test_a_result_says_from_where_it_was_seen(zone, seen_from):
    text = INVENTORY.replace("address: db1.batu.lab", f"address: db1.batu.lab\n    zone: {zone}")
    inventory = made(text + MORE)

    assert inventory.seen_from(inventory.target("db1")) == seen_from


def test_this_machine_is_seen_over_its_loopback():
    text = INVENTORY.replace("address: db1.batu.lab", "address: localhost\n    local: true")
    inventory = made(text)

    assert inventory.seen_from(inventory.target("db1")) == "loopback"


@pytest.mark.parametrize("kind", ["domain", "server"])
def test_without_anything_to_go_by_the_address_is_missing(kind):
    assert problems(f"{INVENTORY}  - {{id: x, opd: kominfo, kind: {kind}}}\n")


def test_an_office_is_no_machine_and_needs_no_address():
    office = made(f"{INVENTORY}  - {{id: x, opd: kominfo, kind: opd}}\n").target("x")

    assert (office.address, office.ssh) == ("", None)


def test_a_server_with_an_empty_address_is_told():
    text = INVENTORY.replace("address: db1.batu.lab", 'address: ""')

    assert "'' is neither an IP address nor a name" in problems(text)[0]


def test_every_office_can_be_made_a_target():
    inventory = made(INVENTORY).with_offices()

    offices = [target for target in inventory.targets if target.kind == "opd"]
    assert [office.id for office in offices] == [f"opd.{opd.id}" for opd in inventory.opds]
    assert [office.roles for office in offices] == [("lead",), ()]
    assert inventory.with_offices() == inventory


@pytest.mark.parametrize(
    ("network", "problem"),
    [
        ("11.0.0.0/24", "jaringan: 11.0.0.0/24 lies outside the authority's scope"),
        ("8.0.0.0/6", "jaringan: 8.0.0.0/6 lies outside the authority's scope"),
        ("10.1.4.9/24", "'10.1.4.9/24' is an address inside a network"),
        ("0.0.0.0/0", "'0.0.0.0/0' is the whole Internet: no letter covers that"),
        ("kantor", "'kantor' is no network"),
    ],
)
def test_a_network_that_cannot_be_searched_is_told(network, problem):
    text = INVENTORY + MORE.replace("10.1.4.0/24", network)

    assert problem in problems(text)


def test_an_unknown_vantage_is_refused():
    assert problems(INVENTORY + MORE.replace("vantage: intranet", "vantage: bulan"))
