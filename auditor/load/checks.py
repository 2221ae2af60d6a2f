"""Checks as they ship, questions among them, and those of folders and files of one's own."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import as_file
from pathlib import Path

import msgspec

from auditor.errors import ConfigError, ConfigErrors
from auditor.load.attest_checks import as_check
from auditor.load.decode import Written, decode
from auditor.load.questionnaires import read_questionnaires
from auditor.load.refuse import refuse
from auditor.load.yaml import Document, Steps, read_yaml
from auditor.model.base import CheckId
from auditor.model.check import Check
from auditor.model.expect import ExpectError, Placed, place_expect
from auditor.model.reference import resolved
from auditor.resources import shipped

SUFFIXES = (".yaml", ".yml")


class WrittenCheck(Written[Check], frozen=True):
    """A check, its place, and the places of what it expects and of when it applies."""

    placed: tuple[Placed, ...] = ()

    def mistake(self, at: Steps, problem: str, hint: str = "") -> ConfigError:
        """Return the error for what stands at a path inside the check."""
        return super().mistake(at, f"{self.value.id}: {problem}", hint)


def load_checks(folders: Iterable[Path] = ()) -> Mapping[CheckId, Check]:
    """Return the shipped checks and those of more folders or files, by id."""
    return {written.value.id: written.value for written in read_checks(folders)}


def read_checks(folders: Iterable[Path] = ()) -> tuple[WrittenCheck, ...]:
    """Return every check with its place; raises `ConfigErrors` with all that cannot be read."""
    errors: list[ConfigError] = []
    with as_file(shipped("checks")) as own:
        found = [
            written
            for folder in (own, *folders)
            for path in _files(folder, errors)
            for written in _file(path, errors)
        ]
    found += _questions(errors)
    errors += _twice(found)
    refuse(errors)
    return tuple(found)


def _questions(errors: list[ConfigError]) -> Iterator[WrittenCheck]:
    """Yield the checks that the shipped questions are."""
    try:
        questionnaires = read_questionnaires()
    except ConfigErrors as mistakes:
        errors += mistakes.errors
        return
    for written in questionnaires:
        for number, question in enumerate(written.value.questions):
            check, placed = as_check(question)
            yield WrittenCheck(check, written.document, ("questions", number), placed)


def _files(folder: Path, errors: list[ConfigError]) -> list[Path]:
    if not folder.is_dir():
        return [folder]
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    if not files:
        errors.append(ConfigError(str(folder), "no check stands in this folder (*.yaml)"))
    return files


def _file(path: Path, errors: list[ConfigError]) -> Iterator[WrittenCheck]:
    try:
        document = read_yaml(path)
        if not isinstance(document.value, list):
            raise document.mistake((), "a file of checks is a list", "each begins with `- id: …`")
    except ConfigError as error:
        errors.append(error)
        return
    yield from read_document(document, errors)


def read_document(document: Document, errors: list[ConfigError]) -> Iterator[WrittenCheck]:
    """Yield the checks of a list; each that cannot be read adds to `errors`."""
    for number, raw in enumerate(document.value):
        at: Steps = (number,)
        if not isinstance(raw, dict):
            errors.append(document.mistake(at, "a check is a mapping: id, title, why, fix, …"))
            continue
        before = len(errors)
        if "expect" not in raw:
            errors.append(document.mistake(at, "the key 'expect' is missing"))
        placed = {key: _expect(document, at, raw, key, errors) for key in ("expect", "when")}
        try:
            check = decode(document, Check, at, {**raw, "expect": [], "when": []})
        except ConfigError as error:
            errors.append(error)
        if len(errors) == before:
            parsed = {key: tuple(p.expectation for p in parts) for key, parts in placed.items()}
            refs = tuple(map(resolved, check.refs))
            check = msgspec.structs.replace(check, refs=refs, **parsed)
            yield WrittenCheck(check, document, at, (*placed["expect"], *placed["when"]))


def _expect(
    document: Document, at: Steps, raw: Mapping[str, object], key: str, errors: list[ConfigError]
) -> tuple[Placed, ...]:
    if key not in raw:
        return ()
    try:
        return place_expect(raw[key], (key,))
    except ExpectError as error:
        errors.append(document.mistake((*at, *error.at), error.problem, error.hint))
        return ()


def _twice(found: Iterable[WrittenCheck]) -> Iterator[ConfigError]:
    seen: dict[CheckId, WrittenCheck] = {}
    for written in found:
        first = seen.setdefault(written.value.id, written)
        if first is not written:
            line, _ = first.document.place(first.at)
            yield written.mistake(
                ("id",),
                "the id is given twice",
                f"first in {first.document.path}:{line}",
            )
