"""What the scripts of pages do to a visitor: tell one from another, listen to keys, push in."""

from collections.abc import Iterable, Iterator, Sequence

from auditor.probe.base import Record
from auditor.probe.browser_seen import MOST, Call, Visit
from auditor.probe.site_url import foreign

_METHODS = frozenset({"canvas", "audio", "fonts", "webgl", "battery", "webrtc"})
_DEVICE = "device:"
_TRAITS = 6
"""A script that reads this many traits of a device tells it from others by them."""
_KEYS = "keys:"
_ASKS = "ask:"


def conduct(site: str, visits: Sequence[Visit], gap: Record) -> Record:
    """Return the conduct of all pages together; `gap` is empty where all of them was loaded."""
    calls = [call for visit in visits for call in visit.calls]
    lists = {
        "fingerprinting": _sorted(_prints(site, calls)),
        "keys": _sorted(_listeners(site, calls)),
        "asks": _sorted(c.what.removeprefix(_ASKS) for c in calls if c.what.startswith(_ASKS)),
        "clear": _sorted(address for visit in visits for address in visit.clear),
    }
    numbers = {
        "windows": sum(call.times for call in calls if call.what == "open"),
        "dialogs": sum(call.times for call in calls if call.what == "dialog"),
        "downloads": sum(visit.downloads for visit in visits),
    }
    told: Record = {name: found for name, found in {**lists, **numbers}.items() if found or not gap}
    return {**told, **(gap or {"errors": sum(visit.errors for visit in visits)})}


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(set(names))[:MOST]


def _prints(site: str, calls: Iterable[Call]) -> Iterator[str]:
    """Yield "method host" for each way in which a script tells visitors apart."""
    traits: dict[str, set[str]] = {}
    for call in calls:
        host = call.hosts[0] if call.hosts else site
        if call.what in _METHODS:
            yield f"{call.what} {host}"
        elif call.what.startswith(_DEVICE):
            traits.setdefault(host, set()).add(call.what)
    yield from (f"device {host}" for host, read in traits.items() if len(read) >= _TRAITS)


def _listeners(site: str, calls: Iterable[Call]) -> Iterator[str]:
    """Yield hosts whose scripts listen to keys of their own accord: nobody else is on the stack."""
    for call in calls:
        strangers = [host for host in call.hosts if foreign(site, host)]
        if call.what.startswith(_KEYS) and strangers and len(strangers) == len(call.hosts):
            yield strangers[0]
