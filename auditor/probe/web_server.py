"""What nginx or Apache is told to do: in effect over all sites, with the line to mend."""

from collections.abc import Sequence
from typing import Literal

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe import apache, apache_facts, nginx
from auditor.probe.base import Args, Frames, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import texts


class WebServerArgs(Args, frozen=True):
    """Which server software."""

    server: Literal["nginx", "apache"]


def _reads(many: Sequence[WebServerArgs]) -> tuple[str, ...]:
    asked = {args.server for args in many}
    return (
        *(nginx.READS if "nginx" in asked else ()),
        *(apache.READS if "apache" in asked else ()),
    )


def _parse(args: WebServerArgs, frames: Frames) -> Record:
    seen = texts(frames)
    return nginx.facts(seen) if args.server == "nginx" else apache_facts.facts(seen)


def _sites(id_: str, en: str) -> Field:
    return table(
        id_,
        en,
        "site",
        {
            "site": leaf(Kind.TEXT, "Situs atau folder", "Site or folder"),
            "place": leaf(Kind.TEXT, "Letak", "Place"),
        },
        may_be_empty=True,
    )


PROBE = ProbeType(
    name="web_server",
    via=Via.SSH,
    args=WebServerArgs,
    doc=Text(
        id="Pengaturan nginx atau Apache yang berlaku pada semua situsnya, termasuk berkas yang "
        "disertakan",
        en="Settings of nginx or Apache that are in effect over all its sites, includes followed",
    ),
    gives=record(
        "Server web",
        "Web server",
        {
            "exists": leaf(Kind.BOOL, "Ada konfigurasinya", "Is configured"),
            "version_shown": leaf(Kind.BOOL, "Versi ditampilkan", "Version is shown"),
            "signature": leaf(Kind.BOOL, "Tanda tangan server di halaman", "Server signature"),
            "listings": _sites("Isi folder ditampilkan", "Folders that are listed"),
            "unlogged": _sites("Situs tanpa log akses", "Sites without an access log"),
            "errors_logged": leaf(Kind.BOOL, "Galat dicatat", "Errors are logged"),
            "rate_limited": leaf(Kind.BOOL, "Laju permintaan dibatasi", "Requests are limited"),
            "waf": leaf(Kind.TEXT, "Tembok api aplikasi (WAF)", "Web application firewall"),
            "body_limit": leaf(Kind.INT, "Batas ukuran kiriman (bita)", "Body limit (bytes)"),
            "trace": leaf(Kind.BOOL, "Metode TRACE dijawab", "TRACE is answered"),
            "user": leaf(Kind.TEXT, "Akun server web", "Account of the server"),
            "dav": _sites("Situs dengan WebDAV", "Sites with WebDAV"),
            "panels_open": _sites("Halaman admin terbuka", "Open administrators' pages"),
            "status_open": _sites("Halaman status terbuka", "Open status pages"),
        },
    ),
    reads=_reads,
    parse=_parse,
)
