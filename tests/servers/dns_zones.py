"""The zones that the tests of DNS and mail look at: one good, the others each with faults."""

from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.servers.certificates import rsa_key
from tests.servers.dns_servers import ONE, OUTSIDE, TWO, Key, Knot, signed_zone

SERVERS = f"@ NS ns1\n@ NS ns2\nns1 A {ONE}\nns2 A {TWO}\nns1 AAAA fd00::53\n"


def dkim_text(bits: int) -> str:
    """Return a DKIM record with an RSA key."""
    import base64

    der = rsa_key(bits).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"


def ed25519_text() -> str:
    """Return a DKIM record with an Ed25519 key."""
    import base64

    public = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"


def quoted(text: str) -> str:
    """Write a long text as strings of a TXT record."""
    return " ".join(f'"{text[n : n + 200]}"' for n in range(0, len(text), 200))


def good(mail: str = ONE) -> str:
    """Return the lines of a zone that has everything as it should be."""
    return SERVERS + "\n".join(
        [
            '@ CAA 0 issue "letsencrypt.org"',
            '@ CAA 0 issuewild ";"',
            '@ CAA 0 iodef "mailto:budi@baik.go.id"',
            "@ A 127.53.0.80",
            "www CNAME @",
            "@ AAAA fd00::80",
            "portal A 127.53.0.81",
            "@ MX 10 mx",
            f"mx A {mail}",
            f"mta-sts A {mail}",
            '@ TXT "v=spf1 mx ip4:127.53.0.0/24 include:_spf.baik.go.id -all"',
            '_spf TXT "v=spf1 ip4:127.53.1.0/24 -all"',
            '_dmarc TXT "v=DMARC1; p=reject; sp=reject; rua=mailto:budi@baik.go.id"',
            f"s1._domainkey TXT {quoted(dkim_text(2048))}",
            f"kunci._domainkey TXT {quoted(ed25519_text())}",
            '_mta-sts TXT "v=STSv1; id=20261124"',
            '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@baik.go.id"',
            "_25._tcp.mx TLSA 3 1 1 " + "ab" * 32,
        ]
    )


BAD = "\n".join(
    [
        "@ NS ns1",
        f"ns1 A {ONE}",
        "* A 127.53.0.99",
        '* TXT "v=DMARC1; p=reject"',
        "www CNAME hilang.github.io.",
        "toko CNAME toko.buruk.go.id.",
        "@ MX 10 mx",
        "@ MX 20 hilang.go.id.",
        f"mx A {ONE}",
        '@ TXT "v=spf1 ptr include:hilang.go.id ip4:10.0.0.0/8 +all"',
        '_dmarc TXT "v=DMARC1; p=none; pct=50; rua=mailto:a@laporan.go.id,mailto:b@baik.go.id"',
        f"s1._domainkey TXT {quoted(dkim_text(1024))}",
        'lama._domainkey TXT "v=DKIM1; p="',
        '_mta-sts TXT "v=STSv1"',
        '_smtp._tls TXT "v=TLSRPTv1; rua=siapa"',
    ]
)
LOOPS = SERVERS + "\n".join(
    [
        '@ TXT "v=spf1 include:jebakan.go.id redirect=a.jebakan.go.id"',
        'a TXT "v=spf1 redirect=jebakan.go.id"',
        "putar CNAME putar2",
        "putar2 CNAME putar",
        *(f"c{n} CNAME c{n + 1}" for n in range(12)),
        "c12 A 127.53.0.9",
        "besar TXT " + " ".join('"' + "x" * 60 + '"' for _ in range(900)),
    ]
)
OUT = "\n".join(
    [
        "@ NS ns1",
        f"ns1 A {OUTSIDE}",
        "@ MX 10 mx",
        f"mx A {OUTSIDE}",
        f"mta-sts A {OUTSIDE}",
        '_mta-sts TXT "v=STSv1; id=1"',
        '@ TXT "v=spf1 -all"',
    ]
)
NO_MAIL = SERVERS + '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'


def city(folder: Path) -> tuple[Knot, str]:
    """Return a configured Knot with all zones, and the trust anchor of its root."""
    knot = Knot(folder)
    knot.add(".", f"@ NS ns1.go.id.\nns1.go.id. A {ONE}\nid. NS ns1.go.id.\n", policy="plain")
    knot.add("id.", f"@ NS ns1.go.id.\ngo NS ns1.go.id.\nns1.go.id. A {ONE}\n", policy="plain")
    knot.add("go.id.", SERVERS, policy="plain")
    own = {name: Key() for name in ("kedaluwarsa.go.id.", "salahds.go.id.", "belum.go.id.")}
    own["lemah.go.id."] = Key(5, 1024)
    for name, lines, policy in (
        ("baik.go.id.", good(), "plain"),
        ("nsec3.go.id.", SERVERS, "hashed"),
        ("tanpasurel.go.id.", NO_MAIL, "plain"),
    ):
        knot.add(name, lines, policy=policy)
    knot.add("buruk.go.id.", BAD, open_=True)
    knot.add("jebakan.go.id.", LOOPS)
    knot.add("luar.go.id.", OUT)
    knot.add("tanpakunci.go.id.", SERVERS)
    begins = {"kedaluwarsa.go.id.": timedelta(days=-40), "belum.go.id.": timedelta(days=5)}
    for name, key in own.items():
        text = f"{name} 3600 SOA ns1.go.id. h.go.id. 1 7200 900 1209600 3600\n" + "".join(
            f"{name} 3600 NS ns{n}.go.id.\n" for n in (1, 2)
        )
        start = begins.get(name, timedelta(days=-1))
        knot.add_ready(name, signed_zone(name, text, key, begins=start))
    knot.configure()
    for name in (*own, "baik.go.id.", "nsec3.go.id.", "tanpasurel.go.id."):
        knot.write("go.id.", f"{name} NS ns1\n{name} NS ns2")
    for name in ("buruk", "jebakan", "luar", "tanpakunci"):
        knot.write("go.id.", f"{name} NS ns1.{name}\nns1.{name} A {ONE}")
    for name in ("baik.go.id.", "nsec3.go.id.", "tanpasurel.go.id."):
        knot.write("go.id.", f"{name} DS {knot.ds(name)}")
    for name, key in own.items():
        shown = Key() if name == "salahds.go.id." else key
        knot.write("go.id.", f"{name} DS {shown.ds(name)}")
    knot.write("go.id.", f"tanpakunci DS {Key().ds('tanpakunci.go.id.')}")
    knot.write("id.", f"go DS {knot.ds('go.id.')}")
    knot.write(".", f"id. DS {knot.ds('id.')}")
    return knot, f". DS {knot.ds('.')}\n"
