"""Read what MTA-STS (RFC 8461) and TLS-RPT (RFC 8460) publish."""

import re

from auditor.model.base import Value
from auditor.model.text import inert
from auditor.probe.mail_tags import parse_tags

MODES = ("enforce", "testing", "none")
MAX_AGE = 31_557_600
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_AGE = re.compile(r"[0-9]{1,10}")
_MX = re.compile(r"(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*", re.IGNORECASE)
MAX_LINES = 200
_REPORT = re.compile(r"mailto:[^@\s,]+@[A-Za-z0-9_.-]+|https://\S+", re.IGNORECASE)


class Policy(Value, frozen=True):
    """A policy of MTA-STS; `max_age` is in seconds."""

    mode: str = ""
    max_age: int = 0
    mx: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def record_errors(text: str) -> list[str]:
    """Say what is wrong in a TXT record that begins with `v=STSv1`."""
    tags = parse_tags(text)
    return [*tags.errors, *([] if _ID.fullmatch(tags.get("id")) else ["id= is missing or odd"])]


def report_errors(text: str) -> list[str]:
    """Say what is wrong in a TXT record that begins with `v=TLSRPTv1`."""
    tags = parse_tags(text)
    uris = [part.strip() for part in tags.get("rua").split(",")]
    odd = [] if all(map(_REPORT.fullmatch, uris)) else ["rua= names nobody who gets the reports"]
    return [*tags.errors, *odd]


def parse_policy(body: bytes) -> Policy:
    """Read a policy file."""
    errors: list[str] = []
    keys: dict[str, str] = {}
    mx: list[str] = []
    lines = inert(body.decode("ascii", "replace").replace("\r\n", "\n")).split("\n")
    if len(lines) > MAX_LINES:
        errors.append(f"more than {MAX_LINES} lines")
    for line in lines[:MAX_LINES]:
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not key and not colon:
            continue
        if not colon:
            errors.append("a line without a key")
        elif key == "mx":
            mx.append(value.lower().rstrip(".")[:253])
        elif key in keys:
            errors.append(f"{key[:40]}: stands there twice")
        else:
            keys[key] = value
    errors += [f"mx: {name[:80]} is no name" for name in mx if not _MX.fullmatch(name)]
    return _judged(keys, tuple(mx), errors)


def _judged(keys: dict[str, str], mx: tuple[str, ...], errors: list[str]) -> Policy:
    mode, age = keys.get("mode", ""), keys.get("max_age", "")
    if keys.get("version") != "STSv1":
        errors.append("version: is not STSv1")
    if mode not in MODES:
        errors.append("mode: is none of enforce, testing, none")
    if not _AGE.fullmatch(age) or int(age) > MAX_AGE:
        errors.append("max_age: is missing or odd")
        age = "0"
    if not mx and mode != "none":
        errors.append("mx: is missing")
    return Policy(
        mode=mode if mode in MODES else "", max_age=int(age), mx=mx, errors=tuple(errors[:20])
    )


def covers(pattern: str, host: str) -> bool:
    """Tell whether a pattern names a mail server; "*." stands for one label."""
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:]
    return host == pattern
