"""How to report a weakness (security.txt, RFC 9116), and what robots.txt asks of visitors."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.http_talk import Answer

SECURITY_TXT = "/.well-known/security.txt"
OLD_SECURITY_TXT = "/security.txt"
MOST_LINES = 2000
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40}):[ \t]*(\S.{0,2000})")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_CONTACT = re.compile(r"(mailto:[^@\s]+@[^@\s]+|https://\S+|tel:[+\d][\d().-]+)", re.IGNORECASE)
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_TELLING = re.compile(
    r"admin|backup|\bbak\b|secret|private|rahasia|config|\.git|\.env|\.sql|phpmyadmin|database"
    r"|cpanel|dump|\bold\b|intern|staging|debug|upload|\blog\b|\blogs\b",
    re.IGNORECASE,
)
_SHOWN = 120
_RULE = 500
"""Characters of a rule; a longer one is left out: its beginning would say something else."""


def security_record(answer: Answer | None, url: str, now: datetime, *, old: bool = False) -> Record:
    """Return the `security_txt` record; `answer` is None where there is no such file.

    `problems` are words of a closed list; addresses are counted and not kept.
    """
    if answer is None or _is_page(answer):
        return {"present": False}
    fields, signed = _read(answer.body.decode("utf-8", "replace"))
    contacts = [value for name, value in fields if name == "contact" and _CONTACT.match(value)]
    if not fields:
        return {"present": False}
    problems = set(_problems(fields, answer, url, contacts))
    if old:
        problems.add("old-place")
    record: Record = {
        "present": True,
        "contacts": len(contacts),
        "signed": signed,
        "problems": sorted(problems),
    }
    times = [value for name, value in fields if name == "expires"]
    ends = _time(times[0]) if len(times) == 1 else None
    if ends is not None:
        record["expires"] = ends.isoformat()
        record["term_days"] = (ends - now).days
    return record


def _is_page(answer: Answer) -> bool:
    head = answer.body[:512].lstrip(b"\xef\xbb\xbf\0 \t\r\n").lower()
    return head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<?php", b"<"))


def _read(text: str) -> tuple[list[tuple[str, str]], bool]:
    """Return fields (name in lower case, value), and whether a signature encloses them."""
    lines = text.splitlines()[:MOST_LINES]
    signed = _SIGNED in lines[:1] and _SIGNATURE in lines
    fields = []
    for line in lines:
        if line == _SIGNATURE:
            break
        match = _FIELD.match(line)
        if match and match[1].lower() != "hash":
            fields.append((match[1].lower(), match[2].strip()))
    known = any(name in {"contact", "expires", "policy"} for name, _ in fields)
    return (fields if known else []), signed


def _problems(
    fields: list[tuple[str, str]], answer: Answer, url: str, contacts: list[str]
) -> Iterator[str]:
    kind = answer.value("content-type").partition(";")[0].strip().lower()
    if kind != "text/plain":
        yield "not-text-plain"
    if not url.startswith("https://"):
        yield "not-https"
    if not contacts:
        yield "no-contact"
    yield from _term([value for name, value in fields if name == "expires"])
    canonical = [value for name, value in fields if name == "canonical"]
    if canonical and url not in canonical:
        yield "other-canonical"
    if answer.cut or answer.body.count(b"\n") > MOST_LINES:
        yield "too-long"


def _term(times: list[str]) -> Iterator[str]:
    if not times:
        yield "no-expires"
    elif len(times) > 1:
        yield "many-expires"
    elif _time(times[0]) is None:
        yield "odd-expires"


def _time(text: str) -> datetime | None:
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class Robots:
    """The rules of a robots.txt (RFC 9309) for visitors that it does not name."""

    def __init__(self, body: bytes) -> None:
        text = body.decode("utf-8", "replace")
        every = list(_rules(text))
        self._rules = [(allow, path) for ours, allow, path in every if ours]
        self._barred = {path for _, allow, path in every if not allow}
        self.cut = len(text.splitlines()) > MOST_LINES
        """There are more rules than were read."""

    def bars(self, path: str) -> bool:
        """Tell whether visitors are asked to keep away; the longest rule counts, allow on a tie."""
        hits = [(len(rule), allow) for allow, rule in self._rules if _covers(rule, path)]
        return bool(hits) and not max(hits)[1]

    @property
    def telling(self) -> list[str]:
        """Barred paths, to anyone, whose names invite a look, sorted, at most 30."""
        paths = {inert(rule)[:_SHOWN] for rule in self._barred}
        return sorted(path for path in paths if _TELLING.search(path))[:30]


def _rules(text: str) -> Iterator[tuple[bool, bool, str]]:
    """Yield (whether its group is for everyone or for us, allow, path)."""
    ours, naming = False, False
    for line in text.splitlines()[:MOST_LINES]:
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            ours = (ours and naming) or value.lower() in {"*", "auditor"}
            naming = True
        elif colon and name in {"allow", "disallow"}:
            naming = False
            if 0 < len(value) <= _RULE:
                yield ours, name == "allow", value


def _covers(rule: str, path: str) -> bool:
    """Match a rule: "*" is any text, "$" the end; piece by piece, without going back."""
    anchored = rule.endswith("$")
    first, *rest = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for piece in rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not anchored:
        return True
    return path.endswith(rest[-1]) if rest else at == len(path)
