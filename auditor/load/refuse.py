"""Tell every mistake of one reading at once, as far as a person reads on."""

from collections.abc import Iterable

from auditor.errors import ConfigError, ConfigErrors

SHOWN = 20
"""Mistakes that are told in full."""


def refuse(errors: Iterable[ConfigError]) -> None:
    """Raise `ConfigErrors` where there is any mistake, in the order of files and lines."""
    found = sorted(errors, key=lambda error: (error.path, error.line, error.column))
    if not found:
        return
    shown = found[:SHOWN]
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        shown.append(ConfigError(found[SHOWN].path, f"and {more} more mistakes"))
    raise ConfigErrors(tuple(shown))
