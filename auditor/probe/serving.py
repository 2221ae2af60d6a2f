"""Which packages stand behind the ports that a target listens on: unit, program, libraries."""

from collections.abc import Iterable, Sequence

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.listening import Socket, is_loopback, order, read_sockets
from auditor.probe.mapped import SECTIONS, Mapped, read_mapped


class ServingArgs(Args, frozen=True):
    """Takes no arguments."""


_SYSTEMD = "1"
"""Process id of what holds sockets until somebody connects."""


def _sections(_args: Sequence[ServingArgs]) -> tuple[Section, ...]:
    return SECTIONS


def _parse(_args: ServingArgs, frames: Frames) -> Record:
    seen = read_mapped(frames)
    by_port: dict[str, list[Socket]] = {}
    for socket in read_sockets(frames):
        by_port.setdefault(socket.name, []).append(socket)
    names = sorted(by_port, key=order)
    return {
        "sockets": [_row(name, by_port[name], seen) for name in names],
        "complete": seen.root
        and seen.whole
        and all(_is_seen(name, by_port[name], seen) for name in names),
    }


def _row(name: str, sockets: Sequence[Socket], seen: Mapped) -> Record:
    units = _units(name, sockets, seen)
    programs, libraries = _in_memory(sockets, seen, activated=_is_activated(units))
    packages = seen.packages((*_files(units, seen), *programs))
    return {
        "port": name,
        "public": any(not is_loopback(socket.address) for socket in sockets),
        "unit": units[0] if units else "",
        "process": next((socket.process for socket in sockets if socket.process), ""),
        "packages": list(packages),
        "libraries": [one for one in seen.packages(libraries) if one not in packages],
    }


def _units(name: str, sockets: Iterable[Socket], seen: Mapped) -> tuple[str, ...]:
    """Return the units of a port; those that systemd listens for are known by their port."""
    own = [socket.unit for socket in sockets if socket.unit]
    return tuple(dict.fromkeys((*own, *seen.listeners.get(name, ()))))


def _is_activated(units: Iterable[str]) -> bool:
    return any(unit.endswith(".socket") for unit in units)


def _files(units: Iterable[str], seen: Mapped) -> Iterable[str]:
    for unit in units:
        for one in (unit, *seen.services.get(unit, ())):
            yield from seen.units.get(one, ())


def _in_memory(
    sockets: Iterable[Socket], seen: Mapped, *, activated: bool
) -> tuple[list[str], list[str]]:
    """Return programs and libraries; systemd's own are not those that will serve."""
    programs, libraries = [], []
    for pid in dict.fromkeys(pid for socket in sockets for pid in socket.pids):
        first, *others = seen.files.get(pid) or ("",)
        if not (activated and pid == _SYSTEMD):
            programs.append(first)
            libraries += others
    return programs, libraries


def _is_seen(name: str, sockets: Sequence[Socket], seen: Mapped) -> bool:
    """Tell whether the memory of all processes of a port was seen; the kernel's own have none.

    Of a service that systemd has not started yet, the libraries are not known.
    """
    pids = {pid for socket in sockets for pid in socket.pids}
    if _is_activated(_units(name, sockets, seen)) and not pids - {_SYSTEMD}:
        return False
    return all(pid in seen.files or pid in seen.foreign for pid in pids) and all(
        socket.told for socket in sockets
    )


PROBE = ProbeType(
    name="serving",
    via=Via.SSH,
    args=ServingArgs,
    doc=Text(
        id="Paket di balik port yang didengarkan: unit, program dan pustakanya",
        en="Packages behind the ports listened on: unit, program and libraries",
    ),
    gives=record(
        "Paket yang melayani",
        "Packages that serve",
        {
            "sockets": table(
                "Soket",
                "Sockets",
                "port",
                {
                    "port": leaf(Kind.TEXT, "Port", "Port"),
                    "public": leaf(Kind.BOOL, "Terbuka ke jaringan", "Open to the network"),
                    "unit": leaf(Kind.TEXT, "Unit systemd", "systemd unit", may_be_empty=True),
                    "process": leaf(Kind.TEXT, "Proses", "Process", may_be_empty=True),
                    "packages": leaf(Kind.TEXTS, "Paket", "Packages", may_be_empty=True),
                    "libraries": leaf(
                        Kind.TEXTS, "Paket pustakanya", "Packages of libraries", may_be_empty=True
                    ),
                },
                may_be_empty=True,
            ),
            "complete": leaf(
                Kind.BOOL, "Semua pustaka yang dipakai dilihat", "All libraries in use were seen"
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
    shared=True,
)
