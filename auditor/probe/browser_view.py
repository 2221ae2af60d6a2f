"""The site inside a browser: what it does to a visitor before, without and with consent."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table


class BrowserViewArgs(Args, frozen=True):
    """Takes no arguments."""


def _names(id_: str, en: str) -> Field:
    return leaf(Kind.TEXTS, id_, en, may_be_empty=True)


_VISIT = {
    "third_parties": _names("Pihak ketiga yang dihubungi", "Third parties that are contacted"),
    "trackers": _names("Pelacak yang dihubungi", "Trackers that are contacted"),
    "replay": _names("Perekam tingkah laku pengunjung", "Services that record what a visitor does"),
    "sent": _names("Pihak ketiga yang dikirimi data", "Third parties that are sent data"),
    "frames": _names("Bingkai pihak ketiga", "Frames of third parties"),
    "third_cookies": _names("Kuki pihak ketiga", "Third-party cookies"),
    "tracking_cookies": _names("Kuki pelacak", "Tracking cookies"),
    "stored": _names(
        "Tanda pengenal di penyimpanan peramban", "Identifiers in the browser's storage"
    ),
    "withheld": _names(
        "Tidak dimuat karena di luar surat tugas", "Not loaded, outside the authority letter"
    ),
    "whole": leaf(Kind.BOOL, "Semua isi halaman dimuat", "All of the page was loaded"),
    "cookies": table(
        "Kuki",
        "Cookies",
        ("name", "host"),
        {
            "name": leaf(Kind.TEXT, "Nama kuki", "Name of the cookie", may_be_empty=True),
            "host": leaf(Kind.TEXT, "Pemilik kuki", "Holder of the cookie"),
            "days": leaf(Kind.INT, "Umur kuki dalam hari", "Days that the cookie lives"),
            "third_party": leaf(Kind.BOOL, "Milik pihak ketiga", "Belongs to a third party"),
        },
        may_be_empty=True,
    ),
}
_ANSWERED = {
    "tried": leaf(Kind.BOOL, "Tombolnya ada dan diklik", "The button is there and was clicked"),
    "remembered": leaf(Kind.BOOL, "Pilihan diingat", "The choice is remembered"),
    **_VISIT,
}
_CONSENT = record(
    "Permintaan persetujuan",
    "Question for consent",
    {
        "banner": leaf(Kind.BOOL, "Persetujuan diminta", "Consent is asked for"),
        "refuse": leaf(
            Kind.BOOL, "Dapat ditolak pada layar pertama", "Can be refused on the first layer"
        ),
        "buttons": _names("Tombol persetujuan", "Buttons of the question"),
        "balanced": leaf(
            Kind.BOOL, "Menolak semudah menerima", "To refuse is as easy to see as to accept"
        ),
        "wall": leaf(
            Kind.BOOL, "Isi tertutup sebelum disetujui", "Nothing can be read before consent"
        ),
        "ticked": leaf(
            Kind.INT, "Pilihan yang sudah dicentang", "Choices that are ticked beforehand"
        ),
    },
)
_COMPLAINT = record(
    "Halaman pengaduan",
    "Complaint page",
    {
        "found": leaf(Kind.BOOL, "Ada halaman pengaduan", "There is a complaint page"),
        "page": leaf(Kind.TEXT, "Alamat halaman pengaduan", "Address of the complaint page"),
        **_VISIT,
    },
)
_CONDUCT = record(
    "Tingkah laku skrip",
    "Conduct of the scripts",
    {
        "fingerprinting": _names(
            "Cara mengenali perangkat pengunjung", "Ways of telling visitors' devices apart"
        ),
        "keys": _names("Pihak lain yang menyimak ketikan", "Others that listen to what is typed"),
        "asks": _names(
            "Izin perangkat yang diminta saat dibuka", "Permissions asked for on opening"
        ),
        "clear": _names("Isi yang diminta tanpa enkripsi", "Content asked for in clear"),
        "windows": leaf(Kind.INT, "Jendela yang dibuka sendiri", "Windows that open by themselves"),
        "dialogs": leaf(Kind.INT, "Kotak dialog yang muncul sendiri", "Dialogs that come unasked"),
        "downloads": leaf(Kind.INT, "Unduhan yang mulai sendiri", "Downloads that begin unasked"),
        "errors": leaf(Kind.INT, "Kesalahan skrip", "Mistakes in scripts"),
    },
)
_PAGES = table(
    "Halaman yang dilihat",
    "Pages looked at",
    "page",
    {
        "page": leaf(Kind.TEXT, "Alamat halaman", "Address of the page"),
        "overflow": leaf(
            Kind.INT,
            "Kelebihan lebar pada layar 320 piksel (piksel)",
            "Pixels too wide for a screen of 320",
        ),
    },
)
_AXE = record(
    "Pemeriksaan axe-core",
    "What axe-core finds",
    {
        "whole": leaf(Kind.BOOL, "Semua halaman diperiksa utuh", "All pages were examined whole"),
        "violations": table(
            "Pelanggaran",
            "Violations",
            ("page", "rule"),
            {
                "page": leaf(Kind.TEXT, "Alamat halaman", "Address of the page"),
                "rule": leaf(Kind.TEXT, "Aturan axe-core", "Rule of axe-core"),
                "impact": leaf(Kind.TEXT, "Dampak", "Impact", may_be_empty=True),
                "wcag": _names("Kriteria WCAG", "WCAG criteria"),
                "times": leaf(Kind.INT, "Banyaknya tempat", "Number of places"),
            },
            may_be_empty=True,
        ),
    },
)
_SITE = {
    "site": leaf(Kind.TEXT, "Situs", "Site"),
    "url": leaf(Kind.TEXT, "Alamat halaman depan", "Address of the front page"),
    "secure": leaf(Kind.BOOL, "Halaman depan terenkripsi", "The front page is encrypted"),
    "before": record("Sebelum ada persetujuan", "Before any consent", _VISIT),
    "consent": _CONSENT,
    "refused": record("Setelah ditolak", "After refusing", _ANSWERED),
    "accepted": record("Setelah disetujui", "After consenting", _ANSWERED),
    "complaint": _COMPLAINT,
    "conduct": _CONDUCT,
    "text": record(
        "Isi tanpa skrip",
        "Content without script",
        {
            "share": leaf(
                Kind.INT, "Persen isi yang terbaca tanpa skrip", "Percent readable without script"
            ),
            "whole": leaf(Kind.BOOL, "Semua isi halaman dimuat", "All of the page was loaded"),
        },
    ),
    "pages": _PAGES,
    "axe": _AXE,
}

PROBE = ProbeType(
    name="browser_view",
    via=Via.BROWSER,
    args=BrowserViewArgs,
    gives=record(
        "Situs di dalam peramban",
        "The site inside a browser",
        {"sites": table("Situs", "Sites", "site", _SITE)},
    ),
    doc=Text(
        id="Yang hanya terlihat oleh peramban: pelacak sebelum persetujuan, tingkah laku skrip, "
        "kemudahan akses. Permintaan di luar surat tugas dicatat dan tidak dikirim.",
        en="What only a browser sees: trackers before consent, conduct of scripts, accessibility. "
        "Requests outside the authority letter are noted and not sent.",
    ),
)
"""Gives one record a site; values of cookies and storage are never kept."""
