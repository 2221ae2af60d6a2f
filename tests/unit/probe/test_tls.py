"""Which endpoints a target has."""

import pytest

from auditor.model.fact import Kind
from auditor.model.inventory import Target
from auditor.probe.tls import KNOWN, PROBE, Endpoint, StartTls, at_port, bare, endpoints


def target(**fields) -> Target:
    return Target(id="t", opd="o", address="10.0.0.1", **fields)


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({}, []),
        ({"ports": ("22/tcp", "80/tcp", "443/udp")}, []),
        ({"sites": ("a.test", "b.test", "a.test")}, ["a.test:443", "b.test:443"]),
        ({"sites": ("a.test",), "ports": ("443/tcp", "993/tcp")}, ["a.test:443", "a.test:993"]),
        (
            {"ports": ("443/tcp", "8443/tcp", "636/tcp")},
            ["10.0.0.1:443", "10.0.0.1:8443", "10.0.0.1:636"],
        ),
    ],
)
def test_endpoints(fields, keys):
    assert [point.key for point in endpoints(target(**fields))] == keys


@pytest.mark.parametrize(
    ("name", "key", "sni"),
    [
        ("web.kota.test", "web.kota.test:443", "web.kota.test"),
        ("web.kota.test.", "web.kota.test.:443", "web.kota.test"),
        ("10.0.0.1", "10.0.0.1:443", ""),
        ("2001:db8::1", "[2001:db8::1]:443", ""),
    ],
)
def test_an_address_is_not_sent_as_a_name(name, key, sni):
    point = Endpoint(name=name, port=443)

    assert (point.key, point.sni) == (key, sni)


def test_every_fact_is_labelled_in_both_languages():
    table = PROBE.gives.at("endpoints")

    assert table.kind is Kind.TABLE
    for field in (*table.fields.values(), *table.fields["cert"].fields.values()):
        assert field.label.id != field.label.en or field.label.en == "Diffie-Hellman"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, None),
        ({"sites": ("10.0.0.1",)}, None),
        ({"sites": ("a.test",)}, "10.0.0.1:443"),
        ({"sites": ("a.test",), "address": "a.test"}, "a.test:443/bare"),
        ({"sites": ("a.test",), "address": "2001:db8::1"}, "[2001:db8::1]:443"),
    ],
)
def test_the_address_is_asked_without_a_name_where_its_sites_have_names(fields, key):
    point = bare(Target(**{"id": "t", "opd": "o", "address": "10.0.0.1", **fields}))

    assert (point and point.key) == key
    assert point is None or (point.sni, point.expected, point.named) == ("", False, ())


def test_each_known_port_speaks_its_own_protocol():
    (mail,) = endpoints(target(ports=("25/tcp",)))
    web = at_port(target(sites=("a.test",)), 8443, None, expected=False)

    assert (mail.starttls, mail.told["protocol"], mail.expected) == (StartTls.SMTP, "smtp", True)
    assert (web.name, web.told["protocol"], web.expected) == ("a.test", "tls", False)
    assert (mail.named, web.named) == ((), ("a.test",))
    assert {kind for kind in KNOWN.values() if kind} == set(StartTls)


def test_a_mail_port_may_show_any_name_of_its_target():
    (point,) = endpoints(
        Target(id="t", opd="o", address="mail.test", sites=("a.test", "b.test"), ports=("993/tcp",))
    )[2:]

    assert point.named == ("a.test", "b.test", "mail.test")
