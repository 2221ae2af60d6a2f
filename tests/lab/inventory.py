"""The inventory of a lab as an operator would have written it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.lab.city import OPDS
from tests.lab.spec import DOMAIN, NETWORK, TargetSpec


def inventory(
    specs: Iterable[TargetSpec], addresses: Mapping[str, str], *, key: Path, ca_file: Path
) -> dict[str, object]:
    """Return an inventory of plain data, authorised for the lab's network and domain only."""
    today = datetime.now(UTC).date()
    return {
        "city": {
            "name": "Kota Batu",
            "tz": "Asia/Jakarta",
            "unit": "Dinas Komunikasi dan Informatika",
        },
        "authority": {
            "letter": "800/123/35.79.4/2026",
            "date": str(today - timedelta(days=7)),
            "valid_until": str(today + timedelta(days=90)),
            "issued_by": "Sekretaris Daerah",
            "scope": {"networks": [NETWORK], "domains": [DOMAIN]},
        },
        "ca_file": str(ca_file),
        "opds": list(OPDS),
        "targets": [_target(spec, addresses[spec.name], key) for spec in specs],
    }


def _target(spec: TargetSpec, address: str, key: Path) -> dict[str, object]:
    return {
        "id": spec.name,
        "opd": spec.opd,
        "address": address,
        "roles": list(spec.roles),
        "tags": dict(spec.tags),
        "ssh": {
            "user": "auditor",
            "key": str(key),
            "sudo": "no" if spec.sudo == "none" else "auto",
        },
        "ports": list(spec.ports),
        "sites": list(spec.sites),
    }
