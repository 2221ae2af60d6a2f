"""What is seen of one port at which an SSH server may answer."""

import msgspec

from auditor.collect import Limit, Settings
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.ssh_server_doors import Door, House
from auditor.collect.ssh_server_keys import show_all
from auditor.collect.ssh_server_login import ways_in
from auditor.collect.ssh_server_talk import Talk, mute
from auditor.model.fact import Why
from auditor.probe.base import Record
from auditor.probe.ssh_server_codec import Malformed
from auditor.probe.ssh_server_exchange import group_exchange
from auditor.probe.ssh_server_facts import (
    Login,
    Mute,
    gap,
    greeting,
    group_fact,
    key_facts,
    key_notes,
    login_fact,
    notes,
    offered,
)
from auditor.probe.ssh_server_keys import Key

GLANCE = 3.0
"""Seconds for a port at which nobody expects anything."""
TRIES = 2
"""A server under load drops new clients at random; so it is asked once more."""
OTHERS = 4
"""Ports at which a sign of life is looked for."""
UNREAD = "?"
"""Stands for the types of keys that a server did not tell."""
_GONE = frozenset({Why.TIMEOUT, Why.UNREACHABLE})
_FINAL = frozenset({Why.TIMEOUT, Why.INTERRUPTED})
"""A second try would take as long, or nobody waits for it."""


class View:
    """One port: `keys` and `notes` of it, and why its server was not heard, where it was not."""

    def __init__(self, ip: str, door: Door, place: House, settings: Settings, limit: Limit) -> None:
        self.door = door
        self.keys: list[Record] = []
        self.notes: list[str] = []
        self.mute: Mute | None = None
        self._ip = ip
        self._place = place
        self._limit = limit
        self._open = False
        seconds = settings.connect_timeout
        self._seconds = seconds if door.named else min(seconds, GLANCE)

    def look(self) -> Record | None:
        """Return the row of a server, None where there is none."""
        told: Mute | None = None
        for _ in range(TRIES):
            try:
                return self._server()
            except (Unreached, Malformed) as error:
                told = mute(error)
                if told.why is Why.REFUSED and not self._open:
                    self.notes.append(f"{self.door}: closed")
                    return None
                if told.why in _FINAL:
                    break
        return self._silent(told or Mute(Why.NO_DATA, "not asked"))

    def _silent(self, told: Mute) -> Record | None:
        """Return the row of what did not speak SSH, None where it need not and that is known."""
        self.notes.append(f"{self.door}: {told.detail}")
        if self._is_nothing(told):
            return None
        if self._place.jump and self._is_shut(told):
            detail = "seen from the auditor's place, without the jump host that leads there"
            told = msgspec.structs.replace(told, detail=f"{told.detail}: {detail}")
        return self._unread(told)

    def _unread(self, told: Mute) -> Record:
        """Return the row of a server that was not heard; nor were its host keys."""
        self.mute = told
        self.keys = [{"server": str(self.door), "type": UNREAD, **gap(told)}]
        return {"port": str(self.door), **gap(told)}

    def _is_nothing(self, told: Mute) -> bool:
        """Tell whether no SSH server is here: another service, or a door that is shut."""
        if self.door.expected:
            return False
        if self.door.named:
            return told.why is Why.UNREADABLE
        return self._is_shut(told) and self._lives()

    def _is_shut(self, told: Mute) -> bool:
        """Tell whether nothing took the connection, as behind a firewall."""
        return not self._open and told.why in _GONE

    def _lives(self) -> bool:
        """Tell whether the target answers elsewhere: silence is then not that of the dead."""
        for port in self._place.others[:OTHERS]:
            try:
                with Connection(self._ip, port, self._deadline()):
                    return True
            except Unreached as error:
                if error.why is Why.REFUSED:
                    return True
        return False

    def _deadline(self) -> Deadline:
        return Deadline(self._limit, self._seconds)

    def _talk(self) -> Talk:
        return Talk(self._ip, self.door.port, self._deadline())

    def _server(self) -> Record:
        row: Record = {"port": str(self.door)}
        with self._talk() as talk:
            self._open = True
            hello = talk.greet()
            row |= greeting(hello)
            try:
                offer = talk.offer()
            except (Unreached, Malformed) as error:
                told = mute(error)
                self.notes += [hello.line, f"{self.door}: {told.detail}"]
                return row | self._unread(told)
            keys, group = show_all(talk, offer, self._talk)
        login = self._login(keys)
        self.keys = key_facts(str(self.door), keys)
        self.notes += [*notes(hello, offer), *key_notes(keys)]
        gex = group_fact(group, offers=group_exchange(offer.kex) is not None)
        return row | offered(offer) | {"gex": gex, "login": login_fact(login)}

    def _login(self, keys: dict[str, Key | Mute]) -> Login | Mute:
        """Ask for the ways in, unless the server has fallen silent before."""
        for key in keys.values():
            if isinstance(key, Mute) and key.why is Why.TIMEOUT:
                return key
        return ways_in(self._ip, self.door.port, self._place.user, self._deadline())
