"""From where DNSSEC is trusted: the root's keys, or those of a laboratory."""

from collections.abc import Mapping
from typing import TypeAlias

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.name import Name
from dns.rdtypes.ANY.DS import DS

from auditor.probe.dns_answer import named

Anchors: TypeAlias = Mapping[Name, tuple[DS, ...]]
"""Zone → DS records."""

ROOT = """\
. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
. IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
"""
"""The root's key signing keys KSK-2017 and KSK-2024.

Source: IANA, https://data.iana.org/root-anchors/root-anchors.xml.
"""
_LEAST = 6
"""Words of a line: zone, DS, and the four of the record."""


def read_anchors(text: str) -> Anchors:
    """Read DS records as zone files and `keymgr … ds` write them; raises ValueError."""
    found: dict[Name, tuple[DS, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition(";")[0].split()
        if not words:
            continue
        if "DS" not in words or len(words) < _LEAST:
            raise ValueError(f"line {number} is no DS record")
        rest = " ".join(words[words.index("DS") + 1 :])
        try:
            record = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.DS, rest)
        except (dns.exception.DNSException, ValueError) as error:
            raise ValueError(f"line {number}: {error}") from error
        zone = named(words[0])
        found[zone] = (*found.get(zone, ()), record)  # type: ignore[arg-type]
    if not found:
        raise ValueError("holds no DS record")
    return found
