"""The facts of a site's integrity, with their labels."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table


def _texts(id_: str, en: str) -> Field:
    return leaf(Kind.TEXTS, id_, en, may_be_empty=True)


_PAGES = record(
    "Halaman yang dibaca",
    "Pages that were read",
    {
        "read": leaf(Kind.INT, "Jumlah halaman yang dibaca", "Number of pages read"),
        "missed": leaf(
            Kind.INT, "Halaman terpilih yang tidak dibaca", "Chosen pages that were not read"
        ),
    },
)
_GAMBLING = record(
    "Iklan judi",
    "Gambling advertisements",
    {
        "titles": _texts(
            "Judul atau ringkasan berisi iklan judi", "Titles that advertise gambling"
        ),
        "texts": _texts("Teks halaman berisi iklan judi", "Texts that advertise gambling"),
        "hidden": _texts("Iklan judi yang disembunyikan", "Hidden gambling advertisements"),
        "links": _texts("Tautan ke situs judi", "Links to gambling sites"),
        "addresses": _texts(
            "Alamat halaman judi pada situs ini", "Addresses of gambling pages here"
        ),
        "labels": _texts("Keterangan gambar berisi iklan judi", "Labels that advertise gambling"),
        "data": _texts("Skrip atau data berisi iklan judi", "Scripts that advertise gambling"),
    },
)


def _guise(id_: str, en: str) -> Field:
    return record(
        id_,
        en,
        {
            "suspicious": _texts(
                f"Hanya diperlihatkan kepada {id_.lower()}", f"Shown to a {en.lower()} alone"
            ),
            "similarity": leaf(
                Kind.INT, "Kemiripan isi (persen)", "Likeness of the text (percent)"
            ),
        },
    )


_CLOAKING = record(
    "Isi yang berbeda bagi pengunjung tertentu",
    "Content that differs by visitor",
    {
        "crawler": _guise("Mesin pencari", "Search engine"),
        "phone": _guise("Pengguna ponsel", "Phone user"),
        "searcher": _guise("Pengunjung dari mesin pencari", "Visitor from a search engine"),
        "differences": _texts("Yang berbeda", "What differs"),
    },
)
_LINKS = record(
    "Tautan keluar",
    "Outgoing links",
    {
        "tricked": _texts("Tautan asing yang disembunyikan", "Foreign links that are hidden"),
        "unshown": _texts("Tautan asing yang tidak tampil", "Foreign links that are not shown"),
        "most_domains": leaf(
            Kind.INT, "Domain asing terbanyak pada satu halaman", "Most foreign domains on one page"
        ),
    },
)
_DOORWAYS = record(
    "Pintu ke situs lain",
    "Doors to other sites",
    {
        "identity": _texts(
            "Halaman mengaku beralamat di situs asing", "Pages that say they are a stranger's"
        ),
        "alternate": _texts(
            "Versi lain halaman menunjuk situs asing", "Other forms of pages at a stranger's"
        ),
        "base": _texts("Alamat dasar milik situs asing", "Base address of a stranger"),
        "refresh": _texts(
            "Pengunjung dipindahkan ke situs asing", "Visitors are sent to a stranger"
        ),
        "parameters": _texts(
            "Parameter berisi alamat situs asing", "Parameters that hold a stranger's address"
        ),
        "tongues": _texts(
            "Halaman beraksara asing tanpa keterangan bahasa",
            "Pages in a foreign script that do not say so",
        ),
    },
)
_SITEMAP = record(
    "Peta situs",
    "Sitemap",
    {
        "found": leaf(Kind.BOOL, "Ada peta situs", "There is a sitemap"),
        "count": leaf(Kind.INT, "Jumlah alamat pada peta situs", "Number of addresses"),
        "odd": _texts(
            "Alamat judi atau beraksara asing", "Addresses of gambling or foreign script"
        ),
    },
)
_DEFACEMENT = record(
    "Perusakan tampilan",
    "Defacement",
    {
        "signs": _texts("Tanda perusakan tampilan", "Signs of defacement"),
        "emptied": _texts(
            "Halaman kosong berisi gambar atau bingkai", "Pages emptied but for a frame"
        ),
    },
)
_INJECTED = record(
    "Sisipan",
    "Injected content",
    {
        "scripts": _texts("Pola skrip sisipan", "Patterns of injected scripts"),
        "hidden_frames": _texts("Bingkai tersembunyi ke situs asing", "Hidden frames of strangers"),
        "frames": _texts("Bingkai dari situs asing", "Frames of strangers"),
    },
)
_DRIFT = record(
    "Perubahan sejak pemeriksaan sebelumnya",
    "Changes since the run before",
    {
        "compared": leaf(Kind.BOOL, "Ada pembanding", "There is something to compare with"),
        "changed": leaf(Kind.INT, "Kerangka yang berubah (persen)", "Structure changed (percent)"),
        "title": leaf(Kind.BOOL, "Judul berubah", "The title changed"),
        "scripts": _texts("Penyedia skrip baru", "New hosts of scripts"),
        "domains": _texts("Domain asing baru yang ditautkan", "New foreign domains linked"),
        "counted": leaf(Kind.BOOL, "Peta situs dapat dibandingkan", "The sitemap can be compared"),
        "added": leaf(Kind.INT, "Alamat baru pada peta situs", "New addresses in the sitemap"),
    },
)
_SIGNATURE = record(
    "Sidik kerangka untuk pemeriksaan berikutnya",
    "Signature for the next run",
    {
        "title": leaf(Kind.TEXT, "Sidik judul", "Hash of the title"),
        "structure": _texts("Sidik kerangka", "Hashes of the structure"),
        "scripts": _texts("Penyedia skrip", "Hosts of scripts"),
        "domains": _texts("Domain asing yang ditautkan", "Foreign domains linked"),
        "sitemap": leaf(Kind.INT, "Jumlah alamat pada peta situs", "Number of addresses"),
    },
)
_EXHIBITS = table(
    "Barang bukti untuk CSIRT",
    "Exhibits for the CSIRT",
    ("page", "guise", "place", "what"),
    {
        "page": leaf(Kind.TEXT, "Halaman", "Page"),
        "guise": leaf(Kind.TEXT, "Dilihat sebagai", "Seen as"),
        "place": leaf(Kind.TEXT, "Letak", "Place"),
        "what": leaf(Kind.TEXT, "Temuan", "What"),
        "excerpt": leaf(Kind.TEXT, "Kutipan", "Excerpt", may_be_empty=True),
        "sha256": leaf(Kind.TEXT, "SHA-256 isi", "SHA-256 of the content"),
        "time": leaf(Kind.TIME, "Waktu", "Time"),
    },
    may_be_empty=True,
)

GIVES = record(
    "Keutuhan situs",
    "Integrity of the site",
    {
        "sites": table(
            "Situs",
            "Sites",
            "site",
            {
                "site": leaf(Kind.TEXT, "Nama situs", "Site name"),
                "pages": _PAGES,
                "gambling": _GAMBLING,
                "cloaking": _CLOAKING,
                "links": _LINKS,
                "doorways": _DOORWAYS,
                "sitemap": _SITEMAP,
                "defacement": _DEFACEMENT,
                "injected": _INJECTED,
                "drift": _DRIFT,
                "signature": _SIGNATURE,
                "exhibits": _EXHIBITS,
            },
        )
    },
)
