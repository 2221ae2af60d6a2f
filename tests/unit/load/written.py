"""Files as operators write them, small and good; tests break one thing in them at a time."""

from auditor.load.yaml import Document, parse_yaml

INVENTORY = """\
city: {name: Kota Batu}
authority:
  letter: 094/7/2026
  date: 2026-01-02
  valid_until: 2026-12-31
  scope:
    networks: [10.0.0.0/8, "2001:db8::/32"]
    domains: [batu.lab]
opds:
  - {id: dinkes, name: Dinas Kesehatan, aliases: [Dinkes]}
  - {id: kominfo, name: Dinas Kominfo}
targets:
  - id: web1
    opd: dinkes
    address: 10.0.0.1
    sites: [web1.batu.lab]
    ports: [22/tcp, 443/tcp]
  - id: db1
    opd: kominfo
    address: db1.batu.lab
"""

CHECK = """\
- id: world.number
  title: {id: Angka wajar, en: The number is fair}
  why: {id: Karena, en: Because}
  fix: {id: Perbaiki, en: Mend it}
  severity: high
  params: {most: {type: int, default: 4}}
  probe: {w: {world: {}}}
  expect: [{w.number: {max: $most}}]
  refs: ["BSSN-4-2021:27.1.a"]
  tests:
    - {name: few, given: {w: {number: 3}}, verdict: pass}
    - {name: many, given: {w: {number: 5}}, verdict: fail}
"""

POLICY = """\
id: small
title: {id: Kecil, en: Small}
frameworks: []
checks:
  - use: world.*
  - {use: world.number, params: {most: 3}, for: {kind: [server]}}
"""

FRAMEWORK = """\
id: law
short: Hukum
title: {id: Hukum, en: Law}
controls:
  - id: BSSN-4-2021:27.1.a
    article: Pasal 27 ayat (1) huruf a
    text: {id: Menggunakan manajemen kata sandi, en: Use password management}
    mark: official
    source: K1
    assurance: automated
    checks: [world.*]
  - id: OLD-1-2000:1
    article: Pasal 1
    text: {id: Lama, en: Old}
    mark: official
    source: S
    assurance: automated
    status: revoked
  - id: LIT-SKILLS
    article: pilar
    text: {id: Kecakapan, en: Skill}
    mark: secondary
    source: S
    assurance: mixed
"""


def broken(text: str, part: str, by: str) -> str:
    """Return the text with one part replaced; the part must be in it once."""
    assert text.count(part) == 1, f"{part!r} stands {text.count(part)} times"
    return text.replace(part, by)


def document(text: str) -> Document:
    return parse_yaml(text, "f")
