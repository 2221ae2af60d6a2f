"""In which country an address is used, by a table that the operator supplies.

Read are delegated statistics of the regional Internet registries ("apnic|ID|ipv4|103.0.0.0|1024|
20110405|allocated", several files may stand one after the other) and lines of "first,last,CC".
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

INTERN = "intern"
"""In place of a country: an address that is not on the Internet."""
MOST_LINES = 1_000_000
_MOST_CHARACTERS = 300
_FOUR = 32
_SIX = 128
_SPARE = frozenset({"available", "reserved"})
_FIELDS = 7
_HALF = 64
_LOW = 2**64 - 1
Range = tuple[int, int, str, int]
"""First and last address as numbers, country, and the line where it stands."""


class Countries:
    """Ranges of addresses with their countries; they do not overlap."""

    def __init__(self, four: Iterable[Range], six: Iterable[Range]) -> None:
        self._four = _Table(_merged(four))
        self._six = _Table(_merged(six))

    def __len__(self) -> int:
        return len(self._four.names) + len(self._six.names)

    def of(self, address: str) -> str:
        """Return the country in two letters, `INTERN`, or "" where the table knows none.

        Raises ValueError where the text is no address.
        """
        ip = ip_address(address)
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        if not ip.is_global:
            return INTERN
        table = self._four if isinstance(ip, IPv4Address) else self._six
        return table.name(int(ip))


class _Table:
    """Ranges in order, in little memory: a number is kept as its upper and its lower half."""

    def __init__(self, ranges: list[Range]) -> None:
        self.names = [country for _, _, country, _ in ranges]
        self._first = [first for first, _, _, _ in ranges]
        self._last = (
            array("Q", [last >> _HALF for _, last, _, _ in ranges]),
            array("Q", [last & _LOW for _, last, _, _ in ranges]),
        )

    def name(self, number: int) -> str:
        at = bisect_right(self._first, number) - 1
        if at < 0:
            return ""
        upper, lower = self._last
        return self.names[at] if number <= (upper[at] << _HALF) + lower[at] else ""


def read_countries(lines: Iterable[str]) -> Countries:
    """Return the table of a file. Raises ValueError that names the line that cannot be read."""
    four: list[Range] = []
    six: list[Range] = []
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            raise ValueError(f"more than {MOST_LINES} lines")
        try:
            read = _read(line.strip(), number)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        if read is not None:
            (four if read[0] == _FOUR else six).append(read[1])
    if not (four or six):
        raise ValueError("no range of addresses in it")
    return Countries(four, six)


def _read(line: str, number: int) -> tuple[int, Range] | None:
    if len(line) > _MOST_CHARACTERS:
        raise ValueError("too long")
    if not line or line.startswith("#"):
        return None
    if "|" in line:
        return _delegated(line.split("|"), number)
    parts = [part.strip().strip('"') for part in line.split(",")]
    if len(parts) != 3:  # noqa: PLR2004
        raise ValueError("neither delegated statistics nor first,last,CC")
    first, last = ip_address(parts[0]), ip_address(parts[1])
    if first.version != last.version or int(first) > int(last):
        raise ValueError("the last address does not come after the first")
    return first.max_prefixlen, (int(first), int(last), _country(parts[2]), number)


def _delegated(parts: list[str], number: int) -> tuple[int, Range] | None:
    """Read a record; headings, sums, numbers of networks and what nobody holds are passed over."""
    heading = parts[0][:1].isdigit() or parts[-1] == "summary"
    if heading or len(parts) < _FIELDS or parts[2] == "asn" or parts[6] in _SPARE:
        if heading or len(parts) >= _FIELDS:
            return None
        raise ValueError("a record of fewer than 7 fields")
    if parts[2] not in {"ipv4", "ipv6"} or not parts[4].isascii() or not parts[4].isdecimal():
        raise ValueError("neither ipv4 nor ipv6 with a size")
    ip = ip_address(parts[3])
    start, bits = int(ip), _FOUR if parts[2] == "ipv4" else _SIX
    if ip.max_prefixlen != bits or len(parts[4]) > 10:  # noqa: PLR2004
        raise ValueError("the address is not of the kind that is named")
    size = int(parts[4]) if bits == _FOUR else _of_prefix(int(parts[4]))
    if not size or start + size > 1 << bits:
        raise ValueError("a range that leaves the space of addresses")
    return bits, (start, start + size - 1, _country(parts[1]), number)


def _of_prefix(length: int) -> int:
    return 1 << (_SIX - length) if length <= _SIX else 0


_KNOWN: dict[str, str] = {}


def _country(text: str) -> str:
    """Return a country code; equal codes are one object."""
    if len(text) != 2 or not (text.isascii() and text.isalpha()):  # noqa: PLR2004
        raise ValueError("the country is not two letters")
    return _KNOWN.setdefault(text.upper(), text.upper())


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """Return ranges in order; those of one country that touch are one, others may not overlap."""
    found: list[Range] = []
    for one in sorted(ranges):
        first, last, country, number = one
        if found and first <= found[-1][1]:
            before = found[-1]
            if before[2] != country:
                raise ValueError(f"line {number}: overlaps line {before[3]}, of another country")
            found[-1] = (before[0], max(before[1], last), country, before[3])
        elif found and first == found[-1][1] + 1 and found[-1][2] == country:
            found[-1] = (found[-1][0], last, country, found[-1][3])
        else:
            found.append(one)
    return found
