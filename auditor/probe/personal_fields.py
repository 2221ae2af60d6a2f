"""The facts about personal data in the open, with their labels."""

from auditor.model.fact import Field, Kind
from auditor.probe.fields import leaf, record, table

PLACES = table(
    "Halaman dan dokumen",
    "Pages and documents",
    "address",
    {
        "address": leaf(Kind.TEXT, "Alamat", "Address"),
        "place": leaf(Kind.TEXT, "Tempat", "Place"),
        "kind": leaf(Kind.TEXT, "Jenis", "Kind"),
        "state": leaf(Kind.TEXT, "Keterbacaan", "How far it was read"),
        "nik": leaf(Kind.INT, "Jumlah NIK yang terbuka", "Population numbers (NIK) in the open"),
        "kk": leaf(Kind.INT, "Jumlah nomor KK yang terbuka", "Family card numbers in the open"),
        "npwp": leaf(
            Kind.INT,
            "Jumlah NPWP perseorangan yang terbuka",
            "Taxpayer numbers of persons in the open",
        ),
        "phones": leaf(Kind.INT, "Jumlah nomor seluler yang berbeda", "Different mobile numbers"),
        "mails": leaf(
            Kind.INT, "Jumlah alamat surel pribadi yang berbeda", "Different private mail addresses"
        ),
        "minors": leaf(
            Kind.INT,
            "Jumlah NIK anak menurut tanggal lahirnya",
            "Population numbers of children by their date of birth",
        ),
        "specific": leaf(
            Kind.TEXTS,
            "Data spesifik di dekat NIK atau nomor KK",
            "Specific data beside the number of a person",
            may_be_empty=True,
        ),
        "columns": leaf(
            Kind.TEXTS,
            "Kolom data pribadi dalam tabel",
            "Columns of personal data in a table",
            may_be_empty=True,
        ),
        "hidden": leaf(
            Kind.BOOL,
            "Data pribadi di lembar, baris, atau kolom tersembunyi",
            "Personal data in hidden sheets, rows or columns",
        ),
        "in_address": leaf(
            Kind.BOOL, "NIK di dalam alamat tautan", "A population number in the address of a link"
        ),
        "rounded": leaf(
            Kind.INT,
            "Jumlah nomor yang dibulatkan lembar kerja",
            "Numbers that the spreadsheet has rounded",
        ),
        "author": leaf(
            Kind.BOOL, "Nama orang sebagai penyusun berkas", "A person's name as author of the file"
        ),
        "located": leaf(
            Kind.BOOL,
            "Koordinat tempat dalam keterangan berkas",
            "A location in the file's properties",
        ),
        "samples": leaf(Kind.TEXTS, "Contoh yang disamarkan", "Masked examples", may_be_empty=True),
        "spots": leaf(Kind.TEXTS, "Bagian", "Parts", may_be_empty=True),
    },
    may_be_empty=True,
)
DOCUMENTS = record(
    "Dokumen yang ditautkan",
    "Linked documents",
    {
        "linked": leaf(Kind.INT, "Dokumen yang ditautkan", "Linked documents"),
        "read": leaf(Kind.INT, "Dokumen yang dibaca", "Documents that were read"),
        "unexamined": leaf(
            Kind.INT,
            "Dokumen yang ditautkan tetapi tidak diperiksa",
            "Linked documents that were not examined",
        ),
    },
)
SITES: Field = table(
    "Situs",
    "Sites",
    "site",
    {
        "site": leaf(Kind.TEXT, "Situs", "Site"),
        "pages": leaf(Kind.INT, "Halaman yang dibaca", "Pages that were read"),
        "places": PLACES,
        "more": leaf(
            Kind.INT, "Halaman dan dokumen lain yang tidak dicatat", "More places, not recorded"
        ),
        "documents": DOCUMENTS,
    },
)
