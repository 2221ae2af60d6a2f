"""A letter for what the world sees of a target, with the reasons for it in words.

The rule, over the results of the checks that look from outside (`tls.`, `site.`, `ports.`,
`dns.`, `mail.`, `ssh-server.`); the worst failure decides, nothing is added up:

    F   a critical failure
    E   two or more high failures
    D   one high failure
    C   a medium failure
    B   more than two low failures, or something of medium weight or more could not be seen
    A   two low failures at most, and nothing of weight left unseen

Info never counts. There is no letter where TLS or the front page was not seen: silence is no
grade. A letter speaks about what these checks look at, and not about a law or a standard.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from auditor.model.base import CheckId, Text, Value
from auditor.model.check import Check, Severity
from auditor.model.inventory import Target
from auditor.model.result import Result, Status

OUTSIDE = ("tls.", "site.", "ports.", "dns.", "mail.", "ssh-server.")
TLS = ("tls.version-min", "tls.certificate-chain", "tls.certificate-name")
"""One of them was answered: TLS was seen."""
IN_CLEAR = "tls.http-in-clear"
"""Where it fails, citizens are served without TLS: that was seen."""
PAGE = ("site.framing", "site.nosniff", "site.csp")
"""One of them was answered: the front page was seen."""
MOST_LOW = 2
"""Low failures that an A may have."""
LETTERS = "ABCDEF"
_ANSWERED = frozenset({Status.PASS, Status.FAIL})


class Point(Value, frozen=True):
    """A check that bears on the grade; its title is its id where it is not known."""

    check: CheckId
    title: Text
    severity: Severity


class SiteGrade(Value, frozen=True):
    """The grade of a target and why; lists begin with the gravest."""

    letter: str | None
    """"A" to "F", None where it cannot be told yet."""
    words: Text
    """Why this letter, or why none."""
    lowers: tuple[Point, ...] = ()
    """What failed, info left out."""
    next_letter: str = ""
    """The next better one that can be reached, "" for A or no letter."""
    next_words: Text = Text(id="", en="")
    """What has to be done for it."""
    needs: tuple[Point, ...] = ()
    """What stands in its way."""
    unseen: tuple[Point, ...] = ()
    """What could not be seen, info left out."""


def grade(results: Iterable[Result], checks: Mapping[CheckId, Check]) -> SiteGrade:
    """Return the grade of one target from its results; others than those from outside are left."""
    outside = [result for result in results if result.check.startswith(OUTSIDE)]
    lowers = _points(outside, Status.FAIL, checks)
    unseen = _points(outside, Status.ERROR, checks)
    answered = {result.check for result in outside if result.status in _ANSWERED}
    in_clear = any(point.check == IN_CLEAR for point in lowers)
    blind = _blind(answered | {CheckId(TLS[0])} if in_clear else answered)
    if blind is not None:
        return SiteGrade(letter=None, words=blind, lowers=lowers, unseen=unseen)
    letter = _letter(lowers, unseen)
    words = Text(id=f"Nilai {letter}: {_WHY[letter].id}", en=f"Grade {letter}: {_WHY[letter].en}")
    better, needs, what = _next(letter, lowers, unseen)
    return SiteGrade(
        letter=letter,
        words=words,
        lowers=lowers,
        next_letter=better,
        next_words=_to_rise(better, needs, what),
        needs=needs,
        unseen=unseen,
    )


def grade_of(
    target: Target, results: Sequence[Result], checks: Mapping[CheckId, Check]
) -> SiteGrade | None:
    """Return the grade of a target with sites, None where its outside was not asked for."""
    asked = {result.check for result in results}
    if not target.sites or any(asked.isdisjoint(names) for names in (TLS, PAGE)):
        return None
    return grade(results, checks)


def _points(
    results: Sequence[Result], status: Status, checks: Mapping[CheckId, Check]
) -> tuple[Point, ...]:
    points = (
        Point(check=result.check, title=_title(result.check, checks), severity=result.severity)
        for result in results
        if result.status is status and result.severity is not Severity.INFO
    )
    return tuple(sorted(points, key=lambda point: (-point.severity.rank, point.check)))


def _title(id_: CheckId, checks: Mapping[CheckId, Check]) -> Text:
    return checks[id_].title if id_ in checks else Text(id=id_, en=id_)


def _blind(answered: set[CheckId]) -> Text | None:
    """Say what essential was not seen, None where all was."""
    tls, page = (not answered.isdisjoint(names) for names in (TLS, PAGE))
    if tls and page:
        return None
    missing = [text for seen, text in ((tls, _TLS_WORDS), (page, _PAGE_WORDS)) if not seen]
    return Text(
        id=f"Belum dapat dinilai: {' dan '.join(text.id for text in missing)} tidak terlihat.",
        en=f"Not graded yet: {' and '.join(text.en for text in missing)} could not be seen.",
    )


def _letter(lowers: Sequence[Point], unseen: Sequence[Point]) -> str:
    """Apply the rule."""
    count = _counts(lowers)
    rules: tuple[tuple[str, bool], ...] = (
        ("F", count(Severity.CRITICAL) > 0),
        ("E", count(Severity.HIGH) > 1),
        ("D", count(Severity.HIGH) > 0),
        ("C", count(Severity.MEDIUM) > 0),
        ("B", count(Severity.LOW) > MOST_LOW or bool(_weighty(unseen))),
    )
    return next((letter for letter, holds in rules if holds), "A")


def _counts(points: Sequence[Point]) -> Callable[[Severity], int]:
    severities = [point.severity for point in points]
    return severities.count


def _weighty(unseen: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(p for p in unseen if p.severity.rank >= Severity.MEDIUM.rank)


_HOLDING = {
    "F": Severity.CRITICAL,
    "E": Severity.HIGH,
    "D": Severity.HIGH,
    "C": Severity.MEDIUM,
    "B": Severity.LOW,
}
"""What has to go for the next letter."""


def _next(
    letter: str, lowers: Sequence[Point], unseen: Sequence[Point]
) -> tuple[str, tuple[Point, ...], Text]:
    """Return the next letter, what stands in its way, and how much of that has to go."""
    if letter == "A":
        return "", (), Text(id="", en="")
    holding = _HOLDING[letter]
    needs = tuple(point for point in lowers if point.severity is holding)
    spared = {"E": 1, "B": MOST_LOW}.get(letter, 0)
    excess = len(needs) - spared
    left = tuple(point for point in lowers if point.severity is not holding) + needs[:spared]
    if letter != "B":
        return _letter(left, unseen), needs, _mend(excess, len(needs))
    hidden = _weighty(unseen)
    if excess <= 0:
        return "A", hidden, _show(len(hidden))
    if not hidden:
        return "A", needs, _mend(excess, len(needs))
    mend, show = _mend(excess, len(needs)), _show(len(hidden))
    return "A", needs + hidden, Text(id=f"{mend.id}, dan {show.id}", en=f"{mend.en}, and {show.en}")


def _mend(number: int, of: int) -> Text:
    if number == of:
        return Text(id=f"perbaiki {of} hal berikut", en=f"mend the {of} below")
    return Text(
        id=f"perbaiki {number} dari {of} hal berikut", en=f"mend {number} of the {of} below"
    )


def _show(number: int) -> Text:
    return Text(
        id=f"buat {number} hal yang belum terlihat dapat diperiksa",
        en=f"let the {number} that could not be seen be examined",
    )


def _to_rise(letter: str, needs: Sequence[Point], what: Text) -> Text:
    if not letter:
        return what
    titles = [Text(id=point.title.id, en=point.title.en) for point in needs]
    return Text(
        id=f"Untuk naik ke {letter}: {what.id}: {'; '.join(title.id for title in titles)}.",
        en=f"To rise to {letter}: {what.en}: {'; '.join(title.en for title in titles)}.",
    )


_TLS_WORDS = Text(id="TLS", en="TLS")
_PAGE_WORDS = Text(id="halaman depan", en="the front page")
_WHY: Mapping[str, Text] = {
    "A": Text(
        id="tidak ada kegagalan berat atau sedang, dan semua yang penting terlihat.",
        en="no failure of weight, and everything that matters was seen.",
    ),
    "B": Text(
        id="tidak ada kegagalan berat atau sedang, tetapi lebih dari dua yang ringan, "
        "atau ada yang penting belum terlihat.",
        en="no failure of weight, but more than two light ones, or something that matters "
        "could not be seen.",
    ),
    "C": Text(id="ada kegagalan sedang.", en="there is a medium failure."),
    "D": Text(id="ada satu kegagalan berat.", en="there is one high failure."),
    "E": Text(id="ada beberapa kegagalan berat.", en="there are several high failures."),
    "F": Text(id="ada kegagalan kritis.", en="there is a critical failure."),
}
