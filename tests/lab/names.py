"""The lab's own zone: a name server with DNSSEC, and everything that a mail domain publishes."""

from collections.abc import Mapping
from pathlib import Path

from tests.lab.files import write
from tests.lab.spec import DOMAIN, Fault, TargetSpec

KNOT = """\
server:
  listen: 0.0.0.0@53
  rundir: /run/knot
  user: knot:knot
database:
  storage: /var/lib/knot/lab
acl:
  - id: anyone
    address: 0.0.0.0/0
    action: transfer
policy:
  - id: lab
    algorithm: ecdsap256sha256
    single-type-signing: on
    cds-cdnskey-publish: none
template:
  - id: default
    storage: /var/lib/knot/lab
    zonefile-sync: -1
    journal-content: none
zone:
  - domain: {domain}
    file: /etc/knot/lab.zone
    dnssec-signing: on
    dnssec-policy: lab
{acl}"""
BOOT = """\
install -d -o knot -g knot -m 750 /var/lib/knot/lab /run/knot
knotd -c /etc/knot/lab.conf >/dev/null 2>&1 &
"""
ANCHOR = ("keymgr", "-c", "/etc/knot/lab.conf", f"{DOMAIN}.", "ds")
"""Prints the zone's DS records, once its keys are made."""


def write_zone(root: Path, spec: TargetSpec, names: Mapping[str, str]) -> None:
    """Write the server's configuration and the zone; `names` are addresses by name."""
    acl = "    acl: anyone\n" if spec.has(Fault.AXFR) else ""
    write(root / "etc/knot/lab.conf", KNOT.format(domain=DOMAIN, acl=acl))
    write(root / "etc/knot/lab.zone", "\n".join(_zone(spec, names)) + "\n")


def _zone(spec: TargetSpec, names: Mapping[str, str]) -> list[str]:
    mail = next((name for name in names if name.startswith("mail.")), "")
    lines = [
        f"$ORIGIN {DOMAIN}.",
        "$TTL 3600",
        f"@ SOA ns1 hostmaster.{DOMAIN}. 2026112401 7200 900 1209600 3600",
        "@ NS ns1",
        "@ NS ns2",
        f"ns1 A {names[f'ns1.{DOMAIN}']}",
        f"ns2 A {names[f'ns1.{DOMAIN}']}",
        '@ CAA 0 issue "letsencrypt.org"',
        *(f"{name}. A {address}" for name, address in names.items() if not name.startswith("ns1")),
    ]
    if mail:
        lines += [
            f"@ MX 10 {mail}.",
            '@ TXT "v=spf1 mx -all"' if not spec.has(Fault.WEAK_MAIL) else '@ TXT "v=spf1 +all"',
        ]
        policy = "none" if spec.has(Fault.WEAK_MAIL) else "reject"
        lines.append(f'_dmarc TXT "v=DMARC1; p={policy}; rua=mailto:dmarc@{DOMAIN}"')
        lines.append(f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{DOMAIN}"')
    return lines
