"""What the DNS says of the domains of a target: zone, servers, signatures, issuers, aliases."""

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table


class DnsArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the domains."""


_DNSSEC = record(
    "DNSSEC",
    "DNSSEC",
    {
        "state": leaf(
            Kind.TEXT,
            "Keadaan DNSSEC (secure, insecure, bogus)",
            "State of DNSSEC (secure, insecure, bogus)",
        ),
        "words": leaf(Kind.TEXT, "Keterangan DNSSEC", "About DNSSEC", may_be_empty=True),
        "signed": leaf(Kind.BOOL, "Zona ditandatangani", "The zone is signed"),
        "algorithms": leaf(
            Kind.TEXTS, "Algoritma kunci DNSSEC", "DNSSEC key algorithms", may_be_empty=True
        ),
        "weak": leaf(
            Kind.TEXTS,
            "Kunci atau algoritma DNSSEC yang lemah",
            "Weak DNSSEC keys or algorithms",
            may_be_empty=True,
        ),
        "days_left": leaf(
            Kind.INT, "Sisa masa tanda tangan DNSSEC (hari)", "Days until DNSSEC signatures end"
        ),
        "iterations": leaf(Kind.INT, "Pengulangan hash NSEC3", "Extra hash iterations of NSEC3"),
    },
)

_SOA = record(
    "SOA",
    "SOA",
    {
        "serial": leaf(Kind.INT, "Nomor seri zona", "Serial number of the zone"),
        "odd": leaf(
            Kind.TEXTS,
            "Nilai SOA yang tidak lazim",
            "Unusual SOA values",
            may_be_empty=True,
        ),
    },
)

_NS = table(
    "Server nama",
    "Name servers",
    "name",
    {
        "name": leaf(Kind.TEXT, "Server nama", "Name server"),
        "addresses": leaf(
            Kind.TEXTS, "Alamat server nama", "Addresses of the name server", may_be_empty=True
        ),
        "resolves": leaf(Kind.BOOL, "Server nama punya alamat", "The name server has an address"),
        "alias": leaf(
            Kind.BOOL, "Server nama berupa alias (CNAME)", "The name server is an alias (CNAME)"
        ),
    },
    may_be_empty=True,
)

_SERVERS = table(
    "Server nama yang ditanya langsung",
    "Name servers asked directly",
    "server",
    {
        "server": leaf(Kind.TEXT, "Server nama dan alamatnya", "Name server and its address"),
        "in_scope": leaf(
            Kind.BOOL,
            "Server nama dalam lingkup surat tugas",
            "The name server lies in the authority's scope",
        ),
        "authoritative": leaf(
            Kind.BOOL,
            "Server nama melayani zona ini",
            "The name server serves the zone",
        ),
        "disagreement": leaf(
            Kind.TEXT,
            "Daftar server nama yang berbeda",
            "A different list of name servers",
            may_be_empty=True,
        ),
        "transfer": leaf(
            Kind.BOOL,
            "Server nama memberikan seluruh isi zona (AXFR)",
            "The name server gives the whole zone away (AXFR)",
        ),
    },
    may_be_empty=True,
)

_DELEGATION = record(
    "Delegasi dari zona induk",
    "Delegation by the parent zone",
    {
        "asked": leaf(
            Kind.BOOL,
            "Server zona induk ditanya (hanya dalam lingkup surat tugas)",
            "A server of the parent zone was asked (only in the authority's scope)",
        ),
        "agrees": leaf(
            Kind.BOOL,
            "Delegasi zona induk sama dengan isi zona",
            "The parent's delegation agrees with the zone",
        ),
        "names": leaf(
            Kind.TEXTS,
            "Server nama menurut zona induk",
            "Name servers according to the parent zone",
            may_be_empty=True,
        ),
    },
)

_CAA = record(
    "CAA",
    "CAA",
    {
        "present": leaf(
            Kind.BOOL,
            "Penerbit sertifikat dibatasi (CAA)",
            "Certificate issuers are limited (CAA)",
        ),
        "found_at": leaf(Kind.TEXT, "Catatan CAA ada di", "CAA records stand at"),
        "issuers": leaf(
            Kind.TEXTS,
            "Penerbit sertifikat yang diizinkan",
            "Allowed certificate issuers",
            may_be_empty=True,
        ),
        "wild_issuers": leaf(
            Kind.TEXTS,
            "Penerbit sertifikat wildcard yang diizinkan",
            "Allowed issuers of wildcard certificates",
            may_be_empty=True,
        ),
        "report": leaf(
            Kind.BOOL, "Ada alamat lapor CAA (iodef)", "CAA has an address for reports (iodef)"
        ),
        "unknown": leaf(
            Kind.TEXTS,
            "Tag CAA wajib yang tidak dikenal",
            "Critical CAA tags that are not known",
            may_be_empty=True,
        ),
    },
)

_ALIASES = table(
    "Nama situs",
    "Names of sites",
    "site",
    {
        "site": leaf(Kind.TEXT, "Nama situs", "Name of a site"),
        "target": leaf(Kind.TEXT, "Tujuan alias", "Target of the alias", may_be_empty=True),
        "exists": leaf(
            Kind.BOOL,
            "Nama situs mengarah ke nama yang ada",
            "The site leads to a name that exists",
        ),
        "dangling": leaf(
            Kind.BOOL, "Alias mengarah ke nama yang tidak ada", "The alias leads to no name"
        ),
        "service": leaf(
            Kind.TEXT,
            "Layanan tempat siapa pun dapat mengambil nama itu",
            "Service where anyone can take that name",
            may_be_empty=True,
        ),
    },
    may_be_empty=True,
)

_DOMAINS = table(
    "Domain",
    "Domains",
    "domain",
    {
        "domain": leaf(Kind.TEXT, "Domain", "Domain"),
        "exists": leaf(Kind.BOOL, "Domain ada di DNS", "The domain exists in the DNS"),
        "suffix": leaf(Kind.TEXT, "Akhiran domain", "Public suffix", may_be_empty=True),
        "zone": leaf(Kind.TEXT, "Zona yang memuat domain", "Zone that holds the domain"),
        "apex": leaf(Kind.BOOL, "Domain berupa zona sendiri", "The domain is a zone of its own"),
        "soa": _SOA,
        "dnssec": _DNSSEC,
        "ns_count": leaf(Kind.INT, "Jumlah server nama", "Number of name servers"),
        "ns": _NS,
        "networks": leaf(
            Kind.TEXTS,
            "Jaringan server nama",
            "Networks of the name servers",
            may_be_empty=True,
        ),
        "network_count": leaf(
            Kind.INT,
            "Jumlah jaringan server nama (/24 atau /48; nomor AS tidak diketahui)",
            "Number of networks of name servers (/24 or /48; AS numbers are not known)",
        ),
        "ns_ipv6": leaf(
            Kind.BOOL, "Server nama terjangkau lewat IPv6", "Name servers are reachable by IPv6"
        ),
        "servers": _SERVERS,
        "delegation": _DELEGATION,
        "caa": _CAA,
        "wildcard": record(
            "Wildcard",
            "Wildcard",
            {
                "answers": leaf(
                    Kind.BOOL,
                    "Nama yang tidak ada pun dijawab (wildcard)",
                    "Names that nobody made are answered (wildcard)",
                )
            },
        ),
        "aliases": _ALIASES,
        "ipv6": record(
            "IPv6",
            "IPv6",
            {
                "reachable": leaf(
                    Kind.BOOL,
                    "Domain atau www-nya punya alamat IPv6",
                    "The domain or its www has an IPv6 address",
                )
            },
        ),
        "questions": leaf(
            Kind.INT, "Pertanyaan DNS untuk domain ini", "DNS questions about this domain"
        ),
    },
    may_be_empty=True,
)

PROBE = ProbeType(
    name="dns",
    via=Via.DNS,
    args=DnsArgs,
    gives=record(
        "Zona DNS",
        "DNS zones",
        {
            "exists": leaf(Kind.BOOL, "Inventaris mencatat domain", "The inventory names domains"),
            "domains": _DOMAINS,
        },
    ),
    doc=Text(
        id="Isi DNS setiap domain target: keberadaan, DNSSEC yang diperiksa sendiri dari kunci "
        "akar, server nama, CAA, wildcard, alias yang menggantung; server nama dalam lingkup surat "
        "tugas juga ditanya langsung (SOA, NS, AXFR).",
        en="What the DNS says of each domain of a target: existence, DNSSEC verified here from the "
        "root's keys, name servers, CAA, wildcards, dangling aliases; name servers in the "
        "authority's scope are asked directly as well (SOA, NS, AXFR).",
    ),
)
