"""The words of gambling spam, of defacement, and of those who fight them."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import groupby

import msgspec

from auditor.resources import shipped


class Class(StrEnum):
    """What a term tells."""

    CERTAIN = "certain"
    """Hardly anyone but a gambling site writes so."""
    LIKELY = "likely"
    """Tells only beside others."""
    GAMING = "gaming"
    """A word of games that is innocent alone."""
    VAGUE = "vague"
    LURE = "lure"
    """What an advertisement promises."""
    WARD = "ward"
    """A word of those who forbid, warn and report."""
    INNOCENT = "innocent"
    """Holds a word of the others in another sense."""
    DEFACEMENT = "defacement"


class Term(msgspec.Struct, frozen=True):
    """A term; `words` are squeezed (see `squeezed`)."""

    text: str
    words: tuple[str, ...]
    kind: Class


class Lexicon(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """The words as they stand in the file; see policies/data/README.md."""

    source: str
    as_of: str
    certain: tuple[str, ...]
    likely: tuple[str, ...]
    gaming: tuple[str, ...]
    vague: tuple[str, ...]
    lure: tuple[str, ...]
    numbered: tuple[str, ...]
    """With two to four digits right behind them they are a gambling site's name."""
    ward_stems: tuple[str, ...]
    """With Indonesian's affixes around them."""
    ward: tuple[str, ...]
    innocent: tuple[str, ...]
    defacement: tuple[str, ...]
    kin: tuple[str, ...]
    """Public suffixes under which only Indonesian institutions register."""
    acquainted: tuple[str, ...]
    """Domains that sites of governments link to, show and load from everywhere."""
    looks: Mapping[str, str]
    """Letter → what looks like it."""

    @cached_property
    def singles(self) -> Mapping[str, Term]:
        """Terms of one word."""
        return {term.words[0]: term for term in self._every if len(term.words) == 1}

    @cached_property
    def phrases(self) -> Mapping[tuple[str, str], tuple[Term, ...]]:
        """Terms of more words by their first two, the longest first."""
        many = [term for term in self._every if len(term.words) > 1]
        many.sort(key=lambda term: (term.words[:2], -len(term.words)))
        return {
            (first, second): tuple(found)
            for (first, second), found in groupby(many, key=lambda term: term.words[:2])
        }

    @cached_property
    def _every(self) -> list[Term]:
        return [
            Term(text, tuple(map(squeezed, text.split())), kind)
            for kind in Class
            for text in getattr(self, kind.value)
        ]

    @cached_property
    def glued(self) -> Mapping[str, Term]:
        """Terms without spaces, as addresses hold them; those of eight letters and more."""
        return _glued((Class.CERTAIN, self.certain), (Class.LIKELY, self.likely))

    @cached_property
    def within(self) -> re.Pattern[str]:
        """Finds the names of `glued` in a word."""
        names = sorted(self.glued, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names)))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Single words that a disguise may hide."""
        texts = (*self.certain, *self.likely, *self.gaming, *self.defacement)
        words = {squeezed(word) for text in texts for word in text.split()}
        return frozenset(word for word in words if len(word) > 3 and word.isalpha())  # noqa: PLR2004

    @cached_property
    def scattered(self) -> frozenset[str]:
        """Words that are read where their letters stand in pieces."""
        names = ("slot", "gacor", "togel", "judi", "maxwin", "casino", "poker", "sbobet", "hacked")
        return frozenset(squeezed(name) for name in names)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What `scattered` words begin with."""
        return frozenset(word[:n] for word in self.scattered for n in range(1, len(word)))

    @cached_property
    def names(self) -> frozenset[str]:
        """`numbered`, squeezed."""
        return frozenset(map(squeezed, self.numbered))

    @cached_property
    def stems(self) -> frozenset[str]:
        """`ward_stems`, squeezed."""
        return frozenset(map(squeezed, self.ward_stems))


_LEAST_GLUED = 8


def _glued(*lists: tuple[Class, Iterable[str]]) -> Mapping[str, Term]:
    found = {}
    for kind, texts in lists:
        for text in texts:
            words = tuple(map(squeezed, text.split()))
            name = "".join(words)
            if len(name) >= _LEAST_GLUED or name in {"gacor", "togel", "maxwin", "sbobet"}:
                found[name] = Term(text, words, kind)
    return found


def squeezed(word: str) -> str:
    """Return a word with each letter that is repeated written once; digits stay."""
    return "".join(key if key.isalpha() else "".join(group) for key, group in groupby(word))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the words that ship with the auditor."""
    data = (shipped("policies") / "data" / "gambling.json").read_bytes()
    return msgspec.json.decode(data, type=Lexicon)
