"""The statements of sudoers: comments cut off, lines joined, each with its place."""

import re
from collections.abc import Iterator

from auditor.model.fact import Why
from auditor.probe.base import Unseen

_LINE = re.compile(r"([^\t]+)\t([0-9]+)\t(.*)")
_UNCOMMENTED = re.compile(
    r'(?:[^#"\\]|\\.|"(?:[^"\\]|\\.)*"|(?<=[\s,(!:%])#(?=[0-9])|^#(?=[0-9])|"|\\)*'
)
"""A line up to its comment; `#1000` is a user id where a name may stand."""
_INCLUDE = re.compile(r"(#|\s*@)include(dir)?\s")


def statements(text: str) -> Iterator[tuple[str, str]]:
    """Yield each statement, white space made single, and where it begins.

    A backslash joins lines of one file. Raises `Unseen` where a file was not read.
    """
    parts: list[str] = []
    begun = ("", "")
    for file, number, line in _lines(text):
        if parts and file != begun[0]:
            yield _joined(parts), ":".join(begun)
            parts = []
        if not parts:
            begun = (file, number)
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield _joined(parts), ":".join(begun)
            parts = []
    if parts:
        yield _joined(parts), ":".join(begun)


def _joined(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield file, line number and what stands on the line before a comment."""
    for line in text.split("\n"):
        if line == "!":
            raise Unseen(Why.CUT, "the files of sudoers are too long")
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match[1] == "?":
            raise Unseen(Why.UNREADABLE, f"sudoers names {match[3]}, which cannot be read")
        if not _INCLUDE.match(match[3]):
            kept = _UNCOMMENTED.match(match[3])
            yield match[1], match[2], kept[0] if kept else ""


def split(text: str, at: str) -> list[str]:
    """Part a text at a character where it stands outside quotes, brackets and escapes."""
    parts: list[list[str]] = [[]]
    quoted = escaped = False
    depth = 0
    for char in text:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            depth += (char == "(") - (char == ")")
            if char == at and depth <= 0:
                parts.append([])
                continue
        parts[-1].append(char)
    return ["".join(part).strip() for part in parts]
