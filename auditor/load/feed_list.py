"""The list of feeds: shipped, or an operator's own in its place."""

import re
import string
from collections.abc import Collection, Iterator
from importlib.resources import as_file
from pathlib import Path
from urllib.parse import urlsplit

from auditor.errors import ConfigError
from auditor.load.decode import decode
from auditor.load.hint import did_you_mean
from auditor.load.refuse import refuse
from auditor.load.yaml import Document, read_yaml
from auditor.model.feed_list import AUTO, Archive, FeedList, Source
from auditor.resources import shipped

FIELDS = frozenset({"release", "version", "arch", "mirror"})
_PACKAGE = re.compile(r"deb:[a-z0-9][a-z0-9+.-]*")
_SUITE_FIELDS = frozenset({"release"})


def load_feed_list(readers: Collection[str], path: Path | None = None) -> FeedList:
    """Return the feeds of a file, or the shipped ones; `readers` are the names of all readers.

    Raises `ConfigError` for whatever is wrong with it.
    """
    if path is not None:
        return _checked(read_yaml(path), readers)
    with as_file(shipped("policies") / "data" / "feeds.yaml") as file:
        return _checked(read_yaml(file), readers)


def _checked(document: Document, readers: Collection[str]) -> FeedList:
    feeds = decode(document, FeedList)
    refuse(_mistakes(document, feeds, readers))
    return feeds


def _mistakes(
    document: Document, feeds: FeedList, readers: Collection[str]
) -> Iterator[ConfigError]:
    names = [source.name for source in feeds.feeds]
    for number, source in enumerate(feeds.feeds):
        at = ("feeds", number)
        if source.name in names[:number]:
            yield document.mistake((*at, "name"), f"two feeds have the name {source.name!r}")
        if source.source not in readers:
            problem = f"source: there is no reader {source.source!r}"
            yield document.mistake((*at, "source"), problem, did_you_mean(source.source, readers))
        if source.by_release and not source.distributions:
            hint = "write IDs of os-release, as in: distributions: [debian]"
            yield document.mistake(at, f"{source.kind} are of a distribution", hint)
        if source.in_parts and source.files and len(source.files) != len(source.urls):
            problem = f"files: {len(source.urls)} addresses, {len(source.files)} names"
            yield document.mistake((*at, "files"), problem, "write one for the file of each")
        yield from _wrong_addresses(document, at, source)
    known = [archive.distribution for archive in feeds.archives]
    for number, archive in enumerate(feeds.archives):
        if archive.distribution in known[:number]:
            problem = f"two archives are of {archive.distribution}"
            yield document.mistake(("archives", number), problem, "name one of them")
        yield from _wrong_archive(document, ("archives", number), archive)


def _wrong_archive(
    document: Document, at: tuple[str | int, ...], archive: Archive
) -> Iterator[ConfigError]:
    for name in ("mirror", "security"):
        value = getattr(archive, name)
        if value != AUTO and not is_address(value):
            problem = f"{name}: {value!r} is no address"
            hint = "http://… or https://…, or auto"
            yield document.mistake((*at, name), problem, hint)
    for index, template in enumerate(archive.suites):
        if problem := _wrong_fields(template, _SUITE_FIELDS):
            yield document.mistake((*at, "suites", index), f"suites: {problem}")


def _wrong_addresses(
    document: Document, at: tuple[str | int, ...], source: Source
) -> Iterator[ConfigError]:
    if source.mirror and not is_address(source.mirror):
        problem = f"mirror: {source.mirror!r} is no address"
        yield document.mistake((*at, "mirror"), problem, "http://… or https://…")
    for index, template in enumerate(source.urls):
        problem = _wrong_fields(template, FIELDS)
        known = template.startswith("{mirror}/") or _PACKAGE.fullmatch(template)
        if not problem and not known and not is_address(template):
            problem = f"{template!r} is no address"
        if problem:
            hint = "http://… or https://…, or {mirror}/…"
            yield document.mistake((*at, "urls", index), f"urls: {problem}", hint)


def is_address(text: str) -> bool:
    """Whether a text is an address that can be fetched."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname)
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and not any(map(str.isspace, text))


def _wrong_fields(template: str, known: Collection[str]) -> str:
    try:
        fields = [(name, spec, how) for _, name, spec, how in string.Formatter().parse(template)]
    except ValueError:
        return f"{template!r} has a brace without its other"
    for name, spec, how in fields:
        if name is not None and (name not in known or spec or how):
            return f"{{{name}}} stands for nothing; known: {', '.join(sorted(known))}"
    return ""
