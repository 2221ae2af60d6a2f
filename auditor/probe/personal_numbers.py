"""NIK, KK, NPWP and mobile numbers: how they are built, how they are written, how they are masked.

A NIK has 16 digits: region (province, kabupaten, kecamatan), date of birth DDMMYY with 40 added to
a woman's day, and a serial number. A KK is built alike, with the date of its issue. Both may be
written in groups.

No hash of a number is made, not even a truncated one: region and birth date leave so few numbers
(about 10,000 a day and kecamatan) that anyone who holds a hash finds the number by trying; a key
that lies beside the store would not help. What is kept is a count and the six digits of the region.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise
from typing import NamedTuple

from auditor.probe.personal_regions import REGENCIES, known

LENGTH = 16
WOMEN = 40
"""Is added to the day of birth."""
_ODD_SPACES = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_DOTS = "\u00b7\u2024\uff0e"
_ZEROS = (0x660, 0x6F0, 0x966, 0xFF10, *range(0x1D7CE, 0x1D7FF, 10))
"""Where other scripts and styles have their ten digits."""
_ALIKE = {
    **dict.fromkeys(map(ord, _ODD_SPACES), " "),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _DOTS), "."),
    **{zero + n: str(n) for zero in _ZEROS for n in range(10)},
}
_SEEN = _ALIKE | dict.fromkeys(map(ord, _INVISIBLE))
_SAME_LENGTH = _ALIKE | dict.fromkeys(map(ord, f"{_INVISIBLE}\ufffd"), " ")
_ENOUGH = re.compile(r"\d(?:[ .-]?\d){14}")
_CHAIN = re.compile(r"(?<!\d)\d++(?![xX])(?:(?: {1,2}|[.-])\d++(?![xX]))*+")
_WRAPPED = re.compile(r"(?<!\d)\d++(?:(?: {1,2}|[.-]| ?\n ?)\d++)*+")
_GROUP = re.compile(r"\d+")
_SIZES = "?abcdefghijklmnop"
"""A letter for each size of a group: "d" is four digits; what is longer than 16 is "?"."""
_SHAPES = re.compile(
    r"(?=(p|dddd|ffd|bbbfd|fbbbd|bbbbbbd|(?<!a)a{16}(?!a))|(hh|fj|jf|dl|ld|fdf|ddh|hdd|dhd|bbbj))"
)
"""How people group 16 digits; the second kind is seen where words say what it is."""
_NPWP = re.compile(
    r"(?<![\d.-])(\d{2})[. ](\d{3})[. ](\d{3})[. ](\d)[-. ](\d{3})[. ](\d{3})(?![\d-]|\.\d)"
)
_NPWP_NAMED = re.compile(r"(?i)(npwp[^\d\n]{0,20})(\d{15})(?!\d)")
_MOBILE = re.compile(
    r"(?<![\w.,/+-])(?:\(?\+?62\)?[ .-]{0,2}(?:\(?0\)?[ .-]?)?|0)"
    r"(8[1-9]\d(?:[ .-]{0,2}\d){6,9})(?!\d)"
)
_NOT_DIGIT = re.compile(r"\D+")


class Candidate(NamedTuple):
    """Sixteen digits as they stand in a text, from `start` to `end`."""

    digits: str
    start: int
    end: int
    natural: bool
    """In one piece or grouped as people write such numbers, and no part of something longer."""


def plain(text: str) -> str:
    """Return a text as a reader sees it: no invisible characters, ASCII digits and signs."""
    return text if text.isascii() else text.translate(_SEEN)


def candidates(text: str) -> Iterator[Candidate]:
    """Yield every sequence of 16 digits of a plain text; linear in its length."""
    if not _ENOUGH.search(text):
        return
    for chain in _CHAIN.finditer(text):
        if chain.end() - chain.start() >= LENGTH:
            yield from _in_chain(text, chain)


def wrapped(text: str) -> Iterator[Candidate]:
    """Yield 16 digits that begin a run of groups and go on in the next line of a plain text."""
    for chain in _WRAPPED.finditer(text):
        if "\n" in chain[0] and chain.end() - chain.start() > LENGTH:
            groups = [match.span() for match in islice(_GROUP.finditer(chain[0]), LENGTH + 1)]
            size = _leading(_sizes(groups))
            end = groups[size - 1][1]
            if size and "\n" in chain[0][:end]:
                digits = _NOT_DIGIT.sub("", chain[0][:end])
                yield Candidate(digits, chain.start(), chain.start() + end, natural=False)


def _sizes(groups: list[tuple[int, int]]) -> str:
    return "".join(_SIZES[end - start : end - start + 1] or "?" for start, end in groups)


def _in_chain(text: str, chain: re.Match[str]) -> Iterator[Candidate]:
    groups = [match.span() for match in _GROUP.finditer(text, *chain.span())]
    sizes = _sizes(groups)
    found = False
    for match in _SHAPES.finditer(sizes):
        shape = match[1] or match[2]
        part = groups[match.start() : match.start() + len(shape)]
        if len({text[a[1] : b[0]].strip(" ") == "" for a, b in pairwise(part)}) <= 1:
            found = True
            yield _candidate(text, groups, match.start(), len(shape), usual=bool(match[1]))
    if not found and (size := _leading(sizes)):
        yield _candidate(text, groups, 0, size, usual=False)


def _leading(sizes: str) -> int:
    """Return how many groups at the beginning make 16 digits, 0 where none do."""
    total = 0
    for number, size in enumerate(sizes[: LENGTH + 1], 1):
        total += _SIZES.index(size) or LENGTH + 1
        if total >= LENGTH:
            return number if total == LENGTH else 0
    return 0


def _candidate(
    text: str, groups: list[tuple[int, int]], at: int, size: int, *, usual: bool
) -> Candidate:
    start, end = groups[at][0], groups[at + size - 1][1]
    before = text[groups[at - 1][1] : start] if at else ""
    after = text[end : groups[at + size][0]] if at + size < len(groups) else ""
    joined = bool((before + after).strip(" ")) or (size > 1 and _continues(groups, at, size))
    glued = text[max(0, start - 1) : start].isalpha() or text[end : end + 1].isalpha()
    digits = _NOT_DIGIT.sub("", text[start:end])
    return Candidate(digits, start, end, usual and not joined and not glued)


def _continues(groups: list[tuple[int, int]], at: int, size: int) -> bool:
    """Tell whether a neighbour looks like one more group of the same number."""
    ends = {groups[n][1] - groups[n][0] for n in (at, at + size - 1)}
    around = {groups[n][1] - groups[n][0] for n in (at - 1, at + size) if 0 <= n < len(groups)}
    return not ends.isdisjoint(around)


def born(digits: str, today: date) -> date | None:
    """Return the birth date in a NIK, None where there is no such day; the later century counts."""
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    day -= WOMEN if day > WOMEN else 0
    for century in (2000, 1900):
        try:
            found = date(century + year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


def is_number(digits: str, today: date, *, serial: bool = True) -> bool:
    """Tell whether 16 digits can be a NIK: a province, a day, a serial number.

    `serial` is false where the last digits were lost in a spreadsheet.
    """
    return (
        digits[:2] in REGENCIES
        and "00" not in (digits[2:4], digits[4:6])
        and (not serial or digits[12:] != "0000")
        and born(digits, today) is not None
    )


def is_family_card(digits: str, today: date) -> bool:
    """Tell whether 16 digits can be the number of a family card: nothing is added to its day."""
    return is_number(digits, today) and int(digits[6:8]) <= WOMEN


def is_certain(digits: str, today: date) -> bool:
    """Tell whether 16 digits are a NIK even where no word says so: the region is a known one."""
    return is_number(digits, today) and known(digits[:6])


def tax_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (15 digits, start, end) of the NPWP of a plain text.

    Written with its dots, or after its name. Numbers of companies and government treasurers, which
    begin with 00 to 03, are none of a person.
    """
    for match in _NPWP.finditer(text):
        digits = "".join(match.groups())
        if digits[:2] not in _BODIES:
            yield digits, *match.span()
    for match in _NPWP_NAMED.finditer(text):
        if match[2][:2] not in _BODIES:
            yield match[2], *match.span(2)


