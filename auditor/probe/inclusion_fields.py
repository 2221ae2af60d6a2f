"""The facts about accessibility, with their labels. Each list holds a line for each page."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table

_LISTS = {
    "language_missing": ("Halaman tanpa bahasa", "Pages without a language"),
    "language_unknown": ("Halaman dengan kode bahasa keliru", "Pages with a wrong language code"),
    "language_other": (
        "Halaman yang bahasanya lain dari yang ditulis",
        "Pages in another language than they say",
    ),
    "language_parts": ("Bagian dengan kode bahasa keliru", "Parts with a wrong language code"),
    "title_missing": ("Halaman tanpa judul", "Pages without a title"),
    "titles_same": ("Judul yang sama pada beberapa halaman", "Titles that several pages share"),
    "pictures": ("Gambar tanpa teks pengganti", "Pictures without a text alternative"),
    "picture_controls": (
        "Tombol gambar, area gambar atau objek tanpa nama",
        "Picture buttons, picture areas or objects without a name",
    ),
    "fields": ("Isian tanpa label", "Form fields without a label"),
    "placeholders": (
        "Isian yang labelnya hanya teks contoh",
        "Form fields labelled by a placeholder alone",
    ),
    "buttons": ("Tombol tanpa nama", "Buttons without a name"),
    "links": ("Tautan tanpa nama", "Links without a name"),
    "frames": ("Bingkai tanpa judul", "Frames without a title"),
    "link_words": ("Tautan yang tidak menyebut tujuannya", "Links that do not say where they lead"),
    "heading_first": ("Halaman tanpa judul utama (h1)", "Pages without a main heading (h1)"),
    "heading_order": ("Judul yang melompati tingkat", "Headings that skip a level"),
    "heading_empty": ("Judul kosong", "Empty headings"),
    "bypass": ("Halaman yang menunya tidak dapat dilewati", "Pages whose menu cannot be skipped"),
    "main": ("Halaman tanpa bagian utama", "Pages without a main part"),
    "skip_link": (
        "Halaman bermenu tanpa tautan ke isi",
        "Pages with a menu and no link to the content",
    ),
    "ids": ("Id yang dipakai dua kali", "Ids that are used twice"),
    "tab_order": ("Urutan tab yang dipaksakan", "Forced tab order"),
    "lists": ("Daftar yang susunannya rusak", "Lists that are put together wrongly"),
    "table_headless": ("Tabel data tanpa judul kolom", "Data tables without headings"),
    "table_references": (
        "Tabel dengan judul kolom yang keliru",
        "Tables whose headings are wrong",
    ),
    "zoom": ("Halaman yang tidak dapat diperbesar", "Pages that cannot be enlarged"),
    "refresh": ("Halaman yang berganti sendiri", "Pages that replace themselves"),
    "moving": ("Teks bergerak atau berkedip", "Moving or blinking text"),
    "self_playing": ("Suara yang berbunyi sendiri", "Sound that plays by itself"),
    "captions": ("Video tanpa takarir", "Videos without captions"),
    "contrast": ("Teks yang terlalu pucat", "Text that is too faint"),
}

FIELDS: Field = record(
    "Kemudahan akses situs",
    "Accessibility of sites",
    {
        "sites": table(
            "Situs",
            "Sites",
            "site",
            {
                "site": leaf(Kind.TEXT, "Situs", "Site"),
                "pages": leaf(Kind.INT, "Halaman yang dinilai", "Pages that were judged"),
                **{
                    name: leaf(Kind.TEXTS, id_, en, may_be_empty=True)
                    for name, (id_, en) in _LISTS.items()
                },
            },
        )
    },
)
