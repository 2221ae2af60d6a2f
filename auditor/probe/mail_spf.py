"""Read an SPF record (RFC 7208) by itself; what it refers to is asked elsewhere."""

import re
from ipaddress import ip_network

from auditor.model.base import Value
from auditor.probe.dns_answer import TEXT_LIMIT

MAX_TERMS = 500
"""Terms of a record that are read."""
_MAX_ERRORS = 20
_MECHANISM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/]*(?:/[^0-9/][^/]*)*))?((?:/[0-9]+)?(?://[0-9]+)?)",
    re.IGNORECASE,
)
_NETWORK = re.compile(r"([+?~-]?)(ip4|ip6):(\S+)", re.IGNORECASE)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_MACRO = r"%(?:\{[slodiphcrtv][0-9]*r?[.+,/_=-]*\}|%|_|-)"
_MACRO_TEXT = re.compile(rf"(?:[!-$&-~]|{_MACRO})*", re.IGNORECASE)
_NAME = re.compile(
    rf"(?:[!-$&-~]|{_MACRO})*"
    rf"(?:\.(?:[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]|[A-Za-z0-9])\.?|{_MACRO})",
    re.IGNORECASE,
)
_NAME_LIMIT = 500
"""Characters of a name with macros; without one a name has 253."""
_WIDE = {4: 10, 6: 24}
"""A network with a shorter prefix lets in millions of strangers."""
_DIGITS = 3
_PREFIX = {"a": (32, 128), "mx": (32, 128)}


class Term(Value, frozen=True):
    """A mechanism: `value` is a name (may hold macros) or a network, "" where none is written."""

    kind: str
    qualifier: str = "+"
    value: str = ""
    wide: bool = False
    """It lets in far more than any sender has."""

    @property
    def looks_up(self) -> bool:
        """Whether a receiver asks the DNS because of it."""
        return self.kind not in ("all", "ip4", "ip6")


class Spf(Value, frozen=True):
    """A record up to its `all`; `redirect` counts only where there is no `all`."""

    terms: tuple[Term, ...] = ()
    redirect: str = ""
    errors: tuple[str, ...] = ()

    @property
    def end(self) -> str:
        """What becomes of everyone else: "-all", "~all", "?all", "+all"; "" where it is open."""
        last = self.terms[-1] if self.terms else None
        return f"{last.qualifier}all" if last is not None and last.kind == "all" else ""

    @property
    def refuses(self) -> bool:
        """Whether nobody may send: `v=spf1 -all`."""
        return self.end == "-all" and all(t.qualifier == "-" for t in self.terms)

    @property
    def wide(self) -> tuple[str, ...]:
        """Networks that may send and are far larger than any sender."""
        return tuple(t.value or t.kind for t in self.terms if t.qualifier == "+" and t.wide)


def is_spf(text: str) -> bool:
    """Tell whether a TXT record is an SPF record."""
    return text[:6].lower() == "v=spf1" and text[6:7] in ("", " ")


def parse_spf(text: str) -> Spf:
    """Read a record for which `is_spf` holds; takes time in proportion to its length."""
    errors: list[str] = []
    words = [word for word in text[6:].split(" ") if word]
    if len(text) >= TEXT_LIMIT or len(words) > MAX_TERMS:
        errors.append(f"longer than {MAX_TERMS} terms or {TEXT_LIMIT} characters")
    terms: list[Term] = []
    modifiers: dict[str, str] = {}
    for word in words[:MAX_TERMS]:
        modifier = _MODIFIER.fullmatch(word)
        if modifier is not None:
            error = _modify(modifiers, modifier[1].lower(), modifier[2])
        else:
            term, error = _term(word)
            if term is not None and not (terms and terms[-1].kind == "all"):
                terms.append(term)
        if error and len(errors) < _MAX_ERRORS:
            errors.append(error)
    return Spf(
        terms=tuple(terms), redirect=modifiers.get("redirect", "").lower(), errors=tuple(errors)
    )


def _modify(modifiers: dict[str, str], name: str, value: str) -> str:
    if name not in ("redirect", "exp"):
        return "" if _MACRO_TEXT.fullmatch(value) else f"{name}=: not readable"
    if name in modifiers:
        return f"{name}= stands there twice"
    modifiers[name] = value
    return "" if _is_name(value) else f"{name}={value[:80]}: is no name"


def _term(word: str) -> tuple[Term | None, str]:
    shown = word[:80]
    network = _NETWORK.fullmatch(word)
    if network is not None:
        return _address(network[2].lower(), network[1] or "+", network[3], shown)
    found = _MECHANISM.fullmatch(word)
    if found is None:
        return None, f"{shown}: unknown term"
    qualifier, kind, value, prefix = found[1] or "+", found[2].lower(), found[3], found[4]
    if problem := _misuse(kind, value, prefix):
        return None, f"{shown}: {problem}"
    name = (value or "").lower()
    return Term(kind=kind, qualifier=qualifier, value=name, wide=_lets_all(kind, prefix)), ""


def _misuse(kind: str, value: str | None, prefix: str) -> str:
    if kind in ("ip4", "ip6", "include", "exists") and not value:
        return "says not what"
    if kind == "all" and value is not None:
        return "all takes no name"
    if prefix and not _fits(kind, prefix):
        return "a prefix that does not fit"
    return "" if value is None or _is_name(value) else "is no name"


def _fits(kind: str, prefix: str) -> bool:
    four, _, six = prefix.partition("//")
    limits = _PREFIX.get(kind)
    return limits is not None and all(
        len(part) <= _DIGITS and int(part) <= limit
        for part, limit in zip((four.lstrip("/"), six), limits, strict=True)
        if part
    )


def _address(kind: str, qualifier: str, value: str, shown: str) -> tuple[Term | None, str]:
    prefix = value.partition("/")[2] or "0"
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return None, f"{shown}: is no network"
    if network.version != int(kind[2]) or "%" in value or not prefix.isdigit():
        return None, f"{shown}: is no network of this kind"
    wide = network.prefixlen < _WIDE[network.version]
    return Term(kind=kind, qualifier=qualifier, value=str(network), wide=wide), ""


def _is_name(value: str) -> bool:
    return len(value) <= _NAME_LIMIT and ".." not in value and _NAME.fullmatch(value) is not None


def _lets_all(kind: str, prefix: str) -> bool:
    """Tell whether a prefix makes a network of a name's address that is too large."""
    four, _, six = prefix.partition("//")
    sizes = ((four.lstrip("/"), 4), (six, 6))
    return kind in _PREFIX and any(size and int(size) < _WIDE[of] for size, of in sizes)
