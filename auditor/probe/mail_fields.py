"""The types of the facts about a domain's mail."""

from auditor.model.fact import Kind
from auditor.probe.fields import leaf, record, table

_COUNT_AND_TEXT = {
    "record": leaf(Kind.TEXT, "Isi catatan", "Record", may_be_empty=True),
    "errors": leaf(
        Kind.TEXTS, "Kesalahan dalam catatan", "Mistakes in the record", may_be_empty=True
    ),
}

MX = table(
    "Server surel (MX)",
    "Mail servers (MX)",
    "host",
    {
        "host": leaf(Kind.TEXT, "Server surel", "Mail server"),
        "addresses": leaf(
            Kind.TEXTS, "Alamat server surel", "Addresses of the mail server", may_be_empty=True
        ),
        "resolves": leaf(Kind.BOOL, "Server surel punya alamat", "The mail server has an address"),
        "alias": leaf(
            Kind.BOOL, "Server surel berupa alias (CNAME)", "The mail server is an alias (CNAME)"
        ),
        "dane": leaf(
            Kind.BOOL, "Sertifikat dicatat di DNS (DANE)", "Its certificate is pinned (DANE)"
        ),
    },
    may_be_empty=True,
)

DOORS = table(
    "Enkripsi server surel",
    "Encryption of mail servers",
    "host",
    {
        "host": leaf(Kind.TEXT, "Server surel", "Mail server"),
        "in_scope": leaf(
            Kind.BOOL,
            "Server surel dalam lingkup surat tugas",
            "The mail server lies in the authority's scope",
        ),
        "encrypts": leaf(
            Kind.BOOL, "Server surel menawarkan STARTTLS", "The mail server offers STARTTLS"
        ),
        "lowest": leaf(Kind.VERSION, "Versi TLS terendah", "Lowest TLS version", may_be_empty=True),
        "cert": record(
            "Sertifikat server surel",
            "Certificate of the mail server",
            {
                "trusted": leaf(Kind.BOOL, "Sertifikat tepercaya", "Certificate is trusted"),
                "trust_message": leaf(
                    Kind.TEXT, "Keterangan kepercayaan", "About the certificate's trust"
                ),
                "name_matches": leaf(
                    Kind.BOOL,
                    "Sertifikat memuat nama server surel",
                    "Certificate names the mail server",
                ),
                "valid_now": leaf(
                    Kind.BOOL,
                    "Sertifikat dalam masa berlaku",
                    "Certificate is within its validity period",
                ),
                "days_left": leaf(
                    Kind.INT,
                    "Sisa masa berlaku sertifikat (hari)",
                    "Days until the certificate expires",
                ),
            },
        ),
    },
    may_be_empty=True,
)

SPF = record(
    "SPF",
    "SPF",
    {
        "count": leaf(Kind.INT, "Jumlah catatan SPF", "Number of SPF records"),
        **_COUNT_AND_TEXT,
        "end": leaf(
            Kind.TEXT,
            "Putusan SPF bagi pengirim lain",
            "SPF's word on other senders",
            may_be_empty=True,
        ),
        "refuses": leaf(Kind.BOOL, "SPF menolak semua pengirim", "SPF refuses all senders"),
        "lookups": leaf(Kind.INT, "Pencarian DNS oleh SPF", "DNS look-ups of SPF"),
        "void_lookups": leaf(
            Kind.INT, "Pencarian DNS oleh SPF tanpa hasil", "DNS look-ups of SPF without a result"
        ),
        "pointers": leaf(Kind.BOOL, "SPF memakai ptr", "SPF uses ptr"),
        "wide": leaf(
            Kind.TEXTS,
            "Jaringan terlalu luas dalam SPF",
            "Networks in SPF that are too large",
            may_be_empty=True,
        ),
    },
)

