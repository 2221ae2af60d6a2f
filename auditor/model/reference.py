"""How a requirement of the law is named: NORM:locator, and the older names of some norms."""

import re
from collections.abc import Mapping

PATTERN = (
    r"^([A-Z0-9][A-Z0-9.\-]*:[A-Za-z0-9][A-Za-z0-9.\-]*"
    r"|LIT-[A-Z]+(\.[0-9]+)?"
    r"|GOID-[A-Z]+|CSIRT-RFC2350)\Z"
)
"""NORM:locator; a foundation of the national literacy framework; a practice without a norm."""

NORMS: Mapping[str, str] = {
    "PDP-27-2022": "UU-27-2022",
    "KIP-14-2008": "UU-14-2008",
    "PSTE": "PP-71-2019",
}
"""Other names of norms."""

REQUIREMENTS: Mapping[str, str] = {
    "PERPRES-39-2019": "PERPRES-39-2019:metadata",
    "PERPRES-76-2013": "PERPRES-76-2013:pengaduan",
    "PERMENPANRB-62-2018": "PERMENPANRB-62-2018:sp4n",
    "PERMENPANRB-46-2020": "PERMENPANRB-46-2020:peta-jalan",
    "PERKI-1-2021": "PERKI-1-2021:standar-layanan",
    "PP-42-2020": "PP-42-2020:aksesibilitas",
    "PP-94-2021": "PP-94-2021:disiplin",
    "UU-27-2022:25-26": "UU-27-2022:25",
    "UU-27-2022:27-28": "UU-27-2022:27",
    "UU-27-2022:37-38": "UU-27-2022:37",
}
"""Requirements that are named otherwise: by a norm alone, of which one is known, or by a range."""

_INDEX = re.compile(r"(?P<index>PEMDI|SPBE)-(?P<indicator>I[0-9]{1,2})\Z")
_YEARS = {"PEMDI": "PEMDI-2026", "SPBE": "SPBE-2020"}


def resolved(ref: str) -> str:
    """Return the name under which frameworks write a requirement; an unknown one as it is."""
    if found := _INDEX.match(ref):
        return f"{_YEARS[found['index']]}:{found['indicator']}"
    norm, colon, locator = ref.partition(":")
    name = f"{NORMS.get(norm, norm)}{colon}{locator}" if colon else ref
    return REQUIREMENTS.get(name, name)
