"""The facts about how a site is looked after, with their labels."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table


def _yes(id_: str, en: str) -> Field:
    return leaf(Kind.BOOL, id_, en)


def _texts(id_: str, en: str) -> Field:
    return leaf(Kind.TEXTS, id_, en, may_be_empty=True)


_FRESHNESS = record(
    "Kemutakhiran",
    "Freshness",
    {
        "dated": _yes("Halaman menyebut tanggal", "Pages name dates"),
        "newest": leaf(Kind.TIME, "Tanggal terbaru pada situs", "Newest date on the site"),
    },
)
_COPYRIGHT = record(
    "Tahun hak cipta",
    "Copyright year",
    {
        "found": _yes("Ada tahun hak cipta", "There is a copyright year"),
        "year": leaf(Kind.INT, "Tahun hak cipta", "Copyright year"),
        "age": leaf(Kind.INT, "Umur tahun hak cipta (tahun)", "Age of the copyright year (years)"),
    },
)
_MAIL = record(
    "Surel kantor",
    "The office's mail",
    {
        "free": _texts("Surel pada layanan gratis", "Mail at free services"),
        "official": leaf(Kind.INT, "Alamat surel resmi", "Official mail addresses"),
        "other": leaf(Kind.INT, "Alamat surel lain", "Other mail addresses"),
    },
)
_CONTACT = record(
    "Kontak",
    "Contact",
    {
        "address": _yes("Alamat kantor disebut", "The address is named"),
        "phone": _yes("Nomor telepon disebut", "A telephone number is named"),
        "mail": _yes("Alamat surel disebut", "A mail address is named"),
        "hours": _yes("Jam layanan disebut", "Opening hours are named"),
        "social_only": _yes(
            "Hanya dapat dihubungi lewat media sosial", "Can be reached over social media only"
        ),
    },
)
_DATA = record(
    "Data terbuka",
    "Open data",
    {
        "found": _yes("Ada halaman data terbuka", "There is a page of open data"),
        "licence": _yes("Lisensi data disebut", "The licence is named"),
        "dated": _yes("Tanggal data disebut", "Dates are named"),
        "described": _yes("Metadata disebut", "Metadata are named"),
        "files": _yes("Ada berkas data", "There are files of data"),
        "formats": _texts("Format berkas", "Formats of files"),
        "open": _yes("Ada format yang dapat dibaca mesin", "A format that machines read"),
    },
)
_NEWS = record(
    "Berita",
    "News",
    {
        "found": _yes("Ada halaman berita", "There are pages of news"),
        "undated": _texts("Berita tanpa tanggal", "News without a date"),
    },
)

FIELDS: Field = record(
    "Pemeliharaan situs",
    "Care of sites",
    {
        "sites": table(
            "Situs",
            "Sites",
            "site",
            {
                "site": leaf(Kind.TEXT, "Situs", "Site"),
                "pages": leaf(Kind.INT, "Halaman yang dibaca", "Pages that were read"),
                "suffix": leaf(
                    Kind.TEXT,
                    "Akhiran domain situs",
                    "Public suffix of the site",
                    may_be_empty=True,
                ),
                "front_suffix": leaf(
                    Kind.TEXT,
                    "Akhiran domain halaman depan",
                    "Public suffix of the front page",
                    may_be_empty=True,
                ),
                "freshness": _FRESHNESS,
                "copyright": _COPYRIGHT,
                "samples": _texts("Isi contoh yang tertinggal", "Samples left in place"),
                "works": _texts("Halaman kosong atau dalam perbaikan", "Empty or unfinished pages"),
                "mail": _MAIL,
                "contact": _CONTACT,
                "keeper": _yes("Pengelola situs disebut", "The office in charge is named"),
                "language": leaf(
                    Kind.TEXT, "Bahasa isi situs", "Language of the site", may_be_empty=True
                ),
                "mobile": _yes("Menyesuaikan layar telepon", "Fits the screen of a phone"),
                "rights": _yes(
                    "Hak atau lisensi isi disebut", "Rights or licence of content are named"
                ),
                "data": _DATA,
                "news": _NEWS,
            },
        )
    },
)
