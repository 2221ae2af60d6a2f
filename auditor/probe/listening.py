"""Which ports a target listens on, seen from inside, and which process holds them."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table


class ListeningArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="listening",
    shown="ss -Htulnp --cgroup",
    text=r"""
if command -v ss >/dev/null; then
  sockets=$(t 20 ss -Htulnp --cgroup)
  r=$?
  case $r in
  0|124) ;;
  *)
    sockets=$(t 20 ss -Htulnp)
    r=$? ;;
  esac
  printf 'ss\n%s\n' "$sockets"
  return "$r"
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
"""`ss` where it is, else the kernel's tables by builtins; process names need root.

Older ones do not know cgroups. What was listed stays in a variable for mapped_script.py.
"""

_PROCESS = re.compile(r'users:\(\("([^"]*)"')
_PID = re.compile(r'",pid=([0-9]{1,10}),fd=')
_CGROUP = re.compile(r"(?:^|\s)cgroup:(/\S*)")
_UNIT = re.compile(r"[A-Za-z0-9:_.@\\-]+\.(?:service|socket|scope)")
_PROTOCOLS = frozenset({"tcp", "udp"})
_ANY = frozenset({"*", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


def _sections(_args: Sequence[ListeningArgs]) -> tuple[Section, ...]:
    return (SECTION,)


class Socket(NamedTuple):
    """A listening socket. `told` is whether the answer could name a process and a unit at all."""

    protocol: str
    address: str
    port: int
    told: bool = False
    process: str = ""
    pids: tuple[str, ...] = ()
    unit: str = ""
    """Of systemd, by the control group: empty where it has none, or is older than ss --cgroup."""

    @property
    def name(self) -> str:
        """Port and protocol, as "443/tcp"."""
        return f"{self.port}/{self.protocol}"


def read_sockets(frames: Frames) -> list[Socket]:
    """Return all listening sockets; raises `Unseen` where there is no list of them."""
    tool, _, text = answer(frames, SECTION.key).partition("\n")
    if tool not in ("ss", "proc"):
        raise Unseen(Why.UNREADABLE, "the list of sockets does not say where it is from")
    return list(_ss(text) if tool == "ss" else _proc(text))


def _parse(_args: ListeningArgs, frames: Frames) -> Record:
    sockets: dict[str, Record] = {}
    for one in read_sockets(frames):
        socket = sockets.setdefault(
            one.name, {"port": one.name, "public": False, "addresses": [], "process": ""}
        )
        socket["public"] = socket["public"] or not is_loopback(one.address)
        if one.address not in socket["addresses"]:
            socket["addresses"].append(one.address)
        socket["process"] = socket["process"] or one.process
    ordered = [sockets[name] for name in sorted(sockets, key=order)]
    return {
        "sockets": ordered,
        "public": [s["port"] for s in ordered if s["public"]],
        "loopback": [s["port"] for s in ordered if not s["public"]],
    }


def order(name: str) -> tuple[int, str]:
    """Return the key that puts names of ports in order of their number."""
    number, _, protocol = name.partition("/")
    return int(number), protocol


def _ss(text: str) -> Iterator[Socket]:
    """Yield a socket for each line of `ss -Htulnp --cgroup`."""
    for line in text.splitlines():
        columns = line.split(None, 6)
        if len(columns) < 6 or columns[0] not in _PROTOCOLS:  # noqa: PLR2004 - peer is the sixth
            continue
        address, _, port = columns[4].rpartition(":")
        rest = columns[6] if len(columns) > 6 else ""  # noqa: PLR2004
        process, cgroup = _PROCESS.search(rest), _CGROUP.search(rest)
        if port.isdecimal() and len(port) <= 5:  # noqa: PLR2004
            yield Socket(
                protocol=columns[0],
                address=address.partition("%")[0].strip("[]"),
                port=int(port),
                told=True,
                process=process[1] if process else "",
                pids=tuple(_PID.findall(rest)),
                unit=_unit(cgroup[1]) if cgroup else "",
            )


def _unit(cgroup: str) -> str:
    """Return the innermost unit of a control group; systemd's own scope is none."""
    for part in reversed(cgroup.split("/")):
        if _UNIT.fullmatch(part) and part != "init.scope":
            return part
    return ""


def _proc(text: str) -> Iterator[Socket]:
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
            yield Socket(kind.removesuffix("6"), str(ip_address(packed)), int(port, 16))


def is_loopback(address: str) -> bool:
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
