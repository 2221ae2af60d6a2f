"""Waivers of the demo city: one in force, one that has lapsed, one that fits nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml


def write_waivers(path: Path) -> None:
    """Write the file that `auditor scan` reads beside the inventory."""
    today = datetime.now(UTC).date()
    common = {"role": "Sekretaris Daerah", "letter": "800/77/2026"}

    def waiver(name: str, check: str, target: str, begins: int, ends: int, reason: str) -> object:
        return {
            "id": name,
            "check": check,
            "target": target,
            "reason": reason,
            "date": str(today + timedelta(days=begins)),
            "until": str(today + timedelta(days=ends)),
            **common,
        }

    path.write_text(
        yaml.safe_dump(
            [
                waiver(
                    "ftp-arsip", "ports.clear-text", "arsip-lama", -10, 60,
                    "FTP dipakai sampai pemindahan arsip selesai",
                ),
                waiver(
                    "tls-arsip", "tls.version-min", "arsip-lama", -90, -5,
                    "Menunggu penggantian server",
                ),
                waiver(
                    "sertifikat-portal", "tls.certificate-days", "portal", -10, 30,
                    "Pembaruan sertifikat sedang berjalan",
                ),
            ],
            allow_unicode=True,
            sort_keys=False,
        )
    )  # fmt: skip
