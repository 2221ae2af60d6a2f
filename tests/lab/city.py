"""The demo: a small city with five offices and what one finds there."""

from tests.lab.spec import DOMAIN, Fault, TargetSpec

OPDS = (
    {
        "id": "kominfo",
        "name": "Dinas Komunikasi dan Informatika",
        "head": "Kepala Dinas Komunikasi dan Informatika",
        "aliases": ["Diskominfo"],
        "leads": True,
    },
    {"id": "dinkes", "name": "Dinas Kesehatan", "head": "Kepala Dinas Kesehatan"},
    {
        "id": "dukcapil",
        "name": "Dinas Kependudukan dan Pencatatan Sipil",
        "head": "Kepala Dinas Kependudukan dan Pencatatan Sipil",
    },
    {"id": "bapenda", "name": "Badan Pendapatan Daerah", "head": "Kepala Badan Pendapatan Daerah"},
    {"id": "rsud", "name": "RSUD Kota Batu", "head": "Direktur RSUD Kota Batu"},
)
WEB = ("22/tcp", "80/tcp", "443/tcp")


def demo() -> tuple[TargetSpec, ...]:
    """Return the targets of the demo city, the best kept first."""
    return (
        TargetSpec(
            "portal",
            release="trixie",
            sites=(f"portal.{DOMAIN}",),
            roles=("web",),
            ports=WEB,
            hardened=True,
            tags={"kategori_se": "tinggi"},
        ),
        TargetSpec(
            "arsip-lama",
            release="bullseye",
            sites=(f"arsip.{DOMAIN}",),
            roles=("web",),
            ports=WEB,
            faults=frozenset(
                {
                    Fault.WEAK_SSHD,
                    Fault.TLS10,
                    Fault.NO_REDIRECT,
                    Fault.NEGLECTED,
                    Fault.FTP,
                    Fault.WORLD_WRITABLE,
                    Fault.WEAK_HASH,
                    Fault.ROOT_TWIN,
                    Fault.OLD_LISTS,
                    Fault.NO_LOG,
                }
            ),
        ),
        TargetSpec(
            "simpus",
            "dinkes",
            release="bookworm",
            sites=(f"simpus.{DOMAIN}",),
            roles=("web",),
            ports=WEB,
            faults=frozenset({Fault.EXPIRED, Fault.REBOOT}),
            tags={"kategori_se": "tinggi", "data_pribadi": True},
        ),
        TargetSpec(
            "rekam-medis",
            "dinkes",
            release="bookworm",
            sudo="none",
            roles=("database",),
            faults=frozenset({Fault.DATABASE_OPEN}),
            tags={"kategori_se": "strategis", "data_pribadi": True},
        ),
        TargetSpec(
            "siak",
            "dukcapil",
            release="bookworm",
            sites=(f"siak.{DOMAIN}",),
            roles=("web",),
            ports=WEB,
            hardened=True,
            faults=frozenset({Fault.WRONG_NAME, Fault.NOPASSWD}),
            tags={"kategori_se": "strategis", "data_pribadi": True},
        ),
        TargetSpec("antrean", "dukcapil", faults=frozenset({Fault.HANG})),
        TargetSpec(
            "pajak",
            "bapenda",
            release="bookworm",
            sites=(f"pajak.{DOMAIN}",),
            roles=("web",),
            ports=WEB,
            faults=frozenset({Fault.SELF_SIGNED, Fault.EMPTY_PASSWORD, Fault.OPEN_SITE}),
            tags={"kategori_se": "tinggi"},
        ),
        TargetSpec(
            "simrs",
            "rsud",
            release="bookworm",
            sites=(f"simrs.{DOMAIN}",),
            roles=("apache", "database"),
            ports=WEB,
            faults=frozenset({Fault.MATCH_ROOT, Fault.UNOWNED, Fault.TELNET}),
            tags={"kategori_se": "strategis", "data_pribadi": True},
        ),
        TargetSpec(
            "nama",
            release="bookworm",
            roles=("dns",),
            ports=("22/tcp", "53/tcp", "53/udp"),
            faults=frozenset({Fault.AXFR}),
        ),
        TargetSpec("cadangan", "bapenda", faults=frozenset({Fault.DOWN})),
    )
