"""Who is audited, by which authority: the city, its offices (OPD) and their targets."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from auditor.model.base import OpdId, TargetId, Value
from auditor.model.scope import Scope

_Id = msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}\Z")
Identifier = Annotated[str, _Id]
PortNumber = Annotated[int, msgspec.Meta(ge=1, le=65535)]
AtOnce = Annotated[int, msgspec.Meta(ge=1)]
PortName = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,5}/(tcp|udp)\Z")]
Address = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,253}\Z")]
"""An IPv4 or IPv6 address or a host name; never begins with a dash."""
AddressOrNone = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_:][A-Za-z0-9_.:-]{0,253})?\Z")]


LEAD = "lead"
"""Role of the office that answers for the city."""


class TargetKind(StrEnum):
    """What a target is."""

    SERVER = "server"
    SITE = "site"
    DOMAIN = "domain"
    OPD = "opd"


class SystemCategory(StrEnum):
    """Category of an electronic system under Peraturan BSSN 8/2020."""

    RENDAH = "rendah"
    TINGGI = "tinggi"
    STRATEGIS = "strategis"


class Vantage(StrEnum):
    """From where the auditor sees the outside of a zone."""

    INTERNET = "internet"
    INTRANET = "intranet"
    ZONE = "zone"
    """From inside the zone itself."""


class Sudo(StrEnum):
    """How the audit account becomes root."""

    NO = "no"
    AUTO = "auto"
    """Without a password where allowed, else with the one given at run time, else not at all."""
    PINNED = "pinned"
    """Only the reviewed script, which a sudo rule pins by its digest (`auditor sudoers`)."""


class Authority(Value, frozen=True):
    """The assignment (surat tugas) without which nothing is scanned."""

    letter: Annotated[str, msgspec.Meta(min_length=1)]
    date: dt.date
    valid_until: dt.date
    scope: Scope
    issued_by: str = ""
    """The function that signed it, never a person's name."""


class City(Value, frozen=True):
    """The government whose systems are audited."""

    name: str
    tz: str = "Asia/Jakarta"
    unit: str = ""
    """The office that runs the audit."""


class Opd(Value, frozen=True):
    """An office of the city that owns targets."""

    id: Annotated[OpdId, _Id]
    name: str
    head: str = ""
    """The head's function, never a person's name."""
    aliases: tuple[str, ...] = ()
    leads: bool = False
    """It answers for the city as a whole, as Diskominfo does."""


class Zone(Value, frozen=True):
    """A network segment that one auditor can reach."""

    id: Identifier
    name: str = ""
    jump: str | None = None
    """The way to all targets here, as in `ssh.jump`."""
    vantage: Vantage = Vantage.ZONE
    """The auditor sees the ports and services of this zone as one does from here."""
    rate: AtOnce | None = None
    """Packets a second that a port scan may send into the zone at most."""
    at_once: AtOnce | None = None
    """Targets of the zone that are visited at the same time at most."""


class Group(Value, frozen=True):
    """Targets that share one machine, such as the guests of a hypervisor."""

    id: Identifier
    name: str = ""
    at_once: AtOnce = 1
    """Targets of the group that are visited at the same time at most."""


class Ssh(Value, frozen=True):
    """How the audit account logs in; passwords are never written here."""

    user: str = "auditor"
    port: PortNumber = 22
    key: str | None = None
    """Path of a private key, `~` expanded; without one the agent and default keys are tried."""
    jump: str | None = None
    """`[user@]address[:port]`, several separated by commas; `none`: directly."""
    sudo: Sudo = Sudo.AUTO
    left_open: tuple[Literal["user", "port"], ...] = ()
    """What ssh_config decides where it says anything; a file leaves open what it does not name."""


class Tags(Value, frozen=True):
    """What the law asks to know of a system."""

    kategori_se: SystemCategory | None = None
    iiv: bool = False
    data_pribadi: bool = False
    other: tuple[str, ...] = ()


