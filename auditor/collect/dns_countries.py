"""The operator's table of countries, read once as long as the file stays the same."""

from functools import lru_cache
from pathlib import Path
from threading import Lock

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.countries import Countries, read_countries

_MOST_BYTES = 200 * 2**20
_LOCK = Lock()
"""Targets are visited at the same time: one of them reads, the others wait."""


def countries_of(path: str | None) -> Countries:
    """Return the table. Raises `Unseen` where there is none, or none that can be read."""
    if path is None:
        raise Unseen(Why.NO_TOOL, "the inventory names no table of countries (countries: FILE)")
    try:
        file = Path(path).expanduser()
        state = file.stat()
        if state.st_size > _MOST_BYTES:
            raise ValueError(f"more than {_MOST_BYTES} bytes")  # noqa: TRY301
        with _LOCK:
            return _read(file, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError) as error:
        raise Unseen(Why.UNREADABLE, f"countries {path}: {error}") from error


@lru_cache(maxsize=1)
def _read(file: Path, _changed: int, _size: int) -> Countries:
    with file.open(encoding="utf-8") as lines:
        return read_countries(lines)
