"""What an assignment letter covers: networks, and domains with all that is below them."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from auditor.model.base import Value


class Scope(Value, frozen=True):
    """What the authority letter covers."""

    networks: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    def covers(self, address: str) -> bool:
        """Tell whether an address or name lies in the scope; who asks often keeps a `Cover`."""
        return Cover(self).covers(address)


class Cover:
    """A scope that is asked about many addresses: networks and domains are read once.

    Entries that are no network or domain cover nothing.
    """

    def __init__(self, scope: Scope) -> None:
        self._networks = [n for text in scope.networks if (n := network(text)) is not None]
        self._domains = {domain.lower().strip(".") for domain in scope.domains} - {""}

    def covers(self, address: str) -> bool:
        """Tell whether an address or name lies in the scope; a subdomain of a domain does."""
        try:
            ip = ip_address(address)
        except ValueError:
            labels = address.lower().rstrip(".").split(".")
            return any(".".join(labels[n:]) in self._domains for n in range(len(labels)))
        return any(ip in one for one in self._networks)

    def holds(self, text: str) -> bool:
        """Tell whether the whole of a network lies in the scope."""
        asked = network(text)
        return asked is not None and any(
            asked.version == one.version and asked.subnet_of(one)  # type: ignore[arg-type]
            for one in self._networks
        )


def network(text: str) -> IPv4Network | IPv6Network | None:
    """Return the network that a text names, or None."""
    try:
        return ip_network(text)
    except ValueError:
        return None


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
