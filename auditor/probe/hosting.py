"""In which countries name servers, sites and mail servers stand."""

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table


class HostingArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="hosting",
    via=Via.DNS,
    args=HostingArgs,
    gives=record(
        "Negara tempat layanan",
        "Countries of the services",
        {
            "exists": leaf(Kind.BOOL, "Ada domain atau situs", "There is a domain or a site"),
            "places": table(
                "Tempat layanan",
                "Places of the services",
                ("of", "role", "name"),
                {
                    "of": leaf(Kind.TEXT, "Domain atau situs", "Domain or site"),
                    "role": leaf(Kind.TEXT, "Jenis server", "Kind of server"),
                    "name": leaf(Kind.TEXT, "Nama server", "Name of the server", may_be_empty=True),
                    "countries": leaf(Kind.TEXTS, "Negara alamatnya", "Countries of its addresses"),
                },
                may_be_empty=True,
            ),
        },
    ),
    doc=Text(
        id="Negara tempat alamat server nama, situs, dan server surel dipakai, menurut tabel yang "
        "disebut `countries:` dalam inventaris; tanpa tabel, tidak diperiksa. Alamat jaringan "
        "dalam ditulis intern. Alamat jaringan pengantar konten (CDN) bukan tempat data disimpan.",
        en="The countries in which the addresses of name servers, sites and mail servers are used, "
        "by the table that `countries:` in the inventory names; without one this is not examined. "
        "Addresses of inner networks are called intern. The address of a content delivery network "
        "is not where the data are kept.",
    ),
)
