"""What a target of the lab is like."""

from dataclasses import dataclass, field
from enum import StrEnum

NETWORK = "10.79.0.0/16"
GATEWAY = "10.79.0.1"
"""The auditor's own address in the lab's network."""
DOMAIN = "batu.lab"
PASSWORD = "Rahasia-Lab-79"


class Fault(StrEnum):
    """What is wrong with a target."""

    WEAK_SSHD = "weak_sshd"
    MATCH_ROOT = "match_root"
    """A `Match` block lets root in from some addresses; the global value forbids it."""
    BROKEN_SSHD = "broken_sshd"
    """sshd runs, but would refuse its configuration file as it is now."""
    TLS10 = "tls10"
    EXPIRED = "expired"
    SELF_SIGNED = "self_signed"
    WRONG_NAME = "wrong_name"
    NO_REDIRECT = "no_redirect"
    OPEN_SITE = "open_site"
    """Its sites show a .git folder, an .env file, a listing, versions, and weak cookies."""
    NEGLECTED = "neglected"
    """Its site holds injected gambling, trackers, a foreign form and a list of NIK."""
    AXFR = "axfr"
    """The name server gives its zone to anyone."""
    WEAK_MAIL = "weak_mail"
    """The zone lets everyone send mail in its name."""
    FTP = "ftp"
    TELNET = "telnet"
    DATABASE_OPEN = "database_open"
    """The database of the target's role (PostgreSQL where it has none) is on all interfaces."""
    WORLD_WRITABLE = "world_writable"
    UNOWNED = "unowned"
    EMPTY_PASSWORD = "empty_password"
    ROOT_TWIN = "root_twin"
    WEAK_HASH = "weak_hash"
    NOPASSWD = "nopasswd"
    """A human account becomes root without a password."""
    OLD_LISTS = "old_lists"
    REBOOT = "reboot"
    NO_LOG = "no_log"
    """No log daemon runs, and anyone may read the old logs."""
    HANG = "hang"
    """Accepts connections on port 22 and says nothing."""
    BANNER = "banner"
    """Closes the connection after a banner full of control characters."""
    REFUSES = "refuses"
    """Is up, but port 22 is closed."""
    HANG_SHELL = "hang_shell"
    """The account logs in, its shell never answers."""
    FLOOD = "flood"
    """The account's shell prints without end."""
    BINARY = "binary"
    """The account's shell prints noise before it obeys."""
    EXIT = "exit"
    """The account's shell ends at once."""
    DOWN = "down"
    """Nothing answers at the address."""
    NO_KEY = "no_key"
    """The audit account does not take the auditor's key."""
    HOSTILE = "hostile"
    """HTML and control characters wherever a target can put them."""


@dataclass(frozen=True)
class TargetSpec:
    """One target: what it serves, as what it is listed, what is wrong with it."""

    name: str
    opd: str = "kominfo"
    release: str = ""
    """Debian codename whose package list and os-release it shows; empty: the machine's own."""
    sudo: str = "nopasswd"
    """nopasswd, password or none."""
    sites: tuple[str, ...] = ()
    """Served with TLS on 443 and a redirect on 80, by nginx or, with role apache, by Apache."""
    roles: tuple[str, ...] = ()
    """web, apache; database (PostgreSQL), mariadb: these listen on loopback only.

    mail: Postfix and Dovecot by the name of its first site. dns: the name server of the lab's zone.
    """
    ports: tuple[str, ...] = ("22/tcp",)
    """What the inventory expects, not what is open."""
    faults: frozenset[Fault] = frozenset()
    hardened: bool = False
    """Well kept: strict sshd, log daemon that forwards, time service, patched."""
    tags: dict[str, object] = field(default_factory=dict)

    def has(self, *faults: Fault) -> bool:
        """Tell whether any of these is wrong with it."""
        return not self.faults.isdisjoint(faults)
