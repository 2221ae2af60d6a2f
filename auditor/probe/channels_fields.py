"""The types of what is told about channels, with their labels."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table


def _list(id_: str, en: str) -> Field:
    return leaf(Kind.TEXTS, id_, en, may_be_empty=True)


_READ = leaf(Kind.BOOL, "Halamannya dibaca di situs ini", "Its page was read on this site")
_TIMES = leaf(Kind.BOOL, "Jangka waktu layanan disebut", "The time that it takes is told")
_CONTACT = leaf(Kind.BOOL, "Kontak disebut", "A contact is told")

_CHANNELS = table(
    "Kanal",
    "Channels",
    "name",
    {
        "name": leaf(Kind.TEXT, "Nama kanal", "Name of the channel"),
        "found": leaf(Kind.BOOL, "Ditemukan dari situs", "Found from the site"),
        "own": leaf(Kind.BOOL, "Halaman situs ini sendiri", "A page of this site itself"),
        "url": leaf(Kind.TEXT, "Alamat", "Address", may_be_empty=True),
        "host": leaf(Kind.TEXT, "Nama host", "Host"),
        "secure": leaf(Kind.BOOL, "Lewat HTTPS", "Over HTTPS"),
        "alive": leaf(Kind.BOOL, "Halamannya hidup", "Its page is alive"),
        "official": leaf(Kind.BOOL, "Domain pemerintah", "A domain of the government"),
        "dated": leaf(Kind.BOOL, "Isinya bertanggal", "Its content bears a date"),
        "updated": leaf(Kind.TIME, "Tanggal terbaru", "Newest date"),
    },
)
_STRICT = table(
    "Halaman pengaduan dan WBS",
    "Pages of complaint and whistleblowing",
    "url",
    {
        "url": leaf(Kind.TEXT, "Alamat", "Address"),
        "kind": leaf(Kind.TEXT, "Jenis", "Kind"),
        "secure": leaf(Kind.BOOL, "Lewat HTTPS", "Over HTTPS"),
        "foreign": _list("Pihak lain yang dimuat", "Third parties that are loaded"),
        "trackers": _list("Pelacak", "Trackers"),
        "mixed": _list("Isi tanpa enkripsi dari", "Content in clear from"),
        "foreign_forms": _list("Formulir dikirim ke pihak lain", "Forms are sent to others"),
        "clear_forms": _list("Formulir dikirim tanpa enkripsi ke", "Forms are sent in clear to"),
        "login": leaf(Kind.BOOL, "Meminta kata sandi", "Asks for a password"),
        "cookies": _list("Kuki yang menetap", "Cookies that last"),
        "cached": leaf(Kind.BOOL, "Peramban boleh menyimpan salinan", "Browsers may keep a copy"),
        "referrer": leaf(Kind.TEXT, "Referrer-Policy", "Referrer-Policy", may_be_empty=True),
    },
    may_be_empty=True,
)

GIVES = record(
    "Kanal pengaduan dan keterbukaan",
    "Channels of complaint and openness",
    {
        "sites": table(
            "Situs",
            "Sites",
            "site",
            {
                "site": leaf(Kind.TEXT, "Nama situs", "Site name"),
                "channels": _CHANNELS,
                "strict": _STRICT,
                "broken": _list("Tautan kanal yang mati", "Dead links to channels"),
                "insecure": _list("Tautan kanal tanpa HTTPS", "Links to channels without HTTPS"),
                "unofficial": _list(
                    "Kanal di luar domain pemerintah", "Channels outside the government's domains"
                ),
                "complaint": record(
                    "Halaman pengaduan",
                    "Complaint page",
                    {
                        "read": _READ,
                        "times": _TIMES,
                        "anonymous": leaf(
                            Kind.BOOL,
                            "Boleh tanpa nama atau rahasia",
                            "May be anonymous or confidential",
                        ),
                    },
                ),
                "whistleblowing": record(
                    "Halaman WBS",
                    "Whistleblowing page",
                    {
                        "read": _READ,
                        "protected": leaf(
                            Kind.BOOL,
                            "Perlindungan pelapor disebut",
                            "Tells how reporters are protected",
                        ),
                    },
                ),
                "ppid": record(
                    "Halaman PPID",
                    "PPID page",
                    {"read": _READ, "times": _TIMES, "contact": _CONTACT},
                ),
                "survey": record(
                    "Halaman survei kepuasan",
                    "Survey page",
                    {
                        "read": _READ,
                        "result": leaf(Kind.BOOL, "Hasilnya disebut", "Its result is told"),
                    },
                ),
                "csirt": record(
                    "Halaman CSIRT",
                    "CSIRT page",
                    {
                        "read": _READ,
                        "rfc2350": leaf(Kind.BOOL, "Profil RFC 2350", "Profile by RFC 2350"),
                        "contact": _CONTACT,
                    },
                ),
            },
        )
    },
)