class Target(Value, frozen=True):
    """One thing under audit."""

    id: Annotated[TargetId, _Id]
    opd: Annotated[OpdId, _Id]
    address: AddressOrNone
    """Empty only for an office (kind `opd`): there is nothing to connect to."""
    kind: TargetKind = TargetKind.SERVER
    name: str = ""
    zone: Identifier = "default"
    group: Identifier | None = None
    """The machine that it shares with others."""
    roles: tuple[Identifier, ...] = ()
    tags: Tags = Tags()
    ssh: Ssh | None = Ssh()
    ports: tuple[PortName, ...] = ()
    """Ports that may be seen open from outside."""
    sites: tuple[Address, ...] = ()
    domains: tuple[Address, ...] = ()
    """Zones of the DNS that it answers for, such as "batukota.go.id"."""
    dkim: tuple[Identifier, ...] = ()
    """Selectors that its mail is signed with, as "s1" for s1._domainkey.batukota.go.id."""
    networks: tuple[str, ...] = ()
    """Networks that are searched for hosts that no inventory knows, such as "10.1.4.0/24"."""
    local: bool = False
    """This machine itself: visited without SSH, scanned over loopback."""


class Inventory(Value, frozen=True):
    """All that may be audited. Ids are unique; each target's OPD and zone exist."""

    city: City
    authority: Authority
    opds: tuple[Opd, ...]
    targets: tuple[Target, ...]
    zones: tuple[Zone, ...] = (Zone(id="default"),)
    groups: tuple[Group, ...] = ()
    ca_file: str | None = None
    """Certificates (PEM) trusted beside the system's, for internal authorities."""
    resolvers: tuple[Address, ...] = ()
    """Addresses of the DNS resolvers that are asked; without one, this machine's."""
    trust_anchors: str | None = None
    """A file of DS records from which DNSSEC is trusted, in place of the root's own."""
    countries: str | None = None
    """A file that says in which country an address is used: delegated statistics of a regional
    Internet registry, or lines of `first,last,CC`."""

    def target(self, target_id: TargetId | str) -> Target | None:
        """Return the target with this id."""
        return next((t for t in self.targets if t.id == target_id), None)

    def zone(self, zone_id: str) -> Zone | None:
        """Return the zone with this id."""
        return next((z for z in self.zones if z.id == zone_id), None)

    def seen_from(self, target: Target) -> str:
        """Say from where the outside of a target is seen: "internet", "intranet", "zone:dmz"."""
        if target.local:
            return "loopback"
        zone = self.zone(target.zone)
        if zone is None or zone.vantage is Vantage.ZONE:
            return f"zone:{target.zone}"
        return zone.vantage.value

    def opd(self, opd_id: OpdId | str) -> Opd | None:
        """Return the office with this id."""
        return next((o for o in self.opds if o.id == opd_id), None)

    @property
    def lead(self) -> Opd | None:
        """The office that answers for the city: the one that is marked, else the first."""
        return next((o for o in self.opds if o.leads), self.opds[0] if self.opds else None)

    def with_offices(self) -> "Inventory":
        """Return the same with a target of kind `opd` for each office that has none.

        Its id is "opd.ID"; people answer for it. The leading office's has the role `lead`.
        """
        lead = self.lead
        own = {target.opd for target in self.targets if target.kind is TargetKind.OPD}
        more = tuple(
            Target(
                id=TargetId(f"opd.{opd.id}"),
                opd=opd.id,
                name=opd.name,
                address="",
                kind=TargetKind.OPD,
                zone=self.zones[0].id,
                ssh=None,
            )
            for opd in self.opds
            if opd.id not in own
        )
        targets = tuple(
            msgspec.structs.replace(target, roles=tuple(sorted({*target.roles, LEAD})))
            if lead is not None and target.kind is TargetKind.OPD and target.opd == lead.id
            else target
            for target in (*self.targets, *more)
        )
        return msgspec.structs.replace(self, targets=targets)
