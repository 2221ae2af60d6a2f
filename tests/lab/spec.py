"""What a target of the lab is like."""

from dataclasses import dataclass, field
from enum import StrEnum

NETWORK = "10.79.0.0/16"
DOMAIN = "batu.lab"
PASSWORD = "Rahasia-Lab-79"
ISSUED = {"10": "buster", "11": "bullseye", "12": "bookworm", "13": "trixie"}


class Fault(StrEnum):
    """What is wrong with a target."""

    WEAK_SSHD = "weak_sshd"
    BROKEN_SSHD = "broken_sshd"
    TLS10 = "tls10"
    EXPIRED = "expired"
    SELF_SIGNED = "self_signed"
    WRONG_NAME = "wrong_name"
    NO_REDIRECT = "no_redirect"
    FTP = "ftp"
    DATABASE_OPEN = "database_open"
    WORLD_WRITABLE = "world_writable"
    EMPTY_PASSWORD = "empty_password"
    ROOT_TWIN = "root_twin"
    WEAK_HASH = "weak_hash"
    NOPASSWD = "nopasswd"
    OLD_LISTS = "old_lists"
    REBOOT = "reboot"
    NO_LOG = "no_log"
    HANG = "hang"
    """Accepts connections on port 22 and says nothing."""
    BANNER = "banner"
    """Closes the connection after a banner full of control characters."""
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
    """Served by nginx with TLS on 443 and a redirect on 80."""
    roles: tuple[str, ...] = ()
    """web, database."""
    ports: tuple[str, ...] = ("22/tcp",)
    faults: frozenset[Fault] = frozenset()
    hardened: bool = False
    """Well kept: strict sshd, log daemon that forwards, time service, patched."""
    tags: dict[str, object] = field(default_factory=dict)

    def has(self, *faults: Fault) -> bool:
        """Tell whether any of these is wrong with it."""
        return not self.faults.isdisjoint(faults)
