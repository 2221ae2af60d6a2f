"""The rules of sudoers: who may run what, as whom, and whether a password is asked."""

import re
from collections.abc import Iterator, Mapping, Sequence

from auditor.model.fact import Json
from auditor.probe.base import Record
from auditor.probe.sudoers_text import split

_ALIAS = re.compile(r"(?:User|Runas|Host|Cmnd|Cmd)_Alias\s")
_DEFAULTS = re.compile(r"Defaults\b")
_NOPASSWD = re.compile(r"\bNOPASSWD\s*:")
_NO_AUTHENTICATION = re.compile(r"!\s*authenticate\b")
_COMMA = re.compile(r"\s*,\s*")
_TAG = re.compile(
    r"\s*((?:NO)?(?:EXEC|FOLLOW|LOG_INPUT|LOG_OUTPUT|MAIL|PASSWD|SETENV|INTERCEPT))\s*:"
)
_OPTION = re.compile(r"\s*(?:ROLE|TYPE|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER)=(?:\"[^\"]*\"|\S+)")
_RUNAS = re.compile(r"[^\s,:)]+")
_LONGEST = 500
"""Characters of a rule that are kept."""


def rules(text: str, place: str) -> Iterator[Record]:
    """Yield the rule of a statement; none where it sets or names something."""
    if not text or _ALIAS.match(text) or _DEFAULTS.match(text):
        return
    who, equals, what = text.partition("=")
    if not equals:
        yield _rule(text, place, {})
        return
    users, _, host = _COMMA.sub(",", who).strip().rpartition(" ")
    found: dict[str, list[str]] = {
        "users": _names(users or host),
        "hosts": _names(host) if users else [],
        "runas": [],
        "tags": [],
        "commands": [],
    }
    for spec in split(what, ","):
        _add(found, spec)
    yield _rule(text, place, found)


def _rule(text: str, place: str, found: Mapping[str, list[str]]) -> Record:
    record: Record = {name: found.get(name, []) for name in _PARTS}
    return {
        **record,
        "rule": text[:_LONGEST],
        "everything": "ALL" in record["commands"],
        "place": place,
    }


_PARTS = ("users", "hosts", "runas", "tags", "commands")


def _names(text: str) -> list[str]:
    return [name.strip('"') for name in split(text, ",") if name]


def _add(found: dict[str, list[str]], spec: str) -> None:
    """Add whom, tags and command of one of the parts between commas."""
    start = 0
    if spec.startswith("("):
        start = spec.find(")") + 1 or len(spec)
        found["runas"] += _RUNAS.findall(spec[1:start])
    while match := _TAG.match(spec, start) or _OPTION.match(spec, start):
        if match.lastindex:
            found["tags"].append(match[1])
        start = match.end()
    if command := spec[start:].strip():
        found["commands"].append(command)


def nopasswd(said: Sequence[tuple[str, str]]) -> list[Json]:
    """Return the statements after which no password is asked; a tag may stand anywhere in one."""
    return [{"rule": text[:_LONGEST], "place": place} for text, place in said if _is_open(text)]


def _is_open(text: str) -> bool:
    if _DEFAULTS.match(text):
        return _NO_AUTHENTICATION.search(text) is not None
    return not _ALIAS.match(text) and _NOPASSWD.search(text, text.find("=") + 1) is not None
