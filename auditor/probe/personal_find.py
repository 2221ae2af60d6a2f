"""What personal data one page or document shows: counted, never kept."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

import msgspec

from auditor.probe.personal_numbers import (
    LENGTH,
    Candidate,
    born,
    candidates,
    is_certain,
    is_family_card,
    is_number,
    masked,
    mobiles,
    plain,
    tax_numbers,
    wrapped,
)
from auditor.probe.personal_words import (
    SPECIFIC,
    Word,
    announced,
    categories,
    columns,
    heading,
    words,
)

MOST_NUMBERS = 100_000
"""Different contacts of one kind that are told apart in one place."""
MOST_CANDIDATES = 50_000
"""Numbers of one place that are looked at; more than any list that a person could check."""
MOST_PASSED = 2_000
MOST_SPOTS = 10
MOST_SAMPLES = 5
_AROUND = 300
"""Characters around a number in which words make it specific."""
_LOOKS = 2_000
"""Numbers around which such words are looked for."""
_ADULT = 18
_MAIL = re.compile(
    r"[a-z0-9._%+-]{1,64}@(?:gmail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|proton(?:mail)?"
    r"|aol|mail)\.(?:com|co\.id|id|me)(?![a-z0-9])"
)
_RARE = 20
"""From so many numbers without a word on, it counts how many of them could be a NIK."""
_SHARE = 0.3
"""Where fewer could be, they are some other number, and those few are so by chance."""
_LONG = re.compile(r"\d{8}")
_HEADING = 200
_UNSAID = frozenset({None, Word.PHONE})
"""No word says what it is: none has 16 digits of a phone."""
_PEOPLE = frozenset({Word.NIK, Word.KK})
_SIXTEEN = frozenset({Word.NIK, Word.KK, Word.OTHER})


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of a table.

    `lost`: how many of the 16 digits at the end of its number the spreadsheet no longer knows.
    """

    text: str
    number: bool = False
    hidden: bool = False
    lost: int = 0


class Finder:
    """Takes in the texts and tables of one place, in order; `today` is the date of the run."""

    def __init__(self, today: date) -> None:
        self.niks: set[str] = set()
        self.kks: set[str] = set()
        self.npwps: set[str] = set()
        self.mobiles: set[str] = set()
        self.mails: set[str] = set()
        self.minors: set[str] = set()
        self.specific: set[str] = set()
        self.columns: set[str] = set()
        self.rounded = 0
        self.hidden = False
        self.in_address = False
        self.full = False
        """There is more than is looked at."""
        self.spots: dict[str, None] = {}
        self._today = today
        self._unsaid: set[str] = set()
        self._passed = 0
        self._looked = 0
        self._looks = 0
        self._order: list[Word] = []
        self._data = False

    def text(
        self, text: str, spot: str = "", label: Word | None = None, *, address: bool = False
    ) -> None:
        """Take in a text; `label` says what its numbers are where it does not say so itself."""
        seen = plain(text)
        self._side(seen)
        for found in self._candidates(seen, label):
            word = announced(seen, found.start, found.end) or label
            if self._take(found, word, spot):
                self.in_address |= address
                self._look(seen[max(0, found.start - _AROUND) : found.end + _AROUND])
        self._take_wrapped(seen, spot)

    def lines(self, text: str, spot: str) -> None:
        """Take in a page of lines, whose headings may stand far above their numbers."""
        seen = plain(text)
        self._side(seen)
        at = 0
        above: Word | None = None
        for line in seen.split("\n"):
            found = list(self._candidates(line))
            if not found and not _LONG.search(line):
                above = self._head(line) or (above if not line.strip() else None)
            places = {one.start: n for n, one in enumerate(candidates(line))} if found else {}
            for one in found:
                far = self._far(places[one.start], len(places))
                word = announced(line, one.start, one.end) or far or above
                if self._take(one, word, spot):
                    self._look(seen[max(0, at + one.start - _AROUND) : at + one.end + _AROUND])
            self._data = self._data or bool(found)
            at += len(line) + 1
        self._take_wrapped(seen, spot)

    def grid(self, spot: str = "") -> "Grid":
        """Begin a table."""
        return Grid(self, spot)

    def take_cell(self, cell: Cell, head: Word | None, spot: str, beside: str) -> None:
        """Take in a cell under its heading; `beside` is what else stands in its row."""
        if cell.lost:
            self._take_rounded(cell, head, spot, beside)
            return
        seen = plain(cell.text)
        self._side(seen)
        if cell.number and head is Word.PHONE and _BARE_MOBILE.fullmatch(seen):
            self.mobiles.add(seen)
        for found in self._candidates(seen, head):
            word = announced(seen, found.start, found.end) or head
            if self._take(found, word, spot):
                self.hidden |= cell.hidden
                self._look(beside)

    def settle(self) -> None:
        """Decide on numbers of which no word says what they are, when all was taken in."""
        others = self._passed + len(self._unsaid)
        chance = others >= _RARE and len(self._unsaid) < _SHARE * others
        for digits in () if chance else self._unsaid:
            self._count(digits)
        self._unsaid.clear()

    @property
    def samples(self) -> list[str]:
        """Masked numbers, each region once."""
        return sorted({masked(digits) for digits in self.niks | self.kks})[:MOST_SAMPLES]

    def _candidates(self, seen: str, label: Word | None = None) -> Iterator[Candidate]:
        """Yield what may be a number of a person, as long as there are not too many."""
        for found in candidates(seen):
            if not is_number(found.digits, self._today):
                self._pass(seen, found, label)
            elif self._looked == MOST_CANDIDATES:
                self.full = True
                return
            else:
                self._looked += 1
                yield found

    def _pass(self, seen: str, found: Candidate, label: Word | None) -> None:
        """Take note of a number that can be none of a person, and of which no word says a thing."""
        if found.natural and self._passed < MOST_PASSED:
            word = announced(seen, found.start, found.end) or label
            self._passed += word in _UNSAID

    def _side(self, seen: str) -> None:
        """Take in what is no number of a register."""
        _keep(self.mobiles, mobiles(seen))
        if "@" in seen:
            _keep(self.mails, (match[0] for match in _MAIL.finditer(seen.lower())))
        _keep(self.npwps, (digits for digits, _, _ in tax_numbers(seen)))

    def _take(self, found: Candidate, word: Word | None, spot: str) -> bool:
        """Count a number that is one of a person; say whether it is."""
        if word in _UNSAID:
            return self._take_unsaid(found, spot)
        if word is Word.OTHER:
            return False
        if word is Word.KK and is_family_card(found.digits, self._today):
            self.kks.add(found.digits)
        else:
            self._count(found.digits)
        self._mark(spot)
        return True

    def _take_wrapped(self, seen: str, spot: str) -> None:
        """Take in numbers that go on in the next line, where the words before them name them."""
        for found in wrapped(seen):
            if not is_number(found.digits, self._today):
                continue
            word = announced(seen, found.start, found.start)
            if word in _PEOPLE and self._take(found, word, spot):
                self._look(seen[max(0, found.start - _AROUND) : found.end + _AROUND])

    def _take_unsaid(self, found: Candidate, spot: str) -> bool:
        if not found.natural or not is_certain(found.digits, self._today):
            return False
        self._unsaid.add(found.digits)
        self._mark(spot)
        return True

    def _take_rounded(self, cell: Cell, head: Word | None, spot: str, beside: str) -> None:
        """Count what a spreadsheet has rounded: twelve digits still name a person's birth date."""
        digits = plain(cell.text)[:LENGTH]
        named = head in (Word.NIK, Word.KK)
        if cell.lost > LENGTH - _BIRTH:
            self.rounded += named
            return
        fits = is_number(digits, self._today, serial=False)
        if (
            head is not Word.OTHER
            and fits
            and (named or is_certain(f"{digits[:12]}0001", self._today))
        ):
            self._count(digits)
            self.rounded += 1
            self.hidden |= cell.hidden
            self._mark(spot)
            self._look(beside)

    def _count(self, digits: str) -> None:
        self.niks.add(digits)
        birth = born(digits, self._today) or self._today
        if _years(birth, self._today) < _ADULT:
            self.minors.add(digits)

    def _mark(self, spot: str) -> None:
        if spot and len(self.spots) < MOST_SPOTS:
            self.spots[spot] = None

    def _look(self, text: str) -> None:
        """Look for words that make the data specific."""
        if self._looks < _LOOKS and len(self.specific) < len(SPECIFIC):
            self._looks += 1
            self.specific |= categories(text)

    def _head(self, line: str) -> Word | None:
        """Take in a line without numbers: what it announces holds for the lines below.

        Return what it announces last.
        """
        found = list(words(line[:_HEADING]))
        if found and self._data:
            self._order, self._data = [], False
        self._order += found[: _MOST_WORDS - len(self._order)]
        return found[-1] if found else None

    def _far(self, number: int, numbers: int) -> Word | None:
        """Return what the heading says of one of the numbers of a line, by its position."""
        order = [word for word in self._order if word in _SIXTEEN]
        people = [word for word in order if word is not Word.OTHER]
        if people and len(order) == numbers:
            return order[number]
        return Word.NIK if Word.NIK in people else next(iter(people), None)


