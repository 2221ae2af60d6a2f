"""nmap's XML: whole, cut, hostile."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect.nmap_xml import LISTED, BrokenXml, HostReader

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="nmap" args="" start="1">'
PORT = (
    '<port protocol="{protocol}" portid="{number}"><state state="{state}"/>'
    '<service name="{name}" product="{product}" conf="{conf}"{more}/></port>'
)


def port(number, state="open", **more):
    usual = {"protocol": "tcp", "name": "ssh", "product": "", "conf": "10", "more": ""}
    return PORT.format(number=number, state=state, **{**usual, **more})


def host(*ports, ip="10.0.0.1", kind="ipv4", extra='<extraports state="closed" count="9"/>'):
    return (
        f'<host><status state="up" reason="syn-ack"/><address addr="{ip}" addrtype="{kind}"/>'
        f"<ports>{extra}{''.join(ports)}</ports></host>"
    )


def read(text, size=100):
    reader = HostReader()
    data = text.encode() if isinstance(text, str) else text
    found = [h for at in range(0, len(data), size) for h in reader.feed(data[at : at + size])]
    reader.close()
    return found


@pytest.mark.parametrize("size", [1, 7, 100, 10**6])
def test_many_hosts_are_read_in_pieces_of_any_size(size):
    text = HEAD + "".join(host(port(22), ip=f"10.0.0.{n}") for n in range(20)) + "</nmaprun>"

    found = read(text, size)

    assert [h.address for h in found] == [f"10.0.0.{n}" for n in range(20)]
    assert found[0].counts == {"closed": 9}
    assert found[0].opened == 1


def test_what_was_finished_before_a_cut_counts():
    text = HEAD + host(port(22)) + host(port(22), ip="10.0.0.2")

    assert [h.address for h in read(text[:-20])] == ["10.0.0.1"]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE nmaprun [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><nmaprun>',
        "<!DOCTYPE nmaprun [\n<!ELEMENT host ANY>]><nmaprun>",
        '<!DOCTYPE nmaprun SYSTEM "x" [ ]><nmaprun>',
        '<!ENTITY a "b"><nmaprun>',
    ],
)
@pytest.mark.parametrize("size", [1, 100])
def test_a_document_that_declares_anything_is_refused(head, size):
    with pytest.raises(BrokenXml, match="entities"):
        read(head + host(port(22)) + "</nmaprun>", size)


def test_an_entity_inside_a_host_is_unknown_there():
    with pytest.raises(BrokenXml, match="cannot be read"):
        read(HEAD + host(port(22, name="&a;")))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("garbage", "does not begin"),
        ("g" * 70_000, "no beginning"),
        (HEAD + "</host>", "did not begin"),
        (HEAD + host(port(70_000)), "no port"),
        (HEAD + host(port("x")), "cannot be read"),
        (HEAD + host(port(22, conf="high")), "cannot be read"),
        (HEAD + host(port(22), ip="not-an-address"), "cannot be read"),
        (HEAD + "<host><status/></host>", "cannot be read"),
        (HEAD.encode() + b"<host>\xff\xfe</host>", "cannot be read"),
        (HEAD + "<host><a></host>", "cannot be read"),
    ],
)
def test_what_nmap_does_not_write_is_refused(text, words):
    with pytest.raises(BrokenXml, match=words):
        read(text)


def test_nothing_at_all_is_no_damage():
    assert read("") == []


def test_a_host_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("auditor.collect.nmap_xml.HOST_LIMIT", 1000)

    with pytest.raises(BrokenXml, match="more XML"):
        read(HEAD + "<host>" + "<x/>" * 1000)


def test_a_tarpit_is_counted_and_not_kept():
    text = HEAD + host(*(port(number) for number in range(1, 65_536))) + "</nmaprun>"

    (found,) = read(text, 65_536)

    assert found.opened == 65_535
    assert len(found.ports) == LISTED


def test_states_of_ports_that_are_not_listed_one_by_one():
    extra = (
        '<extraports state="closed" count="3"><extrareasons reason="reset" count="3" proto="tcp"'
        ' ports="1-2,5"/></extraports><extraports state="open|filtered" count="1">'
        '<extrareasons reason="no-response" count="1" proto="udp" ports="5"/></extraports>'
    )
    (found,) = read(HEAD + host(port(22), port(25, "filtered"), extra=extra))

    states = [found.state_of(n) for n in ("22/tcp", "25/tcp", "2/tcp", "5/tcp", "5/udp", "9/tcp")]
    assert states == ["open", "filtered", "closed", "closed", "open|filtered", ""]
    assert found.counts == {"closed": 3, "open|filtered": 1}


def test_hostile_texts_are_inert_and_bounded():
    name = "&#9;evil&#10;&lt;/host&gt;&lt;script&gt;&#x202e;"
    (found,) = read(HEAD + host(port(22, name=name, product="x" * 9000)))

    assert found.ports[0].service == "evil </host><script>\ufffd"
    assert len(found.ports[0].product) == 200


def test_what_python_nmap_leaves_out_is_read_beside_it():
    text = host(
        port(443, more=' tunnel="ssl"', name="http"), port(8443, name="https"), port(80),
        port(9, more=' tunnel="ssl"', protocol="udp"),
    ).replace("<host>", '<host timedout="true">')  # fmt: skip
    (found,) = read(HEAD + text)

    assert [(p.port, p.tls) for p in found.ports] == [
        ("443/tcp", True), ("8443/tcp", True), ("80/tcp", False), ("9/udp", True),
    ]  # fmt: skip
    assert found.timed_out is True
    assert found.reason == "syn-ack"


@pytest.mark.parametrize(
    ("name", "conf", "known"),
    [("ssh", "10", True), ("ssh", "3", False), ("tcpwrapped", "8", False), ("unknown", "", False)],
)
def test_a_service_is_identified_where_nmap_talked_to_it(name, conf, known):
    (found,) = read(HEAD + host(port(22, name=name, conf=conf)))

    assert found.ports[0].identified is known


def test_addresses_are_in_their_shortest_form():
    (found,) = read(HEAD + host(port(22), ip="2001:DB8:0:0::1", kind="ipv6"))

    assert found.address == "2001:db8::1"


@given(st.binary(max_size=400), st.integers(1, 50))
def test_no_bytes_do_more_than_be_refused(data, size):
    for text in (data, HEAD.encode() + data, HEAD.encode() + b"<host>" + data + b"</host>"):
        with suppress(BrokenXml):
            read(text, size)
