"""Lists of ports as nmap writes them: "22,80,1-1024"."""

from collections.abc import Iterable, Iterator

LAST = 65_535


def numbers(text: str) -> frozenset[int]:
    """Return the ports of a list; raises ValueError where it is none."""
    found: set[int] = set()
    for first, last in _spans(text):
        if not 1 <= first <= last <= LAST:
            raise ValueError(f"{text!r}: ports go from 1 to {LAST}, ranges upwards")
        found.update(range(first, last + 1))
    return frozenset(found)


def holds(text: str, port: int) -> bool:
    """Tell whether a list has a port; False where it cannot be read."""
    try:
        return any(first <= port <= last for first, last in _spans(text))
    except ValueError:
        return False


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        yield int(first), int(last) if dash else int(first)


def write(ports: Iterable[int]) -> str:
    """Return the shortest list of these ports, in order."""
    spans: list[list[int]] = []
    for port in sorted(set(ports)):
        if spans and spans[-1][1] == port - 1:
            spans[-1][1] = port
        else:
            spans.append([port, port])
    return ",".join(f"{a}-{b}" if b > a else str(a) for a, b in spans)


def of(names: Iterable[str], protocol: str) -> frozenset[int]:
    """Return the numbers of names such as "443/tcp" that are of one protocol."""
    parts = (name.split("/") for name in names)
    return frozenset(int(number) for number, kind in parts if kind == protocol)