_MOST_WORDS = 20
_BIRTH = 12
_BARE_MOBILE = re.compile(r"8[1-9]\d{7,10}")


class Grid:
    """A table, row by row; a cell of words above a number is its heading."""

    def __init__(self, finder: Finder, spot: str) -> None:
        self._finder = finder
        self._spot = spot
        self._heads: dict[int, Word | None] = {}
        self._titles: list[str] = []

    def row(self, cells: Iterable[tuple[int, Cell]], spot: str = "") -> None:
        """Take in a row as (column, cell); columns that are missing are empty."""
        filled = [(at, cell) for at, cell in cells if cell.text]
        before: Word | None = None
        beside = ""
        for at, cell in filled:
            if _LONG.search(cell.text) or cell.lost:
                beside = beside or self._beside(filled)
                head = self._heads.get(at) or before
                self._finder.take_cell(cell, head, spot or self._spot, beside)
                continue
            if not cell.number and len(cell.text) <= _HEADING:
                before = self._title(at, cell.text)
            self._finder.take_cell(cell, None, spot or self._spot, "")

    def _title(self, at: int, text: str) -> Word | None:
        """Take in a cell of words, and return what it announces."""
        what = heading(plain(text))
        if what is not None:
            self._heads[at] = what
        if len(self._titles) < _TITLES and (found := columns(text)):
            self._finder.columns |= found
            self._titles.append(text)
        return what

    def _beside(self, filled: Sequence[tuple[int, Cell]]) -> str:
        """Return the words around a number: its row, and the headings of the table."""
        return " | ".join([*self._titles, *(cell.text[:100] for _, cell in filled[:_BESIDE])])


_TITLES = 40
_BESIDE = 40


def _keep(kept: set[str], found: Iterable[str]) -> None:
    kept.update(islice(found, MOST_NUMBERS - len(kept)))


def _years(birth: date, today: date) -> int:
    had = (today.month, today.day) >= (birth.month, birth.day)
    return today.year - birth.year - (not had)
