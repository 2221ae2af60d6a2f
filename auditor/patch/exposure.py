"""How far a package can be reached: who listens with it, and who sees the port from outside."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from auditor.model.base import Value


class Reach(StrEnum):
    """Farthest place from which a package is talked to."""

    INTERNET = "internet"
    NETWORK = "network"
    LOOPBACK = "loopback"
    NONE = "none"
    """No listening process has to do with it."""
    UNKNOWN = "unknown"
    """Which packages listen, or who reaches them, could not be seen."""


_NEAR_TO_FAR = (Reach.LOOPBACK, Reach.NETWORK, Reach.UNKNOWN, Reach.INTERNET)


class Exposure(Value, frozen=True):
    """The reach of one package, and the ports through which."""

    reach: Reach
    ports: tuple[str, ...] = ()


class Doors(Value, frozen=True):
    """All that listens on a target, by package."""

    packages: Mapping[str, Exposure]
    complete: bool
    """The libraries of what listens were seen, too."""

    def of(self, names: Iterable[str]) -> Exposure:
        """Return the farthest reach of some packages, with the ports of all that reach as far."""
        found = [self.packages[name] for name in names if name in self.packages]
        if not found:
            return Exposure(reach=Reach.NONE if self.complete else Reach.UNKNOWN)
        reach = max((e.reach for e in found), key=_NEAR_TO_FAR.index)
        ports = {port for e in found if e.reach is reach for port in e.ports}
        return Exposure(reach=reach, ports=tuple(sorted(ports, key=_number)))


UNSEEN = Doors(packages={}, complete=False)


def doors(
    sockets: Sequence[Mapping[str, Any]],
    *,
    outside: Mapping[str, bool] | None,
    faces_internet: bool,
    complete: bool,
) -> Doors:
    """Join the sockets of the fact `serving` with what was seen from outside.

    `outside`: port → whether that was the view of the Internet; None where nobody looked, which
    leaves open how far a target reaches that has an address of the Internet. A port that listens
    to the network, but did not answer from outside, is reached from the network: a filter that is
    there today may be gone tomorrow.
    """
    found: dict[str, Exposure] = {}
    for socket in sockets:
        reach = Reach.NETWORK if socket["public"] else Reach.LOOPBACK
        if outside is None and faces_internet and socket["public"]:
            reach = Reach.UNKNOWN
        elif outside and outside.get(socket["port"]):
            reach = Reach.INTERNET
        for name in (*socket["packages"], *socket["libraries"]):
            before = found.get(name)
            if before is None or _NEAR_TO_FAR.index(before.reach) < _NEAR_TO_FAR.index(reach):
                found[name] = Exposure(reach=reach, ports=(socket["port"],))
            elif before.reach is reach:
                found[name] = Exposure(reach=reach, ports=(*before.ports, socket["port"]))
    return Doors(packages=found, complete=complete)


def _number(port: str) -> tuple[int, str]:
    number, _, protocol = port.partition("/")
    return int(number), protocol
