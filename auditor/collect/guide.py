"""What visitors of web sites share: where a name leads, who we say that we are, what is noted."""

from collections.abc import Callable

from auditor import __version__
from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.http_client import Client
from auditor.model.fact import Why
from auditor.model.inventory import City, Target
from auditor.model.text import inert
from auditor.probe.http_talk import Ask, Heard, Mute, told

_SHOWN = 200


class Guide:
    """Gives the address of a name: the target's for its own sites, else one that is in scope."""

    def __init__(self, target: Target, ip: str, settings: Settings) -> None:
        self._own = frozenset(name.lower() for name in (*target.sites, ip))
        self._ip = ip
        self._settings = settings
        self._found: dict[str, str] = {}

    def __call__(self, name: str, deadline: Deadline) -> str:
        """Return an address that may be asked for `name`, or raise `Unreached`."""
        if name.lower() in self._own:
            return self._ip
        if name not in self._found:
            self._found[name] = reach(name, self._settings, deadline)
        return self._found[name]


def site_address(target: Target, settings: Settings, limit: Limit) -> str:
    """Return the address of a target that serves sites, or raise `Unreached`."""
    if not target.sites:
        raise Unreached(Why.NO_DATA, "the inventory names no site")
    deadline = Deadline(limit, settings.connect_timeout)
    return reach(target.address, settings, deadline, local=target.local)


def user_agent(city: City) -> str:
    """Return the name under which a target's log shows us; header fields hold ASCII only."""
    who = (city.unit or city.name).encode("ascii", "replace").decode()
    shown = "".join(char if char.isprintable() and char not in "()\\" else "?" for char in who)
    return f"auditor/{__version__} (+audit keamanan; {shown})"


def noted(client: Client, notes: list[str]) -> Callable[[Ask], Heard]:
    """Return what asks a client and writes each answer down."""

    def hear(ask: Ask) -> Heard:
        heard = client.ask(ask)
        notes.append(note(ask, heard))
        return heard

    return hear


def note(ask: Ask, heard: Heard) -> str:
    """Return a request and its answer in one line, for the evidence."""
    how = f"{ask.method} {told(ask.url)}{' (bare)' if ask.bare else ''}"
    how += f" for {ask.host}" if ask.host else ""
    if isinstance(heard, Mute):
        return f"{inert(how)}: {heard.detail}"
    place = f" {told(heard.value('location'))[:_SHOWN]}" if heard.value("location") else ""
    return f"{inert(how)}: {heard.status}{place}"
