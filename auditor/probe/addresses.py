"""Which addresses only this machine reaches."""

from ipaddress import ip_address


def is_loopback(address: str) -> bool:
    """Tell whether an address, a name or a socket's path stays on this machine."""
    text = address.strip("[]\"'").lower()
    if text in ("localhost", "localhost.localdomain", "ip6-localhost", "samehost"):
        return True
    if text.startswith(("/", "@")):
        return True
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
