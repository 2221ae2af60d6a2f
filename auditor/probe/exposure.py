"""Two views of a target's ports joined: what answers from outside, and which process it is.

Works from outside alone; the inside view (`listening`) is joined where a check asks for it.
On the auditor's own machine, scanned over loopback, only sockets open to the network count.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from itertools import chain

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.model.inventory import Target, TargetKind
from auditor.probe import listening, port_lists, ports
from auditor.probe.base import Args, Derivation, Probe, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.lifecycle import fact
from auditor.probe.port_names import CATEGORIES, ROLES, of_category


class ExposureArgs(Args, frozen=True):
    """The ports that are scanned, as for the probe `ports`."""

    tcp: ports.TcpPorts = "top1000"


SHOWN = 5
"""Ports that are named in a reason."""
_INSIDE = Probe(type=listening.PROBE, args=listening.PROBE.args())


def _outside(args: ExposureArgs) -> Probe:
    return Probe(type=ports.PROBE, args=ports.PortsArgs(tcp=args.tcp))


def _needs(args: ExposureArgs) -> tuple[Probe, ...]:
    return (_outside(args),)


def expected(target: Target) -> frozenset[str]:
    """Return the ports that may be open: the inventory's, or else those of role and sites."""
    if target.ports:
        return frozenset(target.ports)
    roles = set(target.roles)
    if target.sites or target.kind is TargetKind.SITE:
        roles.add("web")
    return frozenset(port for role in roles for port in ROLES.get(role, ()))


def _derive(args: ExposureArgs, given: Derivation) -> Record:
    seen = fact(given, _outside(args), "open", "vantage", "tarpit")
    told: Record = {"vantage": seen["vantage"], "tarpit": seen["tarpit"]}
    if seen["tarpit"]:
        detail = "something answers on every port: what is behind them cannot be told apart"
        return told | {GAP: {"why": Why.UNREADABLE.value, "detail": detail}}
    outside = {item["port"]: item for item in seen["open"]}
    told["listed"] = seen.get("listed", [])
    inside, gap = _inside(given)
    if inside is None and seen["vantage"] == ports.LOOPBACK:
        return told | {GAP: gap}
    known = inside or {}
    if seen["vantage"] == ports.LOOPBACK:
        near = {port for port, socket in known.items() if not socket.get("public", True)}
        outside = {port: item for port, item in outside.items() if port not in near}
    allowed = expected(given.target)
    told["open"] = [_open(item, known, allowed) for item in outside.values()]
    told |= _sorted(args, outside.values())
    if inside is None:
        return {GAP: gap} | told
    every = sorted({*outside, *inside}, key=listening.order)
    return told | {
        "ports": [_port(port, inside, outside, allowed) for port in every],
        "hidden": [port for port in every if port in outside and port not in inside],
    }


def _sorted(args: ExposureArgs, items: Collection[Record]) -> Record:
    """Return the ports of each category.

    None is empty while a service was not told, nor one whose ports a list leaves out.
    """
    found: Record = {name: of_category(name, items) for name in CATEGORIES}
    if untold := [item["port"] for item in items if GAP in item]:
        unsure = set(CATEGORIES)
        detail = f"what answers on {_few(untold)} was not seen: it may be of any category"
    else:
        left_out = _left_out(args.tcp)
        unsure = set(left_out)
        detail = f"not scanned: {_few(sorted({*chain(*left_out.values())}, key=listening.order))}"
    kept = {name: ports for name, ports in found.items() if ports or name not in unsure}
    if len(kept) == len(found):
        return found
    return {GAP: {"why": Why.NO_DATA.value, "detail": detail}} | kept


def _left_out(tcp: str) -> Mapping[str, list[str]]:
    """Return which ports of each category a list of ports does not hold; of `top…` it holds all."""
    if tcp.startswith(ports.TOP):
        return {}
    scanned = port_lists.numbers(tcp)
    lacking = {
        name: [port for port in sort.ports if int(port.partition("/")[0]) not in scanned]
        for name, sort in CATEGORIES.items()
    }
    return {name: missed for name, missed in lacking.items() if missed}


def _few(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _inside(given: Derivation) -> tuple[Mapping[str, Record] | None, Record]:
    """Return the sockets seen from inside by port, or None and why there are none."""
    if _INSIDE.key in given.facts:
        return {item["port"]: item for item in given.facts[_INSIDE.key]["sockets"]}, {}
    why, detail = given.gaps.get(_INSIDE.key, (Why.NO_DATA, "nobody looked from inside"))
    return None, {"why": why.value, "detail": detail}


def _open(item: Record, inside: Mapping[str, Record], allowed: Container[str]) -> Record:
    kept = {name: item[name] for name in ("identified", GAP) if name in item}
    return kept | {
        "port": item["port"],
        "expected": item["port"] in allowed,
        "answers": _answers(item, inside.get(item["port"], {})),
    }


def _answers(item: Record, socket: Record) -> str:
    """Say who answers: process, service, product and version, as far as they are known."""
    words = (item.get("service"), item.get("product"), item.get("version"))
    said = " ".join(str(word) for word in words if word)
    return ": ".join(part for part in (str(socket.get("process", "")), said) if part)


def _port(
    port: str,
    inside: Mapping[str, Record],
    outside: Mapping[str, Record],
    allowed: Container[str],
) -> Record:
    return {
        "port": port,
        "inside": port in inside,
        "outside": port in outside,
        "expected": port in allowed,
        "process": inside.get(port, {}).get("process", ""),
        "service": outside.get(port, {}).get("service", ""),
    }


PROBE = ProbeType(
    name="exposure",
    via=Via.DERIVED,
    args=ExposureArgs,
    doc=Text(
        id="Port yang menjawab dari luar, dinilai menurut jenis layanan, inventaris dan proses",
        en="Ports that answer from outside, by sort of service, inventory and process",
    ),
    gives=record(
        "Paparan",
        "Exposure",
        {
            "vantage": leaf(Kind.TEXT, "Dilihat dari", "Seen from"),
            "tarpit": leaf(Kind.BOOL, "Menjawab di semua port", "Answers on every port"),
            "open": table(
                "Port terbuka",
                "Open ports",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "answers": leaf(Kind.TEXT, "Yang menjawab", "What answers"),
                    "expected": leaf(Kind.BOOL, "Sesuai inventaris", "As the inventory says"),
                    "identified": leaf(Kind.BOOL, "Layanan dikenali", "Service identified"),
                },
                may_be_empty=True,
            ),
            "listed": ports.PROBE.gives.fields["listed"],
            "ports": table(
                "Port",
                "Ports",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "inside": leaf(Kind.BOOL, "Tampak dari dalam", "Seen inside"),
                    "outside": leaf(Kind.BOOL, "Tampak dari luar", "Seen outside"),
                    "expected": leaf(Kind.BOOL, "Ada di inventaris", "In the inventory"),
                    "process": leaf(Kind.TEXT, "Proses", "Process"),
                    "service": leaf(Kind.TEXT, "Layanan", "Service"),
                },
                may_be_empty=True,
            ),
            "hidden": leaf(
                Kind.PORTS, "Port tanpa proses", "Port without a process", may_be_empty=True
            ),
            **{
                name: leaf(Kind.PORTS, sort.label.id, sort.label.en, may_be_empty=True)
                for name, sort in CATEGORIES.items()
            },
        },
    ),
    needs=_needs,
    joins=(listening.PROBE.name,),
    derive=_derive,
)
