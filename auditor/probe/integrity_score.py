"""Whether a text advertises gambling (or boasts of a break-in), or speaks against it."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec.structs import replace

from auditor.model.base import Value
from auditor.probe.integrity_lexicon import Class, Term, lexicon
from auditor.probe.integrity_words import words

ALARM = 10
"""Points from which on a cluster of words advertises."""
_CERTAIN = 10
_LIKELY = 6
_MOST_WEAK = 4
_GAP = 25
"""Words between two terms up to which they belong together."""
_SPAN = 60
"""Words of a cluster at most."""
_CLOSE = 20
"""Words of a cluster in which words tell together that are innocent alone."""
_NEAR = 12
"""Words around a cluster in which a word of warning counts."""
_WEIGHED = 3
"""Certain terms that one word of warning outweighs."""
_PLAY = frozenset({Class.CERTAIN, Class.LIKELY, Class.GAMING, Class.VAGUE, Class.LURE})
_AFFIXED = re.compile(
    r"(?:mem|men|meng|meny|me|di|ter|ber|per|pem|pen|peng|pe|ke)?(.{3,20}?)(?:kan|an|i|nya)?"
)
_ENDING = re.compile(r"(.{3,60}?)(?:\d{1,4}|nya|mu|ku|s)")
_NUMBERED = re.compile(r"([a-z]{2,20})\d{2,4}")
_GROUPED = 2
_MOST_ALARMS = 50
_AROUND = 4
"""Words before a cluster that are shown with it."""
_MOST_SAID = 250
_CROWD = 4
"""Words of games that tell together: so many, two of which are of games alone."""


class Hit(Value, frozen=True):
    """A term that stands at a word's number."""

    at: int
    term: str
    kind: Class


class Cluster(Value, frozen=True):
    """Terms that stand together, from word `start` to `end`, and words of warning near them."""

    start: int
    end: int
    terms: tuple[str, ...]
    points: int
    certain: int
    wards: int
    said: str = ""
    """Its words and a few around them, in plain letters."""

    @property
    def warned(self) -> bool:
        """Enough is said against it right there."""
        return self.wards > 0 and self.wards * _WEIGHED >= self.certain


class Reading(Value, frozen=True):
    """What a text says: clusters that advertise, in order; `wards` of the whole text, distinct."""

    alarms: tuple[Cluster, ...] = ()
    wards: int = 0
    games: bool = False
    """It speaks of games at all."""
    boasts: tuple[str, ...] = ()
    """Words of those who deface."""

    @property
    def loud(self) -> tuple[Cluster, ...]:
        """Alarms beside which nothing is said against them."""
        return tuple(cluster for cluster in self.alarms if not cluster.warned)


@lru_cache(maxsize=8_192)
def read_short(text: str) -> Reading:
    """Read a text that is likely to occur again, such as a link's."""
    return read_text(text)


def read_text(text: str) -> Reading:
    """Read a text, whatever its disguises."""
    tokens = words(text)
    hits = list(_hits(tokens))
    if not hits:
        return Reading()
    wards = [hit for hit in hits if hit.kind is Class.WARD]
    play = [hit for hit in hits if hit.kind in _PLAY]
    alarms = [cluster for cluster in _clusters(play, wards) if cluster.points >= ALARM]
    return Reading(
        alarms=tuple(replace(c, said=_said(tokens, c)) for c in alarms[:_MOST_ALARMS]),
        wards=len({hit.term for hit in wards}),
        games=any(hit.kind not in {Class.VAGUE, Class.LURE} for hit in play),
        boasts=tuple(sorted({hit.term for hit in hits if hit.kind is Class.DEFACEMENT})),
    )


def _said(tokens: list[str], cluster: Cluster) -> str:
    first = max(0, cluster.start - _AROUND)
    return " ".join(tokens[first : cluster.start + _AROUND * 6])[:_MOST_SAID]


