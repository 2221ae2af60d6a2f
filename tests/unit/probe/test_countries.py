"""Tables of countries: what they say, and what is refused."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.countries import INTERN, read_countries

TABLE = """\
# gabungan
2|apnic|20261101|3|19830613|20261031|+1000
apnic|*|asn|*|1|summary
apnic|*|ipv4|*|2|summary
apnic|AU|asn|4608|1|20000101|allocated
apnic|ID|ipv4|103.0.0.0|1024|20110405|allocated
apnic|ID|ipv4|103.0.4.0|768|20110405|assigned|a9
apnic|SG|ipv4|103.0.7.0|256|20110405|allocated
apnic||ipv4|103.0.8.0|256||available
apnic||ipv6|2001:aaaa::|32||reserved
apnic|ID|ipv6|2001:df0::|32|20080101|allocated
8.8.8.0,8.8.8.255,US

"2600::","2600:ffff:ffff:ffff:ffff:ffff:ffff:ffff",us
"""

REFUSED = {
    "": "no range",
    "# x": "no range",
    "a,b": "line 1: neither",
    "a,b,ID": "line 1: 'a' does not",
    "1.1.1.2,1.1.1.1,ID": "line 1: the last",
    "1.1.1.1,2001::,ID": "line 1: the last",
    "1.1.1.1,1.1.1.1,IDN": "line 1: the country",
    "1.1.1.1,1.1.1.1,1D": "line 1: the country",
    "1.1.1.1,1.1.1.1,\u0130D": "line 1: the country",
    "apnic|ID|ipv4": "line 1: a record",
    "apnic|ID|ipv4|1.1.1.1|1|x": "line 1: a record",
    "apnic|ID|ipv9|1.1.1.1|1|x|allocated": "line 1: neither",
    "apnic|ID|ipv4|1.1.1.1|-1|x|allocated": "line 1: neither",
    "apnic|ID|ipv4|1.1.1.1|\u0663|x|allocated": "line 1: neither",
    "apnic|ID|ipv4|2001::|1|x|allocated": "line 1: the address",
    f"apnic|ID|ipv4|1.1.1.1|{'9' * 99}|x|allocated": "line 1: the address",
    "apnic|ID|ipv4|1.1.1.1|0|x|allocated": "line 1: a range",
    "apnic|ID|ipv4|255.255.255.0|512|x|allocated": "line 1: a range",
    "apnic|ID|ipv6|2001::|129|x|allocated": "line 1: a range",
    "apnic|ID|ipv4|x|1|x|allocated": "line 1: 'x' does not",
    "x" * 500: "line 1: too long",
    "1.1.1.0,1.1.1.9,ID\n1.1.1.5,1.1.1.20,SG": "line 2: overlaps line 1",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_line(text):
    with pytest.raises(ValueError, match=REFUSED[text]):
        read_countries(text.splitlines())


def test_too_many_lines_are_refused():
    with pytest.raises(ValueError, match="more than"):
        read_countries(itertools.repeat(""))


@given(st.text(max_size=200))
def test_no_text_does_anything_but_be_refused_or_read(text):
    try:
        table = read_countries(text.splitlines())
    except ValueError:
        return
    assert len(table) > 0


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("103.0.0.0", "ID"),
        ("103.0.6.255", "ID"),
        ("103.0.7.0", "SG"),
        ("103.0.7.255", "SG"),
        ("103.0.8.0", ""),
        ("102.255.255.255", ""),
        ("1.1.1.1", ""),
        ("2001:df0:ffff::1", "ID"),
        ("2001:df1::", ""),
        ("8.8.8.8", "US"),
        ("2600:1::", "US"),
        ("::ffff:8.8.8.8", "US"),
        ("10.0.0.1", INTERN),
        ("127.0.0.1", INTERN),
        ("::1", INTERN),
        ("fd00::1", INTERN),
        ("100.64.0.1", INTERN),
        ("169.254.1.1", INTERN),
    ],
)
def test_the_country_of_an_address(address, country):
    assert read_countries(TABLE.splitlines()).of(address) == country


def test_ranges_of_one_country_that_touch_or_overlap_are_one():
    lines = [
        "1.1.1.0,1.1.1.9,ID",
        "1.1.1.5,1.1.1.7,id",
        "1.1.1.10,1.1.1.20,ID",
        "1.1.2.0,1.1.2.1,ID",
    ]
    table = read_countries(lines)
    assert len(table) == 2
    assert table.of("1.1.1.20") == "ID"


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match="does not appear"):
        read_countries(["1.1.1.0,1.1.1.9,ID"]).of("x")


def test_a_large_table_is_read_in_bounded_time():
    begun = time.process_time()
    several = [
        f"a|{'ID' if n % 2 else 'SG'}|ipv4|{1 + n // 65536}.{n // 256 % 256}.{n % 256}.0|256|x|y"
        for n in range(200_000)
    ]
    table = read_countries(several)
    assert len(table) == 200_000
    assert table.of("1.0.1.9") == "ID"
    assert time.process_time() - begun < 20
