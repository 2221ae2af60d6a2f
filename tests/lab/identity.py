"""Keys and certificates of a lab, made anew for each: nothing here opens anything elsewhere."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.lab.spec import Fault, TargetSpec
from tests.servers.certificates import Issued, issue


@dataclass(frozen=True)
class KeyPair:
    """An Ed25519 key in the forms of OpenSSH."""

    private: bytes
    public: str


@dataclass(frozen=True)
class SiteKey:
    """What a site serves TLS with: its certificate and those behind it, and the key; both PEM."""

    chain: bytes
    key: bytes


def new_key() -> KeyPair:
    """Make a key."""
    key = ed25519.Ed25519PrivateKey.generate()
    return KeyPair(
        private=key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        public=key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
    )


def new_authority() -> Issued:
    """Make the lab's certificate authority, a month old."""
    begins = datetime.now(UTC) - timedelta(days=30)
    return issue("Lab CA Kota Batu", names=None, ca=True, days=365, begins=begins)


def site_keys(spec: TargetSpec, authority: Issued) -> dict[str, SiteKey]:
    """Issue a certificate of 90 days for each of a target's sites, with the target's faults."""
    age = timedelta(days=100 if spec.has(Fault.EXPIRED) else 10)
    issuer = None if spec.has(Fault.SELF_SIGNED) else authority
    keys = {}
    for site in spec.sites:
        leaf = issue(
            "<script>alert(1)</script>" if spec.has(Fault.HOSTILE) else site,
            issuer,
            names=("lain.example",) if spec.has(Fault.WRONG_NAME) else (site,),
            begins=datetime.now(UTC) - age,
            days=90,
        )
        chain = leaf.pem + (issuer.pem if issuer else b"")
        keys[site] = SiteKey(chain=chain, key=leaf.key_pem)
    return keys
