"""Names: what the public can register, what lies under what, and names that nobody has."""

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)


def suffix(name: str) -> str:
    """Return the public suffix of a name: "go.id" of "www.batukota.go.id"; "" of a bare label."""
    found = _suffixes().publicsuffix(name)
    return found if found and found != name else ""


def organisation(name: str) -> str:
    """Return the domain that was registered: "batukota.go.id"; a suffix is its own."""
    return _suffixes().privatesuffix(name) or name


def parents(name: str) -> tuple[str, ...]:
    """Return a name and all above it, the root "" last."""
    labels = name.split(".") if name else []
    return tuple(".".join(labels[n:]) for n in range(len(labels) + 1))


def under(name: str, domain: str) -> bool:
    """Tell whether a name is a domain or lies below it."""
    return name == domain or name.endswith(f".{domain}") or not domain


def plain(name: str) -> str:
    """Return a name of the inventory as the DNS compares it."""
    return name.lower().rstrip(".")


def absent(domain: str) -> str:
    """Return a label that no zone has, the same in each run."""
    return f"audit-{sha256(domain.encode()).hexdigest()[:16]}"
