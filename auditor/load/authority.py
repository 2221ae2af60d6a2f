"""What the assignment letter covers, and whether it stands in the inventory at all."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from ipaddress import ip_address, ip_network
from typing import Any

from auditor.errors import ConfigError
from auditor.load.yaml import Document
from auditor.model.inventory import Authority, Target
from auditor.model.scope import Cover, is_loopback, network

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\.?")
_NUMBERS = re.compile(r"[0-9.]+")
_ASKED = {
    "letter": "write the number of the assignment letter (surat tugas)",
    "date": "write the date of the letter, such as 2026-01-02",
    "valid_until": "write the last day on which the letter is valid, such as 2026-12-31",
    "scope": "name the networks and domains that the letter covers",
}
_STUBS = {"letter": "-", "date": "2000-01-01", "valid_until": "9999-12-31", "scope": {}}


def outside(cover: Cover, target: Target) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what of a target is not covered: where it stands in the target, and its name."""
    if not (cover.covers(target.address) or (target.local and is_loopback(target.address))):
        yield ("address",), target.address
    for field in ("sites", "domains"):
        for number, name in enumerate(getattr(target, field)):
            if not cover.covers(name):
                yield (field, number), name
    for number, text in enumerate(target.networks):
        if not cover.holds(text):
            yield ("networks", number), text


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address or a name; "10.0.0.300" and "web:80" are neither."""
    try:
        ip_address(text)
    except ValueError:
        return NAME.fullmatch(text) is not None and _NUMBERS.fullmatch(text) is None
    return True


def authority_gaps(document: Document) -> Iterator[ConfigError]:
    """Yield what the letter of an inventory does not say yet: nothing may be scanned without."""
    written = document.value.get("authority")
    if not isinstance(written, dict):
        yield document.mistake(
            ("authority",),
            "the authority is missing: nothing is scanned without an assignment letter",
            f"write authority with the keys {', '.join(_ASKED)}",
        )
        return
    for key, hint in _ASKED.items():
        if _is_blank(written.get(key)):
            yield document.mistake(("authority", key), f"authority: {key} is not filled in", hint)


def filled(written: Any) -> dict[str, Any]:
    """Return an authority whose gaps are stubs, so that other mistakes can be looked for.

    An inventory with a stub is never used: each gap is a mistake by itself.
    """
    given = written if isinstance(written, dict) else {}
    return {**given, **{key: stub for key, stub in _STUBS.items() if _is_blank(given.get(key))}}


def _is_blank(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_blank(part) for part in value.values())
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def scope_mistakes(document: Document, authority: Authority) -> Iterator[ConfigError]:
    """Yield what in the letter's dates and scope cannot be meant."""
    if authority.valid_until < authority.date:
        at = ("authority", "valid_until")
        yield document.mistake(at, "authority: valid_until lies before date")
    for number, text in enumerate(authority.scope.networks):
        if problem := network_mistake(text):
            yield document.mistake(("authority", "scope", "networks", number), *problem)
    for number, name in enumerate(authority.scope.domains):
        if NAME.fullmatch(name) is None or _NUMBERS.fullmatch(name):
            yield document.mistake(
                ("authority", "scope", "domains", number),
                f"{name!r} is no domain",
                "write batu.go.id: its subdomains are included",
            )


def network_mistake(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a network that is written, and a hint."""
    found = network(text)
    if found is None:
        try:
            meant = str(ip_network(text, strict=False))
        except ValueError:
            return f"{text!r} is no network", "write it as 10.1.0.0/16, or one address"
        return f"{text!r} is an address inside a network", f"did you mean {meant!r}?"
    if found.prefixlen == 0:
        return f"{text!r} is the whole Internet: no letter covers that", "name your own networks"
    return None


def authority_mistakes(
    authority: Authority, targets: Iterable[Target], today: date, path: str
) -> Iterator[ConfigError]:
    """Yield why targets may not be visited today."""
    if today < authority.date:
        problem = f"the letter {authority.letter!r} is valid only from {authority.date} on"
        yield ConfigError(path, problem, hint="nothing is scanned before")
    if today > authority.valid_until:
        problem = f"the letter {authority.letter!r} ended on {authority.valid_until}"
        yield ConfigError(path, problem, hint="ask for a new assignment letter")
    cover = Cover(authority.scope)
    for target in (one for one in targets if one.address):
        for _, name in outside(cover, target):
            yield ConfigError(path, f"{target.id}: {name} lies outside the authority's scope")