DMARC = record(
    "DMARC",
    "DMARC",
    {
        "count": leaf(Kind.INT, "Jumlah catatan DMARC", "Number of DMARC records"),
        **_COUNT_AND_TEXT,
        "inherited": leaf(
            Kind.BOOL, "DMARC dari domain di atasnya", "DMARC comes from the domain above"
        ),
        "policy": leaf(Kind.TEXT, "Kebijakan DMARC", "DMARC policy", may_be_empty=True),
        "subdomain_policy": leaf(
            Kind.TEXT,
            "Kebijakan DMARC untuk subdomain",
            "DMARC policy for subdomains",
            may_be_empty=True,
        ),
        "percent": leaf(
            Kind.INT, "Persen surel yang terkena DMARC", "Percent of mail that DMARC applies to"
        ),
        "testing": leaf(Kind.BOOL, "DMARC dalam mode uji", "DMARC is in testing mode"),
        "reports": leaf(
            Kind.TEXTS,
            "Domain penerima laporan DMARC",
            "Domains that get DMARC reports",
            may_be_empty=True,
        ),
        "unwilling": leaf(
            Kind.TEXTS,
            "Penerima laporan DMARC yang belum menyatakan bersedia",
            "Receivers of DMARC reports that have not agreed",
            may_be_empty=True,
        ),
    },
)

DKIM = record(
    "DKIM",
    "DKIM",
    {
        "found": leaf(Kind.INT, "Jumlah kunci DKIM yang berlaku", "Number of valid DKIM keys"),
        "keys": table(
            "Kunci DKIM",
            "DKIM keys",
            "selector",
            {
                "selector": leaf(Kind.TEXT, "Selektor DKIM", "DKIM selector"),
                "known": leaf(
                    Kind.BOOL, "Selektor tercatat di inventaris", "Selector is in the inventory"
                ),
                "present": leaf(Kind.BOOL, "Kunci DKIM ada", "The DKIM key is there"),
                "type": leaf(Kind.TEXT, "Jenis kunci DKIM", "DKIM key type"),
                "bits": leaf(Kind.INT, "Panjang kunci DKIM (bit)", "DKIM key size (bits)"),
                "revoked": leaf(Kind.BOOL, "Kunci DKIM dicabut", "The DKIM key is revoked"),
                "testing": leaf(
                    Kind.BOOL, "Kunci DKIM dalam mode uji", "The DKIM key is in testing mode"
                ),
                "sha1_only": leaf(Kind.BOOL, "DKIM hanya SHA-1", "DKIM with SHA-1 alone"),
                "errors": _COUNT_AND_TEXT["errors"],
            },
            may_be_empty=True,
        ),
    },
)

MTA_STS = record(
    "MTA-STS",
    "MTA-STS",
    {
        "present": leaf(Kind.BOOL, "MTA-STS diterbitkan", "MTA-STS is published"),
        "errors": leaf(Kind.TEXTS, "Kesalahan MTA-STS", "Mistakes of MTA-STS", may_be_empty=True),
        "mode": leaf(Kind.TEXT, "Mode MTA-STS", "Mode of MTA-STS", may_be_empty=True),
        "max_age": leaf(Kind.DURATION, "Masa simpan MTA-STS", "How long MTA-STS is kept"),
        "uncovered": leaf(
            Kind.TEXTS,
            "Server surel di luar kebijakan MTA-STS",
            "Mail servers that the MTA-STS policy leaves out",
            may_be_empty=True,
        ),
    },
)

TLS_RPT = record(
    "TLS-RPT",
    "TLS-RPT",
    {
        "present": leaf(Kind.BOOL, "TLS-RPT diterbitkan", "TLS-RPT is published"),
        "errors": leaf(Kind.TEXTS, "Kesalahan TLS-RPT", "Mistakes of TLS-RPT", may_be_empty=True),
    },
)

DOMAINS = table(
    "Domain",
    "Domains",
    "domain",
    {
        "domain": leaf(Kind.TEXT, "Domain", "Domain"),
        "exists": leaf(Kind.BOOL, "Domain ada di DNS", "The domain exists in the DNS"),
        "receives": leaf(Kind.BOOL, "Domain menerima surel", "The domain receives mail"),
        "mx_kind": leaf(Kind.TEXT, "Catatan MX (mx, null, none)", "MX records (mx, null, none)"),
        "mx_mixed": leaf(
            Kind.BOOL,
            "MX kosong di samping MX lain",
            "A null MX beside other MX records",
        ),
        "used": leaf(Kind.BOOL, "Domain dipakai untuk surel", "The domain is used for mail"),
        "mx": MX,
        "doors": DOORS,
        "spf": SPF,
        "dmarc": DMARC,
        "dkim": DKIM,
        "mta_sts": MTA_STS,
        "tls_rpt": TLS_RPT,
        "questions": leaf(
            Kind.INT, "Pertanyaan DNS untuk domain ini", "DNS questions about this domain"
        ),
    },
    may_be_empty=True,
)
