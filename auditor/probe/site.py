"""A web site as a citizen's browser sees it: what it sends, allows, loads and gives away."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.site_fields import GIVES

MOST_REQUESTS = 14
"""Requests that a survey of a site sends at most."""


class SiteArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the sites."""


PROBE = ProbeType(
    name="site",
    via=Via.HTTP,
    args=SiteArgs,
    gives=GIVES,
    doc=Text(
        id="Situs sebagaimana dilihat peramban warga: pengalihan, kepala jawaban, kuki, formulir, "
        "isi dari pihak lain, halaman galat, security.txt. Hanya GET, paling banyak "
        f"{MOST_REQUESTS} permintaan per situs.",
        en="The site as a citizen's browser sees it: redirects, header fields, cookies, forms, "
        "content of others, error page, security.txt. GET only, at most "
        f"{MOST_REQUESTS} requests a site.",
    ),
)
