"""What lies open on sites and what software they show: the facts (see exposed_survey)."""

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table


class ExposedArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the sites."""


_PATHS = table(
    "Berkas dan halaman yang diperiksa",
    "Files and pages that were asked for",
    ("kind", "path"),
    {
        "kind": leaf(Kind.TEXT, "Jenis", "Kind"),
        "path": leaf(Kind.TEXT, "Alamat", "Path"),
        "open": leaf(Kind.BOOL, "Terbuka untuk umum", "Open to anyone"),
        "how": leaf(Kind.TEXT, "Dikenali dari", "Recognised by", may_be_empty=True),
    },
)
_SOFTWARE = table(
    "Perangkat lunak yang terlihat",
    "Software that shows itself",
    ("name", "where"),
    {
        "name": leaf(Kind.TEXT, "Nama", "Name"),
        "kind": leaf(Kind.TEXT, "Jenis", "Kind"),
        "version": leaf(Kind.VERSION, "Versi", "Version", may_be_empty=True),
        "where": leaf(Kind.TEXT, "Terlihat di", "Seen in"),
        "supported": leaf(Kind.BOOL, "Masih didukung pembuatnya", "Still mended by its makers"),
        "eol": leaf(Kind.TEXT, "Akhir dukungan", "End of support"),
    },
    may_be_empty=True,
)
_SITES = table(
    "Situs",
    "Sites",
    "site",
    {
        "site": leaf(Kind.TEXT, "Nama situs", "Site name"),
        "asked": leaf(Kind.TEXT, "Alamat yang ditanya", "Address that was asked"),
        "front": leaf(Kind.INT, "Kode status halaman depan", "Status of the front page"),
        "absent": leaf(
            Kind.INT, "Kode status untuk yang tidak ada", "Status for what does not exist"
        ),
        "paths": _PATHS,
        "software": _SOFTWARE,
    },
)

PROBE = ProbeType(
    name="exposed",
    via=Via.HTTP,
    args=ExposedArgs,
    gives=record("Yang terbuka di situs", "What is open on sites", {"sites": _SITES}),
    doc=Text(
        id="Sekitar 20 alamat tetap pada setiap situs: berkas rahasia, cadangan, log, halaman "
        "pengelola; hanya HEAD dan beberapa ratus bita pertama, isinya tidak disimpan. Juga "
        "perangkat lunak yang terlihat di halaman depan beserta masa dukungannya.",
        en="Some 20 fixed paths of each site: secrets, backups, logs, pages of administrators; "
        "only HEAD and a few hundred first bytes, of which nothing is kept. Also the software "
        "that the front page shows, and for how long it is mended.",
    ),
)
