"""The facts about a site's treatment of its visitors, with their labels."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table


def _yes(id_: str, en: str) -> Field:
    return leaf(Kind.BOOL, id_, en)


def _list(id_: str, en: str) -> Field:
    return leaf(Kind.TEXTS, id_, en, may_be_empty=True)


_PAGE = leaf(Kind.TEXT, "Halaman", "Page")
_SERVICE = leaf(Kind.TEXT, "Layanan", "Service", may_be_empty=True)
_COUNTRY = leaf(Kind.TEXT, "Negara penyelenggara", "Country of the operator")
_NOTICE = record(
    "Pemberitahuan privasi",
    "Privacy notice",
    {
        "standing": leaf(
            Kind.TEXT, "Tempat pemberitahuan privasi", "Where the privacy notice stands"
        ),
        "address": leaf(
            Kind.TEXT,
            "Alamat pemberitahuan privasi",
            "Address of the privacy notice",
            may_be_empty=True,
        ),
        "linked_front": _yes("Halaman depan menautkannya", "The front page links to it"),
        "basis": _yes("Menyebut dasar hukum pemrosesan", "It names the legal basis"),
        "purpose": _yes("Menyebut tujuan pemrosesan", "It names the purpose"),
        "kinds": _yes(
            "Menyebut jenis dan relevansi data", "It names kinds of data and their relevance"
        ),
        "retention": _yes("Menyebut lama penyimpanan", "It names how long data are kept"),
        "details": _yes("Merinci informasi yang dikumpulkan", "It details what is collected"),
        "period": _yes("Menyebut jangka waktu pemrosesan", "It names how long data are processed"),
        "rights": _yes("Menyebut hak subjek data", "It names the rights of the person"),
        "officer": _yes(
            "Menyebut pejabat pelindungan data pribadi", "It names the data protection officer"
        ),
        "channel": _yes(
            "Memberi surel atau telepon yang dapat dihubungi", "It gives an address to write to"
        ),
        "third_parties": _yes("Menyebut pihak ketiga", "It speaks of third parties"),
        "transfer": _yes("Menyebut pengiriman data ke luar negeri", "It speaks of transfer abroad"),
        "dated": _yes("Bertanggal", "It bears a date"),
        "cookies": _yes("Menjelaskan kuki", "It explains cookies"),
        "broken": _list(
            "Janji yang tidak sesuai dengan isi situs", "Promises that the site does not keep"
        ),
    },
)
_PAGES = table(
    "Halaman yang dibaca",
    "Pages that were read",
    "page",
    {
        "page": _PAGE,
        "collects": _yes("Menerima data pribadi", "Takes personal data"),
        "notice_linked": _yes("Menautkan pemberitahuan privasi", "Links to the privacy notice"),
        "implied": _yes("Menganggap pengunjung menyetujui", "Takes consent for granted"),
        "banner": _yes("Menampilkan pemberitahuan kuki", "Shows a cookie banner"),
        "refusable": _yes("Pemberitahuan kuki dapat ditolak", "The cookie banner can be refused"),
    },
)
_FORMS = table(
    "Formulir yang meminta data pribadi",
    "Forms that ask personal data",
    ("page", "form"),
    {
        "page": _PAGE,
        "form": leaf(Kind.TEXT, "Formulir", "Form"),
        "purpose": leaf(Kind.TEXT, "Kegunaan formulir", "Purpose of the form"),
        "asked": _list("Data yang diminta", "Data that are asked"),
        "required": _list("Data yang wajib diisi", "Data that are mandatory"),
        "identity": _list("Data identitas yang diminta", "Identity data that are asked"),
        "sensitive": _list("Data peka yang diminta", "Sensitive data that are asked"),
        "kept": _list(
            "Data identitas yang boleh diingat peramban", "Identity data that browsers may keep"
        ),
        "secure": _yes("Dikirim terenkripsi", "Sent encrypted"),
        "away": _list("Dikirim ke pihak lain", "Sent to others"),
        "in_address": _yes(
            "Isian ikut dalam alamat halaman (GET)", "Answers travel in the address (GET)"
        ),
    },
    may_be_empty=True,
)
_BOXES = table(
    "Kotak persetujuan",
    "Boxes of consent",
    ("page", "form", "box"),
    {
        "page": _PAGE,
        "form": leaf(Kind.TEXT, "Formulir", "Form"),
        "box": leaf(Kind.TEXT, "Kotak", "Box"),
        "ticked": _yes("Sudah dicentang", "Ticked beforehand"),
        "bundled": _yes("Menggabungkan beberapa persetujuan", "Joins several consents"),
    },
    may_be_empty=True,
)
_COOKIES = table(
    "Kuki pada jawaban pertama",
    "Cookies on the first answer",
    "name",
    {
        "name": leaf(Kind.TEXT, "Nama kuki", "Name of the cookie"),
        "kind": leaf(Kind.TEXT, "Jenis kuki", "Kind of cookie"),
        "service": _SERVICE,
        "tracks": _yes("Bernama seperti kuki pelacak", "Named like a tracker's cookie"),
        "lifetime": leaf(Kind.DURATION, "Umur kuki", "Lifetime of the cookie"),
    },
    may_be_empty=True,
)
_PARTY = {
    "service": _SERVICE,
    "use": leaf(Kind.TEXT, "Kegunaan", "Use"),
    "tracks": _yes("Mengikuti pengunjung", "Follows visitors"),
    "known": _yes("Negaranya diketahui", "Its country is known"),
    "operator": leaf(Kind.TEXT, "Penyelenggara", "Operator"),
    "country": _COUNTRY,
    "resources": _list("Yang dimuat", "What is loaded"),
}
_PARTIES = table(
    "Pihak lain yang ikut dimuat",
    "Others that are loaded",
    ("domain", "service"),
    {
        "domain": leaf(
            Kind.TEXT, "Domain, atau halaman yang tidak terbaca", "Domain, or a page not read"
        ),
        **_PARTY,
        "pages": leaf(Kind.INT, "Jumlah halaman", "Number of pages"),
        "page": _PAGE,
    },
    may_be_empty=True,
)
_EMBEDS = table(
    "Pihak lain pada halaman yang menerima data",
    "Others on pages that take data",
    ("page", "domain", "service"),
    {"page": _PAGE, "domain": leaf(Kind.TEXT, "Domain", "Domain"), **_PARTY},
    may_be_empty=True,
)
_FOREIGN_FORMS = table(
    "Formulir milik pihak lain",
    "Forms of others",
    ("page", "service"),
    {
        "page": _PAGE,
        "service": _SERVICE,
        "how": _list("Cara dipakai", "How it is used"),
        "country": _COUNTRY,
    },
    may_be_empty=True,
)
_SNIPPETS = table(
    "Skrip perekam dan pengenal perangkat",
    "Scripts that record, or recognise devices",
    "name",
    {
        "name": leaf(
            Kind.TEXT, "Nama, atau halaman yang tidak terbaca", "Name, or a page not read"
        ),
        "use": leaf(Kind.TEXT, "Kegunaan", "Use"),
        "page": _PAGE,
    },
    may_be_empty=True,
)
GIVES = record(
    "Perlakuan terhadap pengunjung",
    "Treatment of visitors",
    {
        "sites": table(
            "Situs",
            "Sites",
            "site",
            {
                "site": leaf(Kind.TEXT, "Situs", "Site"),
                "notice": _NOTICE,
                "pages": _PAGES,
                "forms": _FORMS,
                "boxes": _BOXES,
                "cookies": _COOKIES,
                "foreign_cookies": _list(
                    "Kuki untuk domain pihak lain", "Cookies for others' domains"
                ),
                "third_parties": _PARTIES,
                "embeds": _EMBEDS,
                "foreign_forms": _FOREIGN_FORMS,
                "snippets": _SNIPPETS,
            },
        ),
    },
)
