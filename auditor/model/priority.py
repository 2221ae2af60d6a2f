"""How soon an update is due: a table that a city or BSSN may edit."""

import msgspec

from auditor.model.base import Text, Value


class Band(Value, frozen=True):
    """Updates of equal haste: what must be true of them, and how many days they may take.

    A signal that is None may be either. `days` None: with the next upgrade.
    """

    id: str
    title: Text
    days: int | None = None
    exposed: bool | None = None
    kev: bool | None = None
    automatable: bool | None = None
    total: bool | None = None
    examine: bool = False
    """Look for traces of a break-in, too."""


class Priorities(Value, frozen=True):
    """Bands in order of haste; the first that fits counts. The last fits everything."""

    name: str = ""
    """Whose table it is."""
    source: str = ""
    bands: tuple[Band, ...] = msgspec.field(
        default_factory=lambda: (Band(id="any", title=Text(id="pembaruan", en="update")),)
    )
