"""Certificates that came with software or a device: everyone may have their keys. Pure."""

from datetime import timedelta

from cryptography.x509 import Certificate, DNSName, ExtensionNotFound, Name, SubjectAlternativeName
from cryptography.x509.oid import NameOID

_WHOLE = frozenset(
    {
        "acme co",
        "default certificate",
        "default company ltd",
        "example.com",
        "localhost",
        "localhost.localdomain",
        "my company name ltd.",
        "router",
        "someorganization",
        "traefik default cert",
        "ubnt",
    }
)
"""Values of a subject's attributes, in small letters."""
_PARTS = (
    *("cpanel", "dahua", "draytek", "esxi", "fortigate", "fortinet", "hikvision"),
    *("internet widgits", "ingress controller fake", "mikrotik", "opnsense self-signed", "plesk"),
    *("pfsense", "proxmox virtual environment", "qnap", "self-signed fallback", "snake oil"),
    *("snakeoil", "sonicwall", "synology", "ubiquiti", "vmware", "webmin webserver", "zimbra"),
)
"""What stands in such a value."""
_DEBIAN = timedelta(days=3650)


def made_by_software(leaf: Certificate) -> bool:
    """Tell whether a certificate is one that an installer or a device makes for itself.

    The names of makers count only in the subject: some makers' authorities also serve the public.
    Debian's own ("snakeoil") names nobody: it is known by its shape.
    """
    values = _values(leaf.subject)
    return (
        not _WHOLE.isdisjoint(values)
        or any(part in value for value in values for part in _PARTS)
        or _of_debian(leaf)
    )


def _values(name: Name) -> list[str]:
    return [str(attribute.value).lower().strip() for attribute in name]


def _of_debian(leaf: Certificate) -> bool:
    """Tell whether it is self-issued for the host's name alone, for ten years."""
    common = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if leaf.issuer != leaf.subject or len(common) != len(list(leaf.subject)) or len(common) != 1:
        return False
    if leaf.not_valid_after_utc - leaf.not_valid_before_utc != _DEBIAN:
        return False
    try:
        listed = leaf.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return False
    return listed.get_values_for_type(DNSName) == [common[0].value]
