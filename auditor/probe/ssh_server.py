"""What an SSH server says before anyone logs in: version, algorithms, host keys, ways in."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table


class SshServerArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the ports."""


def _lists(name: str, id_: str, en: str) -> dict[str, Field]:
    """Return the fields of one list of algorithms: all, the weak ones, the unknown ones."""
    return {
        name: leaf(Kind.TEXTS, f"{id_} yang ditawarkan", f"{en} offered"),
        f"weak_{name}": leaf(
            Kind.TEXTS,
            f"{id_} lemah yang ditawarkan",
            f"Weak {_lowered(en)} offered",
            may_be_empty=True,
        ),
        f"unknown_{name}": leaf(
            Kind.TEXTS,
            f"{id_} yang tidak dikenal auditor",
            f"{en} that the auditor does not know",
            may_be_empty=True,
        ),
    }


def _lowered(words: str) -> str:
    return words if words.isupper() or words[1:2].isupper() else words[0].lower() + words[1:]


_SERVERS = table(
    "Server SSH",
    "SSH servers",
    "port",
    {
        "port": leaf(Kind.TEXT, "Port", "Port"),
        "banner": leaf(Kind.TEXT, "Baris versi", "Version line"),
        "software": leaf(Kind.TEXT, "Perangkat lunak SSH", "SSH software"),
        "comments": leaf(
            Kind.TEXT,
            "Rincian sistem pada baris versi",
            "System detail in the version line",
            may_be_empty=True,
        ),
        "protocol": leaf(Kind.TEXT, "Protokol SSH", "SSH protocol"),
        "protocol_1": leaf(Kind.BOOL, "Protokol SSH 1 dilayani", "SSH protocol 1 offered"),
        **_lists("kex", "Pertukaran kunci", "Key exchanges"),
        **_lists("host_key_algorithms", "Algoritma kunci host", "Host key algorithms"),
        **_lists("ciphers", "Sandi", "Ciphers"),
        **_lists("macs", "MAC", "MACs"),
        "macs_not_etm": leaf(
            Kind.TEXTS,
            "MAC atas teks sebelum dienkripsi",
            "MACs of what is not yet encrypted",
            may_be_empty=True,
        ),
        "compression": leaf(Kind.TEXTS, "Kompresi yang ditawarkan", "Compression offered"),
        "strict_kex": leaf(Kind.BOOL, "Pertukaran kunci ketat", "Strict key exchange"),
        "terrapin": leaf(Kind.BOOL, "Terbuka bagi serangan Terrapin", "Open to Terrapin"),
        "post_quantum": leaf(
            Kind.BOOL, "Pertukaran kunci pascakuantum", "Post-quantum key exchange"
        ),
        "gex": record(
            "Grup pilihan server",
            "Group of the server's choice",
            {
                "offered": leaf(
                    Kind.BOOL, "Server memilih grup Diffie-Hellman", "Server chooses the DH group"
                ),
                "bits": leaf(
                    Kind.INT,
                    "Grup terkecil yang diberikan server (bit)",
                    "Smallest group that the server gives (bits)",
                ),
            },
        ),
        "login": record(
            "Cara masuk",
            "Ways in",
            {
                "open": leaf(Kind.BOOL, "Masuk tanpa rahasia apa pun", "Login without any secret"),
                "methods": leaf(
                    Kind.TEXTS, "Cara masuk yang ditawarkan", "Ways in that are offered"
                ),
            },
        ),
    },
)

_HOST_KEYS = table(
    "Kunci host",
    "Host keys",
    ("server", "type"),
    {
        "server": leaf(Kind.TEXT, "Port", "Port"),
        "type": leaf(Kind.TEXT, "Jenis kunci", "Key type"),
        "bits": leaf(Kind.INT, "Panjang kunci host (bit)", "Host key size (bits)"),
        "fingerprint": leaf(Kind.TEXT, "Sidik jari kunci host", "Host key fingerprint"),
    },
)

PROBE = ProbeType(
    name="ssh_server",
    via=Via.SSH_SERVER,
    args=SshServerArgs,
    gives=record(
        "Yang ditawarkan server SSH",
        "What an SSH server offers",
        {
            "exists": leaf(Kind.BOOL, "Server SSH menjawab", "An SSH server answers"),
            "vantage": leaf(Kind.TEXT, "Dilihat dari", "Seen from"),
            "servers": _SERVERS,
            "host_keys": _HOST_KEYS,
        },
    ),
    doc=Text(
        id="Yang ditawarkan server SSH sebelum siapa pun login, dilihat dari tempat auditor tanpa "
        "server perantara: baris versi, algoritma, kunci host, grup Diffie-Hellman, dan cara masuk "
        "bagi akun audit. Pertanyaan tentang cara masuk (permintaan `none`) meninggalkan satu "
        "baris di log target; pertukaran kunci yang tidak diselesaikan, satu baris masing-masing.",
        en="What an SSH server offers before anyone logs in, seen from the auditor's place without "
        "jump hosts: version line, algorithms, host keys, Diffie-Hellman group, and the ways in "
        "for the audit account. The question for the ways in (a `none` request) leaves one line "
        "in the target's log; each key exchange that is not finished leaves one as well.",
    ),
)
