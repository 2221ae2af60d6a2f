"""The facts of a site, with their labels."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table

_CLEAR = record(
    "Layanan tanpa enkripsi (HTTP)",
    "Service in clear (HTTP)",
    {
        "answered": leaf(Kind.BOOL, "Menjawab tanpa enkripsi", "Answers in clear"),
        "status": leaf(Kind.INT, "Kode status HTTP", "HTTP status code"),
        "location": leaf(Kind.TEXT, "Alamat pengalihan", "Redirected to", may_be_empty=True),
        "redirects_https": leaf(
            Kind.BOOL, "Pengunjung dialihkan ke HTTPS", "Visitors are redirected to HTTPS"
        ),
        "first_https": leaf(
            Kind.BOOL, "Pengalihan pertama langsung ke HTTPS", "The first redirect leads to HTTPS"
        ),
        "same_host": leaf(
            Kind.BOOL,
            "Pengalihan ke HTTPS tetap pada nama yang sama",
            "The redirect to HTTPS keeps the name",
        ),
        "permanent": leaf(Kind.BOOL, "Pengalihan tetap (301/308)", "Permanent redirect (301/308)"),
    },
)
_SECURE = record(
    "Layanan terenkripsi (HTTPS)",
    "Encrypted service (HTTPS)",
    {
        "answered": leaf(Kind.BOOL, "Menjawab lewat HTTPS", "Answers over HTTPS"),
        "status": leaf(Kind.INT, "Kode status HTTPS", "HTTPS status code"),
        "location": leaf(Kind.TEXT, "Alamat pengalihan", "Redirected to", may_be_empty=True),
    },
)
_BARE = record(
    "Alamat IP tanpa nama situs",
    "The address without a site's name",
    {
        "clear": leaf(
            Kind.TEXT, "Jawaban alamat IP lewat HTTP", "What the bare address answers over HTTP"
        ),
        "secure": leaf(
            Kind.TEXT, "Jawaban alamat IP lewat HTTPS", "What the bare address answers over HTTPS"
        ),
    },
)
_PAGE = record(
    "Halaman depan",
    "Front page",
    {
        "url": leaf(Kind.TEXT, "Alamat halaman depan", "Address of the front page"),
        "status": leaf(Kind.INT, "Kode status halaman depan", "Status code of the front page"),
        "secure": leaf(Kind.BOOL, "Halaman depan terenkripsi", "The front page is encrypted"),
        "html": leaf(Kind.BOOL, "Berupa HTML", "It is HTML"),
    },
)
_HSTS = record(
    "HSTS",
    "HSTS",
    {
        "max_age": leaf(
            Kind.DURATION, "Masa HSTS (0 berarti tidak ada)", "HSTS max-age (0 means none)"
        ),
        "include_subdomains": leaf(
            Kind.BOOL, "HSTS mencakup subdomain", "HSTS covers the subdomains"
        ),
        "preload": leaf(Kind.BOOL, "HSTS meminta preload", "HSTS asks to be preloaded"),
    },
)
_CSP = record(
    "Content Security Policy",
    "Content Security Policy",
    {
        "present": leaf(Kind.BOOL, "Ada CSP yang berlaku", "A CSP is in force"),
        "report_only": leaf(Kind.BOOL, "Ada CSP percobaan (report-only)", "A CSP on trial"),
        "unsafe_inline": leaf(
            Kind.BOOL, "Skrip di dalam halaman diizinkan", "Script in the page is allowed"
        ),
        "unsafe_eval": leaf(Kind.BOOL, "eval() diizinkan", "eval() is allowed"),
        "broad": leaf(
            Kind.TEXTS,
            "Sumber skrip yang terlalu luas",
            "Script sources that are too broad",
            may_be_empty=True,
        ),
        "clear": leaf(
            Kind.TEXTS,
            "Sumber tanpa enkripsi",
            "Sources without encryption",
            may_be_empty=True,
        ),
        "object_src": leaf(Kind.BOOL, "Plugin dibatasi", "Plugins are limited"),
        "base_uri": leaf(Kind.BOOL, "Elemen base dibatasi", "The base element is limited"),
        "form_action": leaf(Kind.BOOL, "Tujuan formulir dibatasi", "Goals of forms are limited"),
        "nonce_fixed": leaf(
            Kind.BOOL, "Nonce sama pada setiap jawaban", "Every answer has the same nonce"
        ),
    },
)
_HEADERS = record(
    "Kepala jawaban",
    "Header fields",
    {
        "framing": leaf(
            Kind.TEXT,
            "Pencegah pembingkaian (clickjacking)",
            "What prevents framing (clickjacking)",
        ),
        "nosniff": leaf(
            Kind.BOOL, "X-Content-Type-Options: nosniff", "X-Content-Type-Options: nosniff"
        ),
        "referrer_policy": leaf(Kind.TEXT, "Referrer-Policy", "Referrer-Policy", may_be_empty=True),
        "permissions_policy": leaf(
            Kind.BOOL,
            "Permissions-Policy membatasi kamera, mikrofon dan lokasi",
            "Permissions-Policy limits camera, microphone and location",
        ),
        "coop": leaf(
            Kind.TEXT, "Cross-Origin-Opener-Policy", "Cross-Origin-Opener-Policy", may_be_empty=True
        ),
        "corp": leaf(
            Kind.TEXT,
            "Cross-Origin-Resource-Policy",
            "Cross-Origin-Resource-Policy",
            may_be_empty=True,
        ),
        "coep": leaf(
            Kind.TEXT,
            "Cross-Origin-Embedder-Policy",
            "Cross-Origin-Embedder-Policy",
            may_be_empty=True,
        ),
        "xss_protection": leaf(
            Kind.TEXT, "X-XSS-Protection", "X-XSS-Protection", may_be_empty=True
        ),
    },
)
_VERSIONS = record(
    "Versi yang diberitahukan",
    "Versions that are told",
    {
        "server": leaf(
            Kind.TEXT, "Versi program server", "Version of the server program", may_be_empty=True
        ),
        "powered_by": leaf(
            Kind.TEXT, "Teknologi aplikasi", "Technology of the application", may_be_empty=True
        ),
        "methods": leaf(
            Kind.TEXTS, "Metode yang diumumkan", "Methods announced", may_be_empty=True
        ),
    },
)


def _names(id_: str, en: str) -> Field:
    return leaf(Kind.TEXTS, id_, en, may_be_empty=True)


_COOKIES = record(
    "Kuki",
    "Cookies",
    {
        "count": leaf(Kind.INT, "Jumlah kuki", "Number of cookies"),
        "insecure": _names("Kuki tanpa Secure", "Cookies without Secure"),
        "readable": _names("Kuki sesi tanpa HttpOnly", "Session cookies without HttpOnly"),
        "cross_site": _names(
            "Kuki tanpa SameSite yang melindungi", "Cookies without a SameSite that protects"
        ),
        "wide": _names(
            "Kuki yang dikirim ke seluruh domain", "Cookies that are sent to the whole domain"
        ),
        "unprefixed": _names(
            "Kuki sesi tanpa awalan __Host-/__Secure-",
            "Session cookies without the prefix __Host-/__Secure-",
        ),
        "refused": _names("Kuki yang ditolak peramban", "Cookies that browsers refuse"),
    },
)
_CORS = record(
    "Berbagi lintas situs (CORS)",
    "Cross-origin sharing (CORS)",
    {
        "anyone": leaf(
            Kind.BOOL, "Situs mana pun boleh membaca isinya", "Any site may read its content"
        ),
        "trusted": _names(
            "Asal asing yang dipercaya bersama kuki pengguna",
            "Foreign origins that are trusted with a user's cookies",
        ),
    },
)
_ERROR_PAGE = record(
    "Halaman galat",
    "Error page",
    {
        "status": leaf(
            Kind.INT, "Kode status alamat yang tidak ada", "Status code of a missing address"
        ),
        "leaks": _names("Yang dibocorkan halaman galat", "What the error page gives away"),
    },
)
_FORWARDED = record(
    "Nama dari X-Forwarded-Host",
    "The name from X-Forwarded-Host",
    {"reflected": _names("Tempat nama palsu muncul", "Where the false name appears")},
)
_CONTENT = record(
    "Isi halaman depan",
    "Content of the front page",
    {
        "mixed_active": _names(
            "Skrip, gaya atau bingkai tanpa enkripsi", "Scripts, styles or frames in clear"
        ),
        "mixed_passive": _names("Gambar atau media tanpa enkripsi", "Pictures or media in clear"),
        "unsealed_scripts": _names(
            "Skrip pihak lain tanpa integrity", "Others' scripts without integrity"
        ),
        "unsealed_styles": _names(
            "Lembar gaya pihak lain tanpa integrity", "Others' style sheets without integrity"
        ),
        "clear_forms": _names("Formulir dikirim tanpa enkripsi", "Forms sent in clear"),
        "handlers": leaf(Kind.INT, "Skrip di dalam atribut", "Attributes that hold script"),
    },
)
_LOGIN = record(
    "Halaman masuk",
    "Login page",
    {
        "found": leaf(Kind.BOOL, "Ada formulir kata sandi", "There is a password form"),
        "path": leaf(Kind.TEXT, "Alamat halaman masuk", "Address of the login page"),
        "clear": _names("Kata sandi dikirim tanpa enkripsi ke", "The password is sent in clear to"),
        "get": _names("Kata sandi dikirim lewat GET ke", "The password is sent by GET to"),
        "cached": leaf(
            Kind.BOOL, "Peramban boleh menyimpan halamannya", "Browsers may keep the page"
        ),
    },
)
_SECURITY_TXT = record(
    "security.txt",
    "security.txt",
    {
        "present": leaf(Kind.BOOL, "Ada security.txt", "There is a security.txt"),
        "contacts": leaf(Kind.INT, "Jumlah kontak", "Number of contacts"),
        "signed": leaf(Kind.BOOL, "Ditandatangani", "Signed"),
        "problems": _names("Yang salah pada security.txt", "What is wrong with security.txt"),
        "expires": leaf(Kind.TIME, "Berlaku sampai", "Expires"),
        "term_days": leaf(Kind.INT, "Masa berlaku (hari)", "Term (days)"),
    },
)
_ROBOTS = record(
    "robots.txt",
    "robots.txt",
    {
        "present": leaf(Kind.BOOL, "Ada robots.txt", "There is a robots.txt"),
        "telling": _names("Jalur peka yang disebut", "Sensitive paths that it names"),
    },
)

GIVES = record(
    "Situs web sebagaimana dilihat warga",
    "Web sites as a citizen sees them",
    {
        "sites": table(
            "Situs",
            "Sites",
            "site",
            {
                "site": leaf(Kind.TEXT, "Nama situs", "Site name"),
                "clear": _CLEAR,
                "secure": _SECURE,
                "bare": _BARE,
                "page": _PAGE,
                "hsts": _HSTS,
                "csp": _CSP,
                "headers": _HEADERS,
                "versions": _VERSIONS,
                "cookies": _COOKIES,
                "cors": _CORS,
                "error_page": _ERROR_PAGE,
                "forwarded": _FORWARDED,
                "content": _CONTENT,
                "login": _LOGIN,
                "security_txt": _SECURITY_TXT,
                "robots": _ROBOTS,
            },
        )
    },
)