_BODIES = frozenset({"00", "01", "02", "03"})


def mobiles(text: str) -> Iterator[str]:
    """Yield the mobile numbers of a plain text, as digits from the 8 on; no landlines."""
    if "8" in text:
        for match in _MOBILE.finditer(text):
            yield _NOT_DIGIT.sub("", match[1])


def masked(digits: str) -> str:
    """Return a number as it may be shown: the region of the kecamatan, and no more."""
    return digits[:6] + "x" * (len(digits) - 6)


def hide(text: str) -> str:
    """Mask in any text what may be a NIK, KK or NPWP, however it is grouped.

    Rather one too many: no words around it are asked for. Text without such numbers is the same
    object. What is left of a masked number may make another with digits beside it: it looks twice.
    """
    once = _hidden(text)
    return once if once is text else _hidden(once)


def _hidden(text: str) -> str:
    seen = text if text.isascii() else text.translate(_SAME_LENGTH)
    if not _ENOUGH.search(seen):
        return text
    places = [(c.start, c.end, _REGION) for c in candidates(seen) if _may_be(seen, c)]
    places += [(start, end, _KIND) for _, start, end in tax_numbers(seen)]
    parts: list[str] = []
    done = 0
    for start, end, shown in sorted(places):
        begin = max(start, done)
        left = shown if begin == start else 0
        parts += (text[done:begin], _covered(text[begin:end], seen[begin:end], left))
        done = max(done, end)
    return "".join([*parts, text[done:]]) if places else text


_REGION, _KIND = 6, 2
"""Digits that stay: the region of a NIK, the kind of a taxpayer."""


def _may_be(text: str, found: Candidate) -> bool:
    """Tell whether to hide it; digits inside a hash or a fraction stay."""
    if text[max(0, found.start - 2) : found.start] == "0.":
        return False
    return is_number(found.digits, date.max) and not _in_hash(text, found)


def _in_hash(text: str, found: Candidate) -> bool:
    before, after = (
        _HEX_END.search(text[max(0, found.start - _HASH) : found.start]),
        _HEX.match(text, found.end, found.end + _HASH),
    )
    around = (before[0] if before else "") + (after[0] if after else "")
    return len(around) + LENGTH >= _HASH and not around.isdecimal()


_HASH = 32
_HEX = re.compile(r"[0-9a-fA-F]*")
_HEX_END = re.compile(r"[0-9a-fA-F]*\Z")


def _covered(text: str, seen: str, shown: int) -> str:
    """Replace all digits but the first ones by "x"; what separates them stays."""
    kept: list[str] = []
    for char, digit in zip(text, seen, strict=True):
        hidden = digit.isdecimal() and shown <= 0
        shown -= digit.isdecimal()
        kept.append("x" if hidden else char)
    return "".join(kept)
