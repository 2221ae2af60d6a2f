"""What a site answers for what it does not have; an answer like that shows nothing."""

import re

from auditor.model.base import Value
from auditor.probe.http_talk import Answer, Heard, Mute

GONE = frozenset({404, 410})
_ALIKE = 0.8
"""Share of common runs of words from which two pages are the same page."""
_RUN = 3
_WORD = re.compile(rb"[0-9A-Za-z]{1,40}")
_COMPARED = 4096
"""Bytes of two pages that are compared."""


class Absent(Value, frozen=True):
    """The answers to paths that cannot exist: a file and a folder."""

    answers: tuple[Answer, ...]

    @property
    def status(self) -> int:
        """The status of the first answer that is not plain, else of the first."""
        odd = [a.status for a in self.answers if a.status not in GONE]
        return (odd or [self.answers[0].status])[0]

    def like(self, heard: Heard) -> bool:
        """Tell whether an answer is what the site says of what it does not have."""
        return isinstance(heard, Answer) and any(alike(a, heard) for a in self.answers)


def absent_of(*heard: Heard) -> Absent | Mute:
    """Return what a site says of what it does not have, or why that was not heard."""
    answers = []
    for one in heard:
        if isinstance(one, Mute):
            return one
        answers.append(one)
    return Absent(answers=tuple(answers))


def alike(one: Answer, other: Answer) -> bool:
    """Tell whether two answers say the same: the status, and where it is 200 the page.

    Answers without a body (to HEAD) are told apart by type and length, as far as they tell.
    """
    if one.status // 100 != other.status // 100:
        return False
    if one.status // 100 != 2:  # noqa: PLR2004 - the class of success
        return one.status == other.status or one.status // 100 == 3  # noqa: PLR2004 - redirects
    if _type(one) != _type(other):
        return False
    if one.body and other.body:
        return _same_words(one.body, other.body)
    lengths = {a.value("content-length") for a in (one, other)} - {""}
    return len(lengths) <= 1


def _type(answer: Answer) -> str:
    return answer.value("content-type").partition(";")[0].strip().lower()


def _same_words(one: bytes, other: bytes) -> bool:
    """Compare as much of two bodies as there is of the shorter one."""
    length = min(len(one), len(other), _COMPARED)
    here, there = _runs(one[:length]), _runs(other[:length])
    if not here or not there:
        return one[:length] == other[:length]
    return len(here & there) >= _ALIKE * len(here | there)


def _runs(body: bytes) -> set[tuple[bytes, ...]]:
    words = _WORD.findall(body)
    return {tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}
