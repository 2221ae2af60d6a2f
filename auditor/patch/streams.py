"""Module streams of Red Hat's family: whether an advisory speaks of the stream that is there."""

import re
from collections.abc import Iterable

from auditor.model.advisory import Fix

UNKNOWN = "?"
"""The stream of a fix that is in a module, the list does not say in which stream."""
_MARK = re.compile(r"\.module[_+]el[0-9]")


def is_modular(version: str) -> bool:
    """Tell by its release whether a package was built in a module."""
    return _MARK.search(version) is not None


def concerns(have: str, stream: str, fix: str) -> bool | None:
    """Tell whether a fix of stream `fix` concerns a package; None where nothing tells.

    `have` is the package's version, `stream` its module's, both as rpm knows them; "" is none.
    What is outside of modules and what is in one have nothing to do with each other.
    """
    modular = bool(stream) or is_modular(have)
    if modular is not bool(fix):
        return False
    if not modular or (stream and stream == fix):
        return True
    return False if stream and fix != UNKNOWN else None


def plain(stream: str) -> str:
    """Return a stream as advisories name it: a module's `-devel` part is built with it."""
    module, colon, name = stream.partition(":")
    return f"{module.removesuffix('-devel')}{colon}{name}"


def stream_of(version: str, fixes: Iterable[Fix]) -> str:
    """Return the stream of a build that an advisory names; "" where none names it.

    For packages of a module whose database does not tell the stream.
    """
    found = (fix.stream for fix in fixes if fix.version == version)
    return next((stream for stream in found if stream not in ("", UNKNOWN)), "")
