from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import ConfigErrors
from auditor.load.authority import is_address
from auditor.load.inventory import check_authority, parse_inventory
from auditor.model.inventory import Target
from auditor.model.scope import Cover, Scope, is_loopback
from tests.unit.load.written import INVENTORY, document

MADE = parse_inventory(document(INVENTORY)).value
OUTSIDE = Target(
    id="far", opd="dinkes", address="192.0.2.1", sites=("a.batu.lab", "b.lab"), domains=("c.lab",)
)


@pytest.mark.parametrize(
    ("today", "problem"),
    [(date(2026, 1, 1), "only from 2026-01-02 on"), (date(2027, 1, 1), "ended on 2026-12-31")],
)
def test_outside_its_dates_the_letter_allows_nothing(today, problem):
    with pytest.raises(ConfigErrors, match=problem):
        check_authority(MADE, MADE.targets, today, "inventory.yaml")


@pytest.mark.parametrize("today", [date(2026, 1, 2), date(2026, 12, 31)])
def test_on_its_first_and_last_day_the_letter_holds(today):
    check_authority(MADE, MADE.targets, today, "inventory.yaml")


def test_everything_outside_the_scope_is_told():
    with pytest.raises(ConfigErrors) as caught:
        check_authority(MADE, [OUTSIDE], date(2026, 5, 5), "inventory.yaml")

    named = [error.problem.split()[1] for error in caught.value.errors]
    assert named == ["192.0.2.1", "b.lab", "c.lab"]


COVER = Cover(Scope(networks=("10.0.0.0/8", "2001:db8::/32", "junk"), domains=("Batu.Lab.", "")))


@pytest.mark.parametrize(
    ("address", "covered"),
    [
        ("10.255.0.1", True),
        ("11.0.0.1", False),
        ("2001:db8::5", True),
        ("2001:db9::5", False),
        ("::ffff:10.0.0.1", False),
        ("batu.lab", True),
        ("WWW.batu.LAB", True),
        ("a.b.batu.lab.", True),
        ("notbatu.lab", False),
        ("batu.lab.evil.id", False),
        ("lab", False),
        ("", False),
        (".", False),
    ],
)
def test_a_scope_covers_its_networks_and_subdomains_only(address, covered):
    assert COVER.covers(address) is covered


@given(st.text(max_size=20))
def test_a_name_is_covered_only_where_it_ends_like_the_domain(name):
    assert not COVER.covers(name) or name.lower().rstrip(".").endswith("batu.lab")


@given(
    st.ip_addresses().map(str) | st.from_regex(r"[a-z0-9]{1,5}(\.[a-z]{1,5}){1,3}", fullmatch=True)
)
def test_it_covers_what_the_model_s_scope_covers(address):
    scope = Scope(networks=("10.0.0.0/8", "2001:db8::/32"), domains=("batu.lab", "a.b"))

    assert Cover(scope).covers(address) is scope.covers(address)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("10.0.0.1", True),
        ("::1", True),
        ("web-1", True),
        ("web_1.batu.lab.", True),
        ("10.0.0.300", False),
        ("10.0.0", False),
        ("web:80", False),
        ("web..lab", False),
        ("-x", False),
        ("", False),
        ("a b", False),
        ("a\n", False),
    ],
)
def test_an_address_is_an_ip_or_a_name(text, is_one):
    assert is_address(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_own"),
    [("127.0.0.9", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("x", False)],
)
def test_loopback_is_this_machine(text, is_own):
    assert is_loopback(text) is is_own


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("10.1.0.0/16", True),
        ("10.0.0.0/8", True),
        ("8.0.0.0/6", False),
        ("0.0.0.0/0", False),
        ("2001:db8:1::/48", True),
        ("2001::/16", False),
        ("10.1.2.3", True),
        ("junk", False),
    ],
)
def test_a_network_is_held_as_a_whole_or_not_at_all(text, held):
    assert COVER.holds(text) is held
