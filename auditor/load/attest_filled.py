"""A form as it came back: texts with their lines, whatever kind of file it was."""

from collections.abc import Iterator, Mapping

import msgspec

from auditor.errors import ConfigError
from auditor.load.attest_words import Part


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says of one question; parts that are empty are left out.

    `line` is a line of a text file or a row of a sheet; `lines` holds those of parts that stand
    elsewhere.
    """

    question: str
    said: Mapping[Part, str]
    evidence: tuple[str, ...] = ()
    line: int
    lines: Mapping[Part, int] = {}


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A form: whose it is, what holds for all answers, and the answers."""

    path: str
    opd: str
    common: Mapping[Part, str]
    entries: tuple[Entry, ...]
    line: int = 0
    """Where the office is named."""

    def mistake(self, entry: Entry, part: Part | None, problem: str, hint: str = "") -> ConfigError:
        """Return the error for a part of an answer."""
        line = entry.line if part is None else entry.lines.get(part, entry.line)
        where = f"{entry.question}: {part.value}: " if part is not None else f"{entry.question}: "
        return ConfigError(self.path, f"{where}{problem}", line=line, hint=hint)


def names_in(text: str) -> Iterator[str]:
    """Yield the names of files that one field lists."""
    return (name.strip() for name in text.replace("\n", ";").split(";") if name.strip())
