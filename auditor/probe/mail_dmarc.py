"""Read a DMARC record (RFC 7489); of addresses that get reports only the domain is kept."""

import re

from auditor.model.base import Value
from auditor.probe.mail_tags import Tags, parse_tags

POLICIES = ("none", "quarantine", "reject")
_CHOICES = {
    "p": POLICIES,
    "sp": POLICIES,
    "np": POLICIES,
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
}
_FREE = frozenset({"v", "pct", "rua", "ruf", "fo", "rf", "ri"})
_PERCENT = re.compile(r"[0-9]{1,3}")
_URI = re.compile(r"mailto:[^@\s,!]+@([A-Za-z0-9_.-]+)(?:![0-9]+[kmgtKMGT]?)?", re.IGNORECASE)
_LOCAL = re.compile(r"[^\s:;,=@]{1,320}@")
_ALL = 100
MAX_REPORTS = 5
"""Addresses that are looked at."""


class Dmarc(Value, frozen=True):
    """What a record says; `subdomains` is the policy of what lies below, as it takes effect."""

    policy: str = ""
    subdomains: str = ""
    percent: int = _ALL
    testing: bool = False
    reports: tuple[str, ...] = ()
    """Domains of the addresses that get reports."""
    errors: tuple[str, ...] = ()


def parse_dmarc(text: str) -> Dmarc:
    """Read a record that begins with `v=DMARC1`."""
    tags = parse_tags(text)
    errors = [*tags.errors]
    for name, value in tags.values.items():
        if name in _CHOICES:
            if value.lower() not in _CHOICES[name]:
                errors.append(f"{name}= is none of {', '.join(_CHOICES[name])}")
        elif name not in _FREE:
            errors.append(f"{name[:20]}=: unknown tag")
    percent = tags.get("pct", "100")
    if not _PERCENT.fullmatch(percent) or int(percent) > _ALL:
        errors.append("pct= is no percentage")
        percent = "0"
    uris = [_URI.fullmatch(part.strip()) for part in tags.get("rua").split(",") if part.strip()]
    if None in uris:
        errors.append("rua=: is no list of mailto: addresses")
    policy = _policy(tags.get("p").lower())
    if not policy and "p" not in tags.values:
        errors.append("p= is missing")
    return Dmarc(
        policy=policy,
        subdomains=_below(tags, policy),
        percent=int(percent),
        testing=tags.get("t").lower() == "y",
        reports=tuple(dict.fromkeys(u[1].lower().rstrip(".") for u in uris if u))[:MAX_REPORTS],
        errors=tuple(errors[:20]),
    )


def without_people(text: str) -> str:
    """Leave out whose mailbox an address is."""
    return _LOCAL.sub("…@", text)


def _below(tags: Tags, policy: str) -> str:
    """Return the weakest policy of names below, those that do not exist (np) among them."""
    below = _policy(tags.get("sp").lower()) or policy
    absent = _policy(tags.get("np").lower()) or below
    return min(below, absent, key=("", *POLICIES).index)


def _policy(word: str) -> str:
    return word if word in POLICIES else ""
