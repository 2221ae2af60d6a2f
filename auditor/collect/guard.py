"""Nothing is sent to what the authority letter does not cover, wherever a name leads to."""

from auditor.collect import Settings
from auditor.collect.dial import Deadline, Unreached, resolve
from auditor.model.fact import Why
from auditor.model.scope import is_loopback

SHOWN = 4
"""Addresses of a name that are told."""


def reach(address: str, settings: Settings, deadline: Deadline, *, local: bool = False) -> str:
    """Return an IP address behind an address or name that the letter covers, both of them.

    `local` is this machine itself, whose loopback needs no letter. Raises `Unreached`. Connect to
    what is returned, never to the name: the next answer may lead elsewhere.
    """
    must_cover(address, settings, local=local)
    found = resolve(address, deadline)
    for ip in found:
        if _covered(ip, settings, local=local):
            return ip
    raise _outside(f"{address} leads to {', '.join(found[:SHOWN])}")


def must_cover(address: str, settings: Settings, *, local: bool = False) -> None:
    """Raise `Unreached` where the letter does not cover an address or name."""
    if not _covered(address, settings, local=local):
        raise _outside(address)


def _covered(address: str, settings: Settings, *, local: bool) -> bool:
    return settings.inventory.authority.scope.covers(address) or (local and is_loopback(address))


def _outside(what: str) -> Unreached:
    return Unreached(Why.SCOPE, f"{what}, which the authority letter does not cover")
