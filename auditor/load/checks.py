"""Checks as they ship, and those of a folder of one's own."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import as_file
from pathlib import Path

import msgspec

from auditor.errors import ConfigErrors
from auditor.load.decode import decode
from auditor.load.yaml import Document, Path_, read_yaml
from auditor.model.base import CheckId, Value
from auditor.model.check import Check, Expectation
from auditor.model.expect import ExpectError, read_expect
from auditor.model.fact import Json
from auditor.resources import shipped


class Written(Value, frozen=True):
    """A check with the place where it is written, for messages."""

    check: Check
    document: Document
    number: int

    @property
    def at(self) -> Path_:
        """Path of the check in its file."""
        return (self.number,)


def load_checks(folders: Iterable[Path] = ()) -> Mapping[CheckId, Check]:
    """Return the shipped checks and those of more folders by id."""
    return {written.check.id: written.check for written in read_checks(folders)}


def read_checks(folders: Iterable[Path] = ()) -> tuple[Written, ...]:
    """Return every check with its place; raises `ConfigErrors` for a file or an id given twice."""
    with as_file(shipped("checks")) as own:
        found = [w for folder in (own, *folders) for w in _folder(folder)]
    seen: dict[CheckId, Written] = {}
    errors = []
    for written in found:
        first = seen.setdefault(written.check.id, written)
        if first is not written:
            errors.append(
                written.document.mistake(
                    (*written.at, "id"),
                    f"check {written.check.id!r} is given twice",
                    f"first in {first.document.path}",
                )
            )
    if errors:
        raise ConfigErrors(tuple(errors))
    return tuple(found)


def _folder(folder: Path) -> Iterator[Written]:
    files = [folder] if folder.is_file() else sorted(folder.rglob("*.yaml"))
    for path in files:
        yield from read_file(read_yaml(path))


def read_file(document: Document) -> Iterator[Written]:
    """Yield the checks of one file: a list of mappings."""
    if not isinstance(document.value, list):
        raise document.mistake((), "a file of checks is a list: each begins with `- id: …`")
    for number, raw in enumerate(document.value):
        if not isinstance(raw, dict):
            raise document.mistake((number,), "a check is a mapping with id, title, why, …")
        expect = raw.pop("expect", None)
        raw["expect"] = []
        check = decode(document, Check, (number,))
        parsed = _expect(document, number, expect)
        yield Written(
            check=msgspec.structs.replace(check, expect=parsed), document=document, number=number
        )


def _expect(document: Document, number: int, raw: Json) -> tuple[Expectation, ...]:
    try:
        return read_expect(raw)
    except ExpectError as error:
        raise document.mistake((number, "expect", *error.at), error.problem, error.hint) from error