def _hits(tokens: list[str]) -> Iterator[Hit]:
    """Yield terms from left to right, each the longest that stands there."""
    at = 0
    while at < len(tokens):
        term = _term(tokens, at)
        if term is not None:
            yield Hit(at=at, term=term.text, kind=term.kind)
            at += len(term.words)
            continue
        yield from (Hit(at=at, term=term.text, kind=term.kind) for term in _inside(tokens[at]))
        at += 1


def _term(tokens: list[str], at: int) -> Term | None:
    """Return the longest term that begins there; its last word may carry digits or an ending."""
    known = lexicon()
    first, second = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
    for pair in dict.fromkeys(((first, second), (first, _bare(second)))):
        for term in known.phrases.get(pair, ()):
            if _stands(term.words, tokens[at : at + len(term.words)]):
                return term
    return known.singles.get(first) or known.singles.get(_bare(first))


def _stands(wanted: tuple[str, ...], found: list[str]) -> bool:
    return (
        len(found) == len(wanted)
        and tuple(found[:-1]) == wanted[:-1]
        and wanted[-1] in (found[-1], _bare(found[-1]))
    )


@lru_cache(maxsize=16_384)
def _bare(token: str) -> str:
    """Return a word without digits or ending; a name such as "slot88" keeps them."""
    if _is_name(token):
        return token
    match = _ENDING.fullmatch(token)
    return match[1] if match else token


def _is_name(token: str) -> bool:
    match = _NUMBERED.fullmatch(token)
    return match is not None and match[1] in lexicon().names


@lru_cache(maxsize=16_384)
def _inside(token: str) -> tuple[Term, ...]:
    """Return what a word holds that is no term itself."""
    if _is_name(token):
        return (Term(token, (token,), Class.CERTAIN),)
    match = _AFFIXED.fullmatch(token)
    if match and (match[1] in lexicon().stems or token in lexicon().stems):
        return (Term(token, (token,), Class.WARD),)
    found = {lexicon().glued[match] for match in lexicon().within.findall(token)}
    return tuple(sorted(found, key=lambda term: term.text))


def _clusters(play: list[Hit], wards: list[Hit]) -> Iterator[Cluster]:
    first = 0
    for group in _groups(play):
        start, end = group[0].at, group[-1].at
        while first < len(wards) and wards[first].at < start - _NEAR:
            first += 1
        last = first
        while last < len(wards) and wards[last].at <= end + _NEAR:
            last += 1
        yield _cluster(group, len({ward.term for ward in wards[first:last]}))


def _groups(play: list[Hit]) -> Iterator[list[Hit]]:
    group: list[Hit] = []
    for hit in play:
        if group and (hit.at - group[-1].at > _GAP or hit.at - group[0].at > _SPAN):
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def _cluster(group: list[Hit], wards: int) -> Cluster:
    terms = {kind: _distinct(group, kind) for kind in _PLAY}
    weak = len(terms[Class.GAMING]) + len(terms[Class.VAGUE])
    lures = len(terms[Class.LURE])
    points = _CERTAIN * len(terms[Class.CERTAIN]) + _LIKELY * len(terms[Class.LIKELY])
    close = group[-1].at - group[0].at <= _CLOSE
    if points and close:
        points += min(weak + lures, _MOST_WEAK)
    if close and len(terms[Class.GAMING]) >= _GROUPED and weak + len(terms[Class.LIKELY]) >= _CROWD:
        points = max(points, ALARM)
    named = sorted(terms[Class.CERTAIN] | terms[Class.LIKELY] | terms[Class.GAMING])
    return Cluster(
        start=group[0].at,
        end=group[-1].at,
        terms=tuple(named),
        points=points,
        certain=len(terms[Class.CERTAIN]),
        wards=wards,
    )


def _distinct(group: Iterable[Hit], kind: Class) -> set[str]:
    return {hit.term for hit in group if hit.kind is kind}
