"""Two views of a target's ports joined: what it listens on, and what answers from outside."""

from collections.abc import Container, Mapping

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe import listening, ports
from auditor.probe.base import Args, Derivation, Probe, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.lifecycle import fact
from auditor.probe.port_names import CLEAR_SERVICES, CLEAR_TEXT, DATABASE_SERVICES, DATABASES


class ExposureArgs(Args, frozen=True):
    """Takes no arguments."""


_INSIDE = Probe(type=listening.PROBE, args=listening.PROBE.args())
_OUTSIDE = Probe(type=ports.PROBE, args=ports.PROBE.args())


def _needs(_args: ExposureArgs) -> tuple[Probe, ...]:
    return (_INSIDE, _OUTSIDE)


def _derive(_args: ExposureArgs, given: Derivation) -> Record:
    outside = {item["port"]: item for item in fact(given, _OUTSIDE)["open"]}
    joined: Record = {
        "database": _named(outside, DATABASES, DATABASE_SERVICES),
        "clear_text": [
            port
            for port in _named(outside, CLEAR_TEXT, CLEAR_SERVICES)
            if not outside[port].get("tls")
        ],
    }
    if _INSIDE.key not in given.facts:
        why, detail = given.gaps[_INSIDE.key]
        return joined | {"gap": {"why": why.value, "detail": detail}}
    inside = {item["port"]: item for item in given.facts[_INSIDE.key]["sockets"]}
    every = sorted({*outside, *inside}, key=lambda port: (int(port.partition("/")[0]), port))
    return joined | {
        "ports": [_port(port, inside, outside, given.target.ports) for port in every],
        "hidden": [port for port in every if port in outside and port not in inside],
    }


def _named(
    outside: Mapping[str, Record], numbers: Container[str], services: Container[str]
) -> list[str]:
    return [
        port for port, item in outside.items() if port in numbers or item.get("service") in services
    ]


def _port(
    port: str,
    inside: Mapping[str, Record],
    outside: Mapping[str, Record],
    expected: Container[str],
) -> Record:
    return {
        "port": port,
        "inside": port in inside,
        "outside": port in outside,
        "expected": port in expected,
        "process": inside.get(port, {}).get("process", ""),
        "service": outside.get(port, {}).get("service", ""),
    }


PROBE = ProbeType(
    name="exposure",
    via=Via.DERIVED,
    args=ExposureArgs,
    doc=Text(
        id="Port dari dalam dan dari luar, dipadankan",
        en="Ports from inside and outside, joined",
    ),
    gives=record(
        "Paparan",
        "Exposure",
        {
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
            "database": leaf(Kind.PORTS, "Basis data", "Database", may_be_empty=True),
            "clear_text": leaf(
                Kind.PORTS, "Layanan tanpa enkripsi", "Clear-text service", may_be_empty=True
            ),
        },
    ),
    needs=_needs,
    derive=_derive,
)
