"""Which ports a target listens on, seen from inside, and which process holds them."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table


class ListeningArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="listening",
    shown="ss -Htulnp",
    text=r"""
if command -v ss >/dev/null; then
  printf 'ss\n'
  t 20 ss -Htulnp
  return
fi
[ -r /proc/net/tcp ] || return 127
printf 'proc\n'
for p in tcp tcp6 udp udp6; do
  while read -r _ local _ state _; do
    case $p$state in tcp*0A|udp*07) printf '%s %s\n' "$p" "$local" ;; esac
  done <"/proc/net/$p"
done
return 0
""",
    bounded=True,
)
"""`ss` where it is, else the kernel's tables by builtins; process names need root."""

_PROCESS = re.compile(r'users:\(\("([^"]*)"')
_PROTOCOLS = frozenset({"tcp", "udp"})
_ANY = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


def _sections(_args: Sequence[ListeningArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: ListeningArgs, frames: Frames) -> Record:
    tool, _, text = answer(frames, SECTION.key).partition("\n")
    if tool not in ("ss", "proc"):
        raise Unseen(Why.UNREADABLE, "the list of sockets does not say where it is from")
    sockets: dict[str, Record] = {}
    for protocol, address, port, process in _ss(text) if tool == "ss" else _proc(text):
        name = f"{port}/{protocol}"
        socket = sockets.setdefault(
            name, {"port": name, "public": False, "addresses": [], "process": ""}
        )
        socket["public"] = socket["public"] or not _is_loopback(address)
        if address not in socket["addresses"]:
            socket["addresses"].append(address)
        socket["process"] = socket["process"] or process
    ordered = [sockets[name] for name in sorted(sockets, key=_order)]
    return {
        "sockets": ordered,
        "public": [s["port"] for s in ordered if s["public"]],
        "loopback": [s["port"] for s in ordered if not s["public"]],
    }


def _order(name: str) -> tuple[int, str]:
    number, _, protocol = name.partition("/")
    return int(number), protocol


def _ss(text: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield protocol, address, port and process of each line of `ss -Htulnp`."""
    for line in text.splitlines():
        columns = line.split(None, 6)
        if len(columns) < 6 or columns[0] not in _PROTOCOLS:  # noqa: PLR2004 - peer is the sixth
            continue
        address, _, port = columns[4].rpartition(":")
        process = _PROCESS.search(columns[6]) if len(columns) > 6 else None  # noqa: PLR2004
        if port.isdecimal() and len(port) <= 5:  # noqa: PLR2004
            bare = address.partition("%")[0].strip("[]")
            yield columns[0], bare, int(port), process[1] if process else ""


def _proc(text: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield the same of "tcp 0100007F:0016" lines, addresses as the kernel keeps them."""
    for line in text.splitlines():
        kind, _, local = line.partition(" ")
        words, _, port = local.partition(":")
        if re.fullmatch(r"(?:[0-9A-F]{8}|[0-9A-F]{32})", words) and re.fullmatch(
            r"[0-9A-F]{4}", port
        ):
            packed = b"".join(
                bytes.fromhex(words[n : n + 8])[::-1] for n in range(0, len(words), 8)
            )
            yield kind.removesuffix("6"), str(ip_address(packed)), int(port, 16), ""


def _is_loopback(address: str) -> bool:
    """Tell whether only the target itself reaches an address; an odd one counts as public."""
    if address in _ANY:
        return False
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return bool((mapped or ip).is_loopback)


PROBE = ProbeType(
    name="listening",
    via=Via.SSH,
    args=ListeningArgs,
    doc=Text(
        id="Port yang didengarkan, dilihat dari dalam target",
        en="Ports listened on, seen from inside the target",
    ),
    gives=record(
        "Port dari dalam",
        "Ports from inside",
        {
            "sockets": table(
                "Soket",
                "Sockets",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "public": leaf(Kind.BOOL, "Terbuka ke jaringan", "Open to the network"),
                    "addresses": leaf(Kind.TEXTS, "Alamat", "Addresses"),
                    "process": leaf(Kind.TEXT, "Proses", "Process"),
                },
                may_be_empty=True,
            ),
            "public": leaf(Kind.PORTS, "Port ke jaringan", "Network ports", may_be_empty=True),
            "loopback": leaf(Kind.PORTS, "Port setempat", "Local ports", may_be_empty=True),
        },
    ),
    sections=_sections,
    parse=_parse,
)
